using Cete.Bank;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Testing;

/// <summary>
/// Follows the tables of a bank and says what is wrong with them by DESIGN.md §7, from the journal alone: it uses none of the rules that it watches.
/// </summary>
internal sealed class LedgerAudit
{
    private readonly Dictionary<LedgerAddress, (long Balance, long Last)> _accounts = [];
    private readonly Dictionary<LedgerAddress, (long In, long Paid, long Back)> _held = [];
    private readonly Dictionary<TransferId, long> _ids = [];
    private readonly Dictionary<(TransferId Channel, KeyId Provider), long> _lanes = [];
    private Hash256 _hash;

    /// <summary>Is told each entry with the signed bytes that it names; says what is wrong with it.</summary>
    public Func<JournalEntry, byte[]?, string?>? Judge { get; init; }

    /// <summary>Entries so far.</summary>
    public long Last { get; private set; }

    /// <summary>Credits that are there.</summary>
    public long Supply => -_accounts.GetValueOrDefault(LedgerAddress.Mint).Balance;

    /// <summary>Looks at a bank once, from zero.</summary>
    public static string? Wrong(SqlSession sql) => new LedgerAudit().Follow(sql);

    /// <summary>Looks at what came since.</summary>
    /// <returns>What is wrong; null while all holds.</returns>
    public string? Follow(SqlSession sql)
    {
        HashSet<LedgerAddress> touched = [];
        foreach (var row in JournalTable.Behind(sql, Last, int.MaxValue))
        {
            var evidence = JournalTable.Evidence(sql, row.Evidence);
            if ((Enter(row, evidence) ?? Judge?.Invoke(row.Entry, evidence)) is { } wrong)
            {
                return $"entry {row.Entry.Number}: {wrong}";
            }

            touched.Add(row.Entry.Debit);
            touched.Add(row.Entry.Credit);
        }

        return touched.Order().Select(address => Differs(address, sql)).FirstOrDefault(wrong => wrong is not null) ?? Sums(sql) ?? Lanes(sql);
    }

    private string? Enter(JournalTable.Row row, byte[]? evidence)
    {
        var entry = row.Entry with { Evidence = evidence is null ? default : Hash256.Of(evidence) };
        _hash = entry.HashAfter(_hash);
        var (debit, credit) = (_accounts.GetValueOrDefault(entry.Debit), _accounts.GetValueOrDefault(entry.Credit));
        if (entry.Number != Last + 1 || _hash != row.Hash)
        {
            return "the chain is broken";
        }

        if (!_ids.TryAdd(entry.Id, entry.Number))
        {
            return $"its id is that of entry {_ids[entry.Id]}";
        }

        if (entry.Amount <= 0 || entry.Debit == entry.Credit
            || (entry.DebitBalance, entry.CreditBalance) != (debit.Balance - entry.Amount, credit.Balance + entry.Amount))
        {
            return $"{entry.Amount} from {entry.Debit} to {entry.Credit} leaves {entry.DebitBalance} and {entry.CreditBalance}";
        }

        if (entry.DebitBalance < 0 && entry.Debit != LedgerAddress.Mint)
        {
            return $"{entry.Debit} falls below zero";
        }

        if ((row.DebitPrevious, row.CreditPrevious) != (debit.Last, credit.Last))
        {
            return "the statements are not linked";
        }

        Last = entry.Number;
        (_accounts[entry.Debit], _accounts[entry.Credit]) = ((entry.DebitBalance, Last), (entry.CreditBalance, Last));
        return Count(entry);
    }

