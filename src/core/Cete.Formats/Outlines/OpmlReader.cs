using System.Xml;
using Cete.Core;
using Cete.Formats.Entries;

namespace Cete.Formats.Outlines;

/// <summary>Reads OPML 2.0: subscriptions and links in folders. Without document types: entities can grow without end.</summary>
public static class OpmlReader
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = FormatLimits.BytesMax,
        MaxCharactersFromEntities = 1_024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>Reads a file.</summary>
    public static Outcome<FormatFile> Read(ReadOnlySpan<byte> bytes)
    {
        var text = FormatText.Decode(bytes);
        if (!text.Succeeded)
        {
            return text.Failure;
        }

        try
        {
            using var characters = new StringReader(text.Value);
            using var xml = XmlReader.Create(characters, Settings);
            xml.MoveToContent();
            return xml.LocalName.Equals("opml", StringComparison.OrdinalIgnoreCase)
                ? Read(xml)
                : new Failure(FailureKind.Invalid, "this is no OPML file: it begins with <opml>");
        }
        catch (XmlException error)
        {
            return new Failure(FailureKind.Invalid, $"line {error.LineNumber}: this is no XML without document types, or it is cut off");
        }
    }

    private static Outcome<FormatFile> Read(XmlReader xml)
    {
        List<FormatEntry> entries = [];
        List<string> folders = [];
        while (xml.Read())
        {
            if (xml.Depth > FormatLimits.DepthMax + 2)
            {
                return new Failure(FailureKind.TooLarge, $"line {LineOf(xml)}: more than {FormatLimits.DepthMax} outlines within each other");
            }

            if (xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "outline" && folders.Count > 0)
            {
                folders.RemoveAt(folders.Count - 1);
            }

            if (xml is not { NodeType: XmlNodeType.Element, LocalName: "outline" })
            {
                continue;
            }

            var (isEmpty, entry) = (xml.IsEmptyElement, ReadOutline(xml, folders));
            if (entry["link"].Length > 0 || entry["feed"].Length > 0 || isEmpty)
            {
                if (entries.Count == FormatLimits.EntriesMax)
                {
                    return new Failure(FailureKind.TooLarge, $"the file has more than {FormatLimits.EntriesMax} outlines: cut it into several");
                }

                entries.Add(entry);
            }

            if (!isEmpty)
            {
                folders.Add(entry["title"]);
            }
        }

        return new FormatFile(entries, []);
    }

    private static int LineOf(XmlReader xml) => xml is IXmlLineInfo place ? place.LineNumber : 0;

    private static FormatEntry ReadOutline(XmlReader xml, List<string> folders)
    {
        Dictionary<string, string> attributes = new(StringComparer.OrdinalIgnoreCase);
        var entry = new FormatEntry(LineOf(xml));
        while (xml.MoveToNextAttribute())
        {
            attributes[xml.LocalName] = xml.Value;
        }

        entry["title"] = FormatText.OneLine(Text("title") is { Length: > 0 } title ? title : Text("text"));
        entry["feed"] = FormatText.OneLine(Text("xmlUrl"));
        entry["link"] = FormatText.OneLine(Text("htmlUrl") is { Length: > 0 } page ? page : Text("url"));
        entry["summary"] = FormatText.Clean(Text("description"));
        entry["category"] = string.Join('\n', folders.Where(folder => folder.Length > 0));
        return entry;

        string Text(string name) => attributes.GetValueOrDefault(name, string.Empty).Trim();
    }
}
