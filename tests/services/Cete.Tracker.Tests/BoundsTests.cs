using Cete.Core;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cete.Tracker.Tests;

/// <summary>A full roster: its bounds hold, and what is asked often stays as cheap as in a small one.</summary>
public sealed class BoundsTests
{
    private const int Nodes = TrackerLimits.NodesMax - 1;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_nodes_are_let_in_and_listed_by_as_few_statements_as_one()
    {
        using var small = await Bench.WithNodesAsync(1);
        using var full = await FilledAsync();
        // One less than the bound, so that one more comes in.
        await full.Desk.RemoveAsync(7);
        full.Wait(TimeSpan.FromDays(30));
        Assert.Equal(1, (await full.Desk.PruneAsync()).Value.Nodes);
        await full.MakeTokenAsync(101);
        await small.MakeTokenAsync(101);
        (Func<Bench, Task> Ask, int StatementsMax)[] questions =
        [
            (bench => bench.Desk.AdmitAsync(101, 20_000), 10),
            (bench => bench.Desk.AdmitAsync(101, 20_000), 3),
            (bench => bench.Desk.RecordAsync(20_000, 1, bench.Now + TimeSpan.FromDays(1)), 7),
            (bench => bench.Desk.RosterAsync(), 3),
            (bench => bench.Desk.Service.RosterSinceAsync(1_000_000, Cancel), 1),
            (bench => bench.Desk.NodesAsync(new NodeQuery { Role = "tracker" }), 1),
            (bench => bench.Desk.Service.NodesAsync(new NodeQuery { IsRemoved = false }, Cancel), 1),
            (bench => bench.Desk.Service.TokensAsync(null, 50, Cancel), 1),
            (bench => bench.Desk.MakeTokenAsync(bench.NewToken(102)), 5),
            (bench => bench.Desk.SetRolesAsync(20_000, "share"), 10),
            (bench => bench.Desk.RemoveAsync(0), 4),
            (bench => bench.Desk.PruneAsync(), 5),
        ];
        foreach (var (ask, most) in questions)
        {
            var (few, many) = (await StatementsAsync(small, ask), await StatementsAsync(full, ask));
            Assert.Equal(few.Count, many.Count);
            Assert.InRange(many.Count, 1, most);
            CheckPlans(full.Group.Connection, many);
        }

        Assert.Equal(TrackerLimits.NodesMax, (await full.Desk.RosterAsync()).Nodes.Count);
        Assert.Equal(TrackerLimits.NodesMax, RosterCodec.Parse(RosterCodec.Encode(await full.Desk.RosterAsync())).Value.Nodes.Count);
    }

    [Fact]
    public async Task One_node_more_than_the_bound_is_refused_also_when_others_were_removed()
    {
        using var bench = await FilledAsync();
        await bench.MakeTokenAsync(100, uses: 3);
        (await bench.Desk.AdmitAsync(100, 20_000)).Refused(FailureKind.TooLarge, "10000 nodes, removed ones included");
        await bench.Desk.RemoveAsync(5);
        Assert.Equal(FailureKind.TooLarge, (await bench.Desk.AdmitAsync(100, 20_000)).Kind());
        Assert.Equal(3, (await bench.Desk.TokensAsync())[0].UsesLeft);
        bench.Wait(TimeSpan.FromDays(30));
        await bench.Desk.PruneAsync();
        await bench.MakeTokenAsync(101);
        Assert.True((await bench.Desk.AdmitAsync(101, 20_000)).Succeeded);
    }

    [Fact]
    public async Task One_usable_token_more_than_the_bound_is_refused_until_one_ends()
    {
        using var bench = await Bench.FoundedAsync();
        for (var token = 0; token < TrackerLimits.TokensMax; token++)
        {
            Assert.True((await bench.MakeTokenAsync(token, days: token < 10 ? 1 : 7)).Value);
        }

        (await bench.MakeTokenAsync(20_000)).Refused(FailureKind.TooLarge, "10000 tokens are usable");
        await bench.Desk.RevokeAsync(5_000);
        Assert.True((await bench.MakeTokenAsync(20_000)).Value);
        Assert.Equal(FailureKind.TooLarge, (await bench.MakeTokenAsync(20_001)).Kind());
        await bench.Desk.AdmitAsync(6_000, 1);
        Assert.True((await bench.MakeTokenAsync(20_001)).Value);
        Assert.Equal(FailureKind.TooLarge, (await bench.MakeTokenAsync(20_002)).Kind());
        bench.Wait(TimeSpan.FromDays(2));
        Assert.True((await bench.MakeTokenAsync(20_002)).Value);
    }

    /// <summary>A community with as many nodes as there may be.</summary>
    private static async Task<Bench> FilledAsync()
    {
        var bench = await Bench.FoundedAsync();
        for (var node = 1; node <= Nodes; node++)
        {
            var token = (node - 1) / TrackerLimits.TokenUsesMax;
            if ((node - 1) % TrackerLimits.TokenUsesMax == 0)
            {
                await bench.MakeTokenAsync(token, uses: TrackerLimits.TokenUsesMax);
            }

            Assert.True((await bench.Desk.AdmitAsync(token, node)).Succeeded);
        }

        return bench;
    }

    private static async Task<List<string>> StatementsAsync(Bench bench, Func<Bench, Task> ask)
    {
        List<string> seen = [];
        raw.sqlite3_trace(bench.Group.Connection.Handle, (_, statement) => seen.Add(statement), null);
        await ask(bench);
        raw.sqlite3_trace(bench.Group.Connection.Handle, (strdelegate_trace?)null, null);
        return [.. seen.Where(s => !s.StartsWith("SAVEPOINT", StringComparison.Ordinal) && !s.StartsWith("RELEASE", StringComparison.Ordinal))];
    }

    /// <summary>What is looked for is looked up; only what is listed whole is walked, in its own order.</summary>
    private static void CheckPlans(SqliteConnection connection, List<string> statements)
    {
        foreach (var statement in statements)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + statement;
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                var step = rows.GetString(3);
                Assert.DoesNotContain("TEMP B-TREE", step, StringComparison.Ordinal);
                var isWalk = step.StartsWith("SCAN", StringComparison.Ordinal);
                var mayWalk = step is "SCAN issuers" or "SCAN others" or "SCAN usable"
                    || (step == "SCAN n" && statement.EndsWith("FROM nodes n ORDER BY n.id", StringComparison.Ordinal));
                Assert.True(!isWalk || mayWalk, $"{step} in {statement}");
            }
        }
    }
}
