using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cete.Api;
using Cete.App.Verbs.Open.Text;
using Cete.Described;

namespace Cete.App.Verbs.Open.Model;

/// <summary>A service, and what its texts and values are shown by. All that it gives is fit for a terminal.</summary>
/// <param name="Service">What it is.</param>
/// <param name="Language">In which language people read it.</param>
/// <param name="Zone">Where they are.</param>
internal sealed record Scene(ServiceDescriptor Service, string Language, TimeZoneInfo Zone)
{
    private const int ShortMax = 400;

    /// <summary>What accounts are called, by id, as far as it is known.</summary>
    public ImmutableDictionary<string, string> Names { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>What time it is.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>A text of the description.</summary>
    public string Say(Words words) => CellText.Line(words.In(Language));

    /// <summary>A field of a kind, those that every record has among them; null for none.</summary>
    public static FieldDescriptor? FieldOf(RecordKind kind, string name) => kind.Field(name) ?? name switch
    {
        "owner" => new FieldDescriptor(name, FieldType.Account, Words.Of("By")),
        "created" => new FieldDescriptor(name, FieldType.DateTime, Words.Of("Made")),
        "updated" => new FieldDescriptor(name, FieldType.DateTime, Words.Of("Changed")),
        "revision" => new FieldDescriptor(name, FieldType.Integer, Words.Of("Revision")),
        "id" => new FieldDescriptor(name, FieldType.Integer, Words.Of("Number")),
        _ => null,
    };

    /// <summary>The fields that a view shows.</summary>
    public static IReadOnlyList<FieldDescriptor> Shown(ViewDescriptor view, RecordKind kind)
    {
        const int FieldsMax = 8;
        return view.Show.Count > 0
            ? [.. view.Show.Select(name => FieldOf(kind, name)).OfType<FieldDescriptor>()]
            : [.. kind.Fields.Where(field => !field.IsHidden && field.Type != FieldType.Sealed).Take(FieldsMax)];
    }

    /// <summary>What a record has in a field, as JSON.</summary>
    public static JsonNode? Get(RecordInfo record, string field) => field switch
    {
        "id" => record.Id,
        "owner" => record.Owner,
        "created" => record.Created,
        "updated" => record.Updated,
        "revision" => record.Revision,
        _ => record.Fields[field],
    };

    /// <summary>What a record has in a field, as text that can be handed in again; empty for nothing. It is as others wrote it.</summary>
    public static string Raw(RecordInfo record, string field) => Raw(Get(record, field));

    /// <summary>A value as text.</summary>
    public static string Raw(JsonNode? value) => value switch
    {
        null => string.Empty,
        JsonArray items => string.Join(", ", items.Select(Raw)),
        JsonObject => value.ToJsonString(),
        _ when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    /// <summary>The number of the record that a relation points to; 0 for none.</summary>
    public static long To(RecordInfo record, string field) =>
        long.TryParse(Raw(record, field), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    /// <summary>What a record is called.</summary>
    public string LabelOf(RecordInfo record)
    {
        var label = Service.Record(record.Kind)?.Label is { } field ? Short(field, record) : string.Empty;
        return label.Length > 0 ? label : $"#{record.Id}";
    }

    /// <summary>A field of a record on one line; empty where there is nothing, or it is not for whoever asks.</summary>
    public string Short(FieldDescriptor field, RecordInfo record)
    {
        if (field.Type == FieldType.Relation && To(record, field.Name) is var to and > 0)
        {
            return record.Labels is { } labels && labels.TryGetValue(field.Name, out var label) && label.Length > 0 ? Line(label) : $"#{to}";
        }

        return Of(field, Get(record, field.Name));
    }

    /// <summary>A value of a field on one line.</summary>
    public string Of(FieldDescriptor field, JsonNode? value)
    {
        var raw = Raw(value);
        return raw.Length == 0 ? string.Empty : field.Type switch
        {
            FieldType.Boolean => raw == "true" ? "yes" : "no",
            FieldType.Select => Option(field, raw),
            FieldType.MultiSelect => value is JsonArray items ? string.Join(", ", items.Select(item => Option(field, Raw(item)))) : Line(raw),
            FieldType.Account => NameOf(raw),
            FieldType.DateTime => field.Display == "ago" ? Ago(raw) : Moment(raw),
            FieldType.Credits => Line(raw) + (raw == "1" ? " credit" : " credits"),
            FieldType.Rating => Stars(field, raw),
            FieldType.Relation => $"#{Line(raw)}",
            FieldType.File => FileName(raw),
            FieldType.Sealed => "(sealed)",
            _ when value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False => raw == "true" ? "yes" : "no",
            _ => Line(raw),
        };
    }

    /// <summary>What an account is called.</summary>
    public string NameOf(string account) => Names.TryGetValue(account, out var name) ? Line(name) : Line(account);

    /// <summary>The title of a choice.</summary>
    public string Option(FieldDescriptor field, string name) =>
        field.Options.FirstOrDefault(option => option.Name == name) is { } option ? Say(option.Title) : Line(name);

    /// <summary>A moment where whoever reads it is.</summary>
    public string Moment(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>How long ago that was.</summary>
    public string Ago(DateTimeOffset time) => (Now - time) switch
    {
        { TotalMinutes: >= -1 and < 1 } => "now",
        { TotalHours: >= 0 and < 1 } passed => Count(passed.TotalMinutes, "min"),
        { TotalDays: >= 0 and < 1 } passed => Count(passed.TotalHours, "h"),
        { TotalDays: >= 0 and < 30 } passed => Count(passed.TotalDays, "d"),
        _ => Moment(time),
    };

    private static string Count(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{(long)number} {unit} ago");

    private static string Line(string text) => CellText.Line(text.Length <= ShortMax ? text : text[..ShortMax]);

    private static string Stars(FieldDescriptor field, string raw)
    {
        const int MarksMax = 10;
        var most = field.Max ?? 5;
        return long.TryParse(raw, NumberStyles.None, CultureInfo.InvariantCulture, out var stars) && stars <= most && most <= MarksMax
            ? new string('*', (int)stars) + new string('.', (int)(most - stars)) : Line(raw);
    }

    private static string FileName(string raw)
    {
        const int RootShown = 12;
        var parts = raw.Split('/', 2);
        return parts.Length > 1 && parts[1].Length > 0 ? Line(parts[1]) : Line(raw.Length > RootShown ? raw[..RootShown] + "…" : raw);
    }

    private string Moment(string raw) => DateTimeOffset.TryParse(raw, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? Moment(time) : Line(raw);

    private string Ago(string raw) => DateTimeOffset.TryParse(raw, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? Ago(time) : Line(raw);
}
