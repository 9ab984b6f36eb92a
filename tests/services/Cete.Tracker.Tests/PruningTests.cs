using Cete.Core;

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
}
