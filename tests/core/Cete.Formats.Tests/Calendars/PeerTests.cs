using System.Diagnostics;
using System.Text;
using Cete.Core;
using Cete.Formats.Calendars;
using Cete.Formats.Cards;
using Cete.Formats.Entries;
using Cete.Formats.Feeds;

namespace Cete.Formats.Tests.Calendars;

/// <summary>
/// What is written and computed here against libraries of others, of Python, where the machine has them: rules of recurrence by dateutil, files by icalendar,
/// vobject and feedparser. Skipped where it has not.
/// </summary>
public sealed class PeerTests
{
    private const string Expander = """
        import sys, json
        from datetime import datetime
        from dateutil.rrule import rrulestr
        form = '%Y%m%dT%H%M%S'
        for line in sys.stdin:
            rule, start, begin, end, most = line.rstrip('\n').split('\t')
            start, begin, end = (datetime.strptime(each, form) for each in (start, begin, end))
            found = []
            try:
                rule = rrulestr(rule, dtstart=start)
            except ValueError:
                # It names hours or minutes that no step comes to.
                rule = []
            for each in rule:
                if each > end or len(found) == int(most):
                    break
                if each >= begin:
                    found.append(each.strftime(form))
            print(' '.join(found), flush=True)
        """;

    [Fact]
    public async Task Rules_drawn_by_chance_come_true_as_dateutil_says()
    {
        var python = Need("dateutil");
        var chance = new Prng(20_261_123);
        var cases = Enumerable.Range(0, 800).Select(_ => Draw(chance)).ToList();
        var lines = cases.Select(one => string.Join('\t', one.Rule, Clock(one.Start), Clock(one.From), Clock(one.To), "30"));
        var answers = (await RunAsync(python, Expander, string.Join('\n', lines) + "\n")).Split('\n');
        for (var i = 0; i < cases.Count; i++)
        {
            var (text, start, from, to) = cases[i];
            var rule = RecurrenceRule.Parse(text);
            Assert.True(rule.Succeeded, $"{text}: {rule.Failure?.Message}");
            var found = string.Join(' ', rule.Value.Between(start, from, to, 30).Select(Clock));
            Assert.True(found == answers[i], $"{text} from {Clock(start)}, seen from {Clock(from)} to {Clock(to)}:\n{found}\nand by dateutil\n{answers[i]}");
        }
    }

