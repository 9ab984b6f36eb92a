using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Cete.Core;
using Cete.Expressions;
using Cete.Formats.Calendars;

namespace Cete.Described;

/// <summary>What a value must be for a field to take it. Deterministic: every replica decides alike.</summary>
public static class FieldRules
{
    /// <summary>Patterns of all descriptions that this process has seen: compiled once each.</summary>
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    private static readonly string[] LinkSchemes = ["https://", "http://", "mailto:", "magnet:?", "cete://"];

    /// <summary>Why a field does not take a value; null where it does.</summary>
    public static Failure? Check(FieldDescriptor field, Value value)
    {
        if (value.IsNull)
        {
            return field.IsRequired ? Wrong(field, "is needed") : null;
        }

        return field.Type switch
        {
            FieldType.MultiSelect => CheckList(field, value),
            FieldType.Integer or FieldType.Rating or FieldType.Decimal or FieldType.Credits or FieldType.Duration or FieldType.Date or FieldType.DateTime =>
                CheckRange(field, value),
            FieldType.Boolean => value.Kind == ValueKind.Bool ? null : Wrong(field, "is true or false"),
            FieldType.Relation => value.Kind == ValueKind.Int && value.Number > 0 ? null : Wrong(field, "is the number of a record"),
            _ when FieldTypes.IsText(field.Type) => value.Kind == ValueKind.Text ? CheckText(field, value.AsText) : Wrong(field, "is a text"),
            _ => Wrong(field, "is computed"),
        };
    }

