using System.Text;
using Cete.Core;
using Cete.Formats.Calendars;
using Cete.Formats.Entries;

namespace Cete.Formats.Tests.Calendars;

/// <summary>
/// Calendars as other programs write them. The files are written by hand after what the named programs produce: none of them was run here.
/// </summary>
public sealed class CalendarReaderTests
{
    [Fact]
    public void Folds_marks_escapes_and_odd_parameters_are_read()
    {
        // Apple's Calendar: a mark at the begin, lines folded in the midst of a character's neighbours, parameters of its own.
        var text = "\uFEFFBEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:A-1\r\nDTSTART;TZID=\"Europe/Berlin\":20260701T100000\r\n"
            + "DURATION:PT1H30M\r\nSUMMARY:Br\r\n unch\\, then\\; cake \\\\o/ \\n now\r\nX-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=\"a:b;c\":geo:52.5,13.4\r\n"
            + "GEO:52.520008;13.404954\r\nCATEGORIES:A\\,1,B\r\nCATEGORIES:C\r\nSTATUS:CONFIRMED\r\nURL;VALUE=URI:https://example.org/a,b;c\r\n\r\nEND:VEVENT\r\nEND:VCALENDAR";
        var entry = Assert.Single(Read(text).Entries);
        Assert.Null(entry.Wrong);
        Assert.Equal(("2026-07-01T08:00:00Z", "2026-07-01T09:30:00Z", "Europe/Berlin"), (entry["start"], entry["end"], entry["zone"]));
        Assert.Equal("Brunch, then; cake \\o/   now", entry["title"]);
        Assert.Equal(("52.520008,13.404954", "A,1, B, C", "confirmed"), (entry["geo"], entry["category"], entry["status"]));
        Assert.Equal("https://example.org/a,b;c", entry["link"]);
    }

