using System.Text;
using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>What accounts send each other, at once or in two steps.</summary>
public sealed partial class BankMachine
{
    private const string NotLinked = "another transfer that it is linked with is refused";

    private static Outcome<ReadOnlyMemory<byte>> Move(Transfer command, Change change)
    {
        var signed = Signed(command.Statement, TransferAct.Purpose, change);
        var act = signed.Succeeded ? TransferAct.Parse(signed.Value.Statement.Payload.Span) : signed.Failure;
        if (!act.Succeeded)
        {
            return act.Failure;
        }

        var orders = act.Value.Transfers;
        if (orders.Count is 0 or > BankLimits.TransfersMax)
        {
            return new Failure(FailureKind.Invalid, $"{orders.Count} transfers; an act has 1 to {BankLimits.TransfersMax}");
        }

        if (orders[^1].Linked)
        {
            return new Failure(FailureKind.Invalid, "the last transfer is linked with the next one, which there is not");
        }

        var answer = new Transferred();
        for (var first = 0; first < orders.Count;)
        {
            var last = first;
            while (orders[last].Linked)
            {
                last++;
            }

            answer.Results.Add(Chain([.. orders.Skip(first).Take(last + 1 - first)], signed.Value, change));
            first = last + 1;
        }

        return Answer(answer);
    }

    /// <summary>Does all of some linked orders, or none.</summary>
    private static List<TransferResult> Chain(List<TransferOrder> orders, SignedBy signed, Change change)
    {
        // A single order writes nothing before it is certain.
        var isLinked = orders.Count > 1;
        if (isLinked)
        {
            change.Sql.Execute("SAVEPOINT chain");
        }

        var mark = change.Books.Mark;
        List<TransferResult> results = [];
        foreach (var order in orders)
        {
            var done = Do(order, signed, change);
            if (!done.Succeeded)
            {
                change.Refusals.Add(RefusalOf(done.Failure));
                results = Refused(orders.Count, results.Count, done.Failure);
                change.Books.TakeBack(mark);
                if (isLinked)
                {
                    change.Sql.Execute("ROLLBACK TO chain");
                    change.Cache.ForgetHolders();
                }

                break;
            }

            results.Add(new TransferResult { Number = done.Value.Number, IsKnown = done.Value.IsKnown });
        }

        if (isLinked)
        {
            change.Sql.Execute("RELEASE chain");
        }

        return results;
    }

    private static List<TransferResult> Refused(int count, int which, Failure failure) =>
        [.. Enumerable.Range(0, count).Select(i => i == which
            ? new TransferResult { Failure = (int)failure.Kind + 1, Message = failure.Message }
            : new TransferResult { Failure = (int)FailureKind.Conflict + 1, Message = NotLinked })];

    private static Outcome<(long Number, bool IsKnown)> Do(TransferOrder order, SignedBy signed, Change change)
    {
        if (!TransferId.TryParse(order.Id, out var id))
        {
            return Invalid("the id of a transfer is 32 hexadecimal digits, drawn at random");
        }

        if (Wrong(order) is { } wrong)
        {
            return wrong;
        }

        // First of all: an order that was carried out is so for ever, whatever has changed since.
        if (change.Books.Find(id) is { } known && change.Rules.IsKnown(true))
        {
            return Says(known, order, signed, change) ? (known.Number, true)
                : new Failure(FailureKind.Conflict, $"the id {id} is that of another transfer, entry {known.Number}; draw a new one");
        }

        var posting = order.Kind switch
        {
            TransferOrder.Send => Sending(id, order, signed, change),
            TransferOrder.Pend => Pending(id, order, signed, change),
            TransferOrder.Post => Taking(id, order, signed, change),
            _ => Leaving(id, order, signed, change),
        };
        if (!posting.Succeeded)
        {
            return posting.Failure;
        }

        var entered = Enter(order, posting.Value, signed, change);
        return entered.Succeeded ? (entered.Value, false) : entered.Failure;
    }

