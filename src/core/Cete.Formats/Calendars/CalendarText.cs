using System.Globalization;

namespace Cete.Formats.Calendars;

/// <summary>Days, moments and lengths of time as iCalendar writes them.</summary>
public static class CalendarText
{
    /// <summary>A day, as 20261123.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>A moment by a clock, as 20261123T183000.</summary>
    public static string Clock(DateTime moment) => moment.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);

    /// <summary>Reads a day; null where it is none.</summary>
    public static DateOnly? ReadDay(string text) =>
        DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>Reads a moment by a clock; null where it is none. A leap second is the second before it.</summary>
    public static DateTime? ReadClock(string text)
    {
        var plain = text.Length == 15 && text.EndsWith("60", StringComparison.Ordinal) ? text[..13] + "59" : text;
        return DateTime.TryParseExact(plain, "yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment : null;
    }

    /// <summary>Reads a length of time, as PT1H30M, P1D or -P2W; null where it is none.</summary>
    public static TimeSpan? ReadSpan(string text)
    {
        var isNegative = text.StartsWith('-');
        var plain = text.TrimStart('+', '-').ToUpperInvariant();
        if (!plain.StartsWith('P') || plain.Length is < 3 or > 40)
        {
            return null;
        }

        var (total, number, digits, isTime) = (0L, 0L, 0, false);
        foreach (var c in plain.AsSpan(1))
        {
            if (char.IsAsciiDigit(c) && digits < 9)
            {
                (number, digits) = ((number * 10) + c - '0', digits + 1);
                continue;
            }

            if (c == 'T' && !isTime && digits == 0)
            {
                isTime = true;
                continue;
            }

            var seconds = (c, isTime) switch
            {
                ('W', false) => 604_800,
                ('D', false) => 86_400,
                ('H', true) => 3_600,
                ('M', true) => 60,
                ('S', true) => 1,
                _ => 0,
            };
            if (seconds == 0 || digits == 0)
            {
                return null;
            }

            (total, number, digits) = (total + (number * seconds), 0, 0);
        }

        // Longer than a thousand years nothing takes.
        return digits > 0 || total > 365_000L * 86_400 ? null : TimeSpan.FromSeconds(isNegative ? -total : total);
    }
}
