using System.Text.Json;
using Cete.Described;
using Cete.Expressions;
using Cete.Formats.Entries;

namespace Cete.Web.Services.Feeds;

/// <summary>Entries of a file as what fields are to hold.</summary>
/// <param name="service">Of which service.</param>
/// <param name="feed">By which feed.</param>
/// <param name="folders">Records that relations can point to, by field; may make those that there are not.</param>
internal sealed class ImportMapping(ServiceDescriptor service, FeedDescriptor feed, ImportFolders folders)
{
    private static readonly string[] Meta = ["id", "owner", "created", "updated", "labels", "revision", "kind"];

    private readonly RecordKind _kind = service.Record(feed.Of)!;

    /// <summary>An entry of a format with parts.</summary>
    public async Task<ImportEntry> MapAsync(FormatEntry entry, CancellationToken stop)
    {
        var name = entry["title"] is { Length: > 0 } title ? title : entry["name"];
        var mapped = new ImportEntry(entry.Line, name) { Wrong = entry.Wrong, Uid = entry["uid"] };
        mapped.Notes.AddRange(entry.Notes);
        foreach (var part in FeedFormats.Parts(feed.Format, feed.As))
        {
            var text = entry[part.Name];
            if (feed.FieldOf(part.Name) is not { } field)
            {
                if (text.Length > 0 && part.Name is not ("uid" or "whole-day" or "status" or "priority"))
                {
                    mapped.Notes.Add($"its {part.Name} is left out: there is no field for it");
                }
            }
            else if (_kind.Field(field) is { } known)
            {
                await SetAsync(mapped, part.Name, known, text, entry, stop);
            }
        }

        // What was written here is known by that name; of others the name is kept, or the address where there are no names.
        var key = feed.FieldOf("uid") ?? (feed.Format is FeedFormats.Bookmarks or FeedFormats.Opml ? feed.FieldOf("link") ?? feed.FieldOf("feed") : null);
        if (key is not null && mapped.Values.TryGetValue(key, out var value) && value.Text is { Length: > 0 } text2)
        {
            mapped.Key = (key, text2);
        }

        return mapped;
    }

    /// <summary>A line of JSON.</summary>
    public async Task<ImportEntry> MapAsync(JsonLine line, CancellationToken stop)
    {
        if (line.Json is not { } json)
        {
            return new ImportEntry(line.Number, string.Empty) { Wrong = line.Wrong };
        }

        var own = feed.Fields.Where(pair => json.TryGetProperty(pair.Key, out _)).ToList();
        var fields = own.Select(pair => _kind.Field(pair.Value)).OfType<FieldDescriptor>().ToDictionary(field => field.Name, StringComparer.Ordinal);
        var label = _kind.Label is { } named && own.FirstOrDefault(pair => pair.Value == named.Name) is { Key: { } key } ? TextOf(json, key) : string.Empty;
        var mapped = new ImportEntry(line.Number, label) { Uid = TextOf(json, "uid") };
        foreach (var member in json.EnumerateObject().Where(
            member => !feed.Fields.ContainsKey(member.Name) && member.Name != "uid" && !Meta.Contains(member.Name)))
        {
            mapped.Notes.Add($"'{FormatText.Show(member.Name)}' is left out: there is no field for it");
        }

        var isOwn = FeedEntries.ReadId(mapped.Uid, service.Name, feed.Of) is not null;
        foreach (var (column, name) in own)
        {
            var field = fields[name];
            var read = RecordJson.ReadOne(field, column, json.GetProperty(column));
            if (!read.Succeeded)
            {
                mapped.Wrong ??= read.Failure.Message;
            }
            else if (CanSet(mapped, field, read.Value.Text ?? string.Empty))
            {
                mapped.Values[name] = field.Type == FieldType.Relation && !isOwn && LabelOf(json, column) is { } called
                    ? await RelationAsync(mapped, field, called, stop) : read.Value;
            }
        }

        if (feed.FieldOf("uid") is { } keeper && mapped.Uid.Length > 0 && !isOwn)
        {
            mapped.Values[keeper] = InputValue.Of(mapped.Uid);
            mapped.Key = (keeper, mapped.Uid);
        }

        return mapped;
    }

