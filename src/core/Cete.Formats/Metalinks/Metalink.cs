using System.Globalization;
using System.Xml;
using Cete.Core;

namespace Cete.Formats.Metalinks;

/// <summary>A file of a metalink.</summary>
/// <param name="Path">Names from the folder that the reader saves in; checked by <see cref="EntryName"/>, so that none leads out of it.</param>
/// <param name="Digests">Its length and hashes.</param>
/// <param name="Description">Possibly empty.</param>
/// <param name="Addresses">Where to get it, the best first.</param>
/// <param name="Torrent">Where its torrent is; null for none.</param>
public sealed record MetalinkFile(IReadOnlyList<string> Path, ContentDigests Digests, string Description, IReadOnlyList<Uri> Addresses, Uri? Torrent);

/// <summary>Writes Metalink 4 (RFC 5854): all that a download manager needs to get files from several servers and to verify them.</summary>
public static class Metalink
{
    /// <summary>The media type by which it is served.</summary>
    public const string MediaType = "application/metalink4+xml";

    /// <summary>Files of one metalink.</summary>
    public const int FilesMax = 20_000;

    private const string Namespace = "urn:ietf:params:xml:ns:metalink";

    /// <summary>Writes one.</summary>
    /// <param name="files">At least one; <see cref="FilesMax"/> at most.</param>
    /// <param name="origin">Where it is served, so that it can be refreshed.</param>
    public static byte[] Write(IReadOnlyList<MetalinkFile> files, Uri origin)
    {
        Check.That(files.Count is > 0 and <= FilesMax);
        return XmlText.Write(xml =>
        {
            xml.WriteStartElement("metalink", Namespace);
            xml.WriteElementString("generator", "Cete");
            xml.WriteStartElement("origin");
            xml.WriteAttributeString("dynamic", "true");
            xml.WriteString(origin.AbsoluteUri);
            xml.WriteEndElement();
            foreach (var file in files)
            {
                WriteFile(xml, file);
            }

            xml.WriteEndElement();
        });
    }

    private static void WriteFile(XmlWriter xml, MetalinkFile file)
    {
        xml.WriteStartElement("file");
        xml.WriteAttributeString("name", XmlText.Clean(string.Join('/', file.Path)));
        if (file.Description.Length > 0)
        {
            xml.Element("description", file.Description);
        }

        xml.WriteElementString("size", file.Digests.Length.ToString(CultureInfo.InvariantCulture));
        xml.WriteStartElement("hash");
        xml.WriteAttributeString("type", "sha-256");
        xml.WriteString(file.Digests.Sha256.ToString());
        xml.WriteEndElement();
        WritePieces(xml, file.Digests);
        if (file.Torrent is not null)
        {
            xml.WriteStartElement("metaurl");
            xml.WriteAttributeString("mediatype", "torrent");
            xml.WriteString(file.Torrent.AbsoluteUri);
            xml.WriteEndElement();
        }

        for (var i = 0; i < file.Addresses.Count; i++)
        {
            xml.WriteStartElement("url");
            xml.WriteAttributeString("priority", (i + 1).ToString(CultureInfo.InvariantCulture));
            xml.WriteString(file.Addresses[i].AbsoluteUri);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>Hashes of pieces let a reader keep what is good when something is not; of one piece the hash above says as much.</summary>
    private static void WritePieces(XmlWriter xml, ContentDigests digests)
    {
        if (digests.Length <= digests.PieceLength)
        {
            return;
        }

        xml.WriteStartElement("pieces");
        xml.WriteAttributeString("length", digests.PieceLength.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("type", "sha-1");
        for (var at = 0; at < digests.Pieces.Length; at += ContentDigests.Sha1Size)
        {
            xml.WriteElementString("hash", Convert.ToHexStringLower(digests.Pieces.Slice(at, ContentDigests.Sha1Size)));
        }

        xml.WriteEndElement();
    }
}
