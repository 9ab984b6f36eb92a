using Cete.Core.Rates;

namespace Cete.Core.Tests.Rates;

/// <summary>Who may send when, within a limit.</summary>
public sealed class PacedTurnsTests
{
    private const int Part = 10_000;
    private TimeSpan _now;

    [Fact]
    public void The_rate_is_kept_over_time_and_a_rest_saves_up_little()
    {
        var rate = new ByteRate();
        rate.Set(100_000, _now);
        Assert.InRange(SendFor(rate, TimeSpan.FromSeconds(10)), 1_000_000, 1_030_000);

        // After an hour of rest it is a burst more, and no hour's worth.
        _now += TimeSpan.FromHours(1);
        Assert.InRange(SendFor(rate, TimeSpan.FromSeconds(1)), 100_000, 130_000);
    }

    [Fact]
    public void What_is_larger_than_a_moment_goes_and_the_next_one_waits_for_it()
    {
        var rate = new ByteRate();
        rate.Set(1_000, _now);
        Assert.Equal(TimeSpan.Zero, rate.WaitAt(_now));
        rate.Take(60_000, _now);
        Assert.Equal(TimeSpan.FromSeconds(60) - ByteRate.Burst, rate.WaitAt(_now));

        // Another limit forgives it, and none lets everything pass.
        rate.Set(2_000, _now);
        Assert.Equal(TimeSpan.Zero, rate.WaitAt(_now));
        rate.Take(60_000, _now);
        rate.Set(0, _now);
        rate.Take(int.MaxValue, _now);
        Assert.Equal(TimeSpan.Zero, rate.WaitAt(_now));
    }

    [Fact]
    public void One_with_many_requests_gets_no_more_than_one_with_one()
    {
        var got = Run(seconds: 60, ("many", 8, Part), ("one", 1, Part), ("other", 1, Part));
        Assert.InRange(got["one"], 0.97 * got["many"], 1.03 * got["many"]);
        Assert.InRange(got["other"], 0.97 * got["many"], 1.03 * got["many"]);
        Assert.InRange(got.Values.Sum(), 60 * 100_000, 61 * 100_000 + Part);
    }

    [Fact]
    public void Turns_are_by_bytes_and_not_by_requests()
    {
        var got = Run(seconds: 60, ("large", 2, 8 * Part), ("small", 2, Part / 2));
        Assert.InRange(got["small"], 0.9 * got["large"], 1.1 * got["large"]);
    }

    [Fact]
    public void Who_rested_has_saved_nothing_up()
    {
        var turns = new PacedTurns<string>();
        turns.Limit(100_000, _now);
        for (var i = 0; i < 100; i++)
        {
            turns.Ask("busy", Part);
        }

        for (var i = 0; i < 50; i++)
        {
            Assert.NotNull(NextAfterWaiting(turns));
        }

        // It comes late, and from now on both have the same: it does not make up for what it did not ask for.
        List<long> late = [.. Enumerable.Range(0, 20).Select(_ => turns.Ask("late", Part))];
        var first = Enumerable.Range(0, 20).Count(_ => late.Contains(NextAfterWaiting(turns)!.Value));
        Assert.InRange(first, 9, 11);
    }

    [Fact]
    public void Who_withdraws_takes_no_turn_and_the_others_lose_none()
    {
        var turns = new PacedTurns<string>();
        turns.Limit(1_000, _now);
        turns.Ask("a", Part);
        var (second, third) = (turns.Ask("a", Part), turns.Ask("b", Part));
        Assert.NotNull(turns.Next(_now));
        Assert.Null(turns.Next(_now));
        turns.Withdraw("b", third);
        turns.Withdraw("b", third);
        turns.Withdraw("nobody", 7);
        Assert.Equal(1, turns.Waiting);
        Assert.Equal(second, NextAfterWaiting(turns));
        Assert.Null(turns.WaitAt(_now));
    }

    [Fact]
    public void Without_a_limit_all_who_wait_go_at_once()
    {
        var turns = new PacedTurns<int>();
        turns.Limit(1_000, _now);
        for (var i = 0; i < 1_000; i++)
        {
            turns.Ask(i, Part);
        }

        turns.Next(_now);
        turns.Limit(0, _now);
        for (var i = 0; i < 999; i++)
        {
            Assert.NotNull(turns.Next(_now));
        }

        Assert.Equal(0, turns.Waiting);
    }

    private long? NextAfterWaiting<T>(PacedTurns<T> turns)
        where T : notnull
    {
        _now += turns.WaitAt(_now)!.Value;
        return turns.Next(_now);
    }

    private long SendFor(ByteRate rate, TimeSpan time)
    {
        var (sent, end) = (0L, _now + time);
        while (_now + rate.WaitAt(_now) is var at && at < end)
        {
            _now = at;
            rate.Take(Part, _now);
            sent += Part;
        }

        return sent;
    }

    /// <summary>Peers that ask again as soon as they were served; who got how much at 100,000 bytes a second.</summary>
    private Dictionary<string, double> Run(int seconds, params (string Name, int Requests, int Bytes)[] peers)
    {
        var turns = new PacedTurns<string>();
        turns.Limit(100_000, _now);
        var asked = new Dictionary<long, (string Name, int Requests, int Bytes)>();
        foreach (var peer in peers)
        {
            for (var i = 0; i < peer.Requests; i++)
            {
                asked[turns.Ask(peer.Name, peer.Bytes)] = peer;
            }
        }

        var got = peers.ToDictionary(peer => peer.Name, _ => 0.0);
        while (_now < TimeSpan.FromSeconds(seconds))
        {
            Assert.True(asked.Remove(NextAfterWaiting(turns)!.Value, out var served));
            got[served.Name] += served.Bytes;
            asked[turns.Ask(served.Name, served.Bytes)] = served;
        }

        return got;
    }
}
