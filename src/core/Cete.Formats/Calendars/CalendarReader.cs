using System.Globalization;
using Cete.Core;
using Cete.Formats.Entries;

namespace Cete.Formats.Calendars;

/// <summary>
/// Reads iCalendar (RFC 5545) as programs write it: events or to-dos, their times by their zones, changed occurrences as entries of their own. What cannot be
/// kept is told in notes, entry by entry.
/// </summary>
public sealed class CalendarReader
{
    /// <summary>What events are called in the format.</summary>
    public const string Events = "VEVENT";

    /// <summary>What to-dos are called.</summary>
    public const string Tasks = "VTODO";

    private static readonly (string Property, string Note)[] LeftOut =
    [
        ("ATTENDEE", "its attendees are left out"), ("ORGANIZER", "its organizer is left out"), ("ATTACH", "its attachments are left out"),
        ("EXRULE", "its rule of exceptions (EXRULE) is left out"),
    ];

    private readonly List<string> _notes = [];
    private readonly FileZones _zones;
    private readonly TimeZoneInfo? _floating;

    private CalendarReader(IReadOnlyList<Component> calendars)
    {
        _zones = new FileZones(calendars.SelectMany(calendar => calendar.Inner));
        _floating = calendars.Select(calendar => calendar.First("X-WR-TIMEZONE")?.Text.Trim()).OfType<string>().Select(_zones.Find).FirstOrDefault();
    }

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="component"><see cref="Events"/> or <see cref="Tasks"/>.</param>
    public static Outcome<FormatFile> Read(ReadOnlySpan<byte> bytes, string component)
    {
        var text = FormatText.Decode(bytes);
        List<string> notes = [];
        var calendars = text.Succeeded ? Component.Read(text.Value, "VCALENDAR", notes) : text.Failure;
        if (!calendars.Succeeded)
        {
            return calendars.Failure;
        }

        var reader = new CalendarReader(calendars.Value);
        reader._notes.AddRange(notes);
        return reader.Read([.. calendars.Value.SelectMany(calendar => calendar.Inner)], component);
    }

    private Outcome<FormatFile> Read(IReadOnlyList<Component> components, string wanted)
    {
        var found = components.Where(each => each.Name == wanted).ToList();
        if (found.Count > FormatLimits.EntriesMax)
        {
            return new Failure(FailureKind.TooLarge, $"the file has {found.Count} entries; {FormatLimits.EntriesMax} is the most: cut it into several");
        }

        foreach (var other in components.Where(each => each.Name != wanted && each.Name != "VTIMEZONE").GroupBy(each => each.Name, StringComparer.Ordinal))
        {
            _notes.Add($"{other.Count()} of {FormatText.Show(other.Key)} are left out: this takes {wanted}");
        }

        List<FormatEntry> entries = [];
        Dictionary<string, FormatEntry> masters = new(StringComparer.Ordinal);
        foreach (var component in found)
        {
            var entry = ReadEntry(component);
            entries.Add(entry);
            if (component.First("RECURRENCE-ID") is null && entry["uid"].Length > 0)
            {
                masters.TryAdd(entry["uid"], entry);
            }
        }

        foreach (var (component, entry) in found.Zip(entries).Where(pair => pair.First.First("RECURRENCE-ID") is not null))
        {
            SetApart(component, entry, masters.GetValueOrDefault(entry["uid"]));
        }

        return new FormatFile(entries, _notes);
    }