    [Fact]
    public void A_zone_that_nobody_knows_counts_by_the_rules_in_the_file()
    {
        const string text = """
            BEGIN:VCALENDAR
            BEGIN:VTIMEZONE
            TZID:Our own (summer and winter)
            BEGIN:STANDARD
            DTSTART:16010101T030000
            TZOFFSETFROM:+0200
            TZOFFSETTO:+0100
            RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
            END:STANDARD
            BEGIN:DAYLIGHT
            DTSTART:16010101T020000
            TZOFFSETFROM:+0100
            TZOFFSETTO:+0200
            RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
            END:DAYLIGHT
            END:VTIMEZONE
            BEGIN:VEVENT
            UID:1
            DTSTART;TZID=Our own (summer and winter):20260701T100000
            RRULE:FREQ=DAILY;COUNT=2
            END:VEVENT
            BEGIN:VEVENT
            UID:2
            DTSTART;TZID=Our own (summer and winter):20261201T100000
            END:VEVENT
            BEGIN:VEVENT
            UID:3
            DTSTART;TZID=Unheard of:20261201T100000
            END:VEVENT
            END:VCALENDAR
            """;
        var entries = Read(text).Entries;
        Assert.Equal(["2026-07-01T08:00:00Z", "2026-12-01T09:00:00Z", ""], entries.Select(entry => entry["start"]));
        Assert.Contains(entries[0].Notes, note => note.Contains("by UTC", StringComparison.Ordinal));
        Assert.Contains("Unheard of", entries[2].Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void An_occurrence_that_was_moved_is_an_entry_of_its_own()
    {
        // As Thunderbird and Nextcloud write them.
        const string text = """
            BEGIN:VCALENDAR
            BEGIN:VEVENT
            UID:series
            DTSTART:20260105T090000Z
            RRULE:FREQ=WEEKLY;COUNT=4
            SUMMARY:Meeting
            END:VEVENT
            BEGIN:VEVENT
            UID:series
            RECURRENCE-ID:20260112T090000Z
            DTSTART:20260113T100000Z
            SUMMARY:Meeting, a day later
            END:VEVENT
            BEGIN:VTODO
            UID:other
            END:VTODO
            END:VCALENDAR
            """;
        var file = Read(text);
        Assert.Equal(["series", "series/20260112T090000Z"], file.Entries.Select(entry => entry["uid"]));
        Assert.Equal("FREQ=WEEKLY;COUNT=4\nEXDATE:20260112T090000Z", file.Entries[0]["recurrence"]);
        Assert.Contains("1 of VTODO", Assert.Single(file.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_days_end_on_their_last_day_and_go_out_as_they_came()
    {
        const string text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227\nRRULE:FREQ=YEARLY;UNTIL=20301224\n"
            + "SUMMARY:Holidays\nEND:VEVENT\nEND:VCALENDAR\n";
        var entry = Assert.Single(Read(text).Entries);
        Assert.Equal(("2026-12-24", "2026-12-26", "true"), (entry["start"], entry["end"], entry["whole-day"]));
        var written = Encoding.UTF8.GetString(CalendarWriter.Write("x", CalendarReader.Events, [entry]));
        Assert.Contains("DTEND;VALUE=DATE:20261227\r\nRRULE:FREQ=YEARLY;UNTIL=20301224\r\n", written, StringComparison.Ordinal);
        Assert.Equal(entry.Parts, Assert.Single(Read(written).Entries).Parts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("BEGIN:VCARD\nEND:VCARD\n")]
    [InlineData("<html>")]
    [InlineData("BEGIN:VCALENDAR\nEND:VEVENT\n")]
    public void What_is_no_calendar_is_refused(string text) =>
        Assert.Equal(FailureKind.Invalid, CalendarReader.Read(Encoding.UTF8.GetBytes(text), CalendarReader.Events).Failure?.Kind);

    [Fact]
    public void What_is_hostile_is_bounded_and_told()
    {
        Assert.Equal(FailureKind.TooLarge, Fail(string.Concat(Enumerable.Repeat("BEGIN:VCALENDAR\n", 100))).Kind);
        Assert.Equal(FailureKind.TooLarge, Fail("BEGIN:VCALENDAR\nX:" + new string('a', FormatLimits.LineCharsMax + 1)).Kind);
        Assert.Equal(FailureKind.TooLarge, Fail("BEGIN:VCALENDAR\nX:a\n" + string.Concat(Enumerable.Repeat(" " + new string('b', 70) + "\n", 4_000))).Kind);
        Assert.Equal(FailureKind.TooLarge, CalendarReader.Read(new byte[100_000_000], CalendarReader.Events).Failure!.Kind);
        Assert.Equal(
            FailureKind.TooLarge, Fail("BEGIN:VCALENDAR\n" + string.Concat(Enumerable.Repeat("BEGIN:VEVENT\nEND:VEVENT\n", 5_001)) + "END:VCALENDAR").Kind);
        Assert.Contains("UTF-8", CalendarReader.Read([.. "BEGIN:VCALENDAR\n"u8, 0xE4, 0xF6], CalendarReader.Events).Failure!.Message, StringComparison.Ordinal);
        var cut = Read("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260101T100000Z\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nDTST");
        Assert.Equal([null, "the file ends within it"], cut.Entries.Select(entry => entry.Wrong));
        var wrong = Read("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261301T100000Z\nRRULE:FREQ=SOMETIMES\nDURATION:P999999999W\nEND:VEVENT\nEND:VCALENDAR");
        Assert.Contains("line 3", wrong.Entries[0].Wrong, StringComparison.Ordinal);
        var last = Read("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=America/New_York:99991231T235959\nDURATION:P1D\nEND:VEVENT\nEND:VCALENDAR");
        Assert.Contains("length of time", last.Entries[0].Wrong, StringComparison.Ordinal);
        byte[] wide = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:ä\r\nEND:VEVENT\r\nEND:VCALENDAR")];
        Assert.Equal("ä", CalendarReader.Read(wide, CalendarReader.Events).Value.Entries[0]["title"]);
    }

    private static Failure Fail(string text) => CalendarReader.Read(Encoding.UTF8.GetBytes(text), CalendarReader.Events).Failure!;

    private static FormatFile Read(string text)
    {
        var read = CalendarReader.Read(Encoding.UTF8.GetBytes(text), CalendarReader.Events);
        Assert.True(read.Succeeded, read.Failure?.Message);
        return read.Value;
    }
}