    /// <summary>A pattern, compiled so that no text makes it run long; null where it is none.</summary>
    public static Regex? Pattern(string pattern)
    {
        if (Patterns.TryGetValue(pattern, out var known))
        {
            return known;
        }

        try
        {
            const int PatternsMax = 10_000;
            var made = new Regex($"\\A(?:{pattern})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            if (Patterns.Count < PatternsMax)
            {
                Patterns[pattern] = made;
            }

            return made;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Failure? CheckList(FieldDescriptor field, Value value)
    {
        if (value.Kind != ValueKind.List)
        {
            return Wrong(field, "is a list");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in value.AsList)
        {
            if (item.Kind != ValueKind.Text || !IsOption(field, item.AsText))
            {
                return NoOption(field, FieldText.Write(item));
            }

            if (!seen.Add(item.AsText))
            {
                return Wrong(field, $"has '{item.AsText}' twice");
            }
        }

        return field.Max < seen.Count ? Wrong(field, $"takes {field.Max} choices at most")
            : field.Min > seen.Count ? Wrong(field, $"takes {field.Min} choices at least")
            : field.IsRequired && seen.Count == 0 ? Wrong(field, "is needed")
            : null;
    }

    private static Failure? CheckRange(FieldDescriptor field, Value value)
    {
        var kind = FieldTypes.ToExpressionType(field.Type, null)!.Kind;
        return value.Kind != kind ? Wrong(field, $"is {FieldTypes.NameOf(field.Type)}")
            : value.Number < field.Min ? Wrong(field, $"is {FieldText.Write(WithNumber(value, field.Min.Value))} at least")
            : value.Number > field.Max ? Wrong(field, $"is {FieldText.Write(WithNumber(value, field.Max.Value))} at most")
            : null;
    }

    private static Value WithNumber(Value like, long number) => like.Kind switch
    {
        ValueKind.Decimal => Value.OfDecimal(number),
        ValueKind.Timestamp => Value.OfTimestamp(number),
        ValueKind.Duration => Value.OfDuration(number),
        ValueKind.Date => Value.OfDate(number),
        _ => Value.Of(number),
    };

    private static Failure? CheckText(FieldDescriptor field, string text)
    {
        var isMultiline = field.Type is FieldType.Markdown or FieldType.Recurrence || field.Editor == "lines";
        foreach (var rune in text.EnumerateRunes())
        {
            if ((rune.Value < ' ' && !(isMultiline && rune.Value is '\n' or '\t')) || rune.Value is 0x7F or 0xFFFD)
            {
                return Wrong(field, rune.Value == '\n' ? "is one line" : "holds a character that no text can hold");
            }
        }

        var length = text.EnumerateRunes().Count();
        return field.IsRequired && string.IsNullOrWhiteSpace(text) ? Wrong(field, "is needed")
            : length > (field.Max ?? DefaultLength(field.Type)) ? Wrong(field, $"has {length} characters; {field.Max ?? DefaultLength(field.Type)} is the most")
            : length < field.Min ? Wrong(field, $"has {length} characters; {field.Min} is the least")
            : field.Pattern is { } pattern && Pattern(pattern)?.IsMatch(text) != true ? Wrong(field, $"does not look as it must ({pattern})")
            : CheckForm(field, text);
    }

    private static long DefaultLength(FieldType type) => type switch
    {
        FieldType.Markdown => DescriptorLimits.MarkdownLengthDefault,
        FieldType.Sealed => DescriptorLimits.TextLengthMax,
        _ => DescriptorLimits.TextLengthDefault,
    };

    private static Failure? CheckForm(FieldDescriptor field, string text) => field.Type switch
    {
        FieldType.Select => IsOption(field, text) ? null : NoOption(field, text),
        FieldType.Account => AccountId.TryParse(text, out _) ? null : Wrong(field, "is the id of an account"),
        FieldType.File => Hash256.TryParse(text.Split('/', 2)[0], out _) ? null : Wrong(field, "is the root of a content: 64 hexadecimal digits"),
        FieldType.Link => LinkSchemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && text.Length > scheme.Length)
            && !text.Contains(' ', StringComparison.Ordinal)
                ? null : Wrong(field, "is an address that begins with https://, http://, mailto:, magnet:? or cete://"),
        FieldType.Email => IsEmail(text) ? null : Wrong(field, "is an e-mail address, as ada@example.org"),
        FieldType.Phone => text.Count(char.IsAsciiDigit) is >= 3 and <= 20 && text.All(c => char.IsAsciiDigit(c) || c is '+' or ' ' or '-' or '(' or ')' or '/')
            ? null : Wrong(field, "is a telephone number, as +49 30 123456"),
        FieldType.Geo => IsPlace(text) ? null : Wrong(field, "is a place in degrees, as 52.52,13.405"),
        FieldType.Recurrence => Recurrence.Parse(text) is { Succeeded: false, Failure: var wrong } ? Wrong(field, "is wrong: " + wrong.Message) : null,
        FieldType.TimeZone => IsZone(text) ? null : Wrong(field, "is the name of a time zone, as Europe/Berlin"),
        FieldType.Sealed => Convert.TryFromBase64String(text, new byte[text.Length], out _) ? null : Wrong(field, "is base64"),
        _ => null,
    };

    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at is > 0 and <= 64 && at == text.LastIndexOf('@') && text.Length is > 3 and <= 254 && at < text.Length - 1
            && !text.Any(char.IsWhiteSpace) && !text.EndsWith('.') && text[at + 1] != '.';
    }

    /// <summary>Its form alone: which zones there are differs from node to node, and from year to year.</summary>
    private static bool IsZone(string text) =>
        text.Length <= 64 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');

    private static bool IsPlace(string text) =>
        text.Split(',') is [var latitude, var longitude] && IsDegrees(latitude, 90) && IsDegrees(longitude, 180);

    private static bool IsDegrees(string text, int most) =>
        text.Length <= 12
        && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var degrees)
        && Math.Abs(degrees) <= most;

    private static bool IsOption(FieldDescriptor field, string text) => field.Options.Any(option => option.Name == text);

    private static Failure NoOption(FieldDescriptor field, string text) =>
        Wrong(field, $"has no choice '{Section.Show(text)}'; there are {string.Join(", ", field.Options.Take(20).Select(option => option.Name))}");

    private static Failure Wrong(FieldDescriptor field, string what) => new(FailureKind.Invalid, $"{field.Name} {what}");
}