    private static Outcome<long> Enter(TransferOrder order, Posting posting, SignedBy signed, Change change)
    {
        if (order.Kind is TransferOrder.Post or TransferOrder.Void)
        {
            return End(order, posting, change);
        }

        if (order.Kind == TransferOrder.Pend && Unpendable(order, signed, change) is { } unpendable)
        {
            return unpendable;
        }

        var entered = change.Books.Post(posting);
        if (!entered.Succeeded)
        {
            return entered.Failure;
        }

        if (order.From.Length == 0 && Spend(signed, posting.Amount, change) is { } failure)
        {
            change.Books.TakeBack(change.Books.Mark - 1);
            return failure;
        }

        if (order.Kind == TransferOrder.Pend)
        {
            _ = LedgerAddress.TryParse(order.To, out var payee);
            change.Pendings.Add(new PendingRow(posting.Id, signed.Account, payee, posting.Amount, new Instant(order.ExpiresAt), null));
            change.Due.Add(new Instant(order.ExpiresAt), DueKind.Pending, posting.Id.ToArray(), 0);
        }

        return entered;
    }

    private static Outcome<Posting> Sending(TransferId id, TransferOrder order, SignedBy signed, Change change)
    {
        var payee = Payee(order.To, change);
        if (!payee.Succeeded)
        {
            return payee.Failure;
        }

        var isPayOut = order.From == LedgerAddress.Treasury.ToString();
        if (isPayOut && signed.Key.IsDelegate)
        {
            return new Failure(FailureKind.Forbidden, $"the key {signed.Key.Id} spends of its account alone; sign with a device");
        }

        if (isPayOut && Ungoverning(signed, change) is { } forbidden)
        {
            return forbidden;
        }

        var debit = isPayOut ? LedgerAddress.Treasury : LedgerAddress.User(signed.Account);
        return Of(id, isPayOut ? TransferKind.PayOut : TransferKind.Send, debit, payee.Value, order, signed);
    }

    private static Outcome<Posting> Pending(TransferId id, TransferOrder order, SignedBy signed, Change change)
    {
        var payee = Payee(order.To, change);
        return !payee.Succeeded ? payee.Failure
            : payee.Value.Kind != LedgerAccountKind.User ? Invalid("credits are held for an account, user:ACCOUNT")
            : payee.Value.Account == signed.Account ? Invalid($"{payee.Value} would pay itself")
            : Of(id, TransferKind.Pend, LedgerAddress.User(signed.Account), LedgerAddress.Pending(id), order, signed);
    }

    private static Outcome<Posting> Taking(TransferId id, TransferOrder order, SignedBy signed, Change change)
    {
        var held = Held(order, signed, change);
        return held.Succeeded
            ? Of(id, TransferKind.Post, LedgerAddress.Pending(held.Value.Id), held.Value.Payee, order, signed)
            : held.Failure;
    }

    private static Outcome<Posting> Leaving(TransferId id, TransferOrder order, SignedBy signed, Change change)
    {
        var held = Held(order, signed, change);
        return held.Succeeded
            ? Of(id, TransferKind.Void, LedgerAddress.Pending(held.Value.Id), LedgerAddress.User(held.Value.Payer), order, signed) with
            {
                Amount = held.Value.Amount,
            }
            : held.Failure;
    }

    /// <summary>What is held, for whom it is held for: he alone takes it or leaves it.</summary>
    private static Outcome<PendingRow> Held(TransferOrder order, SignedBy signed, Change change) =>
        !TransferId.TryParse(order.Pending, out var id) || change.Pendings.Find(id) is not { } held
            ? new Failure(FailureKind.NotFound, $"no transfer '{EntryName.Show(Short(order.Pending))}' is pending")
            : held.Payee != LedgerAddress.User(signed.Account)
                ? new Failure(FailureKind.Forbidden, $"the transfer {id} is pending for {held.Payee}, who alone takes it or leaves it")
            : held;

