using Cete.Core;

namespace Cete.Formats.Calendars;

/// <summary>Time zones of a file: by their names where they are known here, else by the rules that the file has of them.</summary>
internal sealed class FileZones
{
    private const int ObservancesMax = 64;

    private readonly Dictionary<string, TimeZoneInfo?> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Observance>> _rules = new(StringComparer.Ordinal);

    public FileZones(IEnumerable<Component> components)
    {
        foreach (var zone in components.Where(each => each.Name == "VTIMEZONE"))
        {
            var observances = zone.Inner.Take(ObservancesMax).Select(Read).OfType<Observance>().ToList();
            if (zone.First("TZID")?.Value.Trim() is { } name && observances.Count > 0)
            {
                _rules.TryAdd(name, observances);

                // Some programs call their zones as they like and say beside it which they are.
                if (Find(name) is null && zone.First("X-LIC-LOCATION")?.Value.Trim() is { } place && CalendarZones.Find(place) is { } known)
                {
                    _known[name] = known;
                }
            }
        }
    }

    /// <summary>A zone that is known here.</summary>
    public TimeZoneInfo? Find(string name)
    {
        if (!_known.TryGetValue(name, out var zone))
        {
            _known[name] = zone = CalendarZones.Find(name);
        }

        return zone;
    }

    /// <summary>A moment in UTC by the file's own rules; null where it has none of that zone.</summary>
    public DateTime? ToUtc(DateTime local, string name)
    {
        if (!_rules.TryGetValue(name, out var observances))
        {
            return null;
        }

        var (offset, latest) = (observances[0].From, DateTime.MinValue);
        foreach (var observance in observances)
        {
            if (observance.LastBefore(local) is { } onset && onset >= latest)
            {
                (offset, latest) = (observance.To, onset);
            }
        }

        var ticks = Math.Clamp(local.Ticks - offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new DateTime(ticks);
    }

    private static Observance? Read(Component component)
    {
        if (component.First("DTSTART") is not { } start || CalendarText.ReadClock(start.Value.Trim().TrimEnd('Z')) is not { } onset
            || ReadOffset(component.Text("TZOFFSETFROM")) is not { } from || ReadOffset(component.Text("TZOFFSETTO")) is not { } to)
        {
            return null;
        }

        var rule = component.First("RRULE") is { } line ? RecurrenceRule.Parse(line.Value) : default(Outcome<RecurrenceRule>?);
        var dates = component.All("RDATE").SelectMany(each => each.Value.Split(',')).Take(Recurrence.DatesMax)
            .Select(text => CalendarText.ReadClock(text.Trim().TrimEnd('Z'))).OfType<DateTime>();
        return new Observance(onset, from, to, rule is { Succeeded: true } read ? read.Value : null, [onset, .. dates]);
    }

    private static TimeSpan? ReadOffset(string text)
    {
        var digits = text.TrimStart('+', '-');
        return digits.Length is 4 or 6 && digits.All(char.IsAsciiDigit)
            && new TimeSpan(int.Parse(digits[..2], null), int.Parse(digits[2..4], null), digits.Length == 6 ? int.Parse(digits[4..], null) : 0) is var span
            && span < TimeSpan.FromHours(24)
                ? text.StartsWith('-') ? -span : span
                : null;
    }

    private sealed record Observance(DateTime Onset, TimeSpan From, TimeSpan To, RecurrenceRule? Rule, DateTime[] Dates)
    {
        /// <summary>When it began last before a moment; null where it had not.</summary>
        public DateTime? LastBefore(DateTime local)
        {
            DateTime? last = null;
            foreach (var date in Dates.Where(date => date <= local))
            {
                last = last is null || date > last ? date : last;
            }

            if (Rule is not null && local >= Onset)
            {
                // It may have ended years ago: then its last time counts.
                var until = Rule is { IsUntilUtc: true, Until: { } end } ? end + From : Rule.Until;
                var to = until < local ? until.Value : local;
                var since = (to - DateTime.MinValue).Days > 400 ? to.AddDays(-400) : DateTime.MinValue;
                foreach (var onset in Rule.Between(Onset, since, to, 400, until))
                {
                    last = last is null || onset > last ? onset : last;
                }
            }

            return last;
        }
    }
}
