using Cete.Core;
using Cete.Ledger;
using Cete.Testing;

namespace Cete.Bank.Tests;

/// <summary>What newcomers are given, allowances, and what becomes of those who leave.</summary>
public sealed class GrantTests
{
    [Fact]
    public void A_newcomer_is_given_credits_once_however_often_it_is_told()
    {
        using var bench = Bench.Begun();
        var ada = bench.Register("ada");
        Assert.Equal(5_000 * Bench.Credit, ada.Granted);
        for (var i = 0; i < 3; i++)
        {
            // A scan tells it, then the feed, and a restored group tells it anew.
            Assert.Null(bench.Import(AccountsTell.Account("registered", ada.Id, bench.Now)));
            bench.Wait(TimeSpan.FromDays(100));
        }

        Assert.Equal((5_000 * Bench.Credit, 5_000 * Bench.Credit), (ada.Granted, bench.Audit.Supply));
    }

    [Fact]
    public void Stages_come_on_their_days_and_late_ticks_bring_each_once()
    {
        using var bench = Bench.Begun(BankPolicy.First with
        {
            Grants = [new GrantStage(0, 10), new GrantStage(7, 20), new GrantStage(30, 40),
            new GrantStage(60, 0)]
        });
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        Assert.Equal((10, 0), (ada.Granted, bench.Tick().Done));
        Assert.Equal((2, 30), (bench.Wait(TimeSpan.FromDays(7)).Done, ada.Granted));
        Assert.Null(bench.Import(AccountsTell.Account("closed", bob.Id)));
        Assert.Equal((2, 70), (bench.Wait(TimeSpan.FromDays(900)).Done, ada.Granted));
        Assert.Equal((30, 0), (bob.Granted, bench.Tick().Done));
    }

    [Fact]
    public void The_treasury_pays_before_the_mint_does()
    {
        using var bench = Bench.Begun(BankPolicy.First with { Grants = [new GrantStage(0, 10)], CommunityPermille = 1_000 });
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        Assert.Equal(10, ada.Open(Bench.Id(1), 10, bob.Lane(10)).Redeem(bob, 10).Paid);
        Assert.Equal((0, 10, 20), (bob.Balance, bench.BalanceOf(LedgerAddress.Treasury), bench.Audit.Supply));
        Assert.Equal(10, bench.Register("carol").Granted);
        Assert.Equal((0, 20), (bench.BalanceOf(LedgerAddress.Treasury), bench.Audit.Supply));
        bench.Register("dave");
        Assert.Equal(30, bench.Audit.Supply);
    }

    [Fact]
    public void The_allowance_is_filled_up_once_a_day_when_something_is_paid()
    {
        using var bench = Bench.Begun(BankPolicy.First with { Grants = [], DailyAllowance = 100 });
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        Assert.Equal(0, ada.Granted);
        ada.Channel(ada.Opening(Bench.Id(1), 101, bob.Lane(1))).Refused(FailureKind.Conflict, "0.0001 credits are there");
        Assert.Equal((0, 0), (ada.Granted, bench.Audit.Supply));
        var channel = ada.Open(Bench.Id(1), 60, bob.Lane(60));
        Assert.Equal((40, 60), (ada.Granted, channel.Redeem(bob, 60).Paid));
        ada.Channel(ada.Opening(Bench.Id(2), 41)).Refused(FailureKind.Conflict, "are needed");
        bench.Wait(TimeSpan.FromDays(1));
        var next = ada.Open(Bench.Id(3), 100);
        Assert.Equal((0, 160), (ada.Granted, bench.Audit.Supply));
        Assert.True(next.Close().Succeeded);
        Assert.Equal(100, ada.Granted);
    }

    [Fact]
    public void When_there_are_as_many_credits_as_there_can_be_nobody_is_given_more()
    {
        using var bench = Bench.Begun(BankPolicy.First with { Grants = [], DailyAllowance = Credits.Max / 1_000 });
        var bob = bench.Register("bob");
        var given = 0;
        for (var i = 0; i < 1_003; i++)
        {
            var payer = bench.Register($"payer {i}");
            given += payer.Channel(payer.Opening(Bench.Id(i), Credits.Max / 1_000, bob.Lane(1))).Succeeded ? 1 : 0;
        }

        Assert.Equal(1_000, given);
        Assert.InRange(bench.Audit.Supply, Credits.Max - 1_000, Credits.Max);
    }

    [Fact]
    public void Who_leaves_by_a_signature_leaves_his_credits_to_the_community()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 100, 1), bench.Register("bob"));
        var channel = ada.Open(Bench.Id(2), (5_000 * Bench.Credit) + 30, bob.Lane(50));
        Assert.True(ada.Do(ada.Pending(3, bob, 20)).Number > 0);
        var close = ada.Sign("accounts.close", "{}"u8.ToArray());
        Assert.Null(bench.Import(AccountsTell.Account("closed", ada.Id, bench.Now, close)));
        Assert.Equal((0, 0, 50), (ada.Balance, ada.Granted, bench.BalanceOf(LedgerAddress.Treasury)));
        Assert.Equal(50, channel.Redeem(bob, 50).Paid);
        bench.Wait(TimeSpan.FromHours(10));
        bench.Wait(TimeSpan.FromHours(10));
        Assert.Equal((0, 0, 100, 0), (ada.Balance, ada.Granted, bench.BalanceOf(LedgerAddress.Treasury), channel.Held));
        Assert.Equal(bench.Audit.Supply, bob.Granted + bob.Balance + 100 + (5_000 * Bench.Credit) - 100);
    }

    [Fact]
    public void A_closing_that_somebody_made_up_moves_nothing()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 100, 1), bench.Register("bob"));
        var other = bob.Sign("accounts.close", "{}"u8.ToArray(), account: ada.Id);
        Assert.Null(bench.Import(AccountsTell.Account("closed", ada.Id, bench.Now, other)));
        Assert.Null(bench.Import(AccountsTell.Account("closed", bob.Id, bench.Now)));
        Assert.Equal((100, 0), (ada.Balance, bench.BalanceOf(LedgerAddress.Treasury)));
        Assert.Equal(5_000 * Bench.Credit, bob.Granted);
    }
}