    private static Outcome<long> End(TransferOrder order, Posting posting, Change change)
    {
        _ = TransferId.TryParse(order.Pending, out var id);
        var held = change.Pendings.Find(id)!;
        if (change.Rules.HasEnded(held.EndedAt is not null))
        {
            return new Failure(FailureKind.Conflict, $"the transfer {id} is not pending any more: it was taken, left, or its time was up");
        }

        if (held.ExpiresAt <= change.At)
        {
            return new Failure(FailureKind.Expired, $"the transfer {id} is not pending any more: its time was up");
        }

        if (posting.Amount > held.Amount)
        {
            return new Failure(FailureKind.Conflict,
                $"{Credits.Show(held.Amount)} credits are held by the transfer {id}, and {Credits.Show(posting.Amount)} are asked for");
        }

        var entered = change.Books.Post(posting);
        if (!entered.Succeeded)
        {
            return entered;
        }

        var rest = held.Amount - posting.Amount;
        var back = rest == 0 ? 0 : change.Books.Post(
            Posting.From("rest", id.ToArray(), 0, TransferKind.Void, LedgerAddress.Pending(id), LedgerAddress.User(held.Payer), rest) with
            {
                Evidence = posting.Evidence,
            });
        if (!back.Succeeded)
        {
            return back;
        }

        change.Pendings.End(id, change.At);
        change.Due.Remove(held.ExpiresAt, DueKind.Pending, id.ToArray());
        Sweep(held.Payer, change);
        return entered;
    }

    private static Failure? Unpendable(TransferOrder order, SignedBy signed, Change change)
    {
        var ends = new Instant(order.ExpiresAt);
        return ends <= change.At || ends > change.At + BankLimits.PendingLifeMax
            ? Invalid($"a pending transfer ends in the next {BankLimits.PendingLifeMax.TotalDays:0} days; say when by expiresAt")
            : change.Pendings.CountOf(signed.Account) >= BankLimits.PendingsMax
                ? new Failure(FailureKind.TooLarge, $"{BankLimits.PendingsMax} transfers of the account are pending, which is the most")
            : null;
    }

    /// <summary>What can be said of an order by itself.</summary>
    private static Failure? Wrong(TransferOrder order)
    {
        var isStep = order.Kind is TransferOrder.Post or TransferOrder.Void;
        return order.Kind is not (TransferOrder.Send or TransferOrder.Pend) && !isStep
                ? Invalid($"a transfer is to '{TransferOrder.Send}', '{TransferOrder.Pend}', '{TransferOrder.Post}' or '{TransferOrder.Void}'")
            : isStep != (order.To.Length == 0) || isStep != (order.Pending.Length > 0)
                ? Invalid("whom a transfer goes to is said when it is made, and which one is meant when it is taken or left")
            : order.From.Length > 0 && (order.Kind != TransferOrder.Send || order.From != LedgerAddress.Treasury.ToString())
                ? Invalid($"an account sends what is its own, and who governs the bank from '{LedgerAddress.Treasury}'")
            : (order.Kind == TransferOrder.Pend) != (order.ExpiresAt != 0)
                ? Invalid("a transfer that is held, and no other, says when it goes back")
            : order.Kind == TransferOrder.Void && order.Amount != 0 ? Invalid("what is left is left whole: its amount is 0")
            : order.Kind != TransferOrder.Void && !Credits.IsAmount(order.Amount) ? Invalid($"an amount is 1 to {Credits.Max} micro-credits")
            : order.Note.Length > 0 && (Encoding.UTF8.GetByteCount(order.Note) > JournalEntry.NoteBytesMax
                || EntryName.Show(order.Note).Contains('\uFFFD', StringComparison.Ordinal))
                ? Invalid($"a note is one line of at most {JournalEntry.NoteBytesMax} bytes without control characters")
            : null;
    }

    /// <summary>Whom credits can be sent to: accounts that are there, nodes, the community.</summary>
    private static Outcome<LedgerAddress> Payee(string text, Change change)
    {
        if (!LedgerAddress.TryParse(text, out var address)
            || address.Kind is not (LedgerAccountKind.User or LedgerAccountKind.Node or LedgerAccountKind.Treasury))
        {
            return Invalid($"'{EntryName.Show(Short(text))}' is nobody that credits can be sent to: user:ACCOUNT, node:KEY or {LedgerAddress.Treasury}");
        }

        return address.Kind == LedgerAccountKind.User && change.Holders.Find(address.Account) is not { ClosedAt: null }
            ? new Failure(FailureKind.NotFound, $"there is no account {address.Account}, or it was closed, or is too new: try again in a moment")
            : address;
    }

