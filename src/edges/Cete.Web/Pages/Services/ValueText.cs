using System.Globalization;
using Cete.Core;
using Cete.Described;
using Cete.Expressions;
using Cete.Web.Pages.Bank;

namespace Cete.Web.Pages.Services;

/// <summary>Values as people read them, as plain text.</summary>
internal static class ValueText
{
    private const int ShortMax = 160;

    private static readonly string[] LinkSchemes = ["https://", "http://", "mailto:", "magnet:?", "cete://"];

    /// <summary>A field that every record has, as one of a description.</summary>
    public static FieldDescriptor Common(string name) => name switch
    {
        "owner" => new FieldDescriptor(name, FieldType.Account, Words.Of("By")),
        "created" => new FieldDescriptor(name, FieldType.DateTime, Words.Of("Made")) { Display = "ago" },
        "updated" => new FieldDescriptor(name, FieldType.DateTime, Words.Of("Changed")) { Display = "ago" },
        "revision" => new FieldDescriptor(name, FieldType.Integer, Words.Of("Revision")),
        _ => new FieldDescriptor(name, FieldType.Integer, Words.Of("Number")),
    };

    /// <summary>A field of a record in a few words on one line; empty where there is nothing, or it is not for whoever asks.</summary>
    public static string Short(ServiceScene scene, FieldDescriptor field, RecordView record)
    {
        var value = record.Get(field.Name);
        if (field.Type == FieldType.Relation && !value.IsNull)
        {
            return record.Labels.TryGetValue(field.Name, out var label) && label.Length > 0 ? EntryName.Show(Cut(label)) : ServiceScene.Numbered(value.Number);
        }

        return Of(scene, field, value);
    }

    /// <summary>A value of a field in a few words on one line.</summary>
    public static string Of(ServiceScene scene, FieldDescriptor field, Value value) => value.IsNull ? string.Empty : field.Type switch
    {
        FieldType.Boolean => value.IsTrue ? "Yes" : "No",
        FieldType.Select => Option(scene, field, value.AsText),
        FieldType.MultiSelect => string.Join(", ", value.AsList.Select(item => Option(scene, field, item.AsText))),
        FieldType.Account => EntryName.Show(scene.NameOf(value.AsText)),
        FieldType.DateTime => Moment(value),
        FieldType.Credits => Credits(value),
        FieldType.Rating => $"{value.Number} of {field.Max ?? 5}",
        FieldType.Relation => ServiceScene.Numbered(value.Number),
        FieldType.File => FileName(value.AsText),
        FieldType.Sealed => "sealed",
        FieldType.Markdown => Prose.ProseText.Short(value.AsText, ShortMax),
        _ when value.Kind == ValueKind.Timestamp => Moment(value),
        _ when value.Kind == ValueKind.Bool => value.IsTrue ? "Yes" : "No",
        _ => EntryName.Show(Cut(FieldText.Write(value).ReplaceLineEndings(" "))),
    };

    /// <summary>Text that was kept in the history, as people read it.</summary>
    public static string Was(ServiceScene scene, FieldDescriptor? field, string text)
    {
        var value = field is { IsStored: true } ? FieldText.Read(field.Type, text) : new Failure(FailureKind.Invalid, text);
        var said = field is null || !value.Succeeded ? EntryName.Show(Cut(text.ReplaceLineEndings(" "))) : Of(scene, field, value.Value);
        return said.Length == 0 ? "nothing" : said;
    }

    /// <summary>The title of a choice.</summary>
    public static string Option(ServiceScene scene, FieldDescriptor field, string name) =>
        field.Options.FirstOrDefault(option => option.Name == name) is { } option ? scene.Say(option.Title) : EntryName.Show(name);

    /// <summary>"12.5 credits".</summary>
    public static string Credits(Value value) => Amounts.Exact(value.Number) + (value.Number == Ledger.Credits.Micro ? " credit" : " credits");

    /// <summary>"2026-11-23 18:30 UTC".</summary>
    public static string Moment(Value value) => Times.Exact(new Instant(value.Number)).Replace(":00 UTC", " UTC", StringComparison.Ordinal);

    /// <summary>The root of a file, and its name where it has one.</summary>
    public static (string Root, string Name) FileOf(string text)
    {
        var parts = text.Split('/', 2);
        return (parts[0], parts.Length > 1 ? parts[1] : string.Empty);
    }

    /// <summary>The name of a file, or what there is of one.</summary>
    public static string FileName(string text)
    {
        const int RootShown = 12;
        var (root, name) = FileOf(text);
        return name.Length > 0 ? EntryName.Show(name) : string.Concat(root.AsSpan(0, Math.Min(root.Length, RootShown)), "…");
    }

    /// <summary>Whether a browser may be led there. What a description takes is such a one already; this is what the page rests on.</summary>
    public static bool IsLink(string text) =>
        LinkSchemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));

    /// <summary>A day of expressions as one of the calendar; null for what no calendar holds.</summary>
    public static DateOnly? DayOf(Value value)
    {
        const long MicrosecondsADay = 86_400_000_000;
        var days = value.Kind switch
        {
            ValueKind.Timestamp => (long)Math.Floor(value.Number / (decimal)MicrosecondsADay),
            ValueKind.Date => value.Number,
            _ => long.MinValue,
        };
        var number = unchecked(days + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);
        return days is > -1_000_000 and < 10_000_000 && number >= 0 && number <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)number) : null;
    }

    /// <summary>"2026-11-23".</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Cut(string text) => text.Length <= ShortMax ? text
        : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[ShortMax - 1]) ? ShortMax - 1 : ShortMax), "…");
}