    private FormatEntry ReadEntry(Component component)
    {
        var entry = new FormatEntry(component.Line) { Wrong = component.IsCut ? "the file ends within it" : null };
        entry["uid"] = FormatText.OneLine(component.Text("UID"));
        entry["title"] = FormatText.OneLine(component.Text("SUMMARY"));
        entry["summary"] = component.Text("DESCRIPTION");
        entry["place"] = FormatText.OneLine(component.Text("LOCATION"));
        entry["link"] = component.First("URL")?.Value.Trim() ?? string.Empty;
        entry["geo"] = component.First("GEO")?.Value.Trim().Replace(';', ',') ?? string.Empty;
        entry["status"] = component.Text("STATUS").ToLowerInvariant();
        entry["priority"] = component.Text("PRIORITY") is var priority && priority != "0" ? priority : string.Empty;
        entry["category"] = string.Join(", ", component.All("CATEGORIES").SelectMany(line => ContentLine.Split(line.Value, ',')).Select(FormatText.OneLine));
        ReadTimes(component, entry);
        foreach (var (property, note) in LeftOut.Where(each => component.First(each.Property) is not null))
        {
            entry.Note(note);
        }

        if (component.Inner.Any(inner => inner.Name == "VALARM"))
        {
            entry.Note("its alarm is left out");
        }

        return entry;
    }

    private void ReadTimes(Component component, FormatEntry entry)
    {
        var start = Time(component.First("DTSTART"), entry);
        if (start is { IsDay: true })
        {
            entry["whole-day"] = "true";
        }

        entry["start"] = Written(start);
        var end = Time(component.First("DTEND"), entry) ?? After(start, component.First("DURATION"), entry);
        entry["end"] = Written(start is { IsDay: true } && end is { IsDay: true } ? LastDay(start, end) : end);
        entry["due"] = Written(Time(component.First("DUE"), entry) ?? (component.Name == Tasks ? After(start, component.First("DURATION"), entry) : null));
        entry["completed"] = Written(Time(component.First("COMPLETED"), entry));
        if (start is { Zone: { } zone } && zone != TimeZoneInfo.Utc)
        {
            entry["zone"] = zone.Id;
        }

        if (start is not null)
        {
            ReadRecurrence(component, entry, start);
        }
    }

    /// <summary>What ends with a day does so before the next one begins.</summary>
    private static FileTime LastDay(FileTime start, FileTime end) =>
        end with { Local = end.Local > start.Local ? end.Local.AddDays(-1) : start.Local };

    private static FileTime? After(FileTime? start, ContentLine? duration, FormatEntry entry)
    {
        if (start is null || duration is null)
        {
            return null;
        }

        if (CalendarText.ReadSpan(duration.Value.Trim()) is not { } span || span < TimeSpan.Zero || DateTime.MaxValue - start.Utc < span
            || DateTime.MaxValue - start.Local < span)
        {
            entry.Wrong ??= $"line {duration.Number}: '{FormatText.Show(duration.Value)}' is no length of time as PT1H30M";
            return null;
        }

        return start with { Local = start.Local + span, Utc = start.Utc + span };
    }

    private void ReadRecurrence(Component component, FormatEntry entry, FileTime start)
    {
        var rules = component.All("RRULE").ToList();
        if (rules.Count > 1)
        {
            entry.Note("it recurs by several rules; the first is taken");
        }

        RecurrenceRule? rule = null;
        if (rules is [var first, ..])
        {
            var read = RecurrenceRule.Parse(first.Value);
            if (!read.Succeeded)
            {
                entry.Wrong ??= $"line {first.Number}: {read.Failure.Message}";
                return;
            }

            rule = read.Value;
        }

        var (dates, exceptions) = (Dates(component.All("RDATE"), entry, start), Dates(component.All("EXDATE"), entry, start));
        if (rule is null && dates.Count == 0)
        {
            return;
        }

        if (dates.Count + exceptions.Count > Recurrence.DatesMax)
        {
            entry.Wrong ??= $"it names more than {Recurrence.DatesMax} dates";
            return;
        }

        if (start is { IsDay: false, Zone: null })
        {
            entry.Note("it recurs by UTC from now on: its time zone is not known here");
        }

        entry["recurrence"] = new Recurrence(rule, dates, exceptions).ToString();
    }

