using Cete.Core;
using Cete.Ports;

namespace Cete.Accounts.Tests;

/// <summary>What nodes without a replica of the accounts are told of them.</summary>
public sealed class DeskTests
{
    private static readonly FabricPeer Peer = new(KeyId.Of("peer"u8), RoleSet.From(["index"]).Value);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whose_a_session_is_comes_over_as_it_is()
    {
        using var bench = await Bench.BegunAsync();
        var token = (await bench.Service.CreateTokenAsync(bench.Ada.Id, "t", [Grant.Of("index.read@/music")], TimeSpan.FromHours(1), Cancel)).Value;
        var here = (await bench.Service.SessionAsync(token, Cancel)).Value;
        var there = DeskCodec.ReadSession(await AskAsync(bench, DeskCodec.AskSession(SessionSecret.HashOf(token)!.Value))).Value;
        Assert.Equal(
            (here.Account, here.Session, here.Kind, here.ExpiresAt, here.Device),
            (there.Account, there.Session, there.Kind, there.ExpiresAt, there.Device));
        Assert.Equal(here.Grants, there.Grants);
        bench.Wait(TimeSpan.FromHours(2));
        var over = DeskCodec.ReadSession(await AskAsync(bench, DeskCodec.AskSession(SessionSecret.HashOf(token)!.Value)));
        Assert.Equal(FailureKind.Unauthenticated, over.Failure?.Kind);
    }

    [Fact]
    public async Task What_accounts_may_do_comes_over_as_it_is()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        await bench.Ada.GovernAsync(new GovernAct.Suspend(bob.Id.ToString(), "spam"));
        var here = (await bench.Service.StandingsAsync(0, Cancel)).Value;
        var there = DeskCodec.ReadStandings(await AskAsync(bench, DeskCodec.AskStandings(0))).Value;
        Assert.Equal((here.Version, here.RolesVersion, here.IsMore), (there.Version, there.RolesVersion, there.IsMore));
        Assert.Equal(here.Guest, there.Guest);
        Assert.Equal(here.Items.Select(Show), there.Items.Select(Show));

        static string Show(AccountStanding item) =>
            $"{item.Account} {item.Name} {string.Join(',', item.Roles)} {string.Join(',', item.Grants)} {item.IsSuspended} {item.IsClosed} {item.Version}";
    }

    [Fact]
    public async Task Strangers_are_told_nothing_and_nonsense_is_refused()
    {
        using var bench = await Bench.BegunAsync();
        var desk = new AccountsDesk(bench.Service, bench.Group);
        Assert.Equal(FailureKind.Forbidden, (await desk.AnswerAsync(new FabricRequest(null, DeskCodec.AskStandings(0)), Cancel)).Failure?.Kind);
        byte[] negative = [0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
        foreach (var body in new[] { [], [0xFF], [0x0A, 0x01, 0x00], negative, new byte[1_000] })
        {
            Assert.Equal(FailureKind.Invalid, (await desk.AnswerAsync(new FabricRequest(Peer, body), Cancel)).Failure?.Kind);
        }
    }

    [Fact]
    public async Task Whatever_a_node_answers_is_read_or_refused()
    {
        using var bench = await Bench.BegunAsync();
        var good = (await AskAsync(bench, DeskCodec.AskStandings(0))).ToArray();
        var (chance, refused) = (new Prng(7), 0);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = good.AsSpan(0, chance.Next(good.Length + 1)).ToArray();
            for (var flip = chance.Next(4); flip > 0 && bytes.Length > 0; flip--)
            {
                bytes[chance.Next(bytes.Length)] = (byte)chance.Next(256);
            }

            // It comes back with something, and throws nothing; an answer to another question is none.
            var standings = DeskCodec.ReadStandings(bytes);
            Assert.False(DeskCodec.ReadSession(bytes).Succeeded);
            refused += standings.Succeeded ? 0 : 1;
        }

        Assert.InRange(refused, 1_000, 5_000);
    }

    private static async Task<ReadOnlyMemory<byte>> AskAsync(Bench bench, ReadOnlyMemory<byte> question) =>
        (await new AccountsDesk(bench.Service, bench.Group).AnswerAsync(new FabricRequest(Peer, question), Cancel)).Value;
}
