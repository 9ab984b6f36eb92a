using System.Globalization;
using Cete.Formats.Entries;

namespace Cete.Formats.Calendars;

/// <summary>Writes a time zone with the changes of its clock that count for some times: as a rule where they go on by one, else date by date.</summary>
internal static class ZoneWriter
{
    /// <summary>Years behind the last time that are looked at to find out whether changes go on by a rule.</summary>
    private const int YearsBeyond = 10;

    private const int YearsMax = 150;

    public static void Write(ContentWriter writer, TimeZoneInfo zone, DateTime first, DateTime last)
    {
        var from = Math.Clamp(first.Year - 1, 1900, 2200);
        var to = Math.Min(Math.Clamp(last.Year, from, 2200) + YearsBeyond, from + YearsMax);
        var changes = Changes(zone, from, to);
        writer.Raw("BEGIN", "VTIMEZONE");
        writer.Raw("TZID", zone.Id);
        writer.Raw("X-LIC-LOCATION", zone.Id);
        var begin = new DateTime(from, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var offset = zone.GetUtcOffset(begin);
        WriteOne(writer, zone.IsDaylightSavingTime(begin), new Change(begin, begin.Add(offset), offset, offset, false), string.Empty);
        foreach (var group in changes.GroupBy(change => (change.From, change.To, change.IsDaylight, change.Local.Month, change.Local.TimeOfDay)))
        {
            Change[] all = [.. group];
            var tail = Tail(all, to);
            foreach (var single in all[..^tail])
            {
                WriteOne(writer, single.IsDaylight, single, string.Empty);
            }

            if (tail > 0)
            {
                WriteOne(writer, all[^tail].IsDaylight, all[^tail], RuleOf(all[^tail..]));
            }
        }

        writer.Raw("END", "VTIMEZONE");
    }

    private static void WriteOne(ContentWriter writer, bool isDaylight, Change change, string rule)
    {
        var name = isDaylight ? "DAYLIGHT" : "STANDARD";
        writer.Raw("BEGIN", name);
        writer.Raw("DTSTART", CalendarText.Clock(change.Local));
        writer.Raw("TZOFFSETFROM", Offset(change.From));
        writer.Raw("TZOFFSETTO", Offset(change.To));
        if (rule.Length > 0)
        {
            writer.Raw("RRULE", rule);
        }

        writer.Raw("END", name);
    }

    private static string Offset(TimeSpan offset)
    {
        var text = offset.ToString(offset.Seconds == 0 ? "hhmm" : "hhmmss", CultureInfo.InvariantCulture);
        return (offset < TimeSpan.Zero ? "-" : "+") + text;
    }

    /// <summary>How many of the last changes go on year by year on the same weekday of the month, to the end of what was looked at.</summary>
    private static int Tail(Change[] all, int lastYear)
    {
        const int Least = 3;
        if (all[^1].Local.Year != lastYear)
        {
            return 0;
        }

        var count = 1;
        while (count < all.Length && all[^(count + 1)].Local.Year == all[^count].Local.Year - 1 && Ordinal(all[^(count + 1)..]) != 0)
        {
            count++;
        }

        return count >= Least && Ordinal(all[^count..]) != 0 ? count : 0;
    }

    private static string RuleOf(Change[] changes) => string.Create(
        CultureInfo.InvariantCulture,
        $"FREQ=YEARLY;BYMONTH={changes[0].Local.Month};BYDAY={Ordinal(changes)}{changes[0].Local.DayOfWeek.ToString()[..2].ToUpperInvariant()}");

    /// <summary>Which of its weekdays in the month all of them are; 0 for none.</summary>
    private static int Ordinal(Change[] changes)
    {
        if (changes.Any(change => change.Local.DayOfWeek != changes[0].Local.DayOfWeek))
        {
            return 0;
        }

        if (changes.All(change => change.Local.Day + 7 > DateTime.DaysInMonth(change.Local.Year, change.Local.Month)))
        {
            return -1;
        }

        var ordinal = ((changes[0].Local.Day - 1) / 7) + 1;
        return ordinal < 5 && changes.All(change => ((change.Local.Day - 1) / 7) + 1 == ordinal) ? ordinal : 0;
    }

    private static List<Change> Changes(TimeZoneInfo zone, int from, int to)
    {
        List<Change> changes = [];
        var end = new DateTime(to, 12, 31, 0, 0, 0, DateTimeKind.Utc);
        for (var day = new DateTime(from, 1, 1, 0, 0, 0, DateTimeKind.Utc); day < end; day = day.AddDays(1))
        {
            var (before, after) = (zone.GetUtcOffset(day), zone.GetUtcOffset(day.AddDays(1)));
            if (before == after)
            {
                continue;
            }

            var (low, high) = (0, 86_400);
            while (high - low > 1)
            {
                var middle = (low + high) / 2;
                (low, high) = zone.GetUtcOffset(day.AddSeconds(middle)) == before ? (middle, high) : (low, middle);
            }

            var at = day.AddSeconds(high);
            changes.Add(new Change(at, at.Add(before), before, after, zone.IsDaylightSavingTime(at)));
        }

        return changes;
    }

    /// <summary>A change of the clock: when, by the clock before it.</summary>
    private sealed record Change(DateTime Utc, DateTime Local, TimeSpan From, TimeSpan To, bool IsDaylight);
}