    [Fact]
    public async Task A_calendar_is_read_by_icalendar()
    {
        var python = Need("icalendar");
        var entry = new FormatEntry(0)
        {
            ["uid"] = "one",
            ["title"] = "Ünïcode; with, signs\\ and a long line that has to be folded at seventy-five bytes, äöü",
            ["start"] = "2026-03-20T17:00:00Z",
            ["end"] = "2026-03-20T18:00:00Z",
            ["zone"] = "Europe/Berlin",
            ["updated"] = "2026-01-01T00:00:00Z",
            ["recurrence"] = "FREQ=WEEKLY;COUNT=3\nEXDATE:20260327T180000",
            ["summary"] = "two\nlines",
            ["category"] = "a, b",
        };
        const string code = """
            import sys, icalendar
            calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
            for event in calendar.walk('VEVENT'):
                start = event['DTSTART'].dt
                print(event['SUMMARY'], start.isoformat(), start.utcoffset(), repr(str(event['DESCRIPTION'])), dict(event['RRULE']), sep='|')
            print(len(calendar.walk('VTIMEZONE')), calendar.walk('VTIMEZONE')[0].to_tz().utcoffset(__import__('datetime').datetime(2026, 7, 1)))
            """;
        var answer = await RunAsync(python, code, Encoding.UTF8.GetString(CalendarWriter.Write("Test", CalendarReader.Events, [entry])));
        Assert.Contains(entry["title"] + "|2026-03-20T18:00:00+01:00|1:00:00|'two\\nlines'|", answer, StringComparison.Ordinal);
        Assert.Contains("1 2:00:00", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cards_are_read_by_vobject()
    {
        var python = Need("vobject");
        var entry = new FormatEntry(0)
        {
            ["uid"] = "u",
            ["name"] = "Ada; Lovelace",
            ["mail"] = "ada@example.org",
            ["phone"] = "+44 20 1234",
            ["birthday"] = "1815-12-10",
            ["summary"] = "a\nb, c",
            ["organization"] = "Engine",
        };
        const string code = """
            import sys, vobject
            for card in vobject.readComponents(sys.stdin.read()):
                print(card.fn.value, card.email.value, card.tel.value, card.bday.value, repr(card.note.value), sep='|')
            """;
        var answer = await RunAsync(python, code, Encoding.UTF8.GetString(CardWriter.Write([entry, entry])));
        Assert.Equal("Ada; Lovelace|ada@example.org|+44 20 1234|18151210|'a\\nb, c'", answer.Split('\n')[1]);
    }

    [Fact]
    public async Task A_feed_is_read_by_feedparser()
    {
        var python = Need("feedparser");
        var entry = new FormatEntry(0)
        {
            ["id"] = "urn:x:1",
            ["title"] = "<b>& more",
            ["page"] = "https://example.org/1",
            ["updated"] = "2026-11-23T10:00:00.5Z",
            ["author"] = "ada",
            ["summary"] = "# Plain",
            ["category"] = "one, two",
        };
        var head = new AtomHead(
            "News", string.Empty, new Uri("https://example.org/f?cursor=2"), new Uri("https://example.org/f"), new Uri("https://example.org/"),
            new Uri("https://example.org/f?cursor=3"));
        const string code = """
            import sys, feedparser
            feed = feedparser.parse(sys.stdin.buffer.read())
            entry = feed.entries[0]
            links = {link['rel']: link['href'] for link in feed.feed.links}
            print(feed.bozo, feed.feed.title, entry.id, entry.title, entry.updated, entry.author, entry.link, links['next'], len(entry.tags), sep='|')
            """;
        var answer = await RunAsync(python, code, Encoding.UTF8.GetString(AtomWriter.Write(head, [entry])));
        Assert.StartsWith(
            "False|News|urn:x:1|<b>& more|2026-11-23T10:00:00Z|ada|https://example.org/1|https://example.org/f?cursor=3|2",
            answer, StringComparison.Ordinal);
    }

    private static (string Rule, DateTime Start, DateTime From, DateTime To) Draw(Prng chance)
    {
        var start = new DateTime(1990, 1, 1).AddMinutes(chance.Next(30 * 525_600));
        var frequency = (Frequency)(2 + chance.Next(5));
        List<string> parts = ["FREQ=" + frequency.ToString().ToUpperInvariant()];
        Maybe(3, () => $"INTERVAL={1 + chance.Next(4)}");
        var isCounted = chance.Next(3) == 0;
        if (isCounted)
        {
            parts.Add($"COUNT={1 + chance.Next(40)}");
        }

        Maybe(4, () => "BYMONTH=" + Some(12, 4, 0));
        if (frequency == Frequency.Yearly)
        {
            Maybe(6, () => "BYYEARDAY=" + Some(365, 4, 365));
            Maybe(6, () => "BYWEEKNO=" + Some(53, 4, 10));
        }

        if (frequency != Frequency.Weekly)
        {
            Maybe(4, () => "BYMONTHDAY=" + Some(31, 5, 31));
        }

        var hasWeeks = parts.Exists(part => part.StartsWith("BYWEEKNO", StringComparison.Ordinal));
        var isOrdinal = frequency is Frequency.Monthly or Frequency.Yearly && !hasWeeks && chance.Next(2) == 0;
        Maybe(3, () => "BYDAY=" + string.Join(',', Enumerable.Range(0, 1 + chance.Next(3)).Select(_ =>
            (isOrdinal ? (chance.Next(2) == 0 ? "" : "-") + (1 + chance.Next(5)) : "")
            + ((string[])["MO", "TU", "WE", "TH", "FR", "SA", "SU"])[chance.Next(7)]).Distinct()));
        Maybe(6, () => "BYHOUR=" + Some(23, 3, 0));
        Maybe(6, () => "BYMINUTE=" + Some(59, 3, 0));

        // In the first week dateutil counts places from the start on, and not from where the week begins.
        if (parts.Exists(part => part.StartsWith("BY", StringComparison.Ordinal)) && frequency is Frequency.Monthly or Frequency.Yearly
            && parts.Exists(part => part.StartsWith("BY", StringComparison.Ordinal)))
        {
            Maybe(4, () => "BYSETPOS=" + Some(5, 2, 5));
        }

        Maybe(4, () => "WKST=" + ((string[])["SU", "MO", "WE"])[chance.Next(3)]);
        var from = isCounted || chance.Next(2) == 0 ? start : start.AddDays(chance.Next(4_000));
        return (string.Join(';', parts), start, from, from.AddDays(400 + chance.Next(3_000)));

        void Maybe(int oneIn, Func<string> part)
        {
            if (chance.Next(oneIn) == 0)
            {
                parts.Add(part());
            }
        }

        string Some(int max, int count, int negative) => string.Join(',', Enumerable.Range(0, 1 + chance.Next(count)).Select(_ =>
            negative > 0 && chance.Next(3) == 0 ? -(1 + chance.Next(negative)) : 1 + chance.Next(max)).Distinct());
    }

    private static string Clock(DateTime moment) => CalendarText.Clock(moment);

    /// <summary>A Python that has a module; the test is skipped where there is none.</summary>
    private static string Need(string module)
    {
        foreach (var python in (string[])["/usr/bin/python3", "/usr/local/bin/python3"])
        {
            if (File.Exists(python))
            {
                using var process = Process.Start(new ProcessStartInfo(python, ["-c", $"import {module}"]) { RedirectStandardError = true })!;
                process.WaitForExit();
                if (process.ExitCode == 0)
                {
                    return python;
                }
            }
        }

        Assert.Skip($"this machine has no Python with the module {module}");
        return string.Empty;
    }

    private static async Task<string> RunAsync(string python, string code, string input)
    {
        var start = new ProcessStartInfo(python, ["-c", code])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            Environment = { ["PYTHONIOENCODING"] = "utf-8" },
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all: why, it says itself.
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return await output;
    }
}
