using System.Xml;
using System.Xml.Linq;

namespace Cete.Tidy.Tests;

/// <summary>A project, props or targets file, read as XML.</summary>
internal sealed class MsBuildFile(string path, string text)
{
    private readonly XDocument _document = XDocument.Parse(text, LoadOptions.SetLineInfo);

    public string Path => path;

    /// <summary>The folder below src that it lies in, or tests, or samples.</summary>
    public string Ring => RingOf(path);

    public static IEnumerable<MsBuildFile> All(Checkout checkout) =>
        checkout.Under("", ".csproj", ".props", ".targets").Select(file => new MsBuildFile(file, checkout.Text(file)));

    public static IEnumerable<MsBuildFile> Projects(Checkout checkout) =>
        checkout.Under("", ".csproj").Select(file => new MsBuildFile(file, checkout.Text(file)));

    public static string RingOf(string path) => path.Split('/') is ["src", var ring, _, ..] ? ring : path.Split('/')[0];

    public IEnumerable<Item> Items(string kind) =>
        _document.Descendants().Where(element => element.Name.LocalName == kind).Select(element => new Item(element));

    internal sealed class Item(XElement element)
    {
        public string Name => this["Include"] ?? this["Update"] ?? string.Empty;

        public int Line => ((IXmlLineInfo)element).LineNumber;

        /// <summary>An attribute, or the child element that means the same.</summary>
        public string? this[string metadata] => (string?)element.Attribute(metadata) ?? (string?)element.Element(metadata);
    }
}
