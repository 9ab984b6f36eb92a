using System.Text.RegularExpressions;

namespace Cete.Web.Tests.Support;

/// <summary>The style sheets that there are, by the classes that each is about.</summary>
internal static partial class Sheets
{
    private static readonly Dictionary<string, HashSet<string>> Classes = typeof(WebDoor).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(".css", StringComparison.Ordinal)).ToDictionary(name => name["wwwroot/".Length..], Read, StringComparer.Ordinal);

    /// <summary>A page links the sheets of all that stands on it: each of its classes is in one of them, if it is in any.</summary>
    public static void AssertLinked(Page page)
    {
        var linked = page.All("link").Where(link => link.Attribute("rel")!.Value == "stylesheet")
            .Select(link => link.Attribute("href")!.Value.Split('/', '?')[2]).ToArray();
        Assert.Equal("site.css", linked[0]);
        var known = linked.SelectMany(name => Classes[name]).ToHashSet();
        var styled = Classes.Values.SelectMany(names => names).ToHashSet();
        Assert.All(page.Root.Descendants().SelectMany(Page.Classes).Where(styled.Contains), name => Assert.Contains(name, known));
    }

    private static HashSet<string> Read(string resource)
    {
        using var stream = typeof(WebDoor).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return [.. ClassName().Matches(Declarations().Replace(reader.ReadToEnd(), " ")).Select(found => found.Groups[1].Value)];
    }

    [GeneratedRegex(@"\.([a-z][a-z0-9-]*)", RegexOptions.CultureInvariant)]
    private static partial Regex ClassName();

    [GeneratedRegex(@"\{[^{}]*\}|/\*.*?\*/", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Declarations();
}
