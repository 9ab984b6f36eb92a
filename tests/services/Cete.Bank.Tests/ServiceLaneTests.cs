using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Testing;

namespace Cete.Bank.Tests;

/// <summary>Lanes by which services are paid: they pay the treasury too, and nobody else than they are named by.</summary>
public sealed class ServiceLaneTests
{
    [Fact]
    public void A_lane_of_services_pays_the_treasury_or_an_account()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        var (treasury, user) = (Lane(LedgerAddress.Treasury, 60), Lane(bob.User, 40));
        var channel = ada.Open(Bench.Id(1), 100, treasury, user);
        Assert.Equal(50, channel.Redeem(Voucher(channel, treasury, 50))[0].Paid);
        Assert.Equal(40, channel.Redeem(Voucher(channel, user, 40))[0].Paid);
        Assert.Equal((50, 40), (bench.BalanceOf(LedgerAddress.Treasury), bob.Balance));
        Assert.True(channel.Widen(1, 30, treasury with { Cap = 90 }).Succeeded);
        Assert.Equal(40, channel.Redeem(Voucher(channel, treasury, 90))[0].Paid);
        Assert.Null(bench.Read(LedgerAudit.Wrong));
    }

    [Fact]
    public void What_its_policy_takes_for_the_community_is_taken_of_what_an_account_gets()
    {
        using var bench = Bench.Begun(BankPolicy.First with { CommunityPermille = 100, AuthorPermille = 200 });
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        var lane = Lane(bob.User, 1_000);
        var channel = ada.Open(Bench.Id(1), 1_000, lane);
        channel.Redeem(Voucher(channel, lane, 1_000));
        Assert.Equal((900, 100), (bob.Balance, bench.BalanceOf(LedgerAddress.Treasury)));
    }

    [Fact]
    public void It_pays_nobody_else_than_it_is_named_by()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        var open = ada.Opening(Bench.Id(1), 100, Lane(LedgerAddress.Treasury, 60) with { Provider = ServiceLane.ProviderOf(bob.User).ToString() });
        ada.Channel(open).Refused(FailureKind.Invalid, "a lane pays an account or a node");
        ada.Channel(open with { Lanes = [Lane(bob.User, 60) with { Author = ada.Id.ToString() }] })
            .Refused(FailureKind.Invalid, "a lane of a service has no author");
    }

    [Fact]
    public void Below_the_level_that_brought_them_the_treasury_is_paid_by_no_lane()
    {
        using var bench = Bench.Begun();
        var ada = bench.Register("ada");
        bench.Group.Level = BankSchema.DaysLevel;
        ada.Channel(ada.Opening(Bench.Id(1), 100, Lane(LedgerAddress.Treasury, 60))).Refused(FailureKind.Invalid, "a lane pays an account or a node");
        bench.Group.Level = BankSchema.ServiceLanesLevel;
        Assert.True(ada.Channel(ada.Opening(Bench.Id(1), 100, Lane(LedgerAddress.Treasury, 60))).Succeeded);
    }

    [Fact]
    public void Whom_lanes_pay_names_them_apart()
    {
        var (one, other) = (AccountIdOf(1), AccountIdOf(2));
        KeyId[] names =
        [
            ServiceLane.ProviderOf(LedgerAddress.Treasury), ServiceLane.ProviderOf(LedgerAddress.User(one)), ServiceLane.ProviderOf(LedgerAddress.User(other)),
            ServiceLane.ProviderOf(LedgerAddress.Grant(one)),
        ];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(names[1], ServiceLane.ProviderOf(LedgerAddress.User(one)));
    }

    internal static LaneOrder Lane(LedgerAddress payee, long cap) => new(ServiceLane.ProviderOf(payee).ToString(), payee.ToString(), cap);

    internal static byte[] Voucher(Opened channel, LaneOrder lane, long amount)
    {
        Assert.True(KeyId.TryParse(lane.Provider, out var provider));
        return Trust.Voucher.Sign(channel.Payer.Key, Bench.Community, channel.Id.Bits, provider, amount).ToArray();
    }

    private static AccountId AccountIdOf(byte number) => new([.. Enumerable.Repeat(number, AccountId.Size)]);
}
