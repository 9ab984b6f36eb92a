using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank.Tests;

/// <summary>What a key may sign that a node holds for an account: payments of that account's own credits, within the cap, and nothing else.</summary>
public sealed class DelegatedActsTests
{
    private const long Cap = 10 * Credits.Micro;
    private static readonly string Id = new('a', 32);
    private static readonly string To = LedgerAddress.User(new AccountId(new byte[AccountId.Size])).ToString();
    private static readonly TransferOrder Send = new(Id, TransferOrder.Send, To, Cap);

    [Fact]
    public void TransfersOfTheAccountsOwnCreditsAreSignedUpToTheCap()
    {
        Assert.Equal($"transfer {Id} of 10 credits to {To}", Judge(new TransferAct([Send])).Value);
        Judge(new TransferAct([Send with { Amount = Cap + 1 }])).Refused(FailureKind.Forbidden, "may spend 10 credits in all, and this takes 10.000001");
        Judge(new TransferAct([Send with { Amount = 0 }])).Refused(FailureKind.Invalid, "an amount is 1 to");
        Judge(new TransferAct([Send with { Amount = -1 }])).Refused(FailureKind.Invalid, "an amount is 1 to");
        Judge(new TransferAct([Send with { From = "treasury" }])).Refused(FailureKind.Forbidden, "from the account itself alone");
        Judge(new TransferAct([Send, Send])).Refused(FailureKind.Forbidden, "one transfer at a time");
        Judge(new TransferAct([])).Refused(FailureKind.Forbidden, "one transfer at a time");
        Judge(new TransferAct([Send with { Kind = TransferOrder.Pend, ExpiresAt = 1 }])).Refused(FailureKind.Forbidden, "one transfer at a time");
        Judge(new TransferAct([new TransferOrder(Id, TransferOrder.Post, Amount: 1, Pending: Id)])).Refused(FailureKind.Forbidden, "one transfer at a time");
        Judge(new TransferAct([new TransferOrder(Id, TransferOrder.Void, Pending: Id)])).Refused(FailureKind.Forbidden, "one transfer at a time");
    }

    [Fact]
    public void ChannelsAreOpenedWidenedAndClosedUpToTheCap()
    {
        var open = new ChannelAct.Open(Id, [], Cap, string.Empty, 1, []);
        Assert.True(Judge(open).Succeeded);
        Judge(open with { Reserve = Cap + 1 }).Refused(FailureKind.Forbidden, "may spend 10 credits in all");
        Judge(open with { Reserve = 0 }).Refused(FailureKind.Invalid, "an amount is 1 to");
        var change = new ChannelAct.Change(Id, 1, Cap, []);
        Assert.True(Judge(change).Succeeded);
        Assert.True(Judge(change with { Reserve = 0 }).Succeeded);
        Judge(change with { Reserve = Cap + 1 }).Refused(FailureKind.Forbidden, "may spend 10 credits in all");
        Judge(change with { Reserve = -1 }).Refused(FailureKind.Invalid, "an amount is 1 to");
        Assert.True(Judge(new ChannelAct.Close(Id, [])).Succeeded);
    }

    [Theory]
    [InlineData(BankPolicy.Purpose)]
    [InlineData(ClaimAct.Purpose)]
    [InlineData(ReleaseAct.Purpose)]
    [InlineData(JournalHead.Purpose)]
    [InlineData("accounts.device")]
    [InlineData("accounts.govern")]
    [InlineData("accounts.close")]
    [InlineData("")]
    public void NothingElseIsSigned(string purpose) =>
        DelegatedActs.Judge(purpose, new TransferAct([Send]).ToPayload(), Cap).Refused(FailureKind.Forbidden, "and nothing else");

    [Fact]
    public void WhatCannotBeReadIsNotSigned()
    {
        DelegatedActs.Judge(TransferAct.Purpose, "{}"u8, Cap).Refused(FailureKind.Invalid, "no list of transfers");
        DelegatedActs.Judge(TransferAct.Purpose, new ChannelAct.Close(Id, []).ToPayload(), Cap).Refused(FailureKind.Invalid, "no list of transfers");
        DelegatedActs.Judge(ChannelAct.Purpose, new TransferAct([Send]).ToPayload(), Cap).Refused(FailureKind.Invalid, "no change of a channel");
        DelegatedActs.Judge(ChannelAct.Purpose, [], Cap).Refused(FailureKind.Invalid, "no change of a channel");
    }

    private static Outcome<string> Judge(TransferAct act) => DelegatedActs.Judge(TransferAct.Purpose, act.ToPayload(), Cap);

    private static Outcome<string> Judge(ChannelAct act) => DelegatedActs.Judge(ChannelAct.Purpose, act.ToPayload(), Cap);
}
