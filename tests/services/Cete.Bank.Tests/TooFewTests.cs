using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Bank.Tests;

/// <summary>Who has too few credits is told so by the kind of the failure, and how to earn some, whatever it was that took them.</summary>
public sealed class TooFewTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sending_and_setting_aside_more_than_there_is_costs_credits_and_says_how_to_earn_them()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 6, 1), bench.Register("bob"));
        var bank = new BankService(bench.Group, Bench.Community);
        var asker = Asker.Of(ada.Id);
        var sent = (await bank.TransferAsync(
            ada.Sign(TransferAct.Purpose, new TransferAct([Person.Sending(2, bob, 7), Person.Sending(3, bob, 4)]).ToPayload()), asker, Cancel)).Value;
        Tells(sent[0].Failure, "0.000006 credits are there and 0.000007 are needed");
        Assert.Null(sent[1].Failure);
        var open = ada.Opening(Bench.Id(4), 6_000 * Bench.Credit).ToPayload();
        Tells((await bank.ChangeChannelAsync(ada.Sign(ChannelAct.Purpose, open), asker, Cancel)).Failure, "6000 are needed");
    }

    [Fact]
    public async Task Whatever_else_clashes_stays_as_it_is()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 6, 1), bench.Register("bob"));
        ada.Send(2, bob, 1);
        var bank = new BankService(bench.Group, Bench.Community);
        const string note = "; who runs a service earns some";
        var again = new TransferAct([Person.Sending(2, bob, 1, note)]).ToPayload();
        var known = (await bank.TransferAsync(ada.Sign(TransferAct.Purpose, again), Asker.Of(ada.Id), Cancel)).Value;
        Assert.Equal(FailureKind.Conflict, known[0].Failure?.Kind);
        var treasury = new TransferAct([Person.Sending(5, bob, 1) with { From = LedgerAddress.Treasury.ToString() }]).ToPayload();
        var paid = (await bank.TransferAsync(ada.Sign(TransferAct.Purpose, treasury), ada.Governing, Cancel)).Value;
        Assert.Equal((FailureKind.Conflict, "treasury has 0 credits and 0.000001 are needed"), (paid[0].Failure!.Kind, paid[0].Failure!.Message));
    }

    private static void Tells(Failure? failure, string what)
    {
        Assert.Equal(FailureKind.Unpaid, failure?.Kind);
        Assert.Contains(what, failure!.Message, StringComparison.Ordinal);
        Assert.EndsWith(Shortage.HowTo, failure.Message, StringComparison.Ordinal);
    }
}
