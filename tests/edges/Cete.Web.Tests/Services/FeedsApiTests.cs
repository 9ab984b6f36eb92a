using System.Net.Http.Headers;
using System.Text;
using Cete.Testing;

namespace Cete.Web.Tests.Services;

/// <summary>Records in formats of other programs, over HTTP: out, in, and out again as they came.</summary>
public sealed class FeedsApiTests : IAsyncLifetime
{
    private const string Events = "/api/services/calendar/feeds/events";

    private const string Google = """
        BEGIN:VCALENDAR
        PRODID:-//Google Inc//Google Calendar 70.9054//EN
        VERSION:2.0
        X-WR-TIMEZONE:Europe/Berlin
        BEGIN:VEVENT
        DTSTART;TZID=Europe/Berlin:20261005T180000
        DTEND;TZID=Europe/Berlin:20261005T193000
        RRULE:FREQ=WEEKLY;WKST=MO;COUNT=10;BYDAY=MO
        EXDATE;TZID=Europe/Berlin:20261026T180000
        DTSTAMP:20260901T080000Z
        UID:abc123@google.com
        DESCRIPTION:Bring cake\, please.\nSecond line
        LOCATION:Room 5\, House
        SUMMARY:Choir
        BEGIN:VALARM
        ACTION:DISPLAY
        TRIGGER:-P0DT0H30M0S
        END:VALARM
        END:VEVENT
        BEGIN:VEVENT
        DTSTART;VALUE=DATE:20261224
        DTEND;VALUE=DATE:20261227
        UID:xmas@google.com
        SUMMARY:Holidays
        END:VEVENT
        BEGIN:VEVENT
        UID:broken@google.com
        DTSTART:2026-12-24 10:00
        SUMMARY:Broken
        END:VEVENT
        END:VCALENDAR
        """;

