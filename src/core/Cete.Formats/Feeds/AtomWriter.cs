using System.Xml;
using Cete.Formats.Entries;

namespace Cete.Formats.Feeds;

/// <summary>What stands at the head of a feed.</summary>
/// <param name="Title">What people call it.</param>
/// <param name="About">A sentence; possibly empty.</param>
/// <param name="Self">Where this page of it is.</param>
/// <param name="First">Where it begins, which is its id, too.</param>
/// <param name="Page">Where people read the same.</param>
/// <param name="Next">Where older entries are (RFC 5005); null at the end.</param>
public sealed record AtomHead(string Title, string About, Uri Self, Uri First, Uri Page, Uri? Next);

/// <summary>Writes entries of any kind as Atom (RFC 4287).</summary>
public static class AtomWriter
{
    private const string Namespace = "http://www.w3.org/2005/Atom";

    /// <summary>What stands for a day in the feed where there is none: no reader takes an entry without.</summary>
    private const string Epoch = "1970-01-01T00:00:00Z";

    /// <summary>A feed.</summary>
    /// <param name="head">What it is.</param>
    /// <param name="entries">Each with <c>id</c>, <c>page</c> and <c>updated</c> beside its parts.</param>
    public static byte[] Write(AtomHead head, IReadOnlyList<FormatEntry> entries) => XmlText.Write(xml =>
    {
        xml.WriteStartElement("feed", Namespace);
        xml.Element("id", head.First.AbsoluteUri);
        xml.Element("title", head.Title);
        if (head.About.Length > 0)
        {
            xml.Element("subtitle", head.About);
        }

        // Moments are written alike, so that the latest is the last in order.
        xml.Element("updated", entries.Select(entry => Moment(entry["updated"])).DefaultIfEmpty(Epoch).Max(StringComparer.Ordinal)!);
        xml.Element("generator", "Cete");
        Link(xml, "self", head.Self.AbsoluteUri, Feed.AtomMediaType);
        Link(xml, "alternate", head.Page.AbsoluteUri, "text/html");
        if (head.Self != head.First)
        {
            Link(xml, "first", head.First.AbsoluteUri, Feed.AtomMediaType);
        }

        if (head.Next is { } next)
        {
            Link(xml, "next", next.AbsoluteUri, Feed.AtomMediaType);
        }

        foreach (var entry in entries)
        {
            WriteEntry(xml, head, entry);
        }

        xml.WriteEndElement();
    });

    private static void Link(XmlWriter xml, string relation, string address, string? mediaType)
    {
        xml.WriteStartElement("link");
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", XmlText.Clean(address));
        if (mediaType is not null)
        {
            xml.WriteAttributeString("type", mediaType);
        }

        xml.WriteEndElement();
    }

    private static void WriteEntry(XmlWriter xml, AtomHead head, FormatEntry entry)
    {
        xml.WriteStartElement("entry");
        xml.Element("id", entry["id"]);
        xml.Element("title", entry["title"] is { Length: > 0 } title ? title : "(no title)");
        xml.Element("updated", Moment(entry["updated"]));
        if (entry["published"].Length > 0)
        {
            xml.Element("published", Moment(entry["published"]));
        }

        xml.WriteStartElement("author");
        xml.Element("name", entry["author"] is { Length: > 0 } author ? author : head.Title);
        xml.WriteEndElement();
        Link(xml, "alternate", entry["page"], "text/html");
        if (entry["link"].Length > 0)
        {
            Link(xml, "related", entry["link"], null);
        }

        foreach (var category in entry["category"].Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            xml.WriteStartElement("category");
            xml.WriteAttributeString("term", XmlText.Clean(category));
            xml.WriteEndElement();
        }

        if (entry["summary"].Length > 0)
        {
            xml.WriteStartElement("content");
            xml.WriteAttributeString("type", "text");
            xml.WriteString(XmlText.Clean(entry["summary"]));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>To the second: a day is when it begins.</summary>
    private static string Moment(string text) => text.Length == 10 ? text + "T00:00:00Z" : text.Length >= 19 ? text[..19] + "Z" : Epoch;
}
