using Cete.Core;
using Cete.Swarm;
using Cete.Swarm.Download;

namespace Cete.Transfer.Tests.Machine;

/// <summary>Pieces that were asked for at a price are left where they were asked for.</summary>
public sealed class AskedPiecesTests
{
    private readonly DownloadMachine _machine = new(new PieceMap(20), TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData(0, 10)]
    [InlineData(4, 12)]
    [InlineData(12, 16)]
    [InlineData(18, 19)]
    [InlineData(19, 19)]
    public void AnotherSourceTakesOverWhatIsBehindThem(int asked, int from)
    {
        Step(new DownloadInput.SourceFound(0));
        Step(new DownloadInput.RunAsked(1, asked));
        var effects = Step(new DownloadInput.SourceFound(1));
        Assert.Equal([new DownloadEffect.ShortenRun(1, from), new DownloadEffect.StartRun(2, 1, from, 20)], effects);
    }

    [Fact]
    public void WhatWasAskedForWholeIsLeftWhole()
    {
        Step(new DownloadInput.SourceFound(0));
        Step(new DownloadInput.RunAsked(1, 20));
        Step(new DownloadInput.RunAsked(9, 3));
        Assert.Empty(Step(new DownloadInput.SourceFound(1)));

        // Once it broke, whatever is missing is free.
        Assert.Contains(new DownloadEffect.StartRun(2, 1, 0, 20), Step(new DownloadInput.RunEnded(1, RunOutcome.Broken)));
    }

    private List<DownloadEffect> Step(DownloadInput input)
    {
        var effects = new EffectSink<DownloadEffect>();
        _machine.Step(input, new Instant(1), effects);
        return [.. effects.Effects.ToArray()];
    }
}
