using System.Globalization;
using Cete.Core;
using Cete.Formats.Entries;

namespace Cete.Formats.Calendars;

/// <summary>Entries of a calendar within a window: what recurs is there as often as it is then.</summary>
public static class CalendarWindow
{
    /// <summary>The entries within a window, each time for itself.</summary>
    public static IReadOnlyList<FormatEntry> Of(IEnumerable<FormatEntry> entries, Instant from, Instant to)
    {
        List<FormatEntry> found = [];
        foreach (var entry in entries)
        {
            var begin = entry["start"].Length > 0 ? "start" : "due";
            if (Read(entry[begin]) is not { } start)
            {
                continue;
            }

            var zone = entry["whole-day"] == "true" || entry[begin].Length == 10 ? string.Empty : entry["zone"];
            foreach (var (first, last) in Occurrences.Of(start, Read(entry["end"]), entry["recurrence"], zone, from, to))
            {
                if (found.Count == FormatLimits.EntriesMax)
                {
                    return found;
                }

                found.Add(Copy(entry, begin, first, last));
            }
        }

        return found;
    }

    private static FormatEntry Copy(FormatEntry entry, string begin, Instant start, Instant? end)
    {
        var copy = new FormatEntry(entry.Line);
        foreach (var (part, text) in entry.Parts)
        {
            copy[part] = text;
        }

        if (entry["recurrence"].Length > 0)
        {
            copy["recurrence"] = string.Empty;
            copy["occurrence"] = Write(start, false);
        }

        copy[begin] = Write(start, entry[begin].Length == 10);
        copy["end"] = end is { } last ? Write(last, entry["end"].Length == 10) : string.Empty;
        return copy;
    }

    private static string Write(Instant moment, bool isDay) =>
        moment.ToDateTimeOffset().ToString(isDay ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Instant? Read(string text) => DateTimeOffset.TryParseExact(
        text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? Instant.From(moment) : null;
}