    private static string TextOf(JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
        }
        catch (InvalidOperationException)
        {
            // Half of a pair of surrogates, which no text holds.
            return string.Empty;
        }
    }

    private static string? LabelOf(JsonElement json, string column) =>
        json.TryGetProperty("labels", out var labels) && labels.ValueKind == JsonValueKind.Object
        && TextOf(labels, column) is { Length: > 0 } label ? label : null;

    /// <summary>What the service alone sets is told where the file has it otherwise than it begins.</summary>
    private bool CanSet(ImportEntry mapped, FieldDescriptor field, string text)
    {
        if (field is { IsStored: true, IsReadOnly: false } && _kind.States?.Field != field.Name)
        {
            return true;
        }

        if (text.Length > 0 && _kind.States is { } states && states.Field == field.Name && text != states.Start)
        {
            mapped.Notes.Add($"its {field.Name} '{FormatText.Show(text)}' is left out: it changes in steps");
        }

        return false;
    }

    private async Task SetAsync(ImportEntry mapped, string part, FieldDescriptor field, string text, FormatEntry entry, CancellationToken stop)
    {
        if (part == "status")
        {
            text = feed.Status.FirstOrDefault(pair => pair.Value == text).Key ?? string.Empty;
        }

        if (!CanSet(mapped, field, text))
        {
            return;
        }

        if (text.Length == 0)
        {
            // What the file does not say any more is not so any more; by what a record is known stays.
            if (part is not ("uid" or "status" or "category"))
            {
                mapped.Values[field.Name] = field.Type == FieldType.Boolean ? InputValue.Of("false") : InputValue.None;
            }

            return;
        }

        if (part == "uid" && FeedEntries.ReadId(text, service.Name, feed.Of) is not null)
        {
            return;
        }

        mapped.Values[field.Name] = field.Type switch
        {
            FieldType.Relation => await RelationAsync(mapped, field, text, stop),
            FieldType.Select when part != "status" => Choice(mapped, field, text),
            FieldType.MultiSelect => Choices(mapped, field, text),
            FieldType.Date => InputValue.Of(DayOf(mapped, text)),
            FieldType.DateTime when text.Length == 10 => InputValue.Of(text + "T00:00:00Z"),
            FieldType.Geo => InputValue.Of(Places.Round(text)),
            FieldType.Markdown or FieldType.Recurrence => InputValue.Of(text),
            _ => InputValue.Of(field.Editor == "lines" ? text : FormatText.OneLine(text.Replace("\n", " / ", StringComparison.Ordinal))),
        };
        if (entry["whole-day"] == "true" && part == "start" && field.Type == FieldType.DateTime && feed.FieldOf("whole-day") is null)
        {
            mapped.Notes.Add("it takes the whole day, and begins at midnight UTC here");
        }
    }

    private static string DayOf(ImportEntry mapped, string text)
    {
        if (text.Length > 10)
        {
            mapped.Notes.Add("of its time the day is taken");
        }

        return text[..10];
    }

    private static InputValue Choice(ImportEntry mapped, FieldDescriptor field, string text)
    {
        if (OptionOf(field, text) is { } option)
        {
            return InputValue.Of(option);
        }

        mapped.Notes.Add($"its {field.Name} '{FormatText.Show(text)}' is left out: there is no such choice");
        return InputValue.None;
    }

    private static InputValue Choices(ImportEntry mapped, FieldDescriptor field, string text)
    {
        List<string> chosen = [];
        foreach (var word in text.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            if (OptionOf(field, word) is { } option && !chosen.Contains(option))
            {
                chosen.Add(option);
            }
            else if (OptionOf(field, word) is null)
            {
                mapped.Notes.Add($"its {field.Name} '{FormatText.Show(word)}' is left out: there is no such choice");
            }
        }

        return chosen.Count > 0 ? InputValue.Of(chosen) : InputValue.None;
    }

    private static string? OptionOf(FieldDescriptor field, string text) => field.Options.FirstOrDefault(
        option => option.Name.Equals(text, StringComparison.OrdinalIgnoreCase)
            || option.Title.Texts.Values.Any(title => title.Equals(text, StringComparison.OrdinalIgnoreCase)))?.Name;

    private async Task<InputValue> RelationAsync(ImportEntry mapped, FieldDescriptor field, string text, CancellationToken stop)
    {
        var separator = feed.Format is FeedFormats.Bookmarks or FeedFormats.Opml ? "\n" : " / ";
        var found = await folders.FindAsync(field, text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), mapped, stop);
        return found is { } id ? InputValue.Of(FieldText.Write(Value.Of(id))) : InputValue.None;
    }
}
