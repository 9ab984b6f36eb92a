using System.Text;
using System.Text.Json.Nodes;
using Cete.Core;
using Cete.Described;
using Cete.Formats.Bookmarks;
using Cete.Formats.Calendars;
using Cete.Formats.Cards;
using Cete.Formats.Entries;
using Cete.Formats.Feeds;
using Cete.Formats.Outlines;

namespace Cete.Web.Services.Feeds;

/// <summary>The formats of feeds: what they are served as, read and written by.</summary>
internal static class FeedFiles
{
    /// <summary>The media type of a format.</summary>
    public static string MediaTypeOf(string format) => format switch
    {
        FeedFormats.Atom => Feed.AtomMediaType,
        FeedFormats.Calendar => CalendarWriter.MediaType,
        FeedFormats.Card => CardWriter.MediaType,
        FeedFormats.Bookmarks => BookmarksWriter.MediaType,
        FeedFormats.Opml => OpmlWriter.MediaType,
        _ => JsonLines.MediaType,
    };

    /// <summary>How names of such files end.</summary>
    public static string EndingOf(string format) => format switch
    {
        FeedFormats.Atom => ".atom",
        FeedFormats.Calendar => ".ics",
        FeedFormats.Card => ".vcf",
        FeedFormats.Bookmarks => ".html",
        FeedFormats.Opml => ".opml",
        _ => ".jsonl",
    };

    /// <summary>Writes entries; Atom and JSON Lines are written elsewhere, of more than entries.</summary>
    public static byte[] Write(FeedDescriptor feed, string title, IReadOnlyList<FormatEntry> entries) => feed.Format switch
    {
        FeedFormats.Calendar => CalendarWriter.Write(title, ComponentOf(feed), entries),
        FeedFormats.Card => CardWriter.Write(entries),
        FeedFormats.Bookmarks => BookmarksWriter.Write(title, entries),
        _ => OpmlWriter.Write(title, entries),
    };

    /// <summary>Reads a file of any format but JSON Lines.</summary>
    public static Outcome<FormatFile> Read(FeedDescriptor feed, ReadOnlySpan<byte> bytes) => feed.Format switch
    {
        FeedFormats.Calendar => CalendarReader.Read(bytes, ComponentOf(feed)),
        FeedFormats.Card => CardReader.Read(bytes),
        FeedFormats.Bookmarks => BookmarksReader.Read(bytes),
        FeedFormats.Opml => OpmlReader.Read(bytes),
        _ => new Failure(FailureKind.Invalid, $"{feed.Format} is written, and not read"),
    };

    /// <summary>Records as JSON Lines: what every record has, and the fields that the feed names.</summary>
    public static byte[] WriteLines(string service, FeedDescriptor feed, IEnumerable<RecordView> records)
    {
        var text = new StringBuilder();
        foreach (var record in records)
        {
            var line = new JsonObject { ["uid"] = FeedEntries.IdOf(service, record) };
            var info = record.ToInfo();
            line["id"] = record.Id;
            line["owner"] = info.Owner;
            line["created"] = FieldText.Write(record.Get("created"));
            line["updated"] = FieldText.Write(record.Get("updated"));
            foreach (var (key, name) in feed.Fields)
            {
                if (record.Values.Any(pair => pair.Key == name) && !(key == "uid" && record.Get(name).IsNull))
                {
                    line[key] = RecordJson.Write(record.Get(name));
                }
            }

            var labels = feed.Fields.Where(pair => record.Labels.ContainsKey(pair.Value))
                .Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, record.Labels[pair.Value])).ToList();
            if (labels.Count > 0)
            {
                line["labels"] = new JsonObject(labels);
            }

            text.Append(line.ToJsonString()).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string ComponentOf(FeedDescriptor feed) => feed.As == "todo" ? CalendarReader.Tasks : CalendarReader.Events;
}
