using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Expressions;

namespace Cete.Described;

/// <summary>
/// Values of fields as texts: how descriptions and clients write them, and how they are shown to programs. Reading a text that was written here
/// gives the same value. No culture, no time zone.
/// </summary>
public static class FieldText
{
    private const long Million = 1_000_000;
    private const long DaysMax = 3_652_058;

    private static readonly string[] MomentForms =
    [
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFF", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK",
    ];

    private static readonly (char Unit, long Microseconds)[] Units =
    [
        ('w', 7 * 86_400 * Million), ('d', 86_400 * Million), ('h', 3_600 * Million), ('m', 60 * Million), ('s', Million),
    ];

    /// <summary>Reads a value of a type, or says how one is written. What is only spaces is no value.</summary>
    public static Outcome<Value> Read(FieldType type, string text)
    {
        if (FieldTypes.IsText(type))
        {
            return text.Length == 0 ? Value.Null : Value.Of(text);
        }

        var plain = text.Trim();
        if (plain.Length == 0)
        {
            return Value.Null;
        }

        return type switch
        {
            FieldType.Boolean => plain switch
            {
                "true" or "yes" or "on" or "1" => Value.Of(true),
                "false" or "no" or "off" or "0" => Value.Of(false),
                _ => Wrong(text, "true or false"),
            },
            FieldType.Integer or FieldType.Rating or FieldType.Relation =>
                long.TryParse(plain, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                    ? Value.Of(whole) : Wrong(text, "a whole number"),
            FieldType.Decimal or FieldType.Credits => ReadMillionths(plain) is { } number
                ? Value.OfDecimal(number) : Wrong(text, "a number with at most 6 digits behind the point, as 12.50"),
            FieldType.Date => DateOnly.TryParseExact(plain, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? Value.OfDate(day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) : Wrong(text, "a day, as 2026-11-23"),
            FieldType.DateTime => ReadMoment(plain) is { } moment ? Value.OfTimestamp(moment) : Wrong(text, "a moment, as 2026-11-23T18:30:00Z"),
            FieldType.Duration => ReadDuration(plain) is { } span ? Value.OfDuration(span) : Wrong(text, "a length of time, as 90m or 1d12h"),
            FieldType.MultiSelect =>
                Value.OfList([.. plain.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Value.Of)]),
            _ => Wrong(text, "computed"),
        };
    }

    /// <summary>Writes a value; empty for none.</summary>
    public static string Write(Value value) => value.Kind switch
    {
        ValueKind.Null => string.Empty,
        ValueKind.Bool => value.IsTrue ? "true" : "false",
        ValueKind.Int => value.Number.ToString(CultureInfo.InvariantCulture),
        ValueKind.Decimal => WriteMillionths(value.Number),
        ValueKind.Text => value.AsText,
        ValueKind.Date => WriteDate(value.Number),
        ValueKind.Timestamp => WriteMoment(value.Number),
        ValueKind.Duration => WriteDuration(value.Number),
        _ => string.Join(", ", value.AsList.Select(Write)),
    };

    private static long? ReadMillionths(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || Math.Abs(number) > long.MaxValue / Million)
        {
            return null;
        }

        var scaled = number * Million;
        return scaled == decimal.Truncate(scaled) ? (long)scaled : null;
    }

    private static string WriteMillionths(long number) => (number / (decimal)Million).ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>Without a zone it is UTC.</summary>
    private static long? ReadMoment(string text) =>
        DateTimeOffset.TryParseExact(
            text, MomentForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? Instant.From(moment.ToUniversalTime()).Microseconds
            : null;

    private static string WriteMoment(long microseconds)
    {
        var (least, most) = (Instant.From(DateTimeOffset.MinValue).Microseconds, Instant.From(DateTimeOffset.MaxValue).Microseconds);
        return new Instant(Math.Clamp(microseconds, least, most)).ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
    }

    private static string WriteDate(long days)
    {
        var first = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        var day = (int)Math.Clamp(first + Math.Clamp(days, -first, DaysMax), 0, DaysMax);
        return DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private static long? ReadDuration(string text)
    {
        var isNegative = text[0] == '-';
        Int128 total = 0;
        var next = 0;
        var rest = text.AsSpan(isNegative ? 1 : 0);
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > 12)
            {
                return null;
            }

            // Each unit once, the largest first.
            var unit = Array.FindIndex(Units, next, Units.Length - next, IsUnit(rest[digits]));
            if (unit < 0)
            {
                return null;
            }

            total += Int128.Parse(rest[..digits], CultureInfo.InvariantCulture) * Units[unit].Microseconds;
            next = unit + 1;
            rest = rest[(digits + 1)..];
        }

        return next == 0 || total > long.MaxValue ? null : (long)(isNegative ? -total : total);
    }

    private static Predicate<(char Unit, long Microseconds)> IsUnit(char letter) => unit => unit.Unit == letter;

    private static string WriteDuration(long microseconds)
    {
        // Fractions of a second are not written: nobody can hand any in.
        var rest = Int128.Abs(microseconds) / Million * Million;
        if (rest == 0)
        {
            return "0s";
        }

        var text = new StringBuilder(microseconds < 0 ? "-" : string.Empty);
        foreach (var (unit, length) in Units.Where(unit => unit.Unit != 'w'))
        {
            var count = rest / length;
            rest %= length;
            if (count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            }
        }

        return text.ToString();
    }

    private static Failure Wrong(string text, string form) => new(FailureKind.Invalid, $"'{Section.Show(text)}' is not {form}");
}
