using Cete.Expressions;
using Cete.Hocon;

namespace Cete.Described;

/// <content>Feeds: records in formats of other programs.</content>
public sealed partial class DescriptorReader
{
    private List<FeedDescriptor> ReadFeeds(IReadOnlyList<RecordKind> records)
    {
        List<FeedDescriptor> feeds = [];
        foreach (var (name, value) in _root.Members("feeds", DescriptorLimits.PartsMax, Names.IsWord, Names.WordForm))
        {
            if (value is not HoconObject inner)
            {
                _problems.Add(value.Origin, $"feeds.{name}", "is to be an object", "write { of = ..., format = icalendar }");
                continue;
            }

            var section = new Section(inner, $"feeds.{name}", _problems);
            if (ReadFeed(name, section, records) is { } feed)
            {
                feeds.Add(feed);
                section.Close();
            }
        }

        return feeds;
    }

    private FeedDescriptor? ReadFeed(string name, Section section, IReadOnlyList<RecordKind> records)
    {
        string[] kinds = [.. records.Select(each => each.Name)];
        var (format, of) = (section.Choice("format", FeedFormats.All), section.Choice("of", kinds));
        if (format is null && !section.Has("format"))
        {
            section.Wrong("format", "a feed needs a format", Nearest.Hint(string.Empty, FeedFormats.All));
        }

        if (of is null && !section.Has("of"))
        {
            section.Wrong("of", "a feed needs records", Nearest.Hint(string.Empty, kinds));
        }

        if (format is null || of is null)
        {
            return null;
        }

        var record = records.First(each => each.Name == of);
        var component = string.Empty;
        if (format == FeedFormats.Calendar)
        {
            component = section.Choice("as", FeedFormats.Components) ?? FeedFormats.Components[0];
        }
        else if (section.Has("as"))
        {
            section.Wrong("as", $"means nothing for {format}", "only icalendar has events and to-dos");
        }

        var filter = section.Expression("filter", _scopes.With(("record", record.Type)), ExpressionType.Bool);
        if (filter?.WhyNotSql("record") is { } reason)
        {
            section.Wrong("filter", $"the database cannot answer this: {reason.Message}");
        }

        var feed = new FeedDescriptor(name, format, section.Words("title") ?? record.Title)
        {
            Of = of,
            As = component,
            Filter = filter,
            Sort = ReadFieldNames(section, "sort", record, isSort: true),
            Fields = format == FeedFormats.JsonLines ? ReadColumns(section, record) : ReadParts(section, format, component, record),
        };
        return feed with { Status = ReadStatus(section, feed, record) };
    }

    /// <summary>Of JSON Lines each field is written by its name, unless it says otherwise.</summary>
    private static Dictionary<string, string> ReadColumns(Section section, RecordKind record)
    {
        FieldDescriptor[] open = [.. record.Fields.Where(field => field.Type != FieldType.Sealed)];
        if (section.Below("fields") is not { } below)
        {
            return open.ToDictionary(field => field.Name, field => field.Name, StringComparer.Ordinal);
        }

        Dictionary<string, string> columns = new(StringComparer.Ordinal);
        foreach (var key in below.Keys.Take(DescriptorLimits.FieldsMax))
        {
            if (!Names.IsField(key) || Names.OfEveryRecord.Contains(key) || key is "kind" or "labels")
            {
                below.Wrong(key, "cannot be called that in the file", Names.FieldForm);
                below.Has(key);
            }
            else if (below.Choice(key, [.. open.Select(field => field.Name)]) is { } name)
            {
                columns[key] = name;
            }
        }

        below.Close();
        return columns;
    }

    private static Dictionary<string, string> ReadParts(Section section, string format, string component, RecordKind record)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        var below = section.Below("fields");
        var parts = FeedFormats.Parts(format, component);
        foreach (var part in parts)
        {
            if (below?.Choice(part.Name, [.. Fitting(part, format, record)]) is { } named)
            {
                fields[part.Name] = named;
            }
        }

        foreach (var part in parts.Where(part => below?.Has(part.Name) != true && (part.IsGuessed || part.IsNeeded)))
        {
            var isCalled = part.Name is "title" or "name" && record.Label is not null && !fields.ContainsValue(record.Label.Name);
            string[] fits = isCalled ? [record.Label!.Name] : [.. Own(part, record).Where(name => !fields.ContainsValue(name))];
            if (fits.Length == 1)
            {
                fields[part.Name] = fits[0];
            }
            else if (part.IsNeeded)
            {
                section.Wrong(
                    "fields", $"{format} needs a field for '{part.Name}'",
                    fits.Length == 0
                        ? $"{record.Name} have none that fits: that is one of type {string.Join(" or ", part.Types.Select(FieldTypes.NameOf))}"
                        : $"say which: fields {{ {part.Name} = ... }} with one of {string.Join(", ", fits)}");
            }
        }

        below?.Close();
        return fields;
    }

    private static IEnumerable<string> Own(FeedPart part, RecordKind record)
    {
        // What people write is markdown where there is some, though a line of text fits too.
        var first = record.Fields.Where(field => field.Type == part.Types[0] && part.Types[0] == FieldType.Markdown).Select(field => field.Name).ToArray();
        return part.Types[0] == FieldType.Markdown ? first : record.Fields.Where(field => part.Types.Contains(field.Type)).Select(field => field.Name);
    }

    private static IEnumerable<string> Fitting(FeedPart part, string format, RecordKind record)
    {
        var own = record.Fields.Where(field => part.Types.Contains(field.Type)).Select(field => field.Name);
        return format != FeedFormats.Atom ? own
            : part.Types.Contains(FieldType.DateTime) ? [.. own, "created", "updated"]
            : part.Types.Contains(FieldType.Account) ? [.. own, "owner"]
            : own;
    }

    /// <summary>What the format calls choices: those that are called the same need not be named.</summary>
    private static Dictionary<string, string> ReadStatus(Section section, FeedDescriptor feed, RecordKind record)
    {
        Dictionary<string, string> status = new(StringComparer.Ordinal);
        if (feed.FieldOf("status") is not { } name || record.Field(name) is not { } field)
        {
            if (section.Has("status"))
            {
                section.Wrong("status", "no field plays the part 'status'", "write fields { status = ... }");
            }

            return status;
        }

        var words = FeedFormats.StatusWords(feed.As);
        var below = section.Below("status");
        foreach (var option in field.Options)
        {
            if ((below?.Choice(option.Name, words) ?? words.FirstOrDefault(word => word == option.Name)) is { } word)
            {
                status[option.Name] = word;
            }
        }

        below?.Close();
        return status;
    }
}
