using Cete.Core;

namespace Cete.Tracker.Tests;

/// <summary>How nodes come in.</summary>
public sealed class AdmissionTests
{
    [Fact]
    public async Task A_node_with_a_token_gets_what_the_token_gives()
    {
        using var bench = await Bench.FoundedAsync();
        await bench.MakeTokenAsync(0, uses: 2, days: 7, "share", "cache");
        bench.Wait(TimeSpan.FromHours(1));
        var admission = (await bench.Desk.AdmitAsync(0, 1, name: "  attic ")).Value;
        Assert.Equal(["cache", "share"], admission.Roles);
        Assert.Equal("bob", admission.Owner);
        var node = await bench.Desk.NodeAsync(1);
        Assert.Equal(("attic", "bob", bench.Now, false), (node.Name, node.Owner, node.AdmittedAt, node.IsRemoved));
        Assert.Equal(["cache", "share"], node.Roles);
        var roster = await bench.Desk.RosterAsync();
        Assert.Equal((2L, 2, bench.Now), (roster.Version, roster.Nodes.Count, roster.ChangedAt));
        Assert.Equal(1, (await bench.Desk.TokensAsync())[0].UsesLeft);
    }

    [Fact]
    public async Task The_same_node_and_token_again_get_the_same_answer_and_use_nothing()
    {
        using var bench = await Bench.FoundedAsync();
        await bench.MakeTokenAsync(0, uses: 1);
        var first = (await bench.Desk.AdmitAsync(0, 1)).Value;
        var second = (await bench.Desk.AdmitAsync(0, 1, name: "other")).Value;
        Assert.Equal(first.Roles, second.Roles);
        Assert.Equal(first.Owner, second.Owner);
        Assert.Equal("node 1", (await bench.Desk.NodeAsync(1)).Name);
        Assert.Equal((0, TokenState.UsedUp), ((await bench.Desk.TokensAsync())[0].UsesLeft, (await bench.Desk.TokensAsync())[0].State));
        Assert.Equal(2, (await bench.Desk.RosterAsync()).Version);

        // What an administrator has changed since stays changed.
        await bench.Desk.SetRolesAsync(1, "share");
        Assert.Equal(["share"], (await bench.Desk.AdmitAsync(0, 1)).Value.Roles);
    }

    [Fact]
    public async Task An_unknown_token_and_a_wrong_secret_look_the_same_even_when_the_token_is_over()
    {
        using var bench = await Bench.FoundedAsync();
        await bench.MakeTokenAsync(0);
        await bench.MakeTokenAsync(1, days: 1);
        await bench.MakeTokenAsync(2);
        await bench.Desk.RevokeAsync(2);
        bench.Wait(TimeSpan.FromDays(2));
        var unknown = (await bench.Desk.AdmitAsync(9, 1)).Failure;
        Assert.Equal(FailureKind.Forbidden, unknown!.Kind);
        foreach (var token in new[] { 0, 1, 2 })
        {
            Assert.Equal(unknown, (await bench.Desk.AdmitAsync(token, 1, secret: "guess")).Failure);
        }
    }

    [Fact]
    public async Task Revoked_comes_before_expired_and_expired_before_used_up()
    {
        using var bench = await Bench.FoundedAsync();
        await bench.MakeTokenAsync(0);
        await bench.Desk.AdmitAsync(0, 1);
        (await bench.Desk.AdmitAsync(0, 2)).Refused(FailureKind.Forbidden, "let in all 1 nodes");
        bench.Wait(TimeSpan.FromDays(7));
        (await bench.Desk.AdmitAsync(0, 2)).Refused(FailureKind.Forbidden, "ended at 2027-01-22 08:00:00 UTC");
        (await bench.Desk.AdmitAsync(0, 1)).Refused(FailureKind.Forbidden, "ended at");
        await bench.Desk.RevokeAsync(0);
        (await bench.Desk.AdmitAsync(0, 2)).Refused(FailureKind.Forbidden, "was revoked");
    }

    [Fact]
    public async Task A_removed_node_is_not_let_in_by_any_token()
    {
        using var bench = await Bench.WithNodesAsync(1);
        await bench.MakeTokenAsync(1);
        await bench.Desk.RemoveAsync(1, "noise");
        (await bench.Desk.AdmitAsync(0, 1)).Refused(FailureKind.Forbidden, "was removed");
        (await bench.Desk.AdmitAsync(1, 1)).Refused(FailureKind.Forbidden, "was removed");
        Assert.Equal(1, (await bench.Desk.TokensAsync())[0].UsesLeft);
        await bench.Desk.ReadmitAsync(1);
        Assert.True((await bench.Desk.AdmitAsync(0, 1)).Succeeded);
    }

    [Fact]
    public async Task A_node_that_belongs_cannot_come_in_again_by_another_token()
    {
        using var bench = await Bench.WithNodesAsync(1);
        await bench.MakeTokenAsync(1, uses: 1, days: 7, "tracker");
        (await bench.Desk.AdmitAsync(1, 1)).Refused(FailureKind.Conflict, "belongs to the community already");
        (await bench.Desk.AdmitAsync(1, 0)).Refused(FailureKind.Conflict, "as 'first'");
        Assert.Equal(["cache"], (await bench.Desk.NodeAsync(1)).Roles);
        Assert.Equal(1, (await bench.Desk.TokensAsync())[0].UsesLeft);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("   ", "is empty")]
    [InlineData("a\nb", "control")]
    [InlineData("a\u2066b", "hidden")]
    [InlineData("\uDC00", "broken")]
    public async Task A_name_is_one_line_that_can_be_shown(string name, string text)
    {
        using var bench = await Bench.WithNodesAsync(1);
        (await bench.Desk.AdmitAsync(0, 2, name: name)).Refused(FailureKind.Invalid, text);
        (await bench.Desk.RenameAsync(1, name)).Refused(FailureKind.Invalid, text);
    }

    [Fact]
    public async Task In_whatever_order_nodes_come_in_they_are_listed_alike()
    {
        using var one = await Bench.FoundedAsync();
        using var other = await Bench.FoundedAsync();
        foreach (var (bench, order) in new[] { (one, new[] { 1, 2, 3, 4, 5 }), (other, [5, 3, 1, 4, 2]) })
        {
            await bench.MakeTokenAsync(0, uses: 5);
            foreach (var node in order)
            {
                Assert.True((await bench.Desk.AdmitAsync(0, node)).Succeeded);
            }
        }

        Assert.Equal(RosterCodec.Encode(await one.Desk.RosterAsync()), RosterCodec.Encode(await other.Desk.RosterAsync()));
    }
}
