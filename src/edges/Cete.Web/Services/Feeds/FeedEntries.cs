using System.Globalization;
using Cete.Core;
using Cete.Described;
using Cete.Expressions;
using Cete.Formats.Entries;

namespace Cete.Web.Services.Feeds;

/// <summary>Records as the entries of a format.</summary>
/// <param name="service">Of which service.</param>
/// <param name="feed">By which feed.</param>
/// <param name="folders">Those that the part <c>category</c> names; null for none.</param>
/// <param name="nameOf">What an account is called.</param>
internal sealed class FeedEntries(ServiceDescriptor service, FeedDescriptor feed, FeedFolders? folders, Func<string, string> nameOf)
{
    private const string Prefix = "urn:cete:record:";

    private readonly RecordKind _kind = service.Record(feed.Of)!;

    /// <summary>Names a record for ever: other communities have records of the same number, but hardly of the same microsecond.</summary>
    public static string IdOf(string service, RecordView record) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{service}:{record.Kind}:{record.Id}:{record.Created.Microseconds}");

    /// <summary>The number of a record that was named so, and when it was made; null where it is no such name.</summary>
    public static (long Id, Instant Created)? ReadId(string text, string service, string kind)
    {
        var begin = $"{Prefix}{service}:{kind}:";
        return text.StartsWith(begin, StringComparison.Ordinal) && text[begin.Length..].Split(':') is [var id, var created]
            && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            && long.TryParse(created, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at)
                ? (number, new Instant(at))
                : null;
    }

    /// <summary>A record as an entry.</summary>
    public FormatEntry Of(RecordView record)
    {
        var entry = new FormatEntry(0)
        {
            ["id"] = IdOf(service.Name, record),
            ["created"] = FieldText.Write(record.Get("created")),
            ["updated"] = FieldText.Write(record.Get("updated")),
            ["sequence"] = (record.Revision - 1).ToString(CultureInfo.InvariantCulture),
            ["added"] = (record.Created.Microseconds / 1_000_000).ToString(CultureInfo.InvariantCulture),
            ["author"] = record.Owner.Length > 0 ? nameOf(record.Owner) : string.Empty,
        };
        entry["published"] = entry["created"];
        foreach (var (part, name) in feed.Fields)
        {
            var value = record.Get(name);
            if (!value.IsNull)
            {
                entry[part] = TextOf(part, name, value, record);
            }
        }

        entry["uid"] = entry["uid"] is { Length: > 0 } uid ? uid : entry["id"];
        if (feed.Format == FeedFormats.Atom)
        {
            entry["title"] = FirstLine(entry["title"]);
        }

        return entry;
    }

    private string TextOf(string part, string name, Value value, RecordView record)
    {
        var field = _kind.Field(name);
        return field?.Type switch
        {
            null when name == "owner" => nameOf(value.AsText),
            FieldType.Account => nameOf(value.AsText),
            FieldType.Select when part == "status" => feed.Status.GetValueOrDefault(value.AsText, string.Empty),
            FieldType.Relation when part == "category" && folders is not null =>
                string.Join(feed.Format is FeedFormats.Bookmarks or FeedFormats.Opml ? "\n" : " / ", folders.PathOf(value.Number)),
            FieldType.Relation => record.Labels.GetValueOrDefault(name, string.Empty),
            FieldType.Boolean => value.IsTrue ? "true" : string.Empty,
            _ => FieldText.Write(value),
        };
    }

    private static string FirstLine(string text)
    {
        const int TitleMax = 120;
        var line = text.Split('\n', 2)[0].Trim();
        return line.Length <= TitleMax ? line : line[..(char.IsHighSurrogate(line[TitleMax - 1]) ? TitleMax - 1 : TitleMax)] + "…";
    }
}
