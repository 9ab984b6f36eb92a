using Cete.Core;
using Cete.Formats.Entries;

namespace Cete.Formats.Calendars;

/// <summary>
/// How something recurs, as a field holds it: a rule in its first line, and below it <c>EXDATE:</c> and <c>RDATE:</c> with days or moments, by the clock of
/// the place (or UTC, with a Z).
/// </summary>
/// <param name="Rule">The rule; null where there are dates alone.</param>
/// <param name="Dates">When it is beside that.</param>
/// <param name="Exceptions">When it is not.</param>
public sealed record Recurrence(RecurrenceRule? Rule, IReadOnlyList<RecurrenceDate> Dates, IReadOnlyList<RecurrenceDate> Exceptions)
{
    /// <summary>Dates and exceptions together: as many as anybody would name.</summary>
    public const int DatesMax = 1_000;

    /// <summary>Reads the text of a field.</summary>
    public static Outcome<Recurrence> Parse(string text)
    {
        RecurrenceRule? rule = null;
        List<RecurrenceDate> dates = [], exceptions = [];
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "RRULE" : line[..colon].ToUpperInvariant();
            if (name is "EXDATE" or "RDATE")
            {
                foreach (var written in line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    if (RecurrenceDate.Parse(written) is not { } date)
                    {
                        return RecurrenceRule.Wrong($"'{FormatText.Show(written)}' is no day or moment as 20261123 or 20261123T183000");
                    }

                    (name == "RDATE" ? dates : exceptions).Add(date);
                }
            }
            else if (name == "RRULE" && rule is null)
            {
                var read = RecurrenceRule.Parse(line);
                if (!read.Succeeded)
                {
                    return read.Failure;
                }

                rule = read.Value;
            }
            else
            {
                return RecurrenceRule.Wrong("it is one rule as FREQ=WEEKLY;BYDAY=MO, and below it EXDATE: and RDATE: with days");
            }

            if (dates.Count + exceptions.Count > DatesMax)
            {
                return new Failure(FailureKind.TooLarge, $"it names more than {DatesMax} dates");
            }
        }

        return rule is null && dates.Count == 0 ? RecurrenceRule.Wrong("it says not when it recurs") : new Recurrence(rule, dates, exceptions);
    }

    /// <summary>As a field holds it.</summary>
    public override string ToString() => string.Join('\n', Lines());

    /// <summary>When it is, within a window, by the clock of the place; in order, at most so many.</summary>
    /// <param name="start">The first time.</param>
    /// <param name="from">The first that is wanted.</param>
    /// <param name="to">The last that is wanted.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="zone">The zone of that clock.</param>
    public IReadOnlyList<DateTime> Between(DateTime start, DateTime from, DateTime to, int max, TimeZoneInfo zone)
    {
        var until = Rule is { IsUntilUtc: true, Until: { } end } ? CalendarZones.ToLocal(end, zone) : (DateTime?)null;
        var found = new SortedSet<DateTime>(Rule?.Between(start, from, to, max, until) ?? []);
        if (start >= from && start <= to)
        {
            // The first time is one, be it of the rule or not.
            found.Add(start);
        }

        foreach (var date in Dates.Select(date => date.At(start, zone)).Where(date => date >= from && date <= to))
        {
            found.Add(date);
        }

        foreach (var exception in Exceptions)
        {
            found.RemoveWhere(moment => exception.IsDay ? moment.Date == exception.Moment : moment == exception.At(start, zone));
        }

        return [.. found.Take(max)];
    }

    private IEnumerable<string> Lines()
    {
        if (Rule is not null)
        {
            yield return Rule.ToString();
        }

        if (Dates.Count > 0)
        {
            yield return "RDATE:" + string.Join(',', Dates);
        }

        if (Exceptions.Count > 0)
        {
            yield return "EXDATE:" + string.Join(',', Exceptions);
        }
    }
}

/// <summary>A day or moment that a recurrence names.</summary>
/// <param name="Moment">When.</param>
/// <param name="IsDay">The day alone is named.</param>
/// <param name="IsUtc">It is in UTC, and not by the clock of the place.</param>
public readonly record struct RecurrenceDate(DateTime Moment, bool IsDay, bool IsUtc)
{
    /// <summary>Reads one; null where it is none.</summary>
    public static RecurrenceDate? Parse(string text) =>
        CalendarText.ReadDay(text) is { } day ? new RecurrenceDate(day.ToDateTime(TimeOnly.MinValue), true, false)
        : text.EndsWith('Z') && CalendarText.ReadClock(text[..^1]) is { } moment ? new RecurrenceDate(moment, false, true)
        : CalendarText.ReadClock(text) is { } clock ? new RecurrenceDate(clock, false, false)
        : null;

    /// <summary>By the clock of the place; of a day, when it begins.</summary>
    public DateTime At(DateTime start, TimeZoneInfo zone) =>
        IsDay ? Moment + start.TimeOfDay : IsUtc ? CalendarZones.ToLocal(Moment, zone) : Moment;

    /// <summary>As iCalendar writes it.</summary>
    public override string ToString() =>
        IsDay ? CalendarText.Day(DateOnly.FromDateTime(Moment)) : CalendarText.Clock(Moment) + (IsUtc ? "Z" : string.Empty);
}