    /// <summary>What goes in and out of channels and pending transfers.</summary>
    private string? Count(JournalEntry entry)
    {
        if (entry.Credit.Kind is LedgerAccountKind.Channel or LedgerAccountKind.Pending)
        {
            var (into, paid, back) = _held.GetValueOrDefault(entry.Credit);
            _held[entry.Credit] = (into + entry.Amount, paid, back);
            return entry.Kind is TransferKind.Reserve or TransferKind.Pend ? null : $"{entry.Kind} goes to {entry.Credit}";
        }

        if (entry.Debit.Kind is LedgerAccountKind.Channel or LedgerAccountKind.Pending)
        {
            var isBack = entry.Kind is TransferKind.Return or TransferKind.Void or TransferKind.Expire;
            var (into, paid, back) = _held.GetValueOrDefault(entry.Debit);
            _held[entry.Debit] = (into, paid + (isBack ? 0 : entry.Amount), back + (isBack ? entry.Amount : 0));
        }

        return entry.Debit.Kind == LedgerAccountKind.Grant
            && entry.Credit.Kind is not (LedgerAccountKind.Channel or LedgerAccountKind.Mint) ? $"credits that were given go to {entry.Credit}" : null;
    }

    private string? Differs(LedgerAddress address, SqlSession sql)
    {
        var (balance, last) = _accounts[address];
        var row = sql.First(
            "SELECT balance, last FROM ledger_accounts WHERE kind = @p1 AND owner = @p2", row => (row.GetInt64(0), row.GetInt64(1)),
            (long)address.Kind, address.Key.ToArray());
        if (row != (balance, last))
        {
            return $"{address} has {row}, and ({balance}, {last}) by the journal";
        }

        return address.Kind switch
        {
            LedgerAccountKind.Channel => Channel(address, balance, sql),
            LedgerAccountKind.Pending => Pending(address, balance, sql),
            _ => null,
        };
    }

    private string? Channel(LedgerAddress address, long balance, SqlSession sql)
    {
        var (into, paid, back) = _held[address];
        var id = new TransferId(address.Key.ToArray().AsSpan(0, TransferId.Size));
        var channel = new ChannelTable(sql).Find(id);
        var lanes = new ChannelTable(sql).Lanes(id);
        return channel is null ? $"there is no {address}"
            : channel.Reserve != into || channel.Redeemed != paid || into != paid + back + balance ? $"{address}: {into} opened, {paid} redeemed, {back} back"
            : lanes.Sum(lane => lane.Redeemed) != paid ? $"{address}: its lanes brought {lanes.Sum(lane => lane.Redeemed)}, and {paid} were redeemed"
            : lanes.Sum(lane => lane.Cap) > into ? $"{address}: its caps are {lanes.Sum(lane => lane.Cap)} of {into}"
            : channel.State == ChannelState.Settled ? (balance == 0 ? null : $"{address} is over and holds {balance}")
            : back > 0 ? $"{address} is not over and gave {back} back"
            : null;
    }

    private string? Pending(LedgerAddress address, long balance, SqlSession sql)
    {
        var (into, paid, back) = _held[address];
        var row = new PendingTable(sql).Find(new TransferId(address.Key.ToArray().AsSpan(0, TransferId.Size)));
        return row is null || row.Amount != into || into != paid + back + balance || balance != (row.EndedAt is null ? into : 0)
            ? $"{address}: {into} held, {paid} taken, {back} back, {balance} left"
            : null;
    }

    private static string? Sums(SqlSession sql)
    {
        var (sum, below) = sql.First(
            "SELECT coalesce(sum(balance), 0), coalesce(sum(CASE WHEN balance < 0 AND kind <> 1 THEN 1 ELSE 0 END), 0) FROM ledger_accounts",
            row => (row.GetInt64(0), row.GetInt64(1)));
        return sum != 0 ? $"balances sum to {sum}" : below > 0 ? $"{below} accounts are below zero" : null;
    }

    private string? Lanes(SqlSession sql)
    {
        var lanes = sql.Query(
            "SELECT channel, provider, redeemed, cap FROM lanes ORDER BY channel, provider",
            row => (Key: (new TransferId(row.GetFieldValue<byte[]>(0)), new KeyId(row.GetFieldValue<byte[]>(1))), Redeemed: row.GetInt64(2),
                Cap: row.GetInt64(3)));
        foreach (var (key, redeemed, cap) in lanes)
        {
            if (redeemed > cap || redeemed < _lanes.GetValueOrDefault(key))
            {
                return $"the lane of {key.Item2} in {key.Item1} brought {redeemed} after {_lanes.GetValueOrDefault(key)}, its cap is {cap}";
            }

            _lanes[key] = redeemed;
        }

        return null;
    }
}
