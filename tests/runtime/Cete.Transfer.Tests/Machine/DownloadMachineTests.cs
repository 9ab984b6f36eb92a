using Cete.Core;
using Cete.Swarm;
using Cete.Swarm.Download;

namespace Cete.Transfer.Tests.Machine;

public sealed class DownloadMachineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Instant Start = new(1_000_000_000);

    private readonly EffectSink<DownloadEffect> _sink = new();
    private Instant _now = Start;

    [Fact]
    public void TheFirstSourceIsAskedForAllAndTheNextTakesHalfOfTheRest()
    {
        var machine = new DownloadMachine(new PieceMap(10), Patience);
        Assert.Equal([new DownloadEffect.StartRun(1, 7, 0, 10)], Step(machine, new DownloadInput.SourceFound(7)));
        Assert.Empty(Step(machine, new DownloadInput.PieceTaken(1, 0)));
        Assert.Empty(Step(machine, new DownloadInput.PieceTaken(1, 1)));
        Assert.Equal(
            [new DownloadEffect.ShortenRun(1, 6), new DownloadEffect.StartRun(2, 8, 6, 10)],
            Step(machine, new DownloadInput.SourceFound(8)));
    }

    [Fact]
    public void WhatIsThereIsNotAskedForAndTheLongestGapComesFirst()
    {
        var have = new PieceMap(10);
        have.Set(2);
        have.Set(9);
        var machine = new DownloadMachine(have, Patience);
        Assert.Equal([new DownloadEffect.StartRun(1, 0, 3, 9)], Step(machine, new DownloadInput.SourceFound(0)));
        Assert.Equal([new DownloadEffect.StartRun(2, 1, 0, 2)], Step(machine, new DownloadInput.SourceFound(1)));
    }

    [Fact]
    public void ASinglePieceIsNeverAskedOfTwo()
    {
        var machine = new DownloadMachine(new PieceMap(1), Patience);
        Assert.Single(Step(machine, new DownloadInput.SourceFound(0)));
        Assert.Empty(Step(machine, new DownloadInput.SourceFound(1)));
        Assert.Equal([new DownloadEffect.Finish(DownloadEnd.Whole)], Step(machine, new DownloadInput.PieceTaken(1, 0)));
    }

    [Fact]
    public void AFullMapIsWholeAtOnceAndNothingFollows()
    {
        var machine = new DownloadMachine(PieceMap.Full(3), Patience);
        Assert.Equal([new DownloadEffect.Finish(DownloadEnd.Whole)], Step(machine, new DownloadInput.Tick()));
        Assert.Empty(Step(machine, new DownloadInput.SourceFound(0)));
        Assert.Empty(Step(machine, new DownloadInput.Tick()));
    }

    [Theory]
    [InlineData(RunOutcome.Refused)]
    [InlineData(RunOutcome.Damaged)]
    public void ASourceThatRefusesOrLiesIsNotAskedAgain(RunOutcome outcome)
    {
        var machine = new DownloadMachine(new PieceMap(4), Patience);
        Step(machine, new DownloadInput.SourceFound(0));
        Assert.Equal(
            [new DownloadEffect.DropSource(0), new DownloadEffect.Finish(DownloadEnd.NoSource)],
            Step(machine, new DownloadInput.RunEnded(1, outcome)));
    }

    [Fact]
    public void ALocalFailureEndsItWhateverOthersDo()
    {
        var machine = new DownloadMachine(new PieceMap(4), Patience);
        Step(machine, new DownloadInput.SourceFound(0));
        Step(machine, new DownloadInput.SourceFound(1));
        Assert.Equal([new DownloadEffect.Finish(DownloadEnd.LocalFailure)], Step(machine, new DownloadInput.RunEnded(1, RunOutcome.LocalFailure)));
    }

    [Fact]
    public void TheOnlySourceIsTriedAgainWithGrowingWaitsForAsLongAsThePatienceLasts()
    {
        var patience = TimeSpan.FromHours(1);
        var machine = new DownloadMachine(new PieceMap(4), patience);
        var effects = Step(machine, new DownloadInput.SourceFound(0));
        var last = TimeSpan.Zero;
        for (var run = 1; effects[^1] is not DownloadEffect.Finish; run++)
        {
            Assert.True(run < 1_000, "it never ends");
            effects = Step(machine, new DownloadInput.RunEnded(run, RunOutcome.Broken));
            if (effects[^1] is DownloadEffect.Finish)
            {
                break;
            }

            var wait = Assert.IsType<DownloadEffect.WakeAt>(Assert.Single(effects)).At - _now;
            Assert.True(wait >= last || _now + wait == Start + patience, $"wait {run} of {wait} is shorter than {last}");
            Assert.InRange(wait, TimeSpan.FromMicroseconds(1), DownloadMachine.BackoffMax);
            last = wait;
            _now += wait;
            effects = Step(machine, new DownloadInput.Tick());
        }

        Assert.Equal(new DownloadEffect.Finish(DownloadEnd.Stalled), effects[^1]);
        Assert.Equal(patience, _now - Start);
    }

    [Fact]
    public void APieceMakesTheNextWaitShortAgainAndGivesNewPatience()
    {
        var machine = new DownloadMachine(new PieceMap(4), Patience);
        Step(machine, new DownloadInput.SourceFound(0));
        for (var run = 1; run <= 6; run++)
        {
            _now = Assert.IsType<DownloadEffect.WakeAt>(Assert.Single(Step(machine, new DownloadInput.RunEnded(run, RunOutcome.Broken)))).At;
            Step(machine, new DownloadInput.Tick());
        }

        _now += TimeSpan.FromSeconds(40);
        Step(machine, new DownloadInput.PieceTaken(7, 0));
        _now += TimeSpan.FromSeconds(50);
        var wake = Assert.IsType<DownloadEffect.WakeAt>(Assert.Single(Step(machine, new DownloadInput.RunEnded(7, RunOutcome.Broken))));
        Assert.Equal(DownloadMachine.BackoffMin, wake.At - _now);
    }

    [Fact]
    public void ASourceThatIsFoundWhileTheOthersWaitIsAskedAtOnce()
    {
        var machine = new DownloadMachine(new PieceMap(4), Patience);
        Step(machine, new DownloadInput.SourceFound(0));
        Step(machine, new DownloadInput.RunEnded(1, RunOutcome.Broken));
        Assert.Equal([new DownloadEffect.StartRun(2, 5, 0, 4)], Step(machine, new DownloadInput.SourceFound(5)));
    }

    [Fact]
    public void NewsOfARunThatEndedOrNeverWasChangeNothing()
    {
        var machine = new DownloadMachine(new PieceMap(4), Patience);
        Step(machine, new DownloadInput.SourceFound(0));
        Assert.Empty(Step(machine, new DownloadInput.RunEnded(99, RunOutcome.LocalFailure)));
        Assert.Empty(Step(machine, new DownloadInput.SourceFound(0)));
    }

    private DownloadEffect[] Step(DownloadMachine machine, DownloadInput input)
    {
        machine.Step(input, _now, _sink);
        var effects = _sink.Effects.ToArray();
        _sink.Clear();
        return effects;
    }
}
