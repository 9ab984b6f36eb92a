using Cete.Actors.Tests;
using Cete.Core;
using Cete.Testing;

namespace Cete.Tracker.Tests;

/// <summary>What is forgotten, and when.</summary>
public sealed class PruningTests
{
    [Fact]
    public async Task A_token_is_forgotten_90_days_after_it_ended_however_it_ended()
    {
        using var bench = await Bench.FoundedAsync();
        await bench.MakeTokenAsync(0, uses: 1, days: 200);
        await bench.MakeTokenAsync(1, days: 200);
        await bench.MakeTokenAsync(2, days: 10);
        await bench.MakeTokenAsync(3, days: 200);
        await bench.Desk.AdmitAsync(0, 1);
        bench.Wait(TimeSpan.FromDays(5));
        await bench.Desk.RevokeAsync(1);

        // Used up on day 0, revoked on day 5, expired on day 10; revoking what has ended makes it stay no longer.
        await bench.Desk.RevokeAsync(0);
        bench.Wait(TimeSpan.FromDays(84));
        await ForgetAsync(0, left: 4);
        bench.Wait(TimeSpan.FromDays(1));
        await ForgetAsync(1, left: 3);
        bench.Wait(TimeSpan.FromDays(5));
        await ForgetAsync(1, left: 2);
        bench.Wait(TimeSpan.FromDays(5));
        await ForgetAsync(1, left: 1);
        await ForgetAsync(0, left: 1);
        Assert.Equal(TokenState.Usable, (await bench.Desk.TokensAsync())[0].State);
        Assert.Equal(2, (await bench.Desk.RosterAsync()).Version);

        async Task ForgetAsync(int count, int left)
        {
            Assert.Equal(new Forgotten(count, 0), (await bench.Desk.PruneAsync()).Value);
            Assert.Equal(left, (await bench.Desk.TokensAsync()).Count);
        }
    }

    [Fact]
    public async Task A_removed_node_is_listed_for_30_days_and_for_30_days_beyond_its_certificates()
    {
        using var bench = await Bench.WithNodesAsync(3);
        await bench.Desk.RecordAsync(1, 1, bench.Now + TimeSpan.FromDays(90));
        await bench.Desk.RecordAsync(2, 1, bench.Now + TimeSpan.FromDays(5));
        bench.Wait(TimeSpan.FromDays(10));
        foreach (var node in new[] { 1, 2, 3 })
        {
            await bench.Desk.RemoveAsync(node);
        }

        bench.Wait(TimeSpan.FromDays(30) - TimeSpan.FromMicroseconds(1));
        Assert.Equal(0, (await bench.Desk.PruneAsync()).Value.Nodes);
        bench.Wait(TimeSpan.FromMicroseconds(1));
        var version = (await bench.Desk.RosterAsync()).Version;
        Assert.Equal(2, (await bench.Desk.PruneAsync()).Value.Nodes);
        var roster = await bench.Desk.RosterAsync();
        Assert.Equal(version + 1, roster.Version);
        Assert.Equal(new HashSet<KeyId> { Desk.Key(0), Desk.Key(1) }, roster.Nodes.Select(n => n.Id).ToHashSet());
        Assert.Equal(Desk.Key(1), Assert.Single(await bench.Desk.NodesAsync(new NodeQuery { Role = "cache" })).Node.Id);

        bench.Wait(TimeSpan.FromDays(80) - TimeSpan.FromMicroseconds(1));
        Assert.Equal(0, (await bench.Desk.PruneAsync()).Value.Nodes);
        bench.Wait(TimeSpan.FromMicroseconds(1));
        Assert.Equal(1, (await bench.Desk.PruneAsync()).Value.Nodes);
        Assert.Single((await bench.Desk.RosterAsync()).Nodes);
        Assert.Equal(FailureKind.NotFound, (await bench.Desk.ReadmitAsync(1)).Kind());
    }

    [Fact]
    public async Task A_node_that_belongs_is_never_forgotten()
    {
        using var bench = await Bench.WithNodesAsync(1);
        await bench.Desk.RemoveAsync(1);
        await bench.Desk.ReadmitAsync(1);
        bench.Wait(TimeSpan.FromDays(3_650));
        Assert.Equal(new Forgotten(1, 0), (await bench.Desk.PruneAsync()).Value);
        Assert.Equal(2, (await bench.Desk.RosterAsync()).Nodes.Count);
    }

