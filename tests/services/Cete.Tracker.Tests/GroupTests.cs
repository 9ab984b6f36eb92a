using Cete.Core;
using Cete.Groups;
using Cete.Ports;

namespace Cete.Tracker.Tests;

/// <summary>Which node begins a group that nobody has.</summary>
public sealed class GroupTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_that_asks_begins_a_group_and_everybody_is_told_the_same()
    {
        using var bench = await Bench.WithNodesAsync(3);
        var first = new GroupRecord("cache", Desk.Key(2), new Lineage(0, 7), HasBegun: false);
        Assert.Equal(first, (await bench.Desk.FoundGroupAsync("cache", 2, 7)).Value);
        Assert.Equal(first, (await bench.Desk.FoundGroupAsync("cache", 2, 7)).Value);
        Assert.Equal(first, (await bench.Desk.FoundGroupAsync("cache", 2, 8)).Value);
        Assert.Equal(first, (await bench.Desk.FoundGroupAsync("cache", 1, 9)).Value);
        Assert.Equal("index", (await bench.Desk.FoundGroupAsync("index", 0, 9)).Value.Name);
    }

    [Fact]
    public async Task Only_a_node_that_belongs_and_has_the_role_begins_a_group()
    {
        using var bench = await Bench.WithNodesAsync(2);
        (await bench.Desk.FoundGroupAsync("index", 1, 7)).Refused(FailureKind.Forbidden, "has no role 'index'");
        (await bench.Desk.FoundGroupAsync("cache", 9, 7)).Refused(FailureKind.NotFound, "lists no node");
        await bench.Desk.RemoveAsync(1);
        (await bench.Desk.FoundGroupAsync("cache", 1, 7)).Refused(FailureKind.Forbidden, "was removed");
        (await bench.Desk.FoundGroupAsync("tracker", 0, 7)).Refused(FailureKind.Invalid, "no group that begins by itself");
        (await bench.Desk.FoundGroupAsync("No role", 2, 7)).Refused(FailureKind.Invalid, "no group");
        (await bench.Desk.FoundGroupAsync("cache", 2, 0)).Refused(FailureKind.Invalid, "lineage");
        Assert.Equal(Desk.Key(2), (await bench.Desk.FoundGroupAsync("cache", 2, 7)).Value.Node);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Another_takes_the_place_of_one_that_was_removed_before_the_group_had_begun(bool isForgotten)
    {
        using var bench = await Bench.WithNodesAsync(3);
        await bench.Desk.FoundGroupAsync("cache", 1, 7);
        await bench.Desk.RemoveAsync(1);
        if (isForgotten)
        {
            bench.Wait(TimeSpan.FromDays(40));
            Assert.Equal(1, (await bench.Desk.PruneAsync()).Value.Nodes);
        }

        var second = new GroupRecord("cache", Desk.Key(2), new Lineage(0, 8), HasBegun: false);
        Assert.Equal(second, (await bench.Desk.FoundGroupAsync("cache", 2, 8)).Value);
        Assert.Equal(second, (await bench.Desk.FoundGroupAsync("cache", 3, 9)).Value);

        // Back again, the first one is told as everybody is.
        if (!isForgotten)
        {
            await bench.Desk.ReadmitAsync(1);
            Assert.Equal(second, (await bench.Desk.FoundGroupAsync("cache", 1, 7)).Value);
        }
    }

    [Fact]
    public async Task A_group_that_has_begun_is_nobodys_to_begin_whoever_is_removed()
    {
        using var bench = await Bench.WithNodesAsync(3);
        await bench.Desk.FoundGroupAsync("cache", 1, 7);
        var begun = new GroupRecord("cache", Desk.Key(1), new Lineage(0, 7), HasBegun: true);

        // Another is its root by the time somebody tells.
        Assert.Equal(begun, (await bench.Desk.FoundGroupAsync("cache", 2, 7, hasBegun: true)).Value);
        Assert.Equal(begun, (await bench.Desk.FoundGroupAsync("cache", 3, 8, hasBegun: true)).Value);
        await bench.Desk.RemoveAsync(1);
        Assert.Equal(begun, (await bench.Desk.FoundGroupAsync("cache", 2, 8)).Value);
    }

    [Fact]
    public async Task What_has_begun_counts_more_than_who_was_to_begin_it()
    {
        using var bench = await Bench.WithNodesAsync(2);
        var old = new GroupRecord("cache", Desk.Key(2), Lineage.None, HasBegun: true);
        await bench.Desk.FoundGroupAsync("cache", 1, 7);
        Assert.Equal(old, (await bench.Desk.FoundGroupAsync("cache", 2, 0, hasBegun: true)).Value);
        Assert.Equal(old, (await bench.Desk.FoundGroupAsync("cache", 1, 7)).Value);
    }

    [Fact]
    public async Task No_more_groups_are_noted_than_the_bound()
    {
        using var bench = await Bench.FoundedAsync();
        for (var i = 0; i < TrackerLimits.GroupsMax; i++)
        {
            // A node has 32 roles at most, so it has others each time.
            await bench.Desk.SetRolesAsync(0, "tracker", $"g{i}");
            Assert.True((await bench.Desk.FoundGroupAsync($"g{i}", 0, i + 1)).Succeeded);
        }

        await bench.Desk.SetRolesAsync(0, "tracker", "one-more", "g0");
        (await bench.Desk.FoundGroupAsync("one-more", 0, 1)).Refused(FailureKind.TooLarge, "256 groups");
        Assert.True((await bench.Desk.FoundGroupAsync("g0", 0, 1)).Succeeded);
    }

    [Fact]
    public async Task A_node_asks_for_itself_alone()
    {
        using var bench = await Bench.WithNodesAsync(2);
        var desk = new GroupDesk(bench.Desk.Service);
        var peer = new FabricPeer(Desk.Key(1), RoleSet.From(["cache"]).Value);
        var asked = new GroupRecord("cache", Desk.Key(1), new Lineage(0, 7), HasBegun: false);
        Assert.Equal(asked, GroupDesk.Read((await AskAsync(peer, GroupDesk.Ask(asked))).Value).Value);
        Assert.Equal(FailureKind.Forbidden, (await AskAsync(peer, GroupDesk.Ask(asked with { Node = Desk.Key(2) }))).Kind());
        Assert.Equal(FailureKind.Forbidden, (await AskAsync(null, GroupDesk.Ask(asked))).Kind());
        Assert.Equal(FailureKind.Invalid, (await AskAsync(peer, new byte[] { 0x0A, 0xFF })).Kind());
        Assert.Equal(FailureKind.Damaged, GroupDesk.Read(new byte[] { 0x0A, 0xFF }).Kind());
        Assert.Equal(FailureKind.Damaged, GroupDesk.Read(default).Kind());
        bench.Desk.Asker = new Asker(Desk.Key(2).ToString(), ["cache"]);
        Assert.Equal(asked, (await bench.Desk.FoundGroupAsync("cache", 2, 8)).Value);
        Assert.Equal(FailureKind.Forbidden, (await bench.Desk.FoundGroupAsync("cache", 1, 8)).Kind());

        async Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(FabricPeer? from, ReadOnlyMemory<byte> body) =>
            await desk.AnswerAsync(new FabricRequest(from, body), Cancel);
    }
}
