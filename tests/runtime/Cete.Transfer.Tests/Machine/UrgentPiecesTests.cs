using Cete.Core;
using Cete.Swarm;
using Cete.Swarm.Download;

namespace Cete.Transfer.Tests.Machine;

/// <summary>Somebody looks at what is being fetched, and waits for a piece: it is asked for next.</summary>
public sealed class UrgentPiecesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly EffectSink<DownloadEffect> _sink = new();
    private Instant _now = new(1_000_000_000);
    private DownloadMachine? _machine;

    [Fact]
    public void OneSourceBeginsAnewThere()
    {
        Assert.Equal([new DownloadEffect.StartRun(1, 0, 0, 40)], Step(new DownloadInput.SourceFound(0)));
        Assert.Equal([new DownloadEffect.CancelRun(1), new DownloadEffect.StartRun(2, 0, 30, 40)], Step(new DownloadInput.PiecesUrged(30, 4)));

        // What comes at once is waited for, and what is here needs no asking.
        Assert.Empty(Step(new DownloadInput.PiecesUrged(31, 4)));
        Step(new DownloadInput.PieceTaken(2, 30));
        Assert.Empty(Step(new DownloadInput.PiecesUrged(30, 1)));
        Assert.Equal([new DownloadEffect.CancelRun(2), new DownloadEffect.StartRun(3, 0, 10, 30)], Step(new DownloadInput.PiecesUrged(10, 4)));

        // After the end it goes on with what it left out.
        for (var piece = 10; piece < 30; piece++)
        {
            Step(new DownloadInput.PieceTaken(3, piece));
        }

        Assert.Equal([new DownloadEffect.StartRun(4, 0, 0, 10)], Step(new DownloadInput.RunEnded(3, RunOutcome.Completed)));
    }

    [Fact]
    public void WhatWasAskedForAtAPriceComesFirst()
    {
        Step(new DownloadInput.SourceFound(0));
        Step(new DownloadInput.RunAsked(1, 8));
        Assert.Equal([new DownloadEffect.ShortenRun(1, 8)], Step(new DownloadInput.PiecesUrged(30, 4)));
        for (var piece = 0; piece < 8; piece++)
        {
            Step(new DownloadInput.PieceTaken(1, piece));
        }

        Assert.Equal([new DownloadEffect.StartRun(2, 0, 30, 40)], Step(new DownloadInput.RunEnded(1, RunOutcome.Completed)));
    }

    [Fact]
    public void APeerIsAskedForItBeforeWhatIsRare()
    {
        Step(new DownloadInput.SourceFound(0, PieceMap.Full(40), IsLive: true));
        Step(new DownloadInput.RarityHeard([3]));
        Step(new DownloadInput.PiecesUrged(20, 2));
        var asked = Enumerable.Range(0, 3).SelectMany(_ => Step(new DownloadInput.SourceReady(0, 1)).OfType<DownloadEffect.StartRun>());
        Assert.Equal([20, 21, 3], asked.Select(start => start.FirstPiece));
    }

    [Theory]
    [InlineData(-5, 2)]
    [InlineData(1_000, 2)]
    [InlineData(39, int.MaxValue)]
    [InlineData(0, -1)]
    public void NonsenseIsBounded(int first, int count)
    {
        Step(new DownloadInput.SourceFound(0));
        Assert.All(Step(new DownloadInput.PiecesUrged(first, count)).OfType<DownloadEffect.StartRun>(), start => Assert.InRange(start.FirstPiece, 0, 39));
    }

    [Fact]
    public void WhoeverSeeksAgainAndAgainStillGetsEverything()
    {
        var chance = new Prng(7);
        SortedDictionary<int, (int Next, int End)> runs = [];
        Take(Step(new DownloadInput.SourceFound(0)));
        Take(Step(new DownloadInput.SourceFound(1)));
        for (var steps = 0; steps < 2_000 && _machine!.Have < 40; steps++)
        {
            if (chance.Chance(1, 3))
            {
                Take(Step(new DownloadInput.PiecesUrged(chance.Next(40), 3)));
            }

            var (run, (next, end)) = runs.ElementAt(chance.Next(runs.Count));
            if (next < end)
            {
                runs[run] = (next + 1, end);
                Take(Step(new DownloadInput.PieceTaken(run, next)));
            }
            else
            {
                runs.Remove(run);
                Take(Step(new DownloadInput.RunEnded(run, RunOutcome.Completed)));
            }
        }

        Assert.Equal(40, _machine!.Have);

        void Take(IReadOnlyList<DownloadEffect> effects)
        {
            foreach (var effect in effects)
            {
                switch (effect)
                {
                    case DownloadEffect.StartRun start:
                        runs[start.Run] = (start.FirstPiece, start.EndPiece);
                        break;
                    case DownloadEffect.ShortenRun shorten when runs.TryGetValue(shorten.Run, out var known):
                        runs[shorten.Run] = (known.Next, Math.Min(known.End, shorten.EndPiece));
                        break;
                    case DownloadEffect.CancelRun cancel:
                        runs.Remove(cancel.Run);
                        break;
                }
            }
        }
    }

    private IReadOnlyList<DownloadEffect> Step(DownloadInput input)
    {
        _machine ??= new DownloadMachine(new PieceMap(40), Patience);
        _now += TimeSpan.FromMilliseconds(1);
        _machine.Step(input, _now, _sink);
        DownloadEffect[] effects = [.. _sink.Effects.ToArray().Where(effect => effect is not DownloadEffect.WakeAt)];
        _sink.Clear();
        return effects;
    }
}
