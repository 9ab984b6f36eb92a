using Cete.Actors.Tests;
using Cete.Core;
using Cete.Ports.Swarms;
using Cete.Transfer.Swarms;

namespace Cete.Transfer.Tests.Swarms;

/// <summary>A community knows what a peer has: what is new at once, the rest before it is forgotten.</summary>
public sealed class HoldingTellerTests
{
    private readonly ManualTime _time = new();
    private readonly Desk _desk = new();
    private readonly HoldingTeller _teller;

    public HoldingTellerTests() => _teller = new HoldingTeller(_desk, () => new SwarmSelf(KeyId.Of("me"u8), ["127.0.0.1:1"], 5), _time);

    [Fact]
    public async Task WhatIsNewIsToldAtOnceWhatIsGoneTooAndTheRestAfterHalfItsTime()
    {
        IReadOnlyCollection<Hash256> held = Roots(2_500);
        await TellAsync(held);
        Assert.Equal([1_000, 1_000, 500], _desk.Reports.Select(report => report.Contents.Count));
        Assert.Equal((2_500, 5L), (_teller.Told, _desk.Reports[0].Uplink));

        // Nothing is due.
        await TellAsync(held);
        Assert.Equal(3, _desk.Reports.Count);

        held = [.. held.Skip(1), Hash256.Of("new"u8)];
        await TellAsync(held);
        var changed = Assert.Single(_desk.Reports.Skip(3));
        Assert.Equal([Hash256.Of("new"u8)], changed.Contents);
        Assert.Equal([Roots(1)[0]], changed.Gone);

        _time.Advance(TimeSpan.FromSeconds(299));
        await TellAsync(held);
        Assert.Equal(4, _desk.Reports.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        await TellAsync(held);
        Assert.Equal(held.ToHashSet(), _desk.Reports.Skip(4).SelectMany(report => report.Contents).ToHashSet());
    }

    [Fact]
    public async Task WhereNobodyAnswersItIsTriedAgainLaterEachTime()
    {
        _desk.Failure = new Failure(FailureKind.Unavailable, "nobody is there");
        for (var second = 0; second < 60; second++)
        {
            // What is held may change meanwhile.
            await TellAsync(Roots(3 + second));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_desk.Reports.Count, 4, 6);
        Assert.Equal(0, _teller.Told);
        _desk.Failure = null;
        _time.Advance(TimeSpan.FromMinutes(5));
        await TellAsync(Roots(3));
        Assert.Equal(3, _teller.Told);
    }

    [Fact]
    public async Task NobodyIsToldOfMoreThanAPeerMayHave()
    {
        await TellAsync(Roots(HoldingReport.OfOneMax + 10));
        Assert.Equal(HoldingReport.OfOneMax, _teller.Told);
    }

    [Fact]
    public async Task WhoGoesSaysSoOnceAndOnlyToThoseWhoKnowHim()
    {
        await _teller.LeaveAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_desk.Reports);
        await TellAsync(Roots(1));
        await _teller.LeaveAsync(TestContext.Current.CancellationToken);
        await _teller.LeaveAsync(TestContext.Current.CancellationToken);
        Assert.Equal([false, true], _desk.Reports.Select(report => report.IsLeaving));
    }

    private Task TellAsync(IReadOnlyCollection<Hash256> held) => _teller.TellAsync(held, TestContext.Current.CancellationToken);

    private static Hash256[] Roots(int count) => [.. Enumerable.Range(0, count).Select(i => Hash256.Of(BitConverter.GetBytes(i)))];

    private sealed class Desk : IHoldingDesk
    {
        public List<HoldingReport> Reports { get; } = [];

        public Failure? Failure { get; set; }

        public Task<Outcome<HoldingAdvice>> TellAsync(HoldingReport report, CancellationToken cancellation)
        {
            Reports.Add(report);
            return Task.FromResult<Outcome<HoldingAdvice>>(Failure is { } failure ? failure : new HoldingAdvice(TimeSpan.FromMinutes(10)));
        }
    }
}
