namespace Cete.Formats.Feeds;

/// <summary>Writes an OpenSearch 1.1 description, by which a browser offers a site's search in its own box.</summary>
public static class OpenSearch
{
    /// <summary>The media type by which it is served.</summary>
    public const string MediaType = "application/opensearchdescription+xml";

    private const string Namespace = "http://a9.com/-/spec/opensearch/1.1/";
    private const int ShortNameMax = 16;

    /// <summary>A description.</summary>
    /// <param name="name">Of the community.</param>
    /// <param name="site">Base address.</param>
    /// <param name="search">Path of the search page, its query last: the words are put behind it.</param>
    /// <param name="suggestions">The same of suggestions as JSON; null for none.</param>
    /// <param name="feed">The same of results as Atom.</param>
    /// <param name="icon">Path of the icon.</param>
    public static byte[] Write(string name, Uri site, string search, string? suggestions, string feed, string icon) => XmlText.Write(xml =>
    {
        xml.WriteStartElement("OpenSearchDescription", Namespace);
        xml.Element("ShortName", Shorten(name));
        xml.Element("LongName", Shorten(name, 48));
        xml.Element("Description", $"Search the resources of {name}");
        xml.Element("InputEncoding", "UTF-8");
        xml.WriteStartElement("Image");
        xml.WriteAttributeString("type", "image/svg+xml");
        xml.WriteString(new Uri(site, icon).AbsoluteUri);
        xml.WriteEndElement();
        WriteUrl("text/html", search);
        WriteUrl(Feed.AtomMediaType, feed);
        if (suggestions is not null)
        {
            WriteUrl("application/x-suggestions+json", suggestions);
        }

        xml.WriteEndElement();

        void WriteUrl(string type, string path)
        {
            xml.WriteStartElement("Url");
            xml.WriteAttributeString("type", type);
            xml.WriteAttributeString("method", "get");
            xml.WriteAttributeString("template", new Uri(site, path).AbsoluteUri + "{searchTerms}");
            xml.WriteEndElement();
        }
    });

    private static string Shorten(string text, int max = ShortNameMax)
    {
        if (text.Length <= max)
        {
            return text;
        }

        return char.IsHighSurrogate(text[max - 1]) ? text[..(max - 1)] : text[..max];
    }
}