    private ServicesSite _site = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _site = await ServicesSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_calendar_comes_in_recurs_by_its_clock_and_goes_out_as_it_came()
    {
        await PublishAsync("calendar");
        var plan = (await SendAsync("ben", Events + "/import?dry-run=true", Google, "text/calendar")).Is(200).Json;
        Assert.Equal((2, 1), (plan.GetProperty("made").GetInt32(), plan.GetProperty("refused").GetInt32()));
        Assert.Contains("alarm", plan.GetProperty("entries")[0].GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("line 28", plan.GetProperty("entries")[2].GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Contains("\"records\":[]", (await _site.AskAsync("ben", "GET", "/api/services/calendar/records/events")).Text, StringComparison.Ordinal);

        var done = (await SendAsync("ben", Events + "/import", Google, "text/calendar")).Is(200).Json;
        Assert.Equal(2, done.GetProperty("made").GetInt32());
        var again = (await SendAsync("ben", Events + "/import", Google, "text/calendar")).Is(200);
        Assert.Equal(2, again.Json.GetProperty("same").GetInt32());

        var file = (await _site.AskAsync("ben", "GET", Events)).Is(200).Text;
        Assert.Contains("DTSTART;TZID=Europe/Berlin:20261005T180000\r\n", file, StringComparison.Ordinal);
        Assert.Contains("RRULE:FREQ=WEEKLY;COUNT=10;BYDAY=MO\r\n", file, StringComparison.Ordinal);
        Assert.Contains("EXDATE;TZID=Europe/Berlin:20261026T180000\r\n", file, StringComparison.Ordinal);
        Assert.Contains("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n", file, StringComparison.Ordinal);
        Assert.Contains("DTEND;VALUE=DATE:20261227\r\n", file, StringComparison.Ordinal);
        Assert.Contains("UID:abc123@google.com\r\n", file, StringComparison.Ordinal);

        // The clock is set back on 25 October: 18:00 is 17:00 UTC then, and the 26th is left out.
        var window = (await _site.AskAsync("ben", "GET", Events + "?from=2026-10-12&to=2026-11-08")).Is(200).Text;
        Assert.Equal(3, window.Split("BEGIN:VEVENT").Length - 1);
        Assert.Contains("DTSTART;TZID=Europe/Berlin:20261102T180000\r\n", window, StringComparison.Ordinal);
        Assert.Contains("RECURRENCE-ID:20261102T170000Z\r\n", window, StringComparison.Ordinal);

        // What was sent out comes back as it is.
        var back = (await SendAsync("ben", Events + "/import", file, "text/calendar")).Is(200).Json;
        Assert.True(back.GetProperty("same").GetInt32() == 2, back.ToString());
    }

    [Fact]
    public async Task Whoever_may_not_change_a_record_is_told_entry_by_entry()
    {
        await PublishAsync("calendar");
        (await SendAsync("ben", Events + "/import", Google, "text/calendar")).Is(200);
        var other = (await SendAsync(
            "cleo", Events + "/import?dry-run=true", Google.Replace("Choir", "Mine", StringComparison.Ordinal), "text/calendar")).Is(200);
        Assert.Equal("refused", other.Json.GetProperty("entries")[0].GetProperty("what").GetString());
        Assert.Contains("you may not change", other.Json.GetProperty("entries")[0].GetProperty("why").GetString(), StringComparison.Ordinal);
        (await SendAsync(string.Empty, Events + "/import", Google, "text/calendar")).Is(200);
        (await SendAsync("ben", Events + "/import", "nonsense", "text/calendar")).Is(400);
        (await SendAsync("ben", Events + "/import", Google, "text/plain")).Is(400);
        (await SendAsync("ben", "/api/services/calendar/feeds/none/import", Google, "text/calendar")).Is(404);
    }

    [Fact]
    public async Task A_private_address_reads_one_feed_as_its_owner_and_nothing_else()
    {
        await PublishAsync("contacts");
        const string people = "/api/services/contacts/feeds/people";
        (await _site.AskAsync("ben", "POST", "/api/services/contacts/records/cards", "{\"name\":\"Ada Lovelace\"}")).Is(200);
        Assert.DoesNotContain("Lovelace", (await _site.AskAsync(string.Empty, "GET", people)).Is(200).Text, StringComparison.Ordinal);
        (await _site.AskAsync(string.Empty, "POST", people + "/key")).Is(401);
        var address = (await _site.AskAsync("ben", "POST", people + "/key")).Is(200).Json.GetProperty("address").GetString()!;
        Assert.Contains("FN:Ada Lovelace", (await _site.AskAsync(string.Empty, "GET", new Uri(address).PathAndQuery)).Is(200).Text, StringComparison.Ordinal);
        var path = new Uri(address).PathAndQuery;
        (await _site.AskAsync(string.Empty, "GET", path[..^1] + (path[^1] == 'A' ? 'B' : 'A'))).Is(401);
        (await _site.AskAsync(string.Empty, "GET", path.Replace("people", "others", StringComparison.Ordinal))).Is(404);
    }

    [Fact]
    public async Task Tasks_cards_bookmarks_and_lines_go_out_and_come_back()
    {
        await PublishAsync("todo");
        const string tasks = "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:t1\r\nSUMMARY:Milk\r\nDUE;VALUE=DATE:20261201\r\nCATEGORIES:Shopping\r\nSTATUS:COMPLETED\r\nEND:VTODO\r\nEND:VCALENDAR\r\n";
        var made = (await SendAsync("ben", "/api/services/todo/feeds/tasks/import", tasks, "text/calendar")).Is(200).Json;
        Assert.True(made.GetProperty("made").GetInt32() == 1, made.ToString());
        Assert.Contains("steps", made.ToString(), StringComparison.Ordinal);
        var todo = (await _site.AskAsync("ben", "GET", "/api/services/todo/feeds/tasks")).Is(200).Text;
        Assert.Contains("CATEGORIES:Shopping\r\n", todo, StringComparison.Ordinal);
        Assert.Contains("STATUS:NEEDS-ACTION\r\n", todo, StringComparison.Ordinal);

        await PublishAsync("links");
        const string firefox = """
            <!DOCTYPE NETSCAPE-Bookmark-file-1>
            <TITLE>Bookmarks</TITLE>
            <DL><p>
                <DT><H3 ADD_DATE="1700000000">Tools &amp; more</H3>
                <DL><p>
                    <DT><A HREF="https://example.org/?a=1&amp;b=2" ADD_DATE="1700000000" ICON="data:image/png;base64,AAAA">An &lt;example&gt;</A>
                    <DD>Worth a look
                    <DT><A HREF="javascript:alert(1)">Bad</A>
                </DL><p>
            </DL>
            """;
        var marks = (await SendAsync("ada", "/api/services/links/feeds/bookmarks/import", firefox, "text/html")).Is(200).Json;
        Assert.True(marks.GetProperty("made").GetInt32() == 1 && marks.GetProperty("refused").GetInt32() == 1, marks.ToString());
        var html = (await _site.AskAsync("ben", "GET", "/api/services/links/feeds/bookmarks")).Is(200).Text;
        Assert.Contains("<H3>Tools &amp; more</H3>", html, StringComparison.Ordinal);
        Assert.Contains("<A HREF=\"https://example.org/?a=1&amp;b=2\"", html, StringComparison.Ordinal);
        var opml = (await _site.AskAsync("ben", "GET", "/api/services/links/feeds/outline")).Is(200).Text;
        Assert.Equal(1, (await SendAsync("ada", "/api/services/links/feeds/outline/import", opml, "text/x-opml")).Is(200).Json.GetProperty("same").GetInt32());
        Assert.Contains("An &lt;example&gt;", (await _site.AskAsync("ben", "GET", "/api/services/links/feeds/new")).Is(200).Text, StringComparison.Ordinal);

        await PublishAsync("chat");
        (await _site.AskAsync("ben", "POST", "/api/services/chat/records/rooms", "{\"name\":\"Hall\"}")).Is(200);
        const string lines =
            "{\"uid\":\"x-1\",\"text\":\"Hello\",\"labels\":{\"room\":\"hall\"},\"room\":99}\nnot json\n{\"uid\":\"x-2\",\"text\":5,\"room\":1}\n";
        var said = (await SendAsync("ben", "/api/services/chat/feeds/messages-lines/import", lines, "application/jsonl")).Is(200).Json;
        Assert.True(said.GetProperty("made").GetInt32() == 1 && said.GetProperty("refused").GetInt32() == 2, said.ToString());
        var told = (await _site.AskAsync("ben", "GET", "/api/services/chat/feeds/messages-lines")).Is(200).Text;
        Assert.Contains("\"labels\":{\"room\":\"Hall\"}", told, StringComparison.Ordinal);
        Assert.Equal(
            1, (await SendAsync("ben", "/api/services/chat/feeds/messages-lines/import", told, "application/jsonl")).Is(200).Json.GetProperty("same")
                .GetInt32());
    }

    private Task PublishAsync(string name) => _site.PublishAsync(name, ServicesSite.Json(File.ReadAllText(Descriptions.Own(name))));

    private async Task<Answer> SendAsync(string who, string address, string file, string type)
    {
        using var request = await _site.RequestAsync(who, "POST", address);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(file));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await _site.Accounts.Site.Client.SendAsync(request, Cancel);
        return new Answer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel), answer.Headers.ETag?.Tag);
    }
}
