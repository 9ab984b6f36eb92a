using Cete.Ports.Limits;
using Cete.Transfer.Limits;

namespace Cete.Transfer.Tests.Limits;

/// <summary>Which limits are in force at a moment, by the clock on the wall.</summary>
public sealed class LimitScheduleTests
{
    /// <summary>As in middle Europe: an hour later from the last Sunday of March at 2:00 to the last one of October at 3:00.</summary>
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone(
        "test", TimeSpan.FromHours(1), null, null, null,
        [
            TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                new DateTime(2000, 1, 1), new DateTime(2100, 1, 1), TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday)),
        ]);

    [Theory]
    [InlineData("mon-fri 08:00-18:00", "mon-fri 08:00-18:00")]
    [InlineData("  FRI-Mon   8:00-18:00", "mon,fri-sun 08:00-18:00")]
    [InlineData("sat,sun 00:00-24:00", "sat-sun 00:00-24:00")]
    [InlineData("22:00-6:30", "22:00-06:30")]
    [InlineData("mon-sun 22:00-6:30", "22:00-06:30")]
    [InlineData("wed 22:00-00:00", "wed 22:00-00:00")]
    [InlineData("sun-sat 0:00-0:01", "00:00-00:01")]
    public void TimesAreReadAndWritten(string text, string written)
    {
        var read = WeekTime.Parse(text);
        Assert.Equal(written, read.Value.ToString());
        Assert.Equal(read.Value, WeekTime.Parse(written).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mon")]
    [InlineData("mon-fri")]
    [InlineData("mon-fri 8-18")]
    [InlineData("mon-fri 08:00")]
    [InlineData("moon 08:00-18:00")]
    [InlineData("mon- 08:00-18:00")]
    [InlineData("mon-tue-wed 08:00-18:00")]
    [InlineData(", 08:00-18:00")]
    [InlineData("mon fri 08:00-18:00")]
    [InlineData("08:60-18:00")]
    [InlineData("08:00-24:01")]
    [InlineData("24:00-08:00")]
    [InlineData("08:00-08:00")]
    [InlineData("-8:00-18:00")]
    [InlineData("08:00-18:00\u001b[31m\n")]
    public void WhatIsNoTimeIsRefusedWithAnExample(string text)
    {
        var failure = WeekTime.Parse(text).Failure!;
        Assert.Contains("00:00", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', failure.Message);
        Assert.NotNull(WeekTime.Parse(text + new string('x', 1_000)).Failure);
    }

    [Fact]
    public void WorkingHoursBeginAndEndByTheClockOnTheWall()
    {
        var schedule = Of(new LimitRule("mon-fri 08:00-18:00", Up: 100, Down: 200));
        var friday = Local(2026, 11, 20, 17, 59);
        Assert.Equal(new RateLimits(100, 200), schedule.At(friday));
        Assert.Equal(Local(2026, 11, 20, 18, 0), schedule.NextChange(friday.AddSeconds(59)));
        Assert.Equal(new RateLimits(1, 2), schedule.At(Local(2026, 11, 20, 18, 0)));
        Assert.Equal(Local(2026, 11, 23, 8, 0), schedule.NextChange(Local(2026, 11, 20, 18, 0)));
        Assert.Equal(new RateLimits(1, 2), schedule.At(Local(2026, 11, 21, 12, 0)));
    }

    [Fact]
    public void ANightBelongsToTheDayOnWhichItBegins()
    {
        var schedule = Of(new LimitRule("sat 22:00-06:00", Up: 100));
        Assert.Equal(1, schedule.At(Local(2026, 11, 21, 3, 0)).Up);
        Assert.Equal(new RateLimits(100, 2), schedule.At(Local(2026, 11, 21, 23, 0)));
        Assert.Equal(new RateLimits(100, 2), schedule.At(Local(2026, 11, 22, 5, 59)));
        Assert.Equal(1, schedule.At(Local(2026, 11, 22, 6, 0)).Up);
        Assert.Equal(1, schedule.At(Local(2026, 11, 22, 23, 0)).Up);
    }

    [Fact]
    public void TheRuleThatWasAddedLastCountsForEachOfTheTwo()
    {
        var schedule = Of(new LimitRule("00:00-24:00", 100, 200), new LimitRule("12:00-13:00", Down: 0), new LimitRule("12:30-13:00", Up: 7));
        Assert.Equal(new RateLimits(100, 200), schedule.At(Local(2026, 11, 21, 11, 0)));
        Assert.Equal(new RateLimits(100, 0), schedule.At(Local(2026, 11, 21, 12, 0)));
        Assert.Equal(new RateLimits(7, 0), schedule.At(Local(2026, 11, 21, 12, 30)));
        Assert.Null(Of(new LimitRule("00:00-24:00", 100, 200)).NextChange(Local(2026, 11, 21, 11, 0)));
        Assert.Null(Of().NextChange(Local(2026, 11, 21, 11, 0)));
    }

    [Fact]
    public void AnHourThatIsLeftOutTakesItsRuleWithIt()
    {
        // On 2027-03-28 it is 3:00 after 1:59.
        var before = new DateTimeOffset(2027, 3, 28, 0, 59, 0, TimeSpan.Zero);
        Assert.Equal(1, Of(new LimitRule("02:15-02:45", Up: 100)).At(before.AddMinutes(1)).Up);
        Assert.Equal(Local(2027, 3, 29, 2, 15), Of(new LimitRule("02:15-02:45", Up: 100)).NextChange(before));

        // One that begins within it begins when the clock goes on.
        Assert.Equal(before.AddMinutes(1), Of(new LimitRule("02:30-04:00", Up: 100)).NextChange(before));

        // One that lasts all night lasts an hour less.
        var night = Of(new LimitRule("sat 22:00-06:00", Up: 100));
        Assert.Equal(TimeSpan.FromHours(7), night.NextChange(Local(2027, 3, 27, 22, 0)) - Local(2027, 3, 27, 22, 0));
    }

    [Fact]
    public void AnHourThatComesTwiceHasItsRuleTwice()
    {
        // On 2026-10-25 it is 2:00 again after 2:59.
        var schedule = Of(new LimitRule("02:15-02:45", Up: 100));
        var first = new DateTimeOffset(2026, 10, 25, 0, 15, 0, TimeSpan.Zero);
        Assert.Equal(first, schedule.NextChange(first.AddMinutes(-20)));
        Assert.Equal(first.AddMinutes(30), schedule.NextChange(first));
        Assert.Equal(first.AddMinutes(60), schedule.NextChange(first.AddMinutes(30)));
        Assert.Equal(first.AddMinutes(90), schedule.NextChange(first.AddMinutes(60)));
    }

    [Fact]
    public void WhatIsSaidToChangeNextIsWhatChangesNext()
    {
        LimitRule[] rules = [new("mon-fri 08:00-18:00", 1_000), new("22:00-06:30", 0, 0), new("sun 02:30-03:30", Down: 77), new("sat 00:00-24:00", Up: 5)];
        var schedule = Of(rules);
        foreach (var begin in (DateTimeOffset[])[Local(2027, 3, 26, 0, 0), Local(2026, 10, 23, 0, 0)])
        {
            var next = schedule.NextChange(begin)!.Value;
            for (var now = begin; now < begin.AddDays(4); now = now.AddMinutes(1))
            {
                if (now == next)
                {
                    Assert.NotEqual(schedule.At(now.AddMinutes(-1)), schedule.At(now));
                    next = schedule.NextChange(now)!.Value;
                }
                else if (now > begin)
                {
                    Assert.Equal(schedule.At(now.AddMinutes(-1)), schedule.At(now));
                }
            }
        }
    }

    private static LimitSchedule Of(params LimitRule[] rules) => new(new AgentLimits(Up: 1, Down: 2, Rules: rules), Zone);

    private static DateTimeOffset Local(int year, int month, int day, int hour, int minute)
    {
        var local = new DateTime(year, month, day, hour, minute, 0);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local));
    }
}
