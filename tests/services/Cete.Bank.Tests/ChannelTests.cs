using System.Security.Cryptography;
using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;
using Cete.Trust;

namespace Cete.Bank.Tests;

/// <summary>Channels: what is set aside, what vouchers bring, and how they end.</summary>
public sealed class ChannelTests
{
    [Fact]
    public void What_is_promised_is_paid_and_the_rest_comes_back()
    {
        using var bench = Bench.Begun();
        var (ada, bob, carol) = (bench.Register("ada"), bench.Register("bob"), bench.Register("carol"));
        var channel = ada.Open(Bench.Id(1), 100, bob.Lane(60), carol.Lane(40));
        Assert.Equal(((5_000 * Bench.Credit) - 100, 100), (ada.Granted, channel.Held));
        Assert.Equal((10, 10), Of(channel.Redeem(bob, 10)));
        Assert.Equal((25, 15), Of(channel.Redeem(bob, 25)));
        Assert.Equal((40, 40), Of(channel.Redeem(carol, 40)));
        Assert.True(channel.Close().Value.Changed);
        Assert.Equal((ChannelState.Closing, 35), (channel.Row.State, channel.Held));

        // A higher voucher wins until the delay is over.
        Assert.Equal((30, 5), Of(channel.Redeem(bob, 30)));
        Assert.Equal(1, bench.Wait(TimeSpan.FromHours(1)).Done);
        Assert.Equal((ChannelState.Settled, 0, 30, 40), (channel.Row.State, channel.Held, bob.Balance, carol.Balance));
        Assert.Equal((5_000 * Bench.Credit) - 70, ada.Granted);
        channel.Redeem(bob, 31).Refused(FailureKind.Expired, "came too late");
        Assert.Equal((30, 0), Of(channel.Redeem(bob, 30)));
        Assert.False(channel.Close().Value.Changed);
    }

    [Fact]
    public void Forged_vouchers_bring_nothing()
    {
        using var bench = Bench.Begun();
        var (ada, bob, eve) = (bench.Register("ada"), bench.Register("bob"), bench.Register("eve"));
        var channel = ada.Open(Bench.Id(1), 100, bob.Lane(60));
        var other = eve.Open(Bench.Id(2), 100, bob.Lane(60));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var right = channel.Voucher(bob, 20);
        Assert.Equal((20, 20), Of(channel.Redeem(right)[0]));
        Assert.Equal((20, 0), Of(channel.Redeem(right)[0]));
        Assert.Equal((20, 0), Of(channel.Redeem(bob, 19)));
        channel.Redeem(channel.Voucher(bob, 30, community: KeyId.Of("other"u8)))[0].Refused(FailureKind.Forbidden, "of another community");
        channel.Redeem(channel.Voucher(bob, 30, key: key))[0].Refused(FailureKind.Forbidden, "not signed with the key of its channel");
        channel.Redeem(other.Voucher(bob, 30, channel: channel.Id))[0].Refused(FailureKind.Forbidden, "not signed with the key of its channel");
        channel.Redeem(channel.Voucher(bob, 30, channel: other.Id))[0].Refused(FailureKind.Forbidden, "not signed with the key of its channel");
        channel.Redeem(channel.Voucher(bob, 30, channel: Bench.Id(3)))[0].Refused(FailureKind.NotFound, "there is no channel");
        channel.Redeem(eve, 30).Refused(FailureKind.NotFound, "has no lane for");
        channel.Redeem(bob, 61).Refused(FailureKind.Conflict, "brings 0.00006 at most");
        channel.Redeem(channel.Voucher(bob, long.MaxValue))[0].Refused(FailureKind.Conflict, "at most");
        foreach (var bytes in new[] { [], right[..^1], [.. right, 0], new byte[Voucher.Size], channel.Voucher(bob, 0), channel.Voucher(bob, -1),
            channel.Voucher(bob, long.MinValue) })
        {
            channel.Redeem(bytes)[0].Refused(FailureKind.Invalid, "no voucher");
        }

        for (var at = 0; at < right.Length; at += 7)
        {
            var changed = channel.Voucher(bob, 30);
            changed[at] ^= 0x10;
            Assert.NotEqual(0, channel.Redeem(changed)[0].Failure);
        }

        Assert.Equal((20, 20), (bob.Balance, channel.Row.Redeemed));
    }

