using System.Globalization;
using System.Text.Json.Nodes;
using Cete.Core;
using Cete.Described;

namespace Cete.App.Verbs.Open.Model;

/// <summary>What people type into fields, as the API takes it: the same for forms and for scripts.</summary>
internal static class FieldInput
{
    /// <summary>The fields that somebody fills in who makes a record, or changes it.</summary>
    public static IEnumerable<FieldDescriptor> Editable(RecordKind kind, bool isNew) => kind.Fields.Where(field =>
        field.IsStored && !field.IsReadOnly && field.Write is not { IsClosed: true }

        // What is not shown is filled in where it must be, and how a record begins is not for anybody to choose.
        && (!field.IsHidden || field is { IsRequired: true, Default: null })
        && (!isNew || kind.States?.Field != field.Name));

    /// <summary>Text of several lines.</summary>
    public static bool IsLong(FieldDescriptor field) => field.Type is FieldType.Markdown or FieldType.Sealed || field.Editor is "lines" or "markdown";

    /// <summary>What stands in a field before anything is typed.</summary>
    public static string Begin(FieldDescriptor field) => field.Default is { Expression: null } otherwise ? FieldText.Write(otherwise.Value) : string.Empty;

    /// <summary>A value that the API gave, as it is typed: moments are those of whoever types.</summary>
    public static string Typed(FieldDescriptor field, string raw, TimeZoneInfo zone) =>
        field.Type == FieldType.DateTime
        && DateTimeOffset.TryParse(raw, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm" + (time.Second != 0 ? ":ss" : string.Empty), CultureInfo.InvariantCulture)
            : raw;

    /// <summary>What was typed, as the API takes it; null for nothing. An account may be named: what it is called goes on as it is.</summary>
    public static Outcome<JsonNode?> Read(FieldDescriptor field, string text, TimeZoneInfo zone)
    {
        var plain = field.Type switch
        {
            FieldType.Markdown or FieldType.Sealed => text.ReplaceLineEndings("\n"),
            FieldType.DateTime => Universal(text.Trim(), zone),
            FieldType.Relation => text.Trim().TrimStart('#'),
            FieldType.Select => OptionOf(field, text.Trim()),
            _ when IsLong(field) => text.ReplaceLineEndings("\n").Trim(),
            _ => text.Trim(),
        };
        var value = FieldText.Read(field.Type, plain);
        if (!value.Succeeded)
        {
            return new Failure(FailureKind.Invalid, $"{field.Name}: {value.Failure.Message}");
        }

        if (value.Value.IsNull)
        {
            if (field is { IsRequired: true, Default: null })
            {
                return FieldRules.Check(field, value.Value)!;
            }

            return default(Outcome<JsonNode?>);
        }

        if (!IsAccountName(field, plain) && FieldRules.Check(field, value.Value) is { } wrong)
        {
            return wrong;
        }

        JsonNode? json = field.Type switch
        {
            FieldType.Boolean => JsonValue.Create(value.Value.IsTrue),
            FieldType.MultiSelect => new JsonArray([.. value.Value.AsList.Select(item => JsonValue.Create(item.AsText))]),
            _ when FieldTypes.IsText(field.Type) => JsonValue.Create(plain),
            _ => JsonValue.Create(FieldText.Write(value.Value)),
        };
        return json;
    }

    /// <summary>It names an account by what people call it, which is found before it is handed in.</summary>
    public static bool IsAccountName(FieldDescriptor field, string text) =>
        field.Type == FieldType.Account && text.Trim().Length > 0 && !AccountId.TryParse(text.Trim(), out _);

    /// <summary>What is wrong, in a sentence that begins with what people call the field; null where it is about something else.</summary>
    public static string? Blame(FieldDescriptor field, Failure failure, Scene scene)
    {
        var message = failure.Message;
        return message.StartsWith(field.Name, StringComparison.Ordinal) && message.Length > field.Name.Length && message[field.Name.Length] is ' ' or ':'
            ? scene.Say(field.Title) + Open.Text.CellText.Line(message[field.Name.Length..])
            : null;
    }

    /// <summary>Without a zone a moment is where whoever types it is.</summary>
    private static string Universal(string text, TimeZoneInfo zone)
    {
        string[] forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];
        if (!DateTime.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return text;
        }

        // An hour that a clock leaves out is taken as the one behind it.
        var real = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        return TimeZoneInfo.ConvertTimeToUtc(real, zone).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>A choice by its name, or by what people read.</summary>
    private static string OptionOf(FieldDescriptor field, string text) =>
        field.Options.Any(option => option.Name == text) ? text
        : field.Options.FirstOrDefault(option => option.Title.Texts.Values.Contains(text, StringComparer.OrdinalIgnoreCase))?.Name ?? text;
}
