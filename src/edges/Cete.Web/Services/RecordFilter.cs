using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Described;
using Cete.Expressions;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Services;

/// <summary>
/// What the form above a list asks for, as an expression of the rule language. What is typed gets into it as a value alone: numbers and days are read and
/// written anew, texts are quoted with every character escaped that is no letter, digit or blank.
/// </summary>
internal static class RecordFilter
{
    public const string Has = "has.";
    public const string Is = "is.";
    public const string From = "from.";
    public const string To = "to.";

    private const int TypedMax = 200;
    private const int ConditionsMax = 16;

    private static readonly FieldDescriptor Owner = new("owner", FieldType.Account, Words.Of("By"));

    /// <summary>Whether lists can be ordered by a field.</summary>
    public static bool IsSortable(FieldDescriptor field) =>
        field.Read is null && field.Type is not (FieldType.Sealed or FieldType.MultiSelect or FieldType.Formula or FieldType.File or FieldType.Account);

    /// <summary>Whether lists can be searched by a field.</summary>
    public static bool IsFilter(FieldDescriptor field) => field.Read is null && !field.IsHidden && WayOf(field.Type) is not null;

    /// <summary>Which names of the form a field has: <see cref="Has"/>, <see cref="Is"/>, or <see cref="From"/> with <see cref="To"/>; null for none.</summary>
    public static string? WayOf(FieldType type) => type switch
    {
        FieldType.Text or FieldType.Markdown or FieldType.Link or FieldType.Email or FieldType.Phone => Has,
        FieldType.Select or FieldType.MultiSelect or FieldType.Boolean or FieldType.Relation or FieldType.Account => Is,
        FieldType.Integer or FieldType.Rating or FieldType.Decimal or FieldType.Credits or FieldType.Date or FieldType.DateTime or FieldType.Duration => From,
        _ => null,
    };

    /// <summary>What an address asks for: the expression, null for nothing, and what was typed.</summary>
    /// <param name="kind">Of which records.</param>
    /// <param name="query">The address.</param>
    /// <param name="accountOf">The account that is called so; null for none.</param>
    public static Outcome<(string? Expression, IReadOnlyList<KeyValuePair<string, string>> Typed)> Read(
        RecordKind kind, IQueryCollection query, Func<string, AccountId?> accountOf)
    {
        List<string> conditions = [];
        List<KeyValuePair<string, string>> typed = [];
        foreach (var (name, values) in query)
        {
            var text = values.ToString().Trim();
            if (text.Length == 0 || FieldOf(kind, name) is not { } field)
            {
                continue;
            }

            if (text.Length > TypedMax || conditions.Count == ConditionsMax)
            {
                return new Failure(FailureKind.TooLarge, $"a filter has at most {ConditionsMax} conditions of {TypedMax} characters");
            }

            var asked = field.Type == FieldType.Account && !AccountId.TryParse(text, out _) ? accountOf(text)?.ToString() ?? text : text;
            var condition = ConditionOf(field, name[..(name.IndexOf('.', StringComparison.Ordinal) + 1)], asked);
            if (!condition.Succeeded)
            {
                return new Failure(FailureKind.Invalid, $"the filter by {field.Name}: {condition.Failure.Message}");
            }

            conditions.Add(condition.Value);
            typed.Add(new(name, text));
        }

        return (conditions.Count == 0 ? null : string.Join(" && ", conditions), typed);
    }

    /// <summary>A text of the rule language.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && (Rune.IsLetterOrDigit(rune) || rune.Value == ' '))
            {
                quoted.Append((char)rune.Value);
            }
            else
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
            }
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>What is on a day or later.</summary>
    public static string NotBefore(FieldDescriptor field, DateOnly day) => $"record.{field.Name} >= {Literal(field.Type, day)}";

    /// <summary>What is before a day.</summary>
    public static string Before(FieldDescriptor field, DateOnly day) => $"record.{field.Name} < {Literal(field.Type, day)}";

    private static string Literal(FieldType type, DateOnly day)
    {
        var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return type == FieldType.DateTime ? $"timestamp(\"{text}T00:00:00Z\")" : $"date(\"{text}\")";
    }

    /// <summary>The field that a name of the form is about; null for names that are none of it.</summary>
    private static FieldDescriptor? FieldOf(RecordKind kind, string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal) + 1;
        if (dot == 0 || name[..dot] is not (Has or Is or From or To))
        {
            return null;
        }

        var field = name[dot..] == Owner.Name ? Owner : kind.Field(name[dot..]);
        return field is { Read: null } ? field : null;
    }

    private static Outcome<string> ConditionOf(FieldDescriptor field, string way, string text) => (way, field.Type) switch
    {
        (Has, _) when WayOf(field.Type) == Has => $"record.{field.Name}.lowerAscii().contains({Quote(LowerAscii(text))})",
        (Is, FieldType.Select) when field.Options.Any(option => option.Name == text) => $"record.{field.Name} == {Quote(text)}",
        (Is, FieldType.MultiSelect) when field.Options.Any(option => option.Name == text) => $"{Quote(text)} in record.{field.Name}",
        (Is, FieldType.Account) when AccountId.TryParse(text, out _) => $"record.{field.Name} == {Quote(text)}",
        (Is, FieldType.Boolean or FieldType.Relation) or (From or To, _) => CompareTo(field, way, text),
        _ => new Failure(FailureKind.Invalid, "that cannot be asked for"),
    };

    private static Outcome<string> CompareTo(FieldDescriptor field, string way, string text)
    {
        var isMoment = field.Type == FieldType.DateTime;
        if (way != Is && WayOf(field.Type) != From)
        {
            return new Failure(FailureKind.Invalid, "that cannot be asked for");
        }

        var read = FieldText.Read(isMoment ? FieldType.Date : field.Type, text);
        if (!read.Succeeded || read.Value.IsNull)
        {
            return read.Failure ?? new Failure(FailureKind.Invalid, "nothing is typed");
        }

        if (read.Value.Kind == ValueKind.Duration)
        {
            return $"record.{field.Name} {(way == From ? ">=" : "<=")} duration({Quote(FieldText.Write(read.Value))})";
        }

        if (way != Is && Pages.Services.ValueText.DayOf(read.Value) is { } day)
        {
            // Of moments the whole last day is meant.
            return way == From ? NotBefore(field, day)
                : isMoment && day < DateOnly.MaxValue ? Before(field, day.AddDays(1))
                : $"record.{field.Name} <= {Literal(field.Type, day)}";
        }

        var written = FieldText.Write(read.Value);
        if (read.Value.Kind == ValueKind.Decimal && !written.Contains('.', StringComparison.Ordinal))
        {
            written += ".0";
        }

        return $"record.{field.Name} {(way == From ? ">=" : way == To ? "<=" : "==")} {written}";
    }

    private static string LowerAscii(string text) => string.Create(text.Length, text, (target, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
        }
    });
}