    private static Posting Of(
        TransferId id, TransferKind kind, LedgerAddress debit, LedgerAddress credit, TransferOrder order, SignedBy signed) =>
        new(id, kind, debit, credit, order.Amount) { Evidence = signed.Evidence, Note = order.Note };

    /// <summary>Whether an order that comes again is the one that an entry was made by.</summary>
    private static bool Says(JournalEntry known, TransferOrder order, SignedBy signed, Change change)
    {
        var own = LedgerAddress.User(signed.Account);
        _ = TransferId.TryParse(order.Pending, out var pending);
        var isSame = order.Kind switch
        {
            TransferOrder.Send => (known.Kind, known.Debit)
                == (order.From.Length > 0 ? (TransferKind.PayOut, LedgerAddress.Treasury) : (TransferKind.Send, own)) && IsTo(known.Credit, order.To),
            TransferOrder.Pend => (known.Kind, known.Debit) == (TransferKind.Pend, own)
                && change.Pendings.Find(known.Id) is { } held && IsTo(held.Payee, order.To) && held.ExpiresAt.Microseconds == order.ExpiresAt,
            TransferOrder.Post => (known.Kind, known.Debit, known.Credit) == (TransferKind.Post, LedgerAddress.Pending(pending), own),
            _ => (known.Kind, known.Debit) == (TransferKind.Void, LedgerAddress.Pending(pending)) && change.Pendings.Find(pending)?.Payee == own,
        };
        return isSame && (order.Kind == TransferOrder.Void || known.Amount == order.Amount) && known.Note == order.Note;
    }

    private static bool IsTo(LedgerAddress address, string text) => LedgerAddress.TryParse(text, out var said) && said == address;

    private static Outcome<ReadOnlyMemory<byte>> Collect(Claim command, Change change)
    {
        var statement = SignedByNode(command.Statement, command.PublicKey, ClaimAct.Purpose, change);
        var act = statement.Succeeded ? ClaimAct.Parse(statement.Value.Payload.Span) : statement.Failure;
        if (!act.Succeeded)
        {
            return act.Failure;
        }

        var owner = Payee($"user:{act.Value.Account}", change);
        if (!owner.Succeeded)
        {
            return owner.Failure;
        }

        // Else who owned the node before could hand in again what it said then.
        var (device, counter) = (statement.Value.Device.ToArray(), statement.Value.Counter);
        if (change.Rules.IsStale(counter, change.Sql.Scalar<long>("SELECT counter FROM claims WHERE node = @p1", device)))
        {
            return new Failure(FailureKind.Conflict, $"the node {statement.Value.Device} has said since whose it is; sign again");
        }

        change.Sql.Execute(
            "INSERT INTO claims (node, counter) VALUES (@p1, @p2) ON CONFLICT (node) DO UPDATE SET counter = excluded.counter", device, counter);
        var node = LedgerAddress.Node(statement.Value.Device);
        var amount = change.Books.BalanceOf(node);
        if (amount == 0)
        {
            return Answer(new Moved());
        }

        var posting = Posting.From("claim", command.Statement.Span, change.Books.Next, TransferKind.Claim, node, owner.Value, amount);

        // The key stands behind what it signed: no list has it, and an audit needs it.
        var evidence = change.Keep((byte[])[.. command.Statement.Span, .. command.PublicKey.Span]);
        var entered = change.Books.Post(posting with { Evidence = evidence });
        return entered.Succeeded ? Answer(new Moved { Amount = amount }) : entered.Failure;
    }

    private static Failure Invalid(string message) => new(FailureKind.Invalid, message);

    private static string Short(string text) => text.Length > 60 ? text[..60] + "..." : text;
}