    [Fact]
    public void Vouchers_come_in_batches_in_any_order()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        var channel = ada.Open(Bench.Id(1), 100, bob.Lane(60));
        var results = channel.Redeem([channel.Voucher(bob, 30), channel.Voucher(bob, 10), [1], channel.Voucher(bob, 30), channel.Voucher(bob, 50),
            channel.Voucher(bob, 70)]);
        Assert.Equal([30, 0, 0, 0, 20, 0], results.Select(result => result.Paid));
        Assert.Equal([false, false, true, false, false, true], results.Select(result => result.Failure > 0));
        Assert.Equal(50, bob.Balance);
        bench.Submit(new Redeem()).Refused(FailureKind.Invalid, "redeems 1 to 256");
        var many = new Redeem { Vouchers = { Enumerable.Repeat(Person.Bytes([1]), 257) } };
        bench.Submit(many).Refused(FailureKind.Invalid, "redeems 1 to 256");
    }

    [Fact]
    public void Splits_are_exact_to_the_last_unit_however_small_the_steps()
    {
        using var bench = Bench.Begun(BankPolicy.First with { AuthorPermille = 333, CommunityPermille = 101 });
        var (ada, bob, author) = (bench.Register("ada"), bench.Register("bob"), bench.Register("author"));
        var steps = ada.Open(Bench.Id(1), 1_000, bob.Lane(999, author));
        for (var amount = 1; amount <= 999; amount += 7)
        {
            Assert.Equal(0, steps.Redeem(bob, amount).Failure);
        }

        Assert.Equal(0, steps.Redeem(bob, 999).Failure);
        var (provider, made, community) = (bob.Balance, author.Balance, bench.BalanceOf(LedgerAddress.Treasury));
        Assert.Equal((Credits.Part(999, 333), Credits.Part(999, 101)), (made, community));
        Assert.Equal(999, provider + made + community);
        var once = ada.Open(Bench.Id(2), 1_000, bob.Lane(999, author));
        Assert.Equal(999, once.Redeem(bob, 999).Paid);
        Assert.Equal((2 * provider, 2 * made, 2 * community), (bob.Balance, author.Balance, bench.BalanceOf(LedgerAddress.Treasury)));
    }

    [Fact]
    public void Nothing_is_opened_beyond_what_is_there_or_without_bounds()
    {
        using var bench = Bench.Begun(BankPolicy.First with { Grants = [new GrantStage(0, 1_000)] });
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        var open = ada.Opening(Bench.Id(1), 100, bob.Lane(60));
        ada.Channel(open with { Reserve = 1_001 }).Refused(FailureKind.Conflict, "who runs a service earns some");
        ada.Channel(open with { Reserve = 59 }).Refused(FailureKind.Conflict, "the caps of all lanes are more");
        ada.Channel(open with { Lanes = [bob.Lane(60), ada.Lane(41)] }).Refused(FailureKind.Conflict, "the caps of all lanes are more");
        ada.Channel(open with { Lanes = [bob.Lane(Credits.Max), ada.Lane(Credits.Max)] }).Refused(FailureKind.Conflict, "the caps of all lanes are more");
        foreach (var amount in new[] { 0, -1, long.MinValue, Credits.Max + 1, long.MaxValue })
        {
            ada.Channel(open with { Reserve = amount }).Refused(FailureKind.Invalid, "an amount is 1 to");
            ada.Channel(open with { Lanes = [bob.Lane(amount)] }).Refused(FailureKind.Invalid, "the cap of a lane is 1 to");
        }

        ada.Channel(open with { Channel = "1" }).Refused(FailureKind.Invalid, "32 hexadecimal digits");
        ada.Channel(open with { Key = [1, 2, 3] }).Refused(FailureKind.Invalid, "the key of a channel is on P-256");
        ada.Channel(open with { Subject = "abc" }).Refused(FailureKind.Invalid, "64 hexadecimal digits");
        ada.Channel(open with { ExpiresAt = bench.Now.Microseconds }).Refused(FailureKind.Invalid, "in the next 30 days");
        ada.Channel(open with { ExpiresAt = long.MaxValue }).Refused(FailureKind.Invalid, "in the next 30 days");
        ada.Channel(open with { Lanes = [bob.Lane(1) with { Provider = "bob" }] }).Refused(FailureKind.Invalid, "no name of a provider's key");
        ada.Channel(open with { Lanes = [bob.Lane(1) with { Payee = "treasury" }] }).Refused(FailureKind.Invalid, "a lane pays an account or a node");
        ada.Channel(open with { Lanes = [bench.Stranger("eve").Lane(1)] }).Refused(FailureKind.NotFound, "there is no account");
        ada.Channel(open with { Lanes = [bob.Lane(1, bench.Stranger("eve"))] }).Refused(FailureKind.NotFound, "there is no account");
        ada.Channel(open with { Lanes = [bob.Lane(1) with { Author = "x" }] }).Refused(FailureKind.Invalid, "an author is an account");
        var lanes = Enumerable.Range(0, 41).Select(i => bob.Lane(1) with { Provider = KeyId.Of([(byte)i]).ToString() }).ToArray();
        ada.Channel(open with { Lanes = lanes }).Refused(FailureKind.TooLarge, "40 at most");
        Assert.True(ada.Channel(open with { Lanes = lanes[..40] }).Value.Changed);
        ada.Channel(new ChannelAct.Change(open.Channel, 1, 0, [lanes[40]])).Refused(FailureKind.TooLarge, "40 at most");
        Assert.Equal(900, ada.Granted);
        for (var i = 2; i <= BankLimits.ChannelsMax; i++)
        {
            Assert.True(ada.Channel(ada.Opening(Bench.Id(i), 1)).Succeeded);
        }

        ada.Channel(ada.Opening(Bench.Id(99), 1)).Refused(FailureKind.TooLarge, "which is the most");
    }

    [Fact]
    public void An_opening_that_comes_again_is_known_and_another_one_is_not()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        var open = ada.Opening(Bench.Id(1), 100, bob.Lane(60));
        Assert.True(ada.Channel(open).Value.Changed);
        Assert.False(ada.Channel(open).Value.Changed);
        ada.Channel(open with { Reserve = 101 }).Refused(FailureKind.Conflict, "that of another channel");
        ada.Channel(open with { Lanes = [bob.Lane(61)] }).Refused(FailureKind.Conflict, "that of another channel");
        bob.Channel(open).Refused(FailureKind.Conflict, "that of another channel");
        var change = new ChannelAct.Change(open.Channel, 1, 10, [bob.Lane(70)]);
        Assert.True(ada.Channel(change).Value.Changed);
        Assert.False(ada.Channel(change).Value.Changed);
        Assert.False(ada.Channel(open).Value.Changed);
        ada.Channel(change with { Reserve = 11 }).Refused(FailureKind.Conflict, "it is at revision 1");
        ada.Channel(change with { Lanes = [] }).Refused(FailureKind.Conflict, "it is at revision 1");
        ada.Channel(change with { Revision = 3 }).Refused(FailureKind.Conflict, "it is at revision 1");
        bob.Channel(change with { Revision = 2 }).Refused(FailureKind.NotFound, "the account has no channel");
        ada.Channel(change with { Revision = 2, Reserve = -1 }).Refused(FailureKind.Invalid, "becomes more, or stays");
        ada.Channel(change with { Revision = 2, Reserve = 0, Lanes = [bob.Lane(69)] }).Refused(FailureKind.Conflict, "it becomes more, or stays");
        ada.Channel(change with { Revision = 2, Reserve = 0, Lanes = [bob.Lane(80) with { Payee = ada.User.ToString() }] }).Refused(FailureKind.Conflict,
            "that stays");
        ada.Channel(change with { Revision = 2, Reserve = 0, Lanes = [bob.Lane(111)] }).Refused(FailureKind.Conflict, "the caps of all lanes");
        Assert.Equal(110, new Opened(bench, ada, Bench.Id(1)).Held);
    }

    [Fact]
    public void What_was_given_is_spent_first_and_comes_back_as_given()
    {
        using var bench = Bench.Begun(BankPolicy.First with { Grants = [new GrantStage(0, 50)] });
        var (payer, bob) = (bench.Register("payer"), bench.Register("bob"));
        var earning = bob.Open(Bench.Id(1), 50, payer.Lane(50));
        Assert.Equal(50, earning.Redeem(payer, 50).Paid);
        var channel = payer.Open(Bench.Id(2), 30, bob.Lane(20));
        Assert.True(channel.Widen(1, 40, bob.Lane(60)).Succeeded);
        Assert.Equal((0, 30, 70, 50), (payer.Granted, payer.Balance, channel.Held, channel.Row.Granted));
        Assert.Equal(45, channel.Redeem(bob, 45).Paid);
        Assert.True(channel.Close().Succeeded);
        bench.Wait(TimeSpan.FromHours(1));
        Assert.Equal((5, 50, 45), (payer.Granted, payer.Balance, bob.Balance));
    }

    [Fact]
    public void Closing_pays_what_the_payer_hands_in_and_nothing_else()
    {
        using var bench = Bench.Begun();
        var (ada, bob, carol) = (bench.Register("ada"), bench.Register("bob"), bench.Register("carol"));
        var (channel, other) = (ada.Open(Bench.Id(1), 100, bob.Lane(60), carol.Lane(40)), ada.Open(Bench.Id(2), 100, bob.Lane(60)));
        bob.Channel(new ChannelAct.Close(channel.Id.ToString(), [])).Refused(FailureKind.NotFound, "the account has no channel");
        ada.Channel(new ChannelAct.Close(channel.Id.ToString(), [.. Enumerable.Repeat(new byte[1], 41)])).Refused(FailureKind.Invalid, "40 lanes at most");
        Assert.True(channel.Close(channel.Voucher(bob, 10), other.Voucher(bob, 10), channel.Voucher(bob, 61), [1, 2], channel.Voucher(carol, 40)).Succeeded);
        Assert.Equal((10, 40, 0), (bob.Balance, carol.Balance, other.Row.Redeemed));
        channel.Widen(1, 0).Refused(FailureKind.Conflict, "is closing");
        Assert.Equal(ChannelState.Closing, channel.Row.State);

        // It ends at once when nobody can expect anything more.
        Assert.Equal((60, 50), Of(channel.Redeem(bob, 60)));
        Assert.Equal((ChannelState.Settled, 0), (channel.Row.State, channel.Held));
        Assert.Equal(0, bench.Wait(TimeSpan.FromHours(2)).Done);
    }

    [Fact]
    public void A_provider_cannot_end_what_is_not_its_own_and_lets_go_once()
    {
        using var bench = Bench.Begun();
        var (ada, bob, carol) = (bench.Register("ada"), bench.Register("bob"), bench.Register("carol"));
        var channel = ada.Open(Bench.Id(1), 100, bob.Lane(60), carol.Lane(40));
        Assert.Equal(10, channel.Redeem(bob, 10).Paid);
        channel.Release(bob, 10, signer: carol).Refused(FailureKind.Forbidden, "not signed with the key");
        channel.Release(ada, 0).Refused(FailureKind.NotFound, "there is no lane");
        channel.Release(bob, 9).Refused(FailureKind.Conflict, "redeem the last voucher first");
        Assert.Equal(0, channel.Release(bob, 10).Failure);
        channel.Redeem(bob, 11).Refused(FailureKind.Conflict, "at most");
        Assert.True(channel.Widen(1, 0, carol.Lane(90)).Succeeded);

        // What was said once could be handed in again, so the lane stays let go.
        channel.Widen(2, 100, bob.Lane(60)).Refused(FailureKind.Conflict, "let its lane go");
        Assert.Equal(0, channel.Release(bob, 10).Failure);
        Assert.Equal(ChannelState.Open, channel.Row.State);
        Assert.True(channel.Close().Succeeded);
        Assert.Equal(0, channel.Release(carol, 0).Failure);
        Assert.Equal((ChannelState.Settled, 0), (channel.Row.State, channel.Held));
    }

    [Fact]
    public void A_channel_that_nobody_closes_ends_by_itself_however_late_ticks_come()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        var channel = ada.Open(Bench.Id(1), 100, bob.Lane(60));
        bench.Group.Now += TimeSpan.FromDays(100);
        Assert.Equal((10, 10), Of(channel.Redeem(bob, 10)));
        Assert.Equal((1, ChannelState.Closing), (bench.Tick().Done, channel.Row.State));
        Assert.Equal((20, 10), Of(channel.Redeem(bob, 20)));
        bench.Group.Now += TimeSpan.FromHours(1);
        channel.Redeem(bob, 30).Refused(FailureKind.Expired, "came too late");
        Assert.Equal((1, ChannelState.Settled), (bench.Tick().Done, channel.Row.State));
        Assert.Equal(0, bench.Wait(TimeSpan.FromDays(100)).Done);
    }

    [Fact]
    public void A_channel_of_no_lanes_ends_when_it_is_closed()
    {
        using var bench = Bench.Begun();
        var ada = bench.Register("ada");
        var channel = ada.Open(Bench.Id(1), 100);
        Assert.True(channel.Close().Value.Changed);
        Assert.Equal((ChannelState.Settled, 5_000 * Bench.Credit), (channel.Row.State, ada.Granted));
    }

    [Fact]
    public void What_nodes_earn_goes_to_whom_they_say_last()
    {
        using var bench = Bench.Begun();
        var (ada, bob, carol, node) = (bench.Register("ada"), bench.Register("bob"), bench.Register("carol"), bench.Stranger("node"));
        var channel = ada.Open(Bench.Id(1), 100, node.Lane(60) with { Payee = $"node:{node.KeyId}" });
        Assert.Equal(20, channel.Redeem(node, 20).Paid);
        node.Claim(bench.Stranger("eve")).Refused(FailureKind.NotFound, "there is no account");
        Assert.Equal(20, node.Claim(bob, counter: 5).Value.Amount);
        Assert.Equal(0, node.Claim(bob, counter: 5).Value.Amount);
        Assert.Equal(30, channel.Redeem(node, 50).Paid);
        Assert.Equal(30, node.Claim(bob, counter: 5).Value.Amount);
        Assert.Equal(10, channel.Redeem(node, 60).Paid);
        Assert.Equal(10, node.Claim(carol, counter: 6).Value.Amount);

        // Who was its owner hands in what it said then.
        node.Claim(bob, counter: 5).Refused(FailureKind.Conflict, "has said since whose it is");
        var claim = new ClaimAct(ada.Id.ToString()).ToPayload();
        var forged = SignedStatement.Sign(ada.Key, Bench.Community, ClaimAct.Purpose, default, 9, claim) with { Device = node.KeyId };
        bench.Submit(new Claim { Statement = Person.Bytes(forged.ToArray()), PublicKey = Person.Bytes(node.PublicKey) }).Refused(FailureKind.Forbidden,
            "not signed");
        Assert.Equal((50, 10), (bob.Balance, carol.Balance));
    }

    private static (long Redeemed, long Paid) Of(RedeemResult result)
    {
        Assert.True(result.Failure == 0, result.Message);
        return (result.Redeemed, result.Paid);
    }
}
