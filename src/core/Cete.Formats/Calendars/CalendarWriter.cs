using System.Globalization;
using Cete.Formats.Entries;

namespace Cete.Formats.Calendars;

/// <summary>Writes iCalendar (RFC 5545): events or to-dos, with the time zones that they are in.</summary>
public static class CalendarWriter
{
    /// <summary>The media type by which it is served.</summary>
    public const string MediaType = "text/calendar";

    /// <summary>A calendar.</summary>
    /// <param name="title">What people call it.</param>
    /// <param name="component"><see cref="CalendarReader.Events"/> or <see cref="CalendarReader.Tasks"/>.</param>
    /// <param name="entries">What is in it; beside its parts <c>updated</c>, <c>created</c> and <c>sequence</c>.</param>
    public static byte[] Write(string title, string component, IReadOnlyList<FormatEntry> entries)
    {
        var writer = new ContentWriter();
        writer.Raw("BEGIN", "VCALENDAR");
        writer.Raw("VERSION", "2.0");
        writer.Raw("PRODID", "-//Cete//Cete//EN");
        writer.Raw("CALSCALE", "GREGORIAN");
        writer.Text("X-WR-CALNAME", title);
        foreach (var zone in entries.GroupBy(entry => entry["zone"], StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var times = zone.Where(entry => entry["whole-day"] != "true")
                .SelectMany(entry => (string[])[entry["start"], entry["end"], entry["due"]]).Select(Moment).OfType<DateTime>().ToList();
            if (times.Count > 0 && ZoneOf(zone.Key) is { } known && known != TimeZoneInfo.Utc)
            {
                ZoneWriter.Write(writer, known, times.Min(), times.Max());
            }
        }

        foreach (var entry in entries)
        {
            WriteEntry(writer, component, entry);
        }

        writer.Raw("END", "VCALENDAR");
        return writer.ToBytes();
    }

    private static TimeZoneInfo? ZoneOf(string name) => name.Length > 0 ? CalendarZones.Find(name) : null;

    private static void WriteEntry(ContentWriter writer, string component, FormatEntry entry)
    {
        var isDay = entry["whole-day"] == "true" || DayOf(entry["start"]) is not null;
        var zone = isDay ? null : ZoneOf(entry["zone"]);
        writer.Raw("BEGIN", component);
        writer.Text("UID", entry["uid"]);
        Utc("DTSTAMP", entry["updated"]);
        Utc("CREATED", entry["created"]);
        Utc("LAST-MODIFIED", entry["updated"]);
        writer.Text("SEQUENCE", entry["sequence"]);
        Time("DTSTART", entry["start"], isEnd: false);
        if (component == CalendarReader.Events)
        {
            Time("DTEND", entry["end"], isEnd: true);
        }
        else
        {
            Time("DUE", entry["due"], isEnd: false);
            Utc("COMPLETED", entry["completed"]);
        }

        Utc("RECURRENCE-ID", entry["occurrence"]);
        WriteRecurrence(writer, entry, isDay, zone);
        writer.Text("SUMMARY", entry["title"]);
        writer.Text("DESCRIPTION", entry["summary"]);
        writer.Text("LOCATION", entry["place"]);
        if (entry["geo"].Length > 0)
        {
            writer.Raw("GEO", entry["geo"].Replace(',', ';'));
        }

        if (entry["link"].Length > 0)
        {
            writer.Raw("URL;VALUE=URI", FormatText.OneLine(entry["link"]));
        }

        if (entry["category"].Length > 0)
        {
            writer.Raw("CATEGORIES", string.Join(',', entry["category"].Split(", ").Select(ContentWriter.Escape)));
        }

        writer.Text("STATUS", entry["status"].ToUpperInvariant());
        writer.Text("PRIORITY", entry["priority"]);
        writer.Raw("END", component);

        void Utc(string name, string text)
        {
            if (Moment(text) is { } moment)
            {
                writer.Raw(name, CalendarText.Clock(moment) + "Z");
            }
        }

        void Time(string name, string text, bool isEnd)
        {
            if (DayOf(text) is { } day || (isDay && Moment(text) is { } moment && DateOnly.FromDateTime(moment) is var of && (day = of) == of))
            {
                // What ends with a day is written as ending before the next.
                writer.Raw(name + ";VALUE=DATE", CalendarText.Day(isEnd && day < DateOnly.MaxValue ? day.AddDays(1) : day));
            }
            else if (zone is not null && zone != TimeZoneInfo.Utc && Moment(text) is { } utc)
            {
                writer.Raw($"{name};TZID={ContentWriter.Parameter(zone.Id)}", CalendarText.Clock(CalendarZones.ToLocal(utc, zone)));
            }
            else
            {
                Utc(name, text);
            }
        }
    }

    private static void WriteRecurrence(ContentWriter writer, FormatEntry entry, bool isDay, TimeZoneInfo? zone)
    {
        if (entry["recurrence"].Length == 0 || Recurrence.Parse(entry["recurrence"]) is not { Succeeded: true, Value: var recurrence }
            || (DayOf(entry["start"])?.ToDateTime(TimeOnly.MinValue) ?? Moment(entry["start"])) is not { } start)
        {
            return;
        }

        var place = zone ?? TimeZoneInfo.Utc;
        start = isDay ? start.Date : CalendarZones.ToLocal(start, place);
        if (recurrence.Rule is { } rule)
        {
            writer.Raw("RRULE", WithUntil(rule, isDay, place).ToString());
        }

        WriteDates(writer, "RDATE", recurrence.Dates, start, isDay, place);
        WriteDates(writer, "EXDATE", recurrence.Exceptions, start, isDay, place);
    }

    private static void WriteDates(ContentWriter writer, string name, IReadOnlyList<RecurrenceDate> dates, DateTime start, bool isDay, TimeZoneInfo place)
    {
        if (dates.Count > 0)
        {
            var isUtc = !isDay && place == TimeZoneInfo.Utc;
            var head = isDay ? name + ";VALUE=DATE" : isUtc ? name : $"{name};TZID={ContentWriter.Parameter(place.Id)}";
            var texts = dates.Select(date => date.At(start, place)).Select(
                date => isDay ? CalendarText.Day(DateOnly.FromDateTime(date)) : CalendarText.Clock(date) + (isUtc ? "Z" : string.Empty));
            writer.Raw(head, string.Join(',', texts));
        }
    }

    /// <summary>UNTIL is a day where the start is one, and in UTC where it is a moment.</summary>
    private static RecurrenceRule WithUntil(RecurrenceRule rule, bool isDay, TimeZoneInfo zone)
    {
        if (rule.Until is not { } until)
        {
            return rule;
        }

        if (isDay)
        {
            return rule with { Until = rule.IsUntilUtc ? CalendarZones.ToLocal(until, zone).Date : until.Date, IsUntilDay = true, IsUntilUtc = false };
        }

        var local = rule.IsUntilDay ? until.Date.AddDays(1).AddSeconds(-1) : until;
        return rule with { Until = rule.IsUntilUtc ? until : CalendarZones.ToUtc(local, zone), IsUntilDay = false, IsUntilUtc = true };
    }

    private static DateOnly? DayOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static DateTime? Moment(string text) => DateTime.TryParseExact(
        text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment)
            ? DateTime.SpecifyKind(moment, DateTimeKind.Unspecified) : null;
}
