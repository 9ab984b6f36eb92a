using System.Globalization;
using Cete.Formats.Calendars;

namespace Cete.Formats.Tests.Calendars;

/// <summary>When rules of recurrence come true, by the examples of RFC 5545 (3.8.5.3) and its bounds.</summary>
public sealed class RecurrenceTests
{
    private static readonly TimeZoneInfo NewYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");

    [Theory]
    [InlineData("FREQ=DAILY;COUNT=3", "19970902 19970903 19970904")]
    [InlineData("FREQ=DAILY;INTERVAL=10;COUNT=3", "19970902 19970912 19970922")]
    [InlineData("FREQ=WEEKLY;UNTIL=19970916T000000Z", "19970902 19970909")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=4;BYDAY=TU,TH", "19970902 19970904 19970916 19970918")]
    [InlineData("FREQ=MONTHLY;COUNT=3;BYDAY=1FR", "19970905 19971003 19971107")]
    [InlineData("FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU", "19970907 19970928 19971102 19971130")]
    [InlineData("FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", "19970922 19971020 19971117")]
    [InlineData("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-3", "19970928 19971029 19971128")]
    [InlineData("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3", "19980213 19980313 19981113")]
    [InlineData("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "19970904 19971007 19971106")]
    [InlineData("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=3", "19970929 19971030 19971127")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "19970915 19970930 19971015 19971030 19971115")]
    [InlineData("FREQ=YEARLY;COUNT=4;BYMONTH=6,7", "19980602 19980702 19990602 19990702")]
    [InlineData("FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200", "20000101 20000409 20000718 20030101")]
    [InlineData("FREQ=YEARLY;BYDAY=20MO;COUNT=2", "19980518 19990517")]
    [InlineData("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3", "19980511 19990517 20000515")]
    [InlineData("FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;INTERVAL=4;COUNT=2", "19971104 20011106")]
    [InlineData("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=2", "20000229 20040229")]
    public void The_examples_of_the_standard_come_out(string rule, string days)
    {
        var start = new DateTime(1997, 9, 2, 9, 0, 0);
        var found = RecurrenceRule.Parse(rule).Value.Between(start, start, DateTime.MaxValue, 10);
        Assert.Equal(days, string.Join(' ', found.Select(moment => moment.ToString("yyyyMMdd", CultureInfo.InvariantCulture))));
        Assert.All(found, moment => Assert.Equal(9, moment.Hour));
    }

    [Fact]
    public void Hours_and_minutes_recur_within_a_day()
    {
        var rule = RecurrenceRule.Parse("FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10").Value;
        var start = new DateTime(1997, 9, 2, 9, 0, 0);
        var found = rule.Between(start, start, start.AddDays(1).AddMinutes(20), 100);
        Assert.Equal(8, found.Count);
        Assert.Equal(new DateTime(1997, 9, 2, 10, 40, 0), found[5]);
        Assert.Equal(new DateTime(1997, 9, 3, 9, 20, 0), found[7]);
    }

    [Theory]
    [InlineData("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")]
    [InlineData("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31")]
    [InlineData("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31")]
    [InlineData("FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=100")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=2")]
    public void What_never_comes_true_ends(string rule)
    {
        var start = new DateTime(2026, 1, 1, 9, 0, 0);
        Assert.Empty(RecurrenceRule.Parse(rule).Value.Between(start, start, DateTime.MaxValue, 10));
    }

    [Theory]
    [InlineData("FREQ=SECONDLY")]
    [InlineData("FREQ=DAILY")]
    [InlineData("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU")]
    [InlineData("FREQ=YEARLY;BYWEEKNO=53,52,1,-1")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=31")]
    public void What_has_no_end_does_not_go_beyond_9999_nor_beyond_what_was_asked(string rule)
    {
        var read = RecurrenceRule.Parse(rule).Value;
        var last = new DateTime(9999, 12, 31, 23, 59, 59);
        var found = read.Between(new DateTime(9999, 12, 1, 10, 0, 0), DateTime.MinValue, DateTime.MaxValue, 50);
        Assert.True(found.Count is > 0 and <= 50);
        Assert.All(found, moment => Assert.True(moment <= last));
        Assert.Empty(read.Between(last, last.AddTicks(1), DateTime.MaxValue, 50));
        Assert.Equal(3, read.Between(new DateTime(1, 1, 1, 10, 0, 0), new DateTime(2026, 1, 1), DateTime.MaxValue, 3).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("FREQ=OFTEN")]
    [InlineData("FREQ=5")]
    [InlineData("FREQ=DAILY;FREQ=DAILY")]
    [InlineData("FREQ=DAILY;COUNT=1;UNTIL=20260101")]
    [InlineData("FREQ=DAILY;COUNT=0")]
    [InlineData("FREQ=DAILY;INTERVAL=99999999999999999999")]
    [InlineData("FREQ=WEEKLY;BYDAY=1MO")]
    [InlineData("FREQ=MONTHLY;BYDAY=XX")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=0")]
    [InlineData("FREQ=MONTHLY;BYSETPOS=1")]
    [InlineData("FREQ=DAILY;UNTIL=tomorrow")]
    [InlineData("FREQ=DAILY;BYEASTER=1")]
    public void What_is_no_rule_is_told(string rule) => Assert.False(RecurrenceRule.Parse(rule).Succeeded);

    [Fact]
    public void A_rule_is_written_as_it_was_read()
    {
        const string text = "FREQ=MONTHLY;INTERVAL=2;UNTIL=20271231T225959Z;BYMONTH=1,3;BYMONTHDAY=-1;BYDAY=1MO,-1SU;BYHOUR=9;BYSETPOS=-1;WKST=SU";
        Assert.Equal(text, RecurrenceRule.Parse("RRULE:" + text).Value.ToString());
        const string dated = "FREQ=DAILY;COUNT=4\nRDATE:20260301T100000Z\nEXDATE:20260102,20260103T090000";
        Assert.Equal(dated, Recurrence.Parse(dated).Value.ToString());
        Assert.False(Recurrence.Parse("FREQ=DAILY\nFREQ=DAILY").Succeeded);
        Assert.False(Recurrence.Parse("FREQ=DAILY\nEXDATE:soon").Succeeded);
        Assert.False(Recurrence.Parse("FREQ=DAILY\nEXDATE:" + string.Join(',', Enumerable.Repeat("20260101", 1_001))).Succeeded);
    }

    [Fact]
    public void Exceptions_dates_and_the_first_time_count()
    {
        var known = Recurrence.Parse("FREQ=WEEKLY;BYDAY=MO;COUNT=3\nRDATE:20260110T120000\nEXDATE:20260112").Value;
        var start = new DateTime(2026, 1, 1, 9, 0, 0);
        var found = known.Between(start, DateTime.MinValue, DateTime.MaxValue, 100, TimeZoneInfo.Utc);
        Assert.Equal([start, new(2026, 1, 5, 9, 0, 0), new(2026, 1, 10, 12, 0, 0), new(2026, 1, 19, 9, 0, 0)], found);
    }

    [Fact]
    public void What_recurs_does_so_by_the_clock_of_its_place_when_that_is_changed()
    {
        // The clock goes forward on 8 March 2026 at 2:00, and back on 1 November.
        var start = new DateTime(2026, 3, 7, 2, 30, 0);
        var known = Recurrence.Parse("FREQ=DAILY;COUNT=3").Value;
        var utc = known.Between(start, DateTime.MinValue, DateTime.MaxValue, 9, NewYork).Select(moment => CalendarZones.ToUtc(moment, NewYork)).ToArray();
        Assert.Equal([new(2026, 3, 7, 7, 30, 0), new(2026, 3, 8, 7, 30, 0), new(2026, 3, 9, 6, 30, 0)], utc);
        Assert.Equal(new DateTime(2026, 11, 1, 5, 30, 0), CalendarZones.ToUtc(new DateTime(2026, 11, 1, 1, 30, 0), NewYork));
        Assert.Equal(new DateTime(2026, 11, 1, 1, 30, 0), CalendarZones.ToLocal(new DateTime(2026, 11, 1, 6, 30, 0), NewYork));
    }

    [Theory]
    [InlineData("Europe/Berlin", "Europe/Berlin")]
    [InlineData("W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin")]
    [InlineData("/mozilla.org/20050126_1/America/Argentina/Ushuaia", "America/Argentina/Ushuaia")]
    [InlineData("../../etc/passwd", null)]
    [InlineData("/etc/passwd", null)]
    [InlineData("Nowhere/Land", null)]
    public void Zones_are_found_by_what_programs_call_them(string name, string? id) => Assert.Equal(id, CalendarZones.Find(name)?.Id);

    [Theory]
    [InlineData("PT1H30M", 5_400)]
    [InlineData("-P1D", -86_400)]
    [InlineData("P2W", 1_209_600)]
    [InlineData("P", null)]
    [InlineData("PT", null)]
    [InlineData("P1H", null)]
    [InlineData("P999999999W", null)]
    public void Lengths_of_time_are_read(string text, int? seconds) =>
        Assert.Equal(seconds is { } known ? TimeSpan.FromSeconds(known) : null, CalendarText.ReadSpan(text));
}
