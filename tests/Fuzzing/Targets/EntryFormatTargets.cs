using System.Text;
using Cete.Formats.Bookmarks;
using Cete.Formats.Calendars;
using Cete.Formats.Cards;
using Cete.Formats.Entries;
using Cete.Formats.Outlines;

namespace Cete.Fuzzing.Targets;

/// <summary>Files of other programs that records are made of: whatever is read is written, and read again.</summary>
internal static class EntryFormatTargets
{
    private const string Calendar = "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\n"
        + "TZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        + "DTSTART;TZID=Own:20260701T100000\r\nDURATION:PT1H\r\nRRULE:FREQ=MONTHLY;BYDAY=1MO,-1FR;BYSETPOS=1;UNTIL=20271231T000000Z\r\n"
        + "EXDATE;VALUE=DATE:20260803\r\nSUMMARY:a\\, b\\n c\r\n d\r\nGEO:52.5;13.4\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        + "RECURRENCE-ID:20260907T080000Z\r\nDTSTART;VALUE=DATE:20260908\r\nDTEND;VALUE=DATE:20260909\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
        [("calendar", Calendars), ("recurrence", Recurrences), ("card", Cards), ("bookmarks", BookmarkFiles), ("outline", Outlines), ("json-lines", Lines)];

    private static FuzzTarget Calendars() => Make(
        "calendar",
        input => Oracle.Of(CalendarReader.Read(input, CalendarReader.Events), file =>
        {
            var written = CalendarWriter.Write("x", CalendarReader.Events, [.. file.Entries.Where(entry => entry.Wrong is null)]);
            Oracle.That(
                CalendarReader.Read(written, CalendarReader.Events) is { Succeeded: true } or { Failure.Kind: Cete.Core.FailureKind.TooLarge },
                "what was written cannot be read");
        }),
        Calendar, "BEGIN:VALARM", "TZID=", "99991231T235960Z", "FREQ=SECONDLY", "COUNT=100000", "BYDAY=-53MO", "P999999999W", "\r\n ", "\uFEFF");

    private static FuzzTarget Recurrences() => FuzzTarget.OfText(
        "recurrence", text => Oracle.Of(Recurrence.Parse(text), known =>
        {
            Oracle.That(Recurrence.Parse(known.ToString()) is { Succeeded: true, Value: var again } && again.ToString() == known.ToString(), "it is written otherwise");
            var found = known.Between(new DateTime(2026, 3, 1, 2, 30, 0), new DateTime(2026, 3, 1), new DateTime(2027, 3, 1), 50, TimeZoneInfo.Utc);
            Oracle.That(found.Count <= 50 && found.SequenceEqual(found.Order()), "out of its bounds");
        }),
        ["FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=2;COUNT=9;WKST=SU\nEXDATE:20260302T023000Z,20260304", "FREQ=YEARLY;BYWEEKNO=53,-1;BYDAY=SU\nRDATE:20260401"],
        "FREQ=", "BYMONTHDAY=-31", "BYSETPOS=-1", "BYYEARDAY=366", "UNTIL=99991231", "BYHOUR=23", "BYSECOND=60", ";", "HOURLY", "\n");

    private static FuzzTarget Cards() => Make(
        "card",
        input => Oracle.Of(CardReader.Read(input), file => Oracle.That(CardReader.Read(CardWriter.Write(file.Entries)) is { Succeeded: true } || file.Entries.Count == 0
            || CardReader.Read(CardWriter.Write(file.Entries)).Failure!.Kind == Cete.Core.FailureKind.TooLarge, "what was written cannot be read")),
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:b;a;;;\r\nitem1.EMAIL;TYPE=pref:a@b.c\r\nTEL;TYPE=CELL:+1 2\r\nBDAY:19061209\r\nGEO:1;2\r\nNOTE;ENCODING=QUOTED-PRINTABLE:=C3=BC"
        + "\r\nEND:VCARD\r\n",
        "QUOTED-PRINTABLE", "=C3", "--0512", "geo:", "tel:", "KIND:group", "\\n", ";;;;");

    private static FuzzTarget BookmarkFiles() => Make(
        "bookmarks",
        input => Oracle.Of(BookmarksReader.Read(input), file =>
            Oracle.That(BookmarksReader.Read(BookmarksWriter.Write("x", file.Entries)).Succeeded, "what was written cannot be read")),
        "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p><DT><H3>a &amp; b</H3><DL><p><DT><A HREF=\"https://e.org/?a&amp;b\" TAGS='x,y'>T</A><DD>about</DL></DL>",
        "<DL>", "</DL>", "<A HREF=", "&#0;", "&lt;", "\"", "</A>", "<H3>");

    private static FuzzTarget Outlines() => Make(
        "outline",
        input => Oracle.Of(OpmlReader.Read(input), file =>
            Oracle.That(OpmlReader.Read(OpmlWriter.Write("x", file.Entries)).Succeeded, "what was written cannot be read")),
        "<opml version=\"2.0\"><body><outline text=\"a\"><outline text=\"b\" xmlUrl=\"https://e.org/f\" htmlUrl=\"https://e.org\" description=\"&lt;\"/></outline></body></opml>",
        "<outline", "/>", "<!DOCTYPE", "<!ENTITY", "&a;", "<![CDATA[", "xmlns=", "text=\"\"");

    private static FuzzTarget Lines() => Make(
        "json-lines",
        input => Oracle.Of(JsonLines.Read(input), lines => Oracle.That(lines.TrueForAll(line => line.Json is null != (line.Wrong is null)), "neither right nor wrong")),
        "{\"a\":1,\"b\":[\"x\"]}\r\n\n{\"a\":{\"b\":null}}\n[]\n", "\n", "{\"a\":", "\\ud800", "[[[[[", "1e999");

    private static FuzzTarget Make(string name, Func<byte[], string> run, string seed, params string[] words) =>
        new(name, run, () => [Encoding.UTF8.GetBytes(seed)]) { Dictionary = [.. words.Select(Encoding.UTF8.GetBytes)] };
}
