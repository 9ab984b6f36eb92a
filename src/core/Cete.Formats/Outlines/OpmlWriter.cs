using System.Xml;
using Cete.Formats.Entries;

namespace Cete.Formats.Outlines;

/// <summary>Writes OPML 2.0, in folders.</summary>
public static class OpmlWriter
{
    /// <summary>The media type by which it is served.</summary>
    public const string MediaType = "text/x-opml";

    /// <summary>An outline.</summary>
    public static byte[] Write(string title, IReadOnlyList<FormatEntry> entries) => XmlText.Write(xml =>
    {
        xml.WriteStartElement("opml");
        xml.WriteAttributeString("version", "2.0");
        xml.WriteStartElement("head");
        xml.Element("title", title);
        xml.WriteEndElement();
        xml.WriteStartElement("body");
        Write(xml, FolderTree.Of(entries));
        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    private static void Write(XmlWriter xml, FolderTree folder)
    {
        foreach (var (name, inner) in folder.Folders)
        {
            xml.WriteStartElement("outline");
            xml.WriteAttributeString("text", XmlText.Clean(name));
            Write(xml, inner);
            xml.WriteEndElement();
        }

        foreach (var entry in folder.Entries)
        {
            var isFeed = entry["feed"].Length > 0;
            xml.WriteStartElement("outline");
            xml.WriteAttributeString("text", XmlText.Clean(entry["title"]));
            Attribute("type", isFeed ? "rss" : entry["link"].Length > 0 ? "link" : string.Empty);
            Attribute("xmlUrl", entry["feed"]);
            Attribute(isFeed ? "htmlUrl" : "url", entry["link"]);
            Attribute("description", entry["summary"]);
            xml.WriteEndElement();
        }

        void Attribute(string name, string value)
        {
            if (value.Length > 0)
            {
                xml.WriteAttributeString(name, XmlText.Clean(value));
            }
        }
    }
}
