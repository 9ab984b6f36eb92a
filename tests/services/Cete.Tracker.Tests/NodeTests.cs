using Cete.Core;

namespace Cete.Tracker.Tests;

/// <summary>What happens to nodes that are in: roles, names, removal and its undoing.</summary>
public sealed class NodeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_removed_node_stays_listed_as_one_to_be_refused()
    {
        using var bench = await Bench.WithNodesAsync(2);
        bench.Wait(TimeSpan.FromHours(1));
        Assert.True((await bench.Desk.RemoveAsync(1, " noise ")).Value);
        var node = await bench.Desk.NodeAsync(1);
        Assert.Equal((true, "noise", bench.Now), (node.IsRemoved, node.Reason, node.RemovedAt));
        Assert.Contains(Desk.Key(1), (await bench.Desk.RosterAsync()).Nodes.Where(n => n.IsRemoved).Select(n => n.Id));

        bench.Wait(TimeSpan.FromHours(1));
        Assert.False((await bench.Desk.RemoveAsync(1, "another reason")).Value);
        Assert.Equal(node with { Roles = [] }, await bench.Desk.NodeAsync(1) with { Roles = [] });
        (await bench.Desk.SetRolesAsync(1, "share")).Refused(FailureKind.Conflict, "was removed from the community at 2027-01-15 09:00:00 UTC");
        (await bench.Desk.RenameAsync(1, "other")).Refused(FailureKind.Conflict, "can readmit it");
    }

    [Fact]
    public async Task Readmitting_undoes_a_removal()
    {
        using var bench = await Bench.WithNodesAsync(1);
        var before = await bench.Desk.NodeAsync(1);
        Assert.False((await bench.Desk.ReadmitAsync(1)).Value);
        await bench.Desk.RemoveAsync(1, "noise");
        Assert.True((await bench.Desk.ReadmitAsync(1)).Value);
        Assert.False((await bench.Desk.ReadmitAsync(1)).Value);
        var after = await bench.Desk.NodeAsync(1);
        Assert.Equal(before with { Roles = [] }, after with { Roles = [] });
        Assert.Equal(before.Roles, after.Roles);
        Assert.True((await bench.Desk.SetRolesAsync(1, "share")).Value);
    }

    [Fact]
    public async Task Nodes_that_nobody_knows_are_not_found()
    {
        using var bench = await Bench.FoundedAsync();
        (await bench.Desk.RemoveAsync(7)).Refused(FailureKind.NotFound, $"no node {Desk.Key(7)}");
        Assert.Equal(FailureKind.NotFound, (await bench.Desk.ReadmitAsync(7)).Kind());
        Assert.Equal(FailureKind.NotFound, (await bench.Desk.SetRolesAsync(7, "share")).Kind());
        Assert.Equal(FailureKind.NotFound, (await bench.Desk.RenameAsync(7, "name")).Kind());
        Assert.Equal(FailureKind.NotFound, (await bench.Desk.RecordAsync(7, 1, bench.Now + TimeSpan.FromDays(1))).Kind());
        Assert.Equal(FailureKind.NotFound, (await bench.Desk.AddIssuerAsync(7, 7, 1)).Kind());
        (await bench.Desk.Service.NodeAsync(Desk.Key(7), Cancel)).Refused(FailureKind.NotFound, "list of nodes");
    }

    [Fact]
    public async Task The_last_tracker_can_neither_go_nor_lose_its_role()
    {
        using var bench = await Bench.WithNodesAsync(2);
        (await bench.Desk.RemoveAsync(0)).Refused(FailureKind.Conflict, "last one with the role 'tracker'");
        (await bench.Desk.SetRolesAsync(0, "index")).Refused(FailureKind.Conflict, "give that role to another node first");
        Assert.True((await bench.Desk.SetRolesAsync(0, "tracker")).Value);

        // A tracker that was removed is none.
        await bench.Desk.SetRolesAsync(1, "tracker");
        await bench.Desk.RemoveAsync(1);
        Assert.Equal(FailureKind.Conflict, (await bench.Desk.RemoveAsync(0)).Kind());
        await bench.Desk.ReadmitAsync(1);
        Assert.True((await bench.Desk.RemoveAsync(0)).Value);
        Assert.Equal(FailureKind.Conflict, (await bench.Desk.RemoveAsync(1)).Kind());
        Assert.Equal(FailureKind.Conflict, (await bench.Desk.SetRolesAsync(1)).Kind());
    }

    [Fact]
    public async Task Roles_are_sorted_once_each_and_bounded()
    {
        using var bench = await Bench.WithNodesAsync(1);
        Assert.True((await bench.Desk.SetRolesAsync(1, "share", "cache", "share", "a-1")).Value);
        Assert.Equal(["a-1", "cache", "share"], (await bench.Desk.NodeAsync(1)).Roles);
        Assert.False((await bench.Desk.SetRolesAsync(1, "cache", "a-1", "share")).Value);
        Assert.True((await bench.Desk.SetRolesAsync(1)).Value);
        Assert.Empty((await bench.Desk.NodeAsync(1)).Roles);
        foreach (var role in new[] { "", "Share", "1a", "-a", "a_b", "a b", new string('a', 33), "caf\u00e9" })
        {
            (await bench.Desk.SetRolesAsync(1, role)).Refused(FailureKind.Invalid, "is no role");
        }

        (await bench.Desk.SetRolesAsync(1, [.. Enumerable.Range(0, 33).Select(i => $"r{i}")])).Refused(FailureKind.TooLarge, "33 roles; 32");
        Assert.True((await bench.Desk.SetRolesAsync(1, [.. Enumerable.Range(0, 32).Select(i => $"{new string('r', 30)}{i:00}")])).Value);
    }

    [Fact]
    public async Task A_node_is_called_as_it_was_last_and_names_may_be_shared()
    {
        using var bench = await Bench.WithNodesAsync(2);
        Assert.True((await bench.Desk.RenameAsync(1, "attic")).Value);
        Assert.True((await bench.Desk.RenameAsync(2, "attic")).Value);
        Assert.False((await bench.Desk.RenameAsync(2, " attic ")).Value);
        Assert.Equal("attic", (await bench.Desk.NodeAsync(2)).Name);
        (await bench.Desk.RenameAsync(2, new string('x', 65))).Refused(FailureKind.TooLarge, "65 bytes; 64");
        (await bench.Desk.RemoveAsync(2, new string('x', 201))).Refused(FailureKind.TooLarge, "201 bytes; 200");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Nodes_are_listed_page_by_page_by_role_and_by_removal(int limit)
    {
        using var bench = await Bench.WithNodesAsync(10);
        foreach (var node in new[] { 2, 4, 6 })
        {
            await bench.Desk.SetRolesAsync(node, "share", "tracker");
        }

        await bench.Desk.RemoveAsync(4);
        await bench.Desk.RemoveAsync(5);
        Assert.Equal(Ids(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), await ListAsync(new NodeQuery()));
        Assert.Equal(Ids(4, 5), await ListAsync(new NodeQuery { IsRemoved = true }));
        Assert.Equal(Ids(0, 1, 2, 3, 6, 7, 8, 9, 10), await ListAsync(new NodeQuery { IsRemoved = false }));
        Assert.Equal(Ids(0, 2, 4, 6), await ListAsync(new NodeQuery { Role = "tracker" }));
        Assert.Equal(Ids(0, 2, 6), await ListAsync(new NodeQuery { Role = "tracker", IsRemoved = false }));
        Assert.Equal(Ids(4), await ListAsync(new NodeQuery { Role = "share", IsRemoved = true }));
        Assert.Empty(await ListAsync(new NodeQuery { Role = "nobody's" }));
        Assert.Equal(11, (await ListAsync(new NodeQuery { Cursor = "no cursor" })).Count);

        async Task<List<KeyId>> ListAsync(NodeQuery query) =>
            [.. (await bench.Desk.NodesAsync(query with { Limit = limit })).Select(record => record.Node.Id)];

        static List<KeyId> Ids(params int[] nodes) => [.. nodes.Select(Desk.Key).Order()];
    }
}