    private List<RecurrenceDate> Dates(IEnumerable<ContentLine> lines, FormatEntry entry, FileTime start)
    {
        List<RecurrenceDate> dates = [];
        foreach (var line in lines)
        {
            foreach (var text in line.Value.Split(',').Take(Recurrence.DatesMax + 1 - Math.Min(dates.Count, Recurrence.DatesMax)))
            {
                // Of a period its begin counts: others last as long as the first.
                var plain = text.Split('/')[0].Trim();
                if (Time(line with { Value = plain }, entry) is { } time)
                {
                    dates.Add(DateOf(time, start));
                }
            }
        }

        return dates;
    }

    private static RecurrenceDate DateOf(FileTime time, FileTime start) =>
        time.IsDay ? new RecurrenceDate(time.Local.Date, true, false)
        : time.Zone is not null && time.Zone == start.Zone && start.Zone != TimeZoneInfo.Utc ? new RecurrenceDate(time.Local, false, false)
        : new RecurrenceDate(time.Utc, false, true);

    /// <summary>An occurrence that was changed is an entry of its own, and none of its rule any more.</summary>
    private void SetApart(Component component, FormatEntry entry, FormatEntry? master)
    {
        var line = component.First("RECURRENCE-ID")!;
        if (Time(line, entry) is not { } time)
        {
            return;
        }

        var name = time.IsDay ? CalendarText.Day(DateOnly.FromDateTime(time.Local)) : CalendarText.Clock(time.Utc) + "Z";
        entry["uid"] = $"{entry["uid"]}/{name}";
        entry["recurrence"] = string.Empty;
        entry.Note("it is one time of something that recurs, and an entry of its own from now on");
        if (master is null || master["recurrence"].Length == 0 || Recurrence.Parse(master["recurrence"]) is not { Succeeded: true, Value: var known })
        {
            return;
        }

        var date = time.IsDay ? new RecurrenceDate(time.Local.Date, true, false) : new RecurrenceDate(time.Utc, false, true);
        if (known.Exceptions.Count < Recurrence.DatesMax && !known.Exceptions.Contains(date))
        {
            master["recurrence"] = (known with { Exceptions = [.. known.Exceptions, date] }).ToString();
        }
    }

    private static string Written(FileTime? time) => time is null ? string.Empty
        : time.IsDay ? time.Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : time.Utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private FileTime? Time(ContentLine? line, FormatEntry entry)
    {
        if (line is null)
        {
            return null;
        }

        var text = line.Value.Trim();
        if (CalendarText.ReadDay(text) is { } day)
        {
            return new FileTime(day.ToDateTime(TimeOnly.MinValue), day.ToDateTime(TimeOnly.MinValue), true, null);
        }

        var isUtc = text.EndsWith('Z');
        if (CalendarText.ReadClock(isUtc ? text[..^1] : text) is not { } local)
        {
            entry.Wrong ??= $"line {line.Number}: '{FormatText.Show(text)}' is no day or moment as 20261123 or 20261123T183000Z";
            return null;
        }

        if (isUtc)
        {
            return new FileTime(local, local, false, TimeZoneInfo.Utc);
        }

        if (line.Parameter("TZID") is not { } name)
        {
            if (_floating is null)
            {
                entry.Note("its time has no zone, and is taken as UTC");
            }

            var zone = _floating ?? TimeZoneInfo.Utc;
            return new FileTime(local, CalendarZones.ToUtc(local, zone), false, zone);
        }

        if (_zones.Find(name) is { } known)
        {
            return new FileTime(local, CalendarZones.ToUtc(local, known), false, known);
        }

        if (_zones.ToUtc(local, name) is { } utc)
        {
            entry.Note($"the time zone '{FormatText.Show(name)}' is not known here; its times are by the rules in the file");
            return new FileTime(local, utc, false, null);
        }

        entry.Wrong ??= $"line {line.Number}: the time zone '{FormatText.Show(name)}' is not known, and the file has no rules of it";
        return null;
    }

    /// <summary>A time of a file: by the clock of its zone, and in UTC.</summary>
    private sealed record FileTime(DateTime Local, DateTime Utc, bool IsDay, TimeZoneInfo? Zone);
}
