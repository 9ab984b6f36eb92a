using Cete.Core;
using Cete.Ledger.Channels;

namespace Cete.Ledger.Tests;

/// <summary>Whoever pays nothing is served in what others leave, in turn, and within bounds.</summary>
public sealed class LastPlaceTests
{
    private readonly LastPlace _place = new();
    private TimeSpan _now = TimeSpan.FromHours(1);

    [Fact]
    public void WhileNobodyElseIsThereOneChunkGoesBehindTheOther()
    {
        var (one, two) = (Enter(), Enter());
        _place.Ask(one);
        _place.Ask(two);
        Assert.Equal([one], _place.Give(_now));
        Assert.Empty(_place.Give(_now));

        // As soon as the first is sent the second follows, then the first again: without any wait.
        _place.Ask(one);
        Assert.Equal([two], _place.Give(_now));
        _place.Ask(two);
        Assert.Equal([one], _place.Give(_now));
        _place.Leave(one);
        Assert.Equal([two], _place.Give(_now));
    }

    [Fact]
    public void WhileOthersAreServedAllTogetherGetAChunkInEachInterval()
    {
        List<long> places = [.. Enumerable.Range(0, LastPlace.PlacesMax).Select(_ => Enter())];
        places.ForEach(_place.Ask);
        _place.Begin();
        List<(TimeSpan At, long Place)> given = [];
        for (var end = _now + (2 * LastPlace.PlacesMax * LastPlace.Interval); _now < end; _now += TimeSpan.FromMilliseconds(100))
        {
            foreach (var place in _place.Give(_now))
            {
                given.Add((_now, place));
                _place.Ask(place);
            }
        }

        // Nobody twice before everybody once, so the longest wait is bounded.
        Assert.Equal([.. places, .. places], given.Select(turn => turn.Place));
        Assert.All(given.Zip(given.Skip(1)), pair => Assert.Equal(LastPlace.Interval, pair.Second.At - pair.First.At));
    }

    [Fact]
    public void WhoPaysIsThereForAMomentAfterEachAnswer()
    {
        var one = Enter();
        _place.Begin();
        _place.Ask(one);
        Assert.Equal([one], _place.Give(_now));
        _place.Ask(one);
        _place.End(_now);
        Assert.Empty(_place.Give(_now));
        Assert.Equal(_now + LastPlace.Pause, _place.LookAt(_now));
        _place.Begin();
        Assert.Equal(_now + LastPlace.Interval, _place.LookAt(_now));
        _place.End(_now);
        _now += LastPlace.Pause;
        Assert.Equal([one], _place.Give(_now));
        Assert.Null(_place.LookAt(_now));
    }

    [Fact]
    public void AChunkThatNobodyTakesHoldsOthersUpForAWhileOnly()
    {
        var (slow, quick) = (Enter(), Enter());
        _place.Ask(slow);
        Assert.Equal([slow], _place.Give(_now));
        _place.Ask(quick);
        Assert.Empty(_place.Give(_now));
        Assert.Equal(_now + LastPlace.TurnMax, _place.LookAt(_now));
        _now += LastPlace.TurnMax;
        Assert.Equal([quick], _place.Give(_now));
    }

    [Fact]
    public void MoreThanThereArePlacesAreToldWhenToComeBack()
    {
        var first = Enter();
        for (var i = 1; i < LastPlace.PlacesMax; i++)
        {
            Enter();
        }

        var full = _place.Enter().Failure;
        Assert.Equal((FailureKind.Unavailable, LastPlace.PlacesMax * LastPlace.Interval), (full!.Kind, full.RetryAfter));
        _place.Leave(first);
        _place.Leave(first);
        Assert.True(_place.Enter().Succeeded);
        Assert.Equal(LastPlace.PlacesMax, _place.Places);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void WhateverHappensTheShareIsBoundedAndNobodyIsForgotten(ulong seed)
    {
        var chance = new Prng(seed);
        List<long> waiting = [];
        var (others, quiet, shared, begun) = (0, _now, 0, _now);
        for (var step = 0; step < 20_000; step++)
        {
            _now += TimeSpan.FromMilliseconds(chance.Next(40));
            switch (chance.Next(4))
            {
                case 0 when others < 3:
                    _place.Begin();
                    (others, shared, begun) = others == 0 ? (1, 0, _now) : (others + 1, shared, begun);
                    break;
                case 1 when others > 0:
                    _place.End(_now);
                    (others, quiet) = (others - 1, _now + LastPlace.Pause);
                    break;
                case 2 when _place.Enter() is { Succeeded: true, Value: var place }:
                    _place.Ask(place);
                    waiting.Add(place);
                    break;
                case 3 when waiting.Count > 0 && chance.Next(10) == 0:
                    _place.Leave(waiting[0]);
                    waiting.RemoveAt(0);
                    break;
            }

            var due = _place.LookAt(_now);
            var given = _place.Give(_now);
            Assert.True(due <= _now || given.Count == 0, "what is given was to be looked for");
            Assert.Equal(waiting.Take(given.Count), given);
            waiting.RemoveRange(0, given.Count);
            if (others > 0)
            {
                shared += given.Count;
                Assert.True(shared <= ((_now - begun) / LastPlace.Interval) + 1, "more than the share");
            }
            else if (_now >= quiet && given.Count == 0 && waiting.Count > 0)
            {
                Assert.True(_place.LookAt(_now) <= _now + LastPlace.TurnMax, "somebody waits for nothing");
            }

            foreach (var place in given)
            {
                _place.Ask(place);
                waiting.Add(place);
            }
        }
    }

    private long Enter() => _place.Enter().Value;
}
