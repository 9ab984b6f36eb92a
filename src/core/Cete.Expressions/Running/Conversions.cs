using System.Globalization;
using System.Text;

namespace Cete.Expressions.Running;

/// <summary>Values to texts and back, the same in every country.</summary>
internal static class Conversions
{
    private static readonly (string Unit, long Microseconds)[] Units =
        [("ms", 1_000), ("us", 1), ("d", Days.Microseconds), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000)];

    /// <summary>
    /// Digits with an optional sign and at most six behind a point. Both numbers are null when they do not fit; <paramref name="whole"/> also when there is a
    /// point.
    /// </summary>
    public static bool TryDecimal(string text, out long? millionths, out long? whole)
    {
        (millionths, whole) = (null, null);
        var digits = text.StartsWith('-') ? text[1..] : text;
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        var (before, after) = point < 0 ? (digits, string.Empty) : (digits[..point], digits[(point + 1)..]);
        if (before.Length == 0 || (point >= 0 && after.Length == 0) || after.Length > 6 || !before.All(char.IsAsciiDigit) || !after.All(char.IsAsciiDigit))
        {
            return false;
        }

        before = before.TrimStart('0');
        if (before.Length > 19)
        {
            return true;
        }

        var sign = text.StartsWith('-') ? -1 : 1;
        var number = sign * Int128.Parse("0" + before, NumberStyles.None, CultureInfo.InvariantCulture);
        var scaled = (number * ExpressionLimits.Million) + (sign * int.Parse(after.PadRight(6, '0'), NumberStyles.None, CultureInfo.InvariantCulture));
        whole = point < 0 && Arithmetic.Fitting(ValueKind.Int, number) is { IsNull: false } fitting ? fitting.Number : null;
        millionths = Arithmetic.Fitting(ValueKind.Decimal, scaled) is { IsNull: false } value ? value.Number : null;
        return true;
    }

    public static Value ToInt(Value value) => value.Kind switch
    {
        ValueKind.Int => value,
        ValueKind.Decimal => Value.Of(value.Number / ExpressionLimits.Million),
        ValueKind.Timestamp => Value.Of(Days.FloorDivide(value.Number, ExpressionLimits.Million)),
        ValueKind.Text when TryDecimal(value.AsText, out _, out var whole) && whole is { } number => Value.Of(number),
        _ => Value.Null,
    };

    public static Value ToDecimal(Value value) => value.Kind switch
    {
        ValueKind.Decimal => value,
        ValueKind.Int => Arithmetic.Promote(value),
        ValueKind.Text when TryDecimal(value.AsText, out var millionths, out _) && millionths is { } number => Value.OfDecimal(number),
        _ => Value.Null,
    };

    /// <summary>The text of a value; null where it has none: a list, a year beyond 9999.</summary>
    public static string? ToText(Value value) => value.Kind switch
    {
        ValueKind.Bool => value.IsTrue ? "true" : "false",
        ValueKind.Int => value.Number.ToString(CultureInfo.InvariantCulture),
        ValueKind.Decimal => WithPoint(value.Number),
        ValueKind.Text => value.AsText,
        ValueKind.Duration => WithPoint(value.Number) + "s",
        ValueKind.Date => DateText(value.Number),
        ValueKind.Timestamp => TimestampText(value.Number),
        _ => null,
    };

    /// <summary>A moment as RFC 3339 writes it: `2026-11-23T10:00:00Z`, or with an offset.</summary>
    public static long? ParseTimestamp(string text)
    {
        string[] formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"];
        return text.Length > 19 && (text.EndsWith('Z') || text[^6] is '+' or '-')
            && DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
            ? Core.Instant.From(moment).Microseconds : null;
    }

    /// <summary>A day as `2026-11-23`.</summary>
    public static long? ParseDate(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber : null;

    /// <summary>Numbers with units, as `1h30m`, `-1.5s`, `7d`.</summary>
    public static long? ParseDuration(string text)
    {
        var (at, sum) = (text.StartsWith('-') ? 1 : 0, (Int128)0);
        var sign = at == 1 ? -1 : 1;
        if (at == text.Length || text.Length > 64)
        {
            return null;
        }

        while (at < text.Length)
        {
            var start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
            {
                at++;
            }

            var (unit, factor) = Units.FirstOrDefault(known => text.AsSpan(at).StartsWith(known.Unit, StringComparison.Ordinal));
            if (unit is null || !TryDecimal(text[start..at], out var millionths, out _) || millionths is not { } number)
            {
                return null;
            }

            at += unit.Length;
            sum += (Int128)number * factor / ExpressionLimits.Million;
        }

        return Arithmetic.Fitting(ValueKind.Duration, sign * sum) is { IsNull: false } value ? value.Number : null;
    }

    private static string WithPoint(long millionths)
    {
        var (whole, rest) = Int128.DivRem(Int128.Abs(millionths), ExpressionLimits.Million);
        var text = new StringBuilder(millionths < 0 ? "-" : string.Empty).Append(CultureInfo.InvariantCulture, $"{whole}");
        return rest == 0 ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $".{(long)rest:D6}").ToString().TrimEnd('0');
    }

    private static string? DateText(long days) =>
        Days.ToCalendar(days) is { Year: >= 0 and <= 9_999 } date ? FormattableString.Invariant($"{date.Year:D4}-{date.Month:D2}-{date.Day:D2}") : null;

    private static string? TimestampText(long microseconds)
    {
        if (DateText(Days.FloorDivide(microseconds, Days.Microseconds)) is not { } day)
        {
            return null;
        }

        var (seconds, rest) = Math.DivRem(Days.WithinDay(microseconds), ExpressionLimits.Million);
        var fraction = rest == 0 ? string.Empty : FormattableString.Invariant($".{rest:D6}").TrimEnd('0');
        return FormattableString.Invariant($"{day}T{seconds / 3_600:D2}:{seconds / 60 % 60:D2}:{seconds % 60:D2}{fraction}Z");
    }
}
