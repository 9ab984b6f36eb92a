using Cete.Core;

namespace Cete.Tracker.Tests;

/// <summary>Join tokens: how they are made, taken back and listed.</summary>
public sealed class TokenTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_token_again_is_no_error_and_another_of_its_id_is_a_conflict()
    {
        using var bench = await Bench.FoundedAsync();
        var token = bench.NewToken(0, uses: 3, note: "for the attic", roles: ["cache", "share"]);
        Assert.True((await bench.Desk.MakeTokenAsync(token)).Value);
        NewToken[] others =
        [
            token with { SecretHash = Desk.Secret("other") }, token with { Roles = ["cache"] }, token with { Owner = "eve" }, token with { Uses = 4 },
            token with { Note = "other" }, token with { ExpiresAt = token.ExpiresAt + TimeSpan.FromHours(1) },
        ];
        foreach (var other in others)
        {
            (await bench.Desk.MakeTokenAsync(other)).Refused(FailureKind.Conflict, "another token 0000000000000001");
        }

        // It is the same again also when it was used, and when it is over.
        await bench.Desk.AdmitAsync(0, 1);
        bench.Wait(TimeSpan.FromDays(30));
        Assert.False((await bench.Desk.MakeTokenAsync(token with { Roles = ["share", "cache"] })).Value);
        var listed = Assert.Single(await bench.Desk.TokensAsync());
        Assert.Equal((2, 3, "for the attic", "bob", TokenState.Expired), (listed.UsesLeft, listed.Uses, listed.Note, listed.Owner, listed.State));
        Assert.Equal(["cache", "share"], listed.Roles);
    }

    [Fact]
    public async Task A_token_ends_within_a_year()
    {
        using var bench = await Bench.FoundedAsync();
        (await bench.MakeTokenAsync(0, days: 0)).Refused(FailureKind.Invalid, "which is past");
        (await bench.MakeTokenAsync(0, days: -1)).Refused(FailureKind.Invalid, "which is past");
        (await bench.MakeTokenAsync(0, days: 366)).Refused(FailureKind.Invalid, "365 days from now");
        Assert.True((await bench.MakeTokenAsync(0, days: 365)).Value);
        var token = bench.NewToken(1);
        Assert.Equal(FailureKind.Invalid, (await bench.Desk.MakeTokenAsync(token with { ExpiresAt = new Instant(long.MaxValue) })).Kind());
        Assert.Equal(FailureKind.Invalid, (await bench.Desk.MakeTokenAsync(token with { ExpiresAt = new Instant(long.MinValue) })).Kind());
    }

    [Fact]
    public async Task A_token_is_bounded()
    {
        using var bench = await Bench.FoundedAsync();
        (await bench.MakeTokenAsync(0, uses: 0)).Refused(FailureKind.Invalid, "1 to 1000 nodes, not 0");
        (await bench.MakeTokenAsync(0, uses: 1_001)).Refused(FailureKind.Invalid, "not 1001");
        (await bench.MakeTokenAsync(0, uses: -1)).Refused(FailureKind.Invalid, "not -1");
        (await bench.MakeTokenAsync(0, roles: "No")).Refused(FailureKind.Invalid, "'No' is no role");
        (await bench.Desk.MakeTokenAsync(bench.NewToken(0, note: new string('x', 201)))).Refused(FailureKind.TooLarge, "201 bytes; 200");
        (await bench.Desk.MakeTokenAsync(bench.NewToken(0, note: "a\0b"))).Refused(FailureKind.Invalid, "the note");
        (await bench.Desk.MakeTokenAsync(bench.NewToken(0) with { Owner = new string('x', 65) })).Refused(FailureKind.TooLarge, "owner");
        Assert.True((await bench.Desk.MakeTokenAsync(bench.NewToken(0, uses: 1_000) with { Owner = "", Roles = [] })).Value);
        Assert.Empty((await bench.Desk.AdmitAsync(0, 1)).Value.Roles);
    }

    [Fact]
    public async Task A_revoked_token_stays_revoked()
    {
        using var bench = await Bench.FoundedAsync();
        (await bench.Desk.RevokeAsync(0)).Refused(FailureKind.NotFound, "no token 0000000000000001");
        await bench.MakeTokenAsync(0);
        Assert.True((await bench.Desk.RevokeAsync(0)).Value);
        Assert.False((await bench.Desk.RevokeAsync(0)).Value);
        Assert.False((await bench.MakeTokenAsync(0)).Value);
        Assert.Equal(TokenState.Revoked, (await bench.Desk.TokensAsync())[0].State);
    }

    [Fact]
    public async Task Tokens_are_listed_newest_first_with_their_state()
    {
        using var bench = await Bench.FoundedAsync();
        await bench.MakeTokenAsync(0, uses: 1);
        await bench.MakeTokenAsync(1, days: 1);
        await bench.MakeTokenAsync(2);
        await bench.MakeTokenAsync(3, uses: 2);
        await bench.Desk.AdmitAsync(0, 1);
        await bench.Desk.AdmitAsync(3, 2);
        await bench.Desk.RevokeAsync(2);
        bench.Wait(TimeSpan.FromDays(2));
        (ulong, TokenState, int)[] expected =
            [(4, TokenState.Usable, 1), (3, TokenState.Revoked, 1), (2, TokenState.Expired, 1), (1, TokenState.UsedUp, 0)];
        foreach (var limit in new[] { 1, 2, 4, 500 })
        {
            Assert.Equal(expected, (await bench.Desk.TokensAsync(limit)).Select(t => (t.Id.Value, t.State, t.UsesLeft)));
        }

        Assert.Equal(4, (await bench.Desk.Service.TokensAsync("no cursor", 0x7FFF_FFFF, Cancel)).Value.Items.Count);
        Assert.Single((await bench.Desk.Service.TokensAsync("-1", 0, Cancel)).Value.Items);
    }

    [Fact]
    public void Names_of_tokens_go_through_text()
    {
        var id = new TokenId(0x00AB_0000_0000_00CD);
        Assert.Equal("00ab0000000000cd", id.ToString());
        Assert.True(TokenId.TryParse("00AB0000000000cd", out var read) && read == id);
        Assert.Equal(id, new TokenId(id.ToArray()));
        foreach (var bad in new[] { null, "", "ab", "0x00ab0000000000", " 0ab0000000000cd", "00ab0000000000cd0", "00ab0000000000cg" })
        {
            Assert.False(TokenId.TryParse(bad, out _));
        }
    }
}
