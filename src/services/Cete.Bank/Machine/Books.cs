using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>A transfer that is to be entered.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Kind">Why.</param>
/// <param name="Debit">Who gives.</param>
/// <param name="Credit">Who gets.</param>
/// <param name="Amount">Micro-credits.</param>
internal readonly record struct Posting(TransferId Id, TransferKind Kind, LedgerAddress Debit, LedgerAddress Credit, long Amount)
{
    public Evidence Evidence { get; init; }

    public Hash256 Subject { get; init; }

    public long Quantity { get; init; }

    public string? Note { get; init; }

    /// <summary>
    /// Nobody drew its id, it follows from something else: where somebody has made a transfer of that very id before, on purpose, another one is taken.
    /// </summary>
    public bool IsDerived { get; init; }

    /// <summary>A transfer that follows from something else (<see cref="TransferId.Of"/>).</summary>
    public static Posting From(string purpose, ReadOnlySpan<byte> from, long number, TransferKind kind, LedgerAddress debit, LedgerAddress credit,
        long amount) =>
        new(TransferId.Of(purpose, from, number), kind, debit, credit, amount) { IsDerived = true };
}

/// <summary>
/// Enters transfers: each is looked at against what those before it left, and all are written at the end of the command, if it succeeds. This is the
/// only place that changes balances.
/// </summary>
internal sealed class Books(Change change)
{
    private readonly List<Planned> _plan = [];
    private readonly HashSet<TransferId> _ids = [];

    /// <summary>The number of the next entry.</summary>
    public long Next => (_plan.Count > 0 ? _plan[^1].Entry.Number : change.Cache.Last(change.Sql).Number) + 1;

    /// <summary>How many are planned: to come back to.</summary>
    public int Mark => _plan.Count;

    /// <summary>What an account has, planned transfers included; 0 for one that there is not.</summary>
    public long BalanceOf(LedgerAddress address) => change.Cache.Find(address, change.Sql)?.Balance ?? 0;

    /// <summary>The entry of that id; null for none.</summary>
    public JournalEntry? Find(TransferId id) => _ids.Contains(id) ? _plan.Find(planned => planned.Entry.Id == id)!.Entry
        : NumberOf(id) is > 0 and var number ? JournalTable.Find(change.Sql, number)
        : null;

    /// <summary>Plans a transfer.</summary>
    /// <returns>Its number, or why it is refused; then nothing changed.</returns>
    public Outcome<long> Post(Posting posting)
    {
        if (!Credits.IsAmount(posting.Amount))
        {
            return new Failure(FailureKind.Invalid, $"an amount is 1 to {Credits.Max} micro-credits");
        }

        if (posting.Debit == posting.Credit)
        {
            return new Failure(FailureKind.Invalid, $"{posting.Debit} would pay itself");
        }

        while (posting.IsDerived && IsThere(posting.Id))
        {
            posting = posting with { Id = TransferId.Of("again", posting.Id.ToArray()) };
        }

        if (!posting.IsDerived && change.Rules.IsKnown(IsThere(posting.Id)))
        {
            return new Failure(FailureKind.Conflict, $"a transfer with the id {posting.Id} was made before");
        }

        var cache = change.Cache;
        var isMint = posting.Debit == LedgerAddress.Mint;
        var debit = cache.Find(posting.Debit, change.Sql);
        if (!isMint && !change.Rules.Covers(debit?.Balance ?? 0, posting.Amount))
        {
            return Short(posting.Debit, debit?.Balance ?? 0, posting.Amount);
        }

        var credit = cache.Find(posting.Credit, change.Sql);
        if ((credit?.Balance ?? 0) > Credits.Max - posting.Amount || (isMint && (debit?.Balance ?? 0) < posting.Amount - Credits.Max))
        {
            return new Failure(FailureKind.TooLarge, $"{posting.Credit} would have more than {Credits.Show(Credits.Max)} credits, which is the most");
        }

        debit ??= cache.Make(posting.Debit);
        credit ??= cache.Make(posting.Credit);
        return Plan(posting, debit, credit);
    }

    /// <summary>Takes back what was planned behind a mark.</summary>
    public void TakeBack(int mark)
    {
        for (var i = _plan.Count - 1; i >= mark; i--)
        {
            var planned = _plan[i];
            (planned.Debit.Balance, planned.Debit.Last) = (planned.Debit.Balance + planned.Entry.Amount, planned.DebitPrevious);
            (planned.Credit.Balance, planned.Credit.Last) = (planned.Credit.Balance - planned.Entry.Amount, planned.CreditPrevious);
            _ids.Remove(planned.Entry.Id);
        }

        _plan.RemoveRange(mark, _plan.Count - mark);
    }

