using System.Globalization;
using System.Text;
using Cete.Core;

namespace Cete.Formats.Calendars;

/// <summary>How often something recurs, in the order of RFC 5545.</summary>
public enum Frequency
{
    /// <summary>Every second.</summary>
    Secondly,

    /// <summary>Every minute.</summary>
    Minutely,

    /// <summary>Every hour.</summary>
    Hourly,

    /// <summary>Every day.</summary>
    Daily,

    /// <summary>Every week.</summary>
    Weekly,

    /// <summary>Every month.</summary>
    Monthly,

    /// <summary>Every year.</summary>
    Yearly,
}

/// <summary>A day of the week, possibly one of those of a month or year.</summary>
/// <param name="Day">Which day.</param>
/// <param name="Ordinal">1 for the first, -1 for the last; 0 for each.</param>
public readonly record struct WeekdayRule(DayOfWeek Day, int Ordinal);

/// <summary>A rule of recurrence (RFC 5545, 3.3.10), read and found right.</summary>
/// <param name="Frequency">FREQ.</param>
public sealed partial record RecurrenceRule(Frequency Frequency)
{
    private static readonly string[] DayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    /// <summary>INTERVAL: every so many of them.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>COUNT: how many there are; null for no such bound.</summary>
    public int? Count { get; init; }

    /// <summary>UNTIL: the last moment, in UTC where <see cref="IsUntilUtc"/>, else by the clock of the place; null for none.</summary>
    public DateTime? Until { get; init; }

    /// <summary>UNTIL is written with a Z.</summary>
    public bool IsUntilUtc { get; init; }

    /// <summary>UNTIL is a day.</summary>
    public bool IsUntilDay { get; init; }

    /// <summary>BYMONTH.</summary>
    public IReadOnlyList<int> ByMonth { get; init; } = [];

    /// <summary>BYWEEKNO; negative ones from the end.</summary>
    public IReadOnlyList<int> ByWeekNo { get; init; } = [];

    /// <summary>BYYEARDAY; negative ones from the end.</summary>
    public IReadOnlyList<int> ByYearDay { get; init; } = [];

    /// <summary>BYMONTHDAY; negative ones from the end.</summary>
    public IReadOnlyList<int> ByMonthDay { get; init; } = [];

    /// <summary>BYDAY.</summary>
    public IReadOnlyList<WeekdayRule> ByDay { get; init; } = [];

    /// <summary>BYHOUR.</summary>
    public IReadOnlyList<int> ByHour { get; init; } = [];

    /// <summary>BYMINUTE.</summary>
    public IReadOnlyList<int> ByMinute { get; init; } = [];

    /// <summary>BYSECOND.</summary>
    public IReadOnlyList<int> BySecond { get; init; } = [];

    /// <summary>BYSETPOS: which of those of a period; negative ones from the end.</summary>
    public IReadOnlyList<int> BySetPos { get; init; } = [];

    /// <summary>WKST: where weeks begin.</summary>
    public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;

    /// <summary>Reads a rule, with or without <c>RRULE:</c> before it.</summary>
    public static Outcome<RecurrenceRule> Parse(string text)
    {
        const int LengthMax = 2_000;
        var plain = text.Trim();
        plain = plain.StartsWith("RRULE:", StringComparison.OrdinalIgnoreCase) ? plain[6..] : plain;
        if (plain.Length > LengthMax)
        {
            return new Failure(FailureKind.TooLarge, $"the rule has {plain.Length} characters; {LengthMax} is the most");
        }

        Dictionary<string, string> parts = new(StringComparer.Ordinal);
        foreach (var part in plain.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !parts.TryAdd(part[..equals].ToUpperInvariant(), part[(equals + 1)..].Trim().ToUpperInvariant()))
            {
                return Wrong($"'{Entries.FormatText.Show(part)}' is no NAME=VALUE, or stands there twice");
            }
        }

        return new RecurrenceReading(parts).Read();
    }

    /// <summary>As RFC 5545 writes it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("FREQ=").Append(Frequency.ToString().ToUpperInvariant());
        if (Interval != 1)
        {
            text.Append(CultureInfo.InvariantCulture, $";INTERVAL={Interval}");
        }

        if (Count is { } count)
        {
            text.Append(CultureInfo.InvariantCulture, $";COUNT={count}");
        }

        if (Until is { } until)
        {
            text.Append(";UNTIL=").Append(IsUntilDay ? CalendarText.Day(DateOnly.FromDateTime(until)) : CalendarText.Clock(until))
                .Append(IsUntilUtc ? "Z" : string.Empty);
        }

        Put("BYMONTH", ByMonth);
        Put("BYWEEKNO", ByWeekNo);
        Put("BYYEARDAY", ByYearDay);
        Put("BYMONTHDAY", ByMonthDay);
        if (ByDay.Count > 0)
        {
            text.Append(";BYDAY=").AppendJoin(',', ByDay.Select(day =>
                (day.Ordinal == 0 ? string.Empty : day.Ordinal.ToString(CultureInfo.InvariantCulture)) + DayNames[(int)day.Day]));
        }

        Put("BYHOUR", ByHour);
        Put("BYMINUTE", ByMinute);
        Put("BYSECOND", BySecond);
        Put("BYSETPOS", BySetPos);
        if (WeekStart != DayOfWeek.Monday)
        {
            text.Append(";WKST=").Append(DayNames[(int)WeekStart]);
        }

        return text.ToString();

        void Put(string name, IReadOnlyList<int> numbers)
        {
            if (numbers.Count > 0)
            {
                text.Append(';').Append(name).Append('=').AppendJoin(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
            }
        }
    }

    /// <summary>The number of a day's name; -1 for none.</summary>
    internal static int DayOf(string name) => Array.IndexOf(DayNames, name);

    internal static Failure Wrong(string message) => new(FailureKind.Invalid, message);
}
