using Cete.Core;
using Cete.Ports.Limits;
using Cete.Transfer.Limits;

namespace Cete.Transfer.Tests.Limits;

public sealed class LimitChangesTests
{
    private const long Rate = LimitChanges.RateMin;

    [Fact]
    public void WhatIsNotSaidStays()
    {
        var limits = Apply(new AgentLimits(), new LimitsChange(Up: Rate, Slots: 3));
        Assert.Equal(new AgentLimits(Up: Rate, Slots: 3), limits);
        limits = Apply(limits, new LimitsChange(Down: 2 * Rate, Share: false, Listen: "eth0"));
        Assert.Equal(new AgentLimits(Rate, 2 * Rate, 3, Share: false, Listen: "eth0"), limits);
        Assert.Equal(0, Apply(limits, new LimitsChange(Up: 0)).Up);
    }

    [Fact]
    public void ARuleIsAddedReplacedAndRemoved()
    {
        var limits = Apply(new AgentLimits(), new LimitsChange(Up: Rate, At: "mon-fri 8:00-18:00"));
        limits = Apply(limits, new LimitsChange(Down: Rate, At: "22:00-06:00"));
        Assert.Equal((0, 0), (limits.Up, limits.Down));
        Assert.Equal([new LimitRule("mon-fri 08:00-18:00", Rate), new LimitRule("22:00-06:00", Down: Rate)], limits.Rules!);

        // The same time in other words is the same rule.
        limits = Apply(limits, new LimitsChange(Up: 0, At: "mon,tue,wed,thu,fri 08:00-18:00"));
        Assert.Equal([new LimitRule("22:00-06:00", Down: Rate), new LimitRule("mon-fri 08:00-18:00", 0)], limits.Rules!);
        Assert.Equal(FailureKind.NotFound, LimitChanges.Apply(limits, new LimitsChange(Remove: 3)).Failure!.Kind);
        limits = Apply(limits, new LimitsChange(Remove: 1));
        Assert.Equal("mon-fri 08:00-18:00", Assert.Single(limits.Rules!).At);
        Assert.Null(Apply(limits, new LimitsChange(ClearSchedule: true)).Rules);
    }

    [Fact]
    public void RulesAreBounded()
    {
        var limits = new AgentLimits();
        for (var i = 0; i < LimitChanges.RulesMax; i++)
        {
            limits = Apply(limits, new LimitsChange(Up: Rate, At: $"{i:00}:00-{i:00}:30"));
        }

        Assert.Equal(FailureKind.Invalid, LimitChanges.Apply(limits, new LimitsChange(Up: Rate, At: "23:00-23:30")).Failure!.Kind);
        Assert.Equal(LimitChanges.RulesMax, Apply(limits, new LimitsChange(Up: 2 * Rate, At: "00:00-00:30")).Rules!.Count);
    }

    [Fact]
    public void WhatMakesNoSenseIsRefused()
    {
        LimitsChange[] changes =
        [
            new(Up: -1), new(Down: Rate - 1), new(Up: LimitChanges.RateMax + 1), new(Slots: 0),
            new(Slots: LimitChanges.SlotsMax + 1), new(Listen: string.Empty),
            new(Listen: new string('x', 1_000)), new(At: "noon", Up: Rate), new(At: "00:00-24:00"), new(At: "00:00-24:00", Up: 1),
        ];
        foreach (var change in changes)
        {
            Assert.Equal((change, FailureKind.Invalid), (change, LimitChanges.Apply(new AgentLimits(), change).Failure?.Kind));
        }

        Assert.NotNull(LimitChanges.CheckAll(new AgentLimits(Rules: [null!])));
        Assert.NotNull(LimitChanges.CheckAll(new AgentLimits(Rules: [new LimitRule(null!, Rate)])));
        Assert.NotNull(LimitChanges.CheckAll(new AgentLimits(Listen: null!)));
    }

    [Theory]
    [InlineData("none", 0)]
    [InlineData("0", 0)]
    [InlineData("500KiB", 512_000)]
    [InlineData("2mib", 2 << 20)]
    [InlineData("1.5 MB/s", 1_500_000)]
    [InlineData("10k", 10_240)]
    [InlineData("1G", 1 << 30)]
    public void RatesAreRead(string text, long rate) => Assert.Equal(rate, RateText.Parse(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("fast")]
    [InlineData("2 MiB a second")]
    [InlineData("1..5M")]
    [InlineData("1,5M")]
    [InlineData("1e9")]
    [InlineData("99999999999999999999999999999999999")]
    public void WhatIsNoRateIsRefused(string text) => Assert.Equal(FailureKind.Invalid, RateText.Parse(text).Failure!.Kind);

    private static AgentLimits Apply(AgentLimits limits, LimitsChange change) => LimitChanges.Apply(limits, change).Value;
}
