using System.Text.RegularExpressions;
using System.Xml.Linq;
using Cete.Web.Security;

namespace Cete.Web.Tests.Support;

/// <summary>An answer read as a tree: what is not well-formed, or not encoded, does not get this far.</summary>
internal sealed partial class Page
{
    private readonly Lazy<XElement> _root;

    public Page(HttpResponseMessage response, string text)
    {
        (Status, Text) = ((int)response.StatusCode, text);
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            Headers[name] = string.Join(", ", values);
        }

        _root = new Lazy<XElement>(() => Parse(text));
    }

    public int Status { get; }

    public string Text { get; }

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public XElement Root => _root.Value;

    public string Title => All("title").Single().Value;

    public string Heading => All("h1").Single().Value.Trim();

    /// <summary>The names in the table, as a reader sees them.</summary>
    public List<string> Names => [.. Rows.Select(row => Cell(row, "name").Value.Trim())];

    public List<XElement> Rows => [.. All("tbody").Elements("tr")];

    public IEnumerable<XElement> All(string name) => Root.Descendants(name);

    public IEnumerable<XElement> Of(string name, string @class) => All(name).Where(e => Classes(e).Contains(@class));

    /// <summary>The address of the only link with this text; null when there is none.</summary>
    public string? LinkTo(string text) => All("a").SingleOrDefault(a => a.Value.Trim() == text)?.Attribute("href")!.Value;

    public static XElement Cell(XElement row, string @class) => row.Elements().Single(cell => Classes(cell).Contains(@class));

    /// <summary>It is an answer to a person that is whole: every field has its name, whatever is referred to is there.</summary>
    public void AssertWhole()
    {
        Assert.Equal(200, Status);
        Assert.Single(All("h1"));
        var ids = Root.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        var named = Root.Descendants().Attributes()
            .Where(one => one.Name.LocalName is "aria-labelledby" or "aria-describedby" or "for" or "data-copy").Select(one => one.Value);
        Assert.Subset(ids.ToHashSet(), named.ToHashSet());
        Assert.Subset(ids.ToHashSet(), All("use").Select(use => use.Attribute("href")!.Value[1..]).ToHashSet());
        var labels = All("label").Select(label => label.Attribute("for")?.Value).ToHashSet();
        var shown = All("input").Where(input => input.Attribute("id") is not null);
        Assert.All(shown, input => Assert.Contains(input.Attribute("id")!.Value, labels));
        Assert.All(All("form"), form => Assert.StartsWith("/", form.Attribute("action")!.Value, StringComparison.Ordinal));
        Assert.Equal(SecurityHeaders.ContentPolicy, Headers["Content-Security-Policy"]);
        Sheets.AssertLinked(this);
    }

    public static string[] Classes(XElement element) => (element.Attribute("class")?.Value ?? string.Empty).Split(' ');

    private static XElement Parse(string text)
    {
        Assert.StartsWith("<!DOCTYPE html>", text, StringComparison.Ordinal);
        var closed = VoidElement().Replace(text["<!DOCTYPE html>".Length..], "<$1$2/>");
        return XElement.Parse(closed);
    }

    /// <summary>Elements that HTML never closes and XML always does.</summary>
    [GeneratedRegex("<(meta|link|input|img|br|hr)\\b((?:[^>\"]|\"[^\"]*\")*?)\\s*/?>", RegexOptions.CultureInvariant)]
    private static partial Regex VoidElement();
}