    [Fact]
    public async Task So_much_is_forgotten_at_one_go_the_oldest_first()
    {
        const int Count = TrackerLimits.PrunedMax + 20;
        using var bench = await Bench.WithNodesAsync(Count);
        for (var i = 1; i <= Count; i++)
        {
            await bench.MakeTokenAsync(i);
            await bench.Desk.RevokeAsync(i);
            await bench.Desk.RemoveAsync(i);
            bench.Wait(TimeSpan.FromMinutes(1));
        }

        bench.Wait(TimeSpan.FromDays(90));
        var first = (await bench.Desk.PruneAsync()).Value;
        Assert.Equal((TrackerLimits.PrunedMax, TrackerLimits.PrunedMax, true), (first.Tokens, first.Nodes, first.IsMore));
        Assert.Contains(Desk.Key(Count), (await bench.Desk.RosterAsync()).Nodes.Select(n => n.Id));
        Assert.DoesNotContain(Desk.Key(1), (await bench.Desk.RosterAsync()).Nodes.Select(n => n.Id));

        // One token more: the one that the nodes came in by.
        bench.Wait(TimeSpan.FromDays(10));
        var second = (await bench.Desk.PruneAsync()).Value;
        Assert.Equal((21, 20, false), (second.Tokens, second.Nodes, second.IsMore));
    }

    [Fact]
    public async Task The_keeper_forgets_when_it_starts_and_once_a_day()
    {
        using var bench = await Bench.FoundedAsync();
        await bench.MakeTokenAsync(0, days: 1);
        await bench.MakeTokenAsync(1, days: 2);
        bench.Wait(TrackerLimits.EndedTokenKept + TimeSpan.FromDays(1));
        var (time, failures) = (new ManualTime(), new List<Failure>());
        using var stop = new CancellationTokenSource();
        var running = new Pruning(bench.Desk.Service, bench.Desk.Asker, time, failures.Add).RunAsync(stop.Token);
        await LeftAsync(1);

        bench.Wait(TimeSpan.FromDays(1));
        time.Advance(TrackerLimits.PruneInterval - TimeSpan.FromSeconds(1));
        await LeftAsync(1);
        time.Advance(TimeSpan.FromSeconds(1));
        await LeftAsync(0);
        await stop.CancelAsync();
        await running;
        Assert.Empty(failures);

        async Task LeftAsync(int count)
        {
            await Eventually.TrueAsync(() => time.TimerCount == 1, "it waits for the next day");
            Assert.Equal(count, (await bench.Desk.TokensAsync()).Count);
        }
    }

    [Fact]
    public async Task What_is_more_than_one_command_forgets_goes_at_once_and_a_failure_is_told_and_tried_again()
    {
        using var bench = await Bench.FoundedAsync();
        for (var i = 0; i < TrackerLimits.PrunedMax + 1; i++)
        {
            await bench.MakeTokenAsync(i, days: 1);
        }

        bench.Wait(TrackerLimits.EndedTokenKept + TimeSpan.FromDays(1));
        var (time, failures) = (new ManualTime(), new List<Failure>());
        using var stop = new CancellationTokenSource();
        var refused = new Pruning(bench.Desk.Service, Desk.Stranger, time, failures.Add).RunAsync(stop.Token);
        await Eventually.TrueAsync(() => time.TimerCount == 1, "it waits");
        time.Advance(TrackerLimits.PruneRetry);
        await Eventually.TrueAsync(() => time.TimerCount == 1 && failures.Count == 2, "it was tried again");
        Assert.All(failures, failure => Assert.Equal(FailureKind.Forbidden, failure.Kind));
        await stop.CancelAsync();
        await refused;

        using var end = new CancellationTokenSource();
        var later = new ManualTime();
        var running = new Pruning(bench.Desk.Service, bench.Desk.Asker, later, failures.Add).RunAsync(end.Token);
        await Eventually.TrueAsync(() => later.TimerCount == 1, "it waits");
        Assert.Empty(await bench.Desk.TokensAsync());
        await end.CancelAsync();
        await running;
    }
}
