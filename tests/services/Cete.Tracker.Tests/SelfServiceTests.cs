using Cete.Core;

namespace Cete.Tracker.Tests;

/// <summary>Tokens that members make for nodes of their own.</summary>
public sealed class SelfServiceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_takes_a_role_by_himself_until_the_community_says_which()
    {
        using var bench = await Bench.FoundedAsync();
        (await MakeAsync(bench, 0, 1)).Refused(FailureKind.Forbidden, "an administrator makes the tokens");
        Assert.True((await bench.Desk.SetSelfServiceAsync(3, "share", "cache")).Value);
        Assert.False((await bench.Desk.SetSelfServiceAsync(3, "cache", "share")).Value);
        Assert.True((await MakeAsync(bench, 0, 1)).Value);
        Assert.False((await MakeAsync(bench, 0, 1)).Value);
        (await MakeAsync(bench, 0, 2, roles: ["cache", "index"])).Refused(FailureKind.Forbidden, "the role 'index' is none that members take by themselves");
        (await MakeAsync(bench, 2, 3)).Refused(FailureKind.Forbidden, "does not have the right 'tracker.own-node'");
        Assert.True((await bench.Desk.SetSelfServiceAsync(0)).Value);
        (await MakeAsync(bench, 0, 4)).Refused(FailureKind.Forbidden, "an administrator makes the tokens");
    }

    [Fact]
    public async Task An_account_has_no_more_nodes_and_tokens_than_it_may()
    {
        using var bench = await Bench.FoundedAsync();
        await bench.Desk.SetSelfServiceAsync(3, "cache");
        Assert.True((await MakeAsync(bench, 0, 1, uses: 2)).Value);
        (await MakeAsync(bench, 0, 2, uses: 2)).Refused(FailureKind.Forbidden, "yours has 0, and its tokens let in 2 more");
        Assert.True((await MakeAsync(bench, 0, 2)).Value);
        (await MakeAsync(bench, 0, 3)).Refused(FailureKind.Forbidden, "an account has 3 nodes of its own at most");

        // What another one has is not counted, and a node that came in takes the place of the token.
        Assert.True((await MakeAsync(bench, 1, 4)).Value);
        Assert.Equal($"{Desk.Account(0)}", (await bench.Desk.AdmitAsync(1, 1)).Value.Owner);
        var has = (await bench.Desk.Service.OwnNodesAsync($"{Desk.Account(0)}", Cancel)).Value;
        Assert.Equal((1, 2, 3, "cache"), (has.Nodes, has.Awaited, has.Rule.PerAccount, string.Join(' ', has.Rule.Roles)));
        (await MakeAsync(bench, 0, 3)).Refused(FailureKind.Forbidden, "yours has 1, and its tokens let in 2 more");

        // A node that was removed makes room, and so does a token that ended or was taken back.
        await bench.Desk.RemoveAsync(1);
        Assert.True((await MakeAsync(bench, 0, 5)).Value);
        Assert.True((await bench.Desk.RevokeOwnAsync(0, 5)).Value);
        Assert.True((await MakeAsync(bench, 0, 6, uses: 1)).Value);
        bench.Wait(TimeSpan.FromDays(8));
        Assert.True((await MakeAsync(bench, 0, 7, uses: 3)).Value);
        Assert.Equal([7, 6, 5, 2, 1], (await bench.Desk.Service.TokensOfAsync($"{Desk.Account(0)}", Cancel)).Value.Select(token => Number(token.Id)));
    }

    [Fact]
    public async Task A_token_is_its_owners_own()
    {
        using var bench = await Bench.FoundedAsync();
        await bench.Desk.SetSelfServiceAsync(3, "cache");
        var token = Own(bench, 1, 1) with { Owner = $"{Desk.Account(0)}" };
        (await bench.Desk.MakeOwnTokenAsync(1, token)).Refused(FailureKind.Forbidden, "nodes of one's own account");
        (await bench.Desk.MakeOwnTokenAsync(1, token with { Owner = "" })).Refused(FailureKind.Forbidden, "nodes of one's own account");
        Assert.True((await MakeAsync(bench, 0, 1)).Value);
        await bench.MakeTokenAsync(2);
        (await bench.Desk.RevokeOwnAsync(1, 1)).Refused(FailureKind.Forbidden, "is not your account's");
        (await bench.Desk.RevokeOwnAsync(0, 2)).Refused(FailureKind.Forbidden, "is not your account's");
        (await bench.Desk.RevokeOwnAsync(0, 3)).Refused(FailureKind.NotFound, "there is no token");
        Assert.True((await bench.Desk.RevokeAsync(1)).Value);
    }

    [Fact]
    public async Task The_rule_is_set_by_whoever_governs_and_is_bounded()
    {
        using var bench = await Bench.FoundedAsync();
        (await bench.Desk.SetSelfServiceAsync(3, "cache", "tracker")).Refused(FailureKind.Invalid, "trusted with the community itself");
        (await bench.Desk.SetSelfServiceAsync(3, "accounts")).Refused(FailureKind.Invalid, "trusted with the community itself");
        (await bench.Desk.SetSelfServiceAsync(3, "No role")).Refused(FailureKind.Invalid, "no role");
        (await bench.Desk.SetSelfServiceAsync(-1, "cache")).Refused(FailureKind.Invalid, "0 to 100 nodes");
        (await bench.Desk.SetSelfServiceAsync(101, "cache")).Refused(FailureKind.Invalid, "0 to 100 nodes");
        bench.Desk.Asker = Desk.Member(0);
        (await bench.Desk.SetSelfServiceAsync(3, "cache")).Refused(FailureKind.Forbidden, "for administrators");
        bench.Desk.Asker = Desk.Member(0) with { Grants = [Grant.Of(Actions.TrackerGovern)] };
        Assert.True((await bench.Desk.SetSelfServiceAsync(3, "cache")).Value);
    }

    [Fact]
    public async Task A_token_of_an_administrator_that_is_for_less_does_less()
    {
        using var bench = await Bench.FoundedAsync();
        var narrowed = Desk.Member(0) with { Roles = [RoleDefinition.Administrator, "member"] };
        (await bench.Desk.Service.CreateTokenAsync(bench.NewToken(1, roles: "tracker"), narrowed, null, Cancel)).Refused(FailureKind.Forbidden, "own account");
        bench.Desk.Asker = narrowed with { Grants = [Grant.Of(Actions.IndexRead)] };
        Assert.Equal(FailureKind.Forbidden, (await bench.Desk.RemoveAsync(0)).Kind());
        (await bench.MakeTokenAsync(1)).Refused(FailureKind.Forbidden, "tracker.own-node");
        bench.Desk.Asker = narrowed with { Grants = [Grant.All] };
        Assert.True((await bench.MakeTokenAsync(1)).Value);
    }

    private static NewToken Own(Bench bench, int who, int token, int uses = 1, params string[] roles) =>
        bench.NewToken(token, uses, roles: roles) with { Owner = $"{Desk.Account(who)}" };

    private static Task<Outcome<bool>> MakeAsync(Bench bench, int who, int token, int uses = 1, params string[] roles) =>
        bench.Desk.MakeOwnTokenAsync(who, Own(bench, who, token, uses, roles));

    private static int Number(TokenId id) => Enumerable.Range(0, 20).Single(number => Desk.Token(number) == id);
}
