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
            Give(change, Posting.From(
                "expire", id.ToArray(), 0, TransferKind.Expire, LedgerAddress.Pending(id), LedgerAddress.User(held.Payer), held.Amount));
            change.Pendings.End(id, change.At);
            Sweep(held.Payer, change);
        }
    }

    private static void Grant(AccountId account, long stage, long amount, Change change)
    {
        if (amount > 0 && change.Holders.Find(account) is { ClosedAt: null })
        {
            // When there are as many credits as there can be, nobody is given any more.
            _ = change.Books.Post(Posting.From(
                "grant", account.ToArray(), stage, TransferKind.Grant, PayerOfGrants(amount, change), LedgerAddress.Grant(account), amount));
        }
    }

    /// <summary>
    /// What belonged to an account that one of its devices closed: what it earned goes to the community, what it was given is no more. One that was
    /// closed on the accounts' word alone keeps what it has, else a root that makes that up would take it.
    /// </summary>
    private static void Sweep(AccountId account, Change change)
    {
        if (change.Holders.Find(account) is not { ClosedAt: not null, HasLeft: true })
        {
            return;
        }

        var (own, given, number) = (LedgerAddress.User(account), LedgerAddress.Grant(account), change.Books.Next);
        Give(change, Posting.From(
            "leave", account.ToArray(), number, TransferKind.Leave, own, LedgerAddress.Treasury, change.Books.BalanceOf(own)));
        Give(change, Posting.From(
            "leave-grant", account.ToArray(), number, TransferKind.Leave, given, LedgerAddress.Mint, change.Books.BalanceOf(given)));
    }
}
