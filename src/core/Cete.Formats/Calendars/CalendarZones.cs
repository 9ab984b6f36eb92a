namespace Cete.Formats.Calendars;

/// <summary>Time zones by the names that files call them.</summary>
public static class CalendarZones
{
    private const int NameLengthMax = 64;

    /// <summary>A zone by its name of IANA's, by Windows's, or by a name that ends with one; null where it is not known here.</summary>
    public static TimeZoneInfo? Find(string name)
    {
        var plain = name.Trim().Trim('"');
        if (plain is "UTC" or "GMT" or "Z" or "Etc/UTC" or "Etc/GMT")
        {
            return TimeZoneInfo.Utc;
        }

        if (plain.Length is 0 or > 200)
        {
            return null;
        }

        if (!plain.StartsWith('/') && Known(plain) is { } zone)
        {
            return zone;
        }

        if (TimeZoneInfo.TryConvertWindowsIdToIanaId(plain, out var id) && Known(id) is { } converted)
        {
            return converted;
        }

        // As /freeassociation.sourceforge.net/Europe/Berlin, or /mozilla.org/20050126_1/America/Argentina/Ushuaia.
        var parts = plain.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return plain.StartsWith('/')
            ? Enumerable.Range(1, Math.Max(0, parts.Length - 2)).Select(skip => Known(string.Join('/', parts[skip..])))
                .FirstOrDefault(found => found is not null)
            : null;
    }

    /// <summary>A moment in UTC by the clock of a zone; at the ends of the calendar as it is.</summary>
    public static DateTime ToLocal(DateTime utc, TimeZoneInfo zone) => Shifted(utc, zone.GetUtcOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)));

    /// <summary>
    /// A moment by the clock of a zone in UTC. What is there twice is the first of them; what the clock leaves out is by the time before, as RFC 5545 says.
    /// </summary>
    public static DateTime ToUtc(DateTime local, TimeZoneInfo zone)
    {
        var plain = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var offset = zone.IsInvalidTime(plain) ? zone.GetUtcOffset(plain.AddHours(plain.Ticks > TimeSpan.TicksPerDay ? -3 : 0))
            : zone.IsAmbiguousTime(plain) ? zone.GetAmbiguousTimeOffsets(plain).Max()
            : zone.GetUtcOffset(plain);
        return Shifted(plain, -offset);
    }

    private static DateTime Shifted(DateTime moment, TimeSpan by)
    {
        var ticks = Math.Clamp(moment.Ticks + by.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new DateTime(ticks, DateTimeKind.Unspecified);
    }

    /// <summary>Names become paths of files: only those that can be names are looked up.</summary>
    private static TimeZoneInfo? Known(string name) =>
        name.Length is > 0 and <= NameLengthMax && char.IsAsciiLetter(name[0]) && !name.EndsWith('/')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+') && !name.Contains("//", StringComparison.Ordinal)
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : null;
}
