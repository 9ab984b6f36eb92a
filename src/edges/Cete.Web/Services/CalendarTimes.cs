using Cete.Core;
using Cete.Described;
using Cete.Expressions;
using Cete.Formats.Calendars;
using Cete.Web.Pages.Services;

namespace Cete.Web.Services;

/// <summary>On which of the days that a calendar shows its records are that recur.</summary>
internal static class CalendarTimes
{
    /// <summary>The calendar with the days of what recurs; what does not recur in it is left out.</summary>
    public static ViewPart Fill(ViewPart part)
    {
        if (part.Key("recurrence") is not { } rule || part.Key("start") is not { } start)
        {
            return part;
        }

        Dictionary<long, IReadOnlyList<(DateOnly From, DateOnly To)>> times = [];
        foreach (var record in part.Items.Where(record => record.Get(rule.Name).Kind == ValueKind.Text))
        {
            times[record.Id] = Of(part, record, start, rule.Name);
        }

        return part with { Times = times, Items = [.. part.Items.Where(record => !times.TryGetValue(record.Id, out var days) || days.Count > 0)] };
    }

    private static IReadOnlyList<(DateOnly From, DateOnly To)> Of(ViewPart part, RecordView record, FieldDescriptor start, string rule)
    {
        if (Moment(record.Get(start.Name)) is not { } first)
        {
            return [];
        }

        var last = part.Key("end") is { } end ? Moment(record.Get(end.Name)) : null;
        var zone = part.Key("zone") is { } place && start.Type == FieldType.DateTime && record.Get(place.Name) is { Kind: ValueKind.Text } named
            ? named.AsText : string.Empty;
        var (from, to) = (At(part.Month), At(part.Month.AddDays(Calendars.DaysOf(part.Span, part.Month))));
        return
        [
            .. Occurrences.Of(first, last, record.Get(rule).AsText, zone, from, to).Select(time => (Day(time.Start), Day(time.End ?? time.Start))),
        ];
    }

    private static Instant? Moment(Value value) => value.Kind == ValueKind.Timestamp ? new Instant(value.Number)
        : ValueText.DayOf(value) is { } day ? At(day)
        : null;

    private static Instant At(DateOnly day) => Instant.From(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));

    private static DateOnly Day(Instant moment) => DateOnly.FromDateTime(moment.ToDateTimeOffset().UtcDateTime);
}