    /// <summary>Writes what was planned.</summary>
    public void Write()
    {
        if (_plan.Count == 0)
        {
            return;
        }

        var sql = change.Sql;
        var (number, hash) = change.Cache.Last(sql);
        var evidence = 0L;
        foreach (var planned in _plan)
        {
            var entry = planned.Entry;
            Check.That(entry.Number == number + 1);
            change.Day.Count(entry);
            (number, hash) = (entry.Number, entry.HashAfter(hash));
            if (planned.Evidence.Number > evidence)
            {
                evidence = planned.Evidence.Number;
                sql.Execute("INSERT INTO evidence (number, bytes) VALUES (@p1, @p2)", evidence, planned.Evidence.Bytes.ToArray());
            }

            change.Cache.Number(planned.Debit, sql);
            change.Cache.Number(planned.Credit, sql);
            Enter(planned, hash);
        }

        change.Cache.SetLast(number, hash);
        foreach (var account in _plan.SelectMany(planned => new[] { planned.Debit, planned.Credit }).Distinct())
        {
            Save(account);
        }

        change.Emit("entered", new EntriesEvent { First = _plan[0].Entry.Number, Last = number });
    }

    private bool IsThere(TransferId id) => _ids.Contains(id) || NumberOf(id) > 0;

    private long NumberOf(TransferId id) => change.Sql.Scalar<long>("SELECT number FROM journal WHERE id = @p1", id.ToArray());

    private static Failure Short(LedgerAddress address, long balance, long amount) => address.Kind is LedgerAccountKind.User or LedgerAccountKind.Grant
        ? Shortage.Of(balance, amount)
        : new Failure(FailureKind.Conflict, $"{address} has {Credits.Show(balance)} credits and {Credits.Show(amount)} are needed");

    private long Plan(Posting posting, LedgerAccount debit, LedgerAccount credit)
    {
        var number = Next;
        var entry = new JournalEntry(
            number, posting.Id, change.At, posting.Kind, posting.Debit, posting.Credit, posting.Amount, debit.Balance - posting.Amount,
            credit.Balance + posting.Amount)
        {
            Evidence = posting.Evidence.Hash,
            Subject = posting.Subject,
            Quantity = posting.Quantity,
            Note = posting.Note ?? string.Empty,
        };
        _plan.Add(new Planned(entry, debit, credit, debit.Last, credit.Last, posting.Evidence));
        _ids.Add(posting.Id);
        (debit.Balance, debit.Last) = (entry.DebitBalance, number);
        (credit.Balance, credit.Last) = (entry.CreditBalance, number);
        return number;
    }

    private void Enter(Planned planned, in Hash256 hash)
    {
        var entry = planned.Entry;
        change.Sql.Execute(
            """
            INSERT INTO journal (number, id, at, kind, debit, credit, amount, debit_balance, credit_balance, debit_previous, credit_previous, evidence,
                subject, quantity, note, hash)
            VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16)
            """,
            entry.Number, entry.Id.ToArray(), entry.At.Microseconds, (long)entry.Kind, planned.Debit.Number, planned.Credit.Number, entry.Amount,
            entry.DebitBalance, entry.CreditBalance, planned.DebitPrevious, planned.CreditPrevious, planned.Evidence.Number,
            entry.Subject == default ? null : entry.Subject.ToArray(), entry.Quantity, entry.Note, hash.ToArray());
    }

    private void Save(LedgerAccount account)
    {
        if (account.IsNew)
        {
            change.Sql.Execute(
                "INSERT INTO ledger_accounts (number, kind, owner, balance, last, opened_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6)",
                account.Number, (long)account.Address.Kind, account.Address.Key.ToArray(), account.Balance, account.Last, change.At.Microseconds);
            account.IsNew = false;
        }
        else
        {
            change.Sql.Execute(
                "UPDATE ledger_accounts SET balance = @p1, last = @p2 WHERE number = @p3", account.Balance, account.Last, account.Number);
        }
    }

    private sealed record Planned(
        JournalEntry Entry, LedgerAccount Debit, LedgerAccount Credit, long DebitPrevious, long CreditPrevious, Evidence Evidence);
}
