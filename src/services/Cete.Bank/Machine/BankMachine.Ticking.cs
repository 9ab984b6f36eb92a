using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>What is due.</summary>
public sealed partial class BankMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Do(Change change)
    {
        var due = change.Due.By(change.At, BankLimits.TickMax + 1);
        foreach (var row in due.Take(BankLimits.TickMax))
        {
            change.Due.Remove(row.At, row.What, row.Key);
            switch (row.What)
            {
                case DueKind.Pending:
                    Expire(new TransferId(row.Key), change);
                    break;
                case DueKind.Grant:
                    Grant(new AccountId(row.Key), row.At.Microseconds, row.Amount, change);
                    break;
                case DueKind.ChannelExpires when change.Channels.Find(new TransferId(row.Key)) is { State: ChannelState.Open } channel:
                    BeginClosing(channel, change);
                    break;
                case DueKind.ChannelSettles when change.Channels.Find(new TransferId(row.Key)) is { State: ChannelState.Closing } channel:
                    Settle(channel, change);
                    break;
                default:
                    break;
            }
        }

        return Answer(new Ticked { Done = Math.Min(due.Count, BankLimits.TickMax), IsMore = due.Count > BankLimits.TickMax });
    }

    private static void Expire(TransferId id, Change change)
    {
        if (change.Pendings.Find(id) is { EndedAt: null } held)
        {
            Give(change, new Posting(
                TransferId.Of("expire", id.ToArray()), TransferKind.Expire, LedgerAddress.Pending(id), LedgerAddress.User(held.Payer), held.Amount));
            change.Pendings.End(id, change.At);
            if (change.Holders.Find(held.Payer) is { ClosedAt: not null })
            {
                SweepClosed(held.Payer, id.ToArray(), change);
            }
        }
    }

    private static void Grant(AccountId account, long stage, long amount, Change change)
    {
        var id = TransferId.Of("grant", account.ToArray(), stage);
        if (amount > 0 && change.Books.Find(id) is null && change.Holders.Find(account) is { ClosedAt: null })
        {
            Give(change, new Posting(id, TransferKind.Grant, PayerOfGrants(amount, change), LedgerAddress.Grant(account), amount));
        }
    }

    /// <summary>What belonged to an account that was closed: what it earned goes to the community, what it was given is no more.</summary>
    private static void SweepClosed(AccountId account, ReadOnlySpan<byte> because, Change change)
    {
        var (own, given) = (LedgerAddress.User(account), LedgerAddress.Grant(account));
        var key = (byte[])[.. account.ToArray(), .. because];
        Give(change, new Posting(
            TransferId.Of("leave", key), TransferKind.Leave, own, LedgerAddress.Treasury, change.Books.BalanceOf(own)));
        Give(change, new Posting(
            TransferId.Of("leave-grant", key), TransferKind.Leave, given, LedgerAddress.Mint, change.Books.BalanceOf(given)));
    }
}
