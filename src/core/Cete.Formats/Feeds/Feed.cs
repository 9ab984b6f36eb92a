using System.Globalization;
using System.Xml;
using Cete.Core;

namespace Cete.Formats.Feeds;

/// <summary>Something new, with a file to fetch.</summary>
/// <param name="Id">Names it for ever, so that readers show it once; a URI.</param>
/// <param name="Title">Its name.</param>
/// <param name="Page">Where people read about it.</param>
/// <param name="Enclosure">Where the file is.</param>
/// <param name="Length">Bytes of the file.</param>
/// <param name="MediaType">Of the file.</param>
/// <param name="Added">When it came.</param>
/// <param name="Author">Who added it.</param>
/// <param name="Summary">Possibly empty; plain text.</param>
/// <param name="Categories">Its tags.</param>
public sealed record FeedItem(
    string Id, string Title, Uri Page, Uri Enclosure, long Length, string MediaType, Instant Added,
    string Author, string Summary, IReadOnlyList<string> Categories);

/// <summary>What is new in a folder or a search, written as RSS 2.0 or Atom (RFC 4287), with enclosures.</summary>
/// <param name="Title">Of the folder or search.</param>
/// <param name="Description">A sentence on what is in it.</param>
/// <param name="Page">Where people read the same.</param>
/// <param name="Self">Where the feed itself is.</param>
/// <param name="Items">The newest first.</param>
public sealed record Feed(string Title, string Description, Uri Page, Uri Self, IReadOnlyList<FeedItem> Items)
{
    public const string RssMediaType = "application/rss+xml";

    public const string AtomMediaType = "application/atom+xml";

    private const string AtomNamespace = "http://www.w3.org/2005/Atom";

    /// <summary>When it changed last: when its newest item came.</summary>
    public Instant Updated => Items.Count > 0 ? Items.Max(item => item.Added) : default;

    /// <summary>As RSS 2.0.</summary>
    public byte[] WriteRss() => XmlText.Write(xml =>
    {
        xml.WriteStartElement("rss");
        xml.WriteAttributeString("version", "2.0");
        xml.WriteAttributeString("xmlns", "atom", null, AtomNamespace);
        xml.WriteStartElement("channel");
        xml.Element("title", Title);
        xml.Element("link", Page.AbsoluteUri);
        xml.Element("description", Description);
        xml.Element("generator", "Cete");
        xml.Element("lastBuildDate", Rfc822(Updated));
        xml.WriteStartElement("link", AtomNamespace);
        xml.WriteAttributeString("href", Self.AbsoluteUri);
        xml.WriteAttributeString("rel", "self");
        xml.WriteAttributeString("type", RssMediaType);
        xml.WriteEndElement();
        foreach (var item in Items)
        {
            WriteRssItem(xml, item);
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    /// <summary>As Atom.</summary>
    public byte[] WriteAtom() => XmlText.Write(xml =>
    {
        xml.WriteStartElement("feed", AtomNamespace);
        xml.Element("id", Self.AbsoluteUri);
        xml.Element("title", Title);
        xml.Element("subtitle", Description);
        xml.Element("updated", Rfc3339(Updated));
        xml.Element("generator", "Cete");
        WriteLink(xml, "self", Self, AtomMediaType);
        WriteLink(xml, "alternate", Page, "text/html");
        foreach (var item in Items)
        {
            WriteAtomEntry(xml, item);
        }

        xml.WriteEndElement();
    });

    private static void WriteRssItem(XmlWriter xml, FeedItem item)
    {
        xml.WriteStartElement("item");
        xml.Element("title", item.Title);
        xml.Element("link", item.Page.AbsoluteUri);
        xml.WriteStartElement("guid");
        xml.WriteAttributeString("isPermaLink", "false");
        xml.WriteString(item.Id);
        xml.WriteEndElement();
        xml.Element("pubDate", Rfc822(item.Added));
        if (item.Summary.Length > 0)
        {
            // A description is HTML in RSS: plain text is escaped once for it, and once more for XML.
            xml.Element("description", System.Net.WebUtility.HtmlEncode(item.Summary));
        }

        foreach (var category in item.Categories)
        {
            xml.Element("category", category);
        }

        xml.WriteStartElement("enclosure");
        xml.WriteAttributeString("url", item.Enclosure.AbsoluteUri);
        xml.WriteAttributeString("length", item.Length.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("type", item.MediaType);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteAtomEntry(XmlWriter xml, FeedItem item)
    {
        xml.WriteStartElement("entry");
        xml.Element("id", item.Id);
        xml.Element("title", item.Title);
        xml.Element("updated", Rfc3339(item.Added));
        xml.WriteStartElement("author");
        xml.Element("name", item.Author);
        xml.WriteEndElement();
        WriteLink(xml, "alternate", item.Page, "text/html");
        xml.WriteStartElement("link");
        xml.WriteAttributeString("rel", "enclosure");
        xml.WriteAttributeString("href", item.Enclosure.AbsoluteUri);
        xml.WriteAttributeString("type", item.MediaType);
        xml.WriteAttributeString("length", item.Length.ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
        foreach (var category in item.Categories)
        {
            xml.WriteStartElement("category");
            xml.WriteAttributeString("term", XmlText.Clean(category));
            xml.WriteEndElement();
        }

        if (item.Summary.Length > 0)
        {
            xml.Element("summary", item.Summary);
        }

        xml.WriteEndElement();
    }

    private static void WriteLink(XmlWriter xml, string relation, Uri address, string mediaType)
    {
        xml.WriteStartElement("link");
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", address.AbsoluteUri);
        xml.WriteAttributeString("type", mediaType);
        xml.WriteEndElement();
    }

    private static string Rfc822(Instant moment) => moment.ToDateTimeOffset().ToString("r", CultureInfo.InvariantCulture);

    private static string Rfc3339(Instant moment) => moment.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
