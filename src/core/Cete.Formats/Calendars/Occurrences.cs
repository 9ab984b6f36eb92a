using Cete.Core;

namespace Cete.Formats.Calendars;

/// <summary>When something that recurs is within a window.</summary>
public static class Occurrences
{
    /// <summary>Times of one thing in a window: more no page shows.</summary>
    public const int Max = 1_000;

    /// <summary>Its times that begin or go on in the window, in UTC and in order; once where it does not recur, or by a rule that is none.</summary>
    /// <param name="start">When it is the first time.</param>
    /// <param name="end">When that ends; null for at once.</param>
    /// <param name="recurrence">As a field holds it; empty for once.</param>
    /// <param name="zone">By which clock it recurs; empty for UTC.</param>
    /// <param name="from">Where the window begins.</param>
    /// <param name="to">Where it ends; what begins then is not in it.</param>
    public static IReadOnlyList<(Instant Start, Instant? End)> Of(Instant start, Instant? end, string recurrence, string zone, Instant from, Instant to)
    {
        var length = end is { } last && last > start ? last - start : TimeSpan.Zero;
        if (recurrence.Length == 0 || Recurrence.Parse(recurrence) is not { Succeeded: true, Value: var known })
        {
            return start < to && Instant.Max(start, end ?? start) >= from ? [(start, end)] : [];
        }

        var place = (zone.Length > 0 ? CalendarZones.Find(zone) : null) ?? TimeZoneInfo.Utc;
        var first = CalendarZones.ToLocal(Clock(start), place);
        var since = Clock(from);
        since = since.Ticks > length.Ticks ? since - length : DateTime.MinValue;
        var moments = known.Between(first, CalendarZones.ToLocal(since, place), CalendarZones.ToLocal(Clock(to), place), Max, place);
        return
        [
            .. moments.Select(moment => Instant.From(new DateTimeOffset(CalendarZones.ToUtc(moment, place), TimeSpan.Zero)))
                .Where(moment => moment < to && moment + length >= from)
                .Select(moment => (moment, end is null ? (Instant?)null : moment + length)),
        ];
    }

    private static DateTime Clock(Instant moment)
    {
        var (least, most) = (Instant.From(DateTimeOffset.MinValue), Instant.From(DateTimeOffset.MaxValue));
        return DateTime.SpecifyKind(Instant.Min(Instant.Max(moment, least), most).ToDateTimeOffset().UtcDateTime, DateTimeKind.Unspecified);
    }
}
