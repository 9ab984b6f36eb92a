using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>
/// What a key may sign that a node holds for an account: transfers and channels of that account's own credits, and nothing else. The bank refuses the rest
/// too; a node that looks first keeps nothing signed that somebody could hand in later.
/// </summary>
public static class DelegatedActs
{
    private static readonly Failure NoPayment = new(
        FailureKind.Forbidden, "a node signs transfers and channels for an account, and nothing else; sign that with a device");

    /// <summary>Looks at what is to be signed.</summary>
    /// <param name="purpose">What the statement is for.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="cap">Micro-credits that the key may spend in all.</param>
    /// <returns>What is paid, in a few words for a log; or why it is not to be signed.</returns>
    public static Outcome<string> Judge(string purpose, ReadOnlySpan<byte> payload, long cap)
    {
        switch (purpose)
        {
            case TransferAct.Purpose:
                var transfers = TransferAct.Parse(payload);
                return transfers.Succeeded ? Judge(transfers.Value, cap) : transfers.Failure;
            case ChannelAct.Purpose:
                var channel = ChannelAct.Parse(payload);
                return channel.Succeeded ? Judge(channel.Value, cap) : channel.Failure;
            default:
                return NoPayment;
        }
    }

    private static Outcome<string> Judge(TransferAct act, long cap)
    {
        // One that waits for somebody, and what others hold for the account, are for its devices: they are not spent by looking at a page.
        if (act.Transfers is not [{ Kind: TransferOrder.Send } order])
        {
            return new Failure(FailureKind.Forbidden, "a node signs one transfer at a time that is sent at once; sign others with a device");
        }

        return order.From.Length > 0 ? new Failure(FailureKind.Forbidden, "a node pays from the account itself alone; sign with a device")
            : Within(order.Amount, cap) is { } failure ? failure
            : $"transfer {EntryName.Show(order.Id)} of {Credits.Counted(order.Amount)} to {EntryName.Show(order.To)}";
    }

    private static Outcome<string> Judge(ChannelAct act, long cap) => act switch
    {
        ChannelAct.Open open => Within(open.Reserve, cap) is { } failure ? failure
            : $"channel {EntryName.Show(open.Channel)} with {Credits.Counted(open.Reserve)}",
        ChannelAct.Change change => change.Reserve != 0 && Within(change.Reserve, cap) is { } failure ? failure
            : $"channel {EntryName.Show(change.Channel)} with {Credits.Counted(change.Reserve)} more",
        ChannelAct.Close close => $"channel {EntryName.Show(close.Channel)} is closed",
        _ => NoPayment,
    };

    private static Failure? Within(long amount, long cap) => !Credits.IsAmount(amount)
        ? new Failure(FailureKind.Invalid, $"an amount is 1 to {Credits.Max} micro-credits")
        : amount > cap
            ? new Failure(
                FailureKind.Forbidden, $"the node may spend {Credits.Counted(cap)} in all, and this takes {Credits.Show(amount)}; sign with a device")
            : null;
}
