using System.Globalization;
using Cete.Core;
using Cete.Formats.Entries;

namespace Cete.Formats.Calendars;

/// <summary>Reads the parts of a rule of recurrence; what is wrong is told by its name.</summary>
internal sealed class RecurrenceReading(Dictionary<string, string> parts)
{
    private const int IntervalMax = 10_000;
    private const int CountMax = 100_000;
    private const int ListMax = 400;

    private static readonly string[] Known =
    [
        "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS", "WKST",
    ];

    private Failure? _failure;

    public Outcome<RecurrenceRule> Read()
    {
        if (!parts.TryGetValue("FREQ", out var word))
        {
            return RecurrenceRule.Wrong("a rule of recurrence says how often: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY");
        }

        if (!Enum.TryParse<Frequency>(word, ignoreCase: true, out var frequency) || !word.All(char.IsAsciiLetter))
        {
            return RecurrenceRule.Wrong($"there is no FREQ={FormatText.Show(word)}; there are {string.Join(", ", Enum.GetNames<Frequency>()).ToUpperInvariant()}");
        }

        if (parts.Keys.FirstOrDefault(key => !Known.Contains(key) && !key.StartsWith("X-", StringComparison.Ordinal)) is { } odd)
        {
            return RecurrenceRule.Wrong($"'{FormatText.Show(odd)}' is no part of a rule of recurrence");
        }

        var rule = ReadUntil(new RecurrenceRule(frequency)
        {
            Interval = Number("INTERVAL", 1, IntervalMax) ?? 1,
            Count = Number("COUNT", 1, CountMax),
            ByMonth = List("BYMONTH", 1, 12, isSigned: false),
            ByWeekNo = List("BYWEEKNO", 1, 53, isSigned: true),
            ByYearDay = List("BYYEARDAY", 1, 366, isSigned: true),
            ByMonthDay = List("BYMONTHDAY", 1, 31, isSigned: true),
            ByDay = Days(),
            ByHour = List("BYHOUR", 0, 23, isSigned: false),
            ByMinute = List("BYMINUTE", 0, 59, isSigned: false),
            BySecond = [.. List("BYSECOND", 0, 60, isSigned: false).Select(second => Math.Min(second, 59)).Distinct()],
            BySetPos = List("BYSETPOS", 1, 366, isSigned: true),
            WeekStart = parts.TryGetValue("WKST", out var start) && RecurrenceRule.DayOf(start) is >= 0 and var day ? (DayOfWeek)day : DayOfWeek.Monday,
        });
        return _failure ?? Conflict(rule) ?? Outcome.Of(rule);
    }

    private static Failure? Conflict(RecurrenceRule rule) =>
        rule is { Count: not null, Until: not null } ? RecurrenceRule.Wrong("a rule ends by COUNT or by UNTIL, not by both")
        : rule.ByWeekNo.Count > 0 && rule.Frequency != Frequency.Yearly ? RecurrenceRule.Wrong("BYWEEKNO goes with FREQ=YEARLY alone")
        : rule.ByYearDay.Count > 0 && rule.Frequency is Frequency.Daily or Frequency.Weekly or Frequency.Monthly && rule.ByYearDay.Count > 0
            ? RecurrenceRule.Wrong("BYYEARDAY does not go with FREQ=DAILY, WEEKLY or MONTHLY")
        : rule.ByMonthDay.Count > 0 && rule.Frequency == Frequency.Weekly ? RecurrenceRule.Wrong("BYMONTHDAY does not go with FREQ=WEEKLY")
        : rule.ByDay.Any(day => day.Ordinal != 0) && (rule.Frequency is not (Frequency.Monthly or Frequency.Yearly) || rule.ByWeekNo.Count > 0)
            ? RecurrenceRule.Wrong("which of the days (as 2TU) goes with FREQ=MONTHLY or YEARLY alone, and without BYWEEKNO")
        : rule.BySetPos.Count > 0 && IsPlain(rule) ? RecurrenceRule.Wrong("BYSETPOS picks of what another BY... names")
        : null;

    private static bool IsPlain(RecurrenceRule rule) => rule is
    {
        ByMonth.Count: 0, ByWeekNo.Count: 0, ByYearDay.Count: 0, ByMonthDay.Count: 0, ByDay.Count: 0, ByHour.Count: 0, ByMinute.Count: 0, BySecond.Count: 0,
    };

    private int? Number(string name, int min, int max)
    {
        if (!parts.TryGetValue(name, out var text))
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        _failure ??= RecurrenceRule.Wrong($"{name} is a whole number from {min} to {max}, not '{FormatText.Show(text)}'");
        return null;
    }

    private List<int> List(string name, int min, int max, bool isSigned)
    {
        List<int> numbers = [];
        foreach (var text in Items(name))
        {
            var isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && text.Length <= 4;
            if (!isNumber || Math.Abs(number) < min || Math.Abs(number) > max || (number < 0 && !isSigned))
            {
                var range = isSigned ? $"{min} to {max} or -{max} to -{min}" : $"{min} to {max}";
                _failure ??= RecurrenceRule.Wrong($"{name} has numbers from {range}, not '{FormatText.Show(text)}'");
                break;
            }

            numbers.Add(number);
        }

        return [.. numbers.Distinct().Order()];
    }

    private List<WeekdayRule> Days()
    {
        List<WeekdayRule> days = [];
        foreach (var text in Items("BYDAY"))
        {
            var ordinal = 0;
            var day = text.Length >= 2 ? RecurrenceRule.DayOf(text[^2..]) : -1;
            if (day < 0 || (text.Length > 2 && (!int.TryParse(text[..^2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ordinal)
                || ordinal is 0 or > 53 or < -53)))
            {
                _failure ??= RecurrenceRule.Wrong($"BYDAY has days as MO, 2TU or -1SU, not '{FormatText.Show(text)}'");
                break;
            }

            days.Add(new WeekdayRule((DayOfWeek)day, ordinal));
        }

        return [.. days.Distinct()];
    }

    private string[] Items(string name)
    {
        if (!parts.TryGetValue(name, out var text))
        {
            return [];
        }

        var items = text.Split(',', StringSplitOptions.TrimEntries);
        if (items.Length > ListMax)
        {
            _failure ??= RecurrenceRule.Wrong($"{name} has {items.Length} numbers; {ListMax} is the most");
            return [];
        }

        return items;
    }

    private RecurrenceRule ReadUntil(RecurrenceRule rule)
    {
        if (!parts.TryGetValue("UNTIL", out var text))
        {
            return rule;
        }

        if (CalendarText.ReadDay(text) is { } day)
        {
            return rule with { Until = day.ToDateTime(TimeOnly.MinValue), IsUntilDay = true };
        }

        var isUtc = text.EndsWith('Z');
        if (CalendarText.ReadClock(isUtc ? text[..^1] : text) is { } moment)
        {
            return rule with { Until = moment, IsUntilUtc = isUtc };
        }

        _failure ??= RecurrenceRule.Wrong($"UNTIL is a day or moment as 20261231 or 20261231T235959Z, not '{FormatText.Show(text)}'");
        return rule;
    }
}
