using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>Which lines of a statement are wanted.</summary>
/// <param name="Kinds">Of these kinds; null for all.</param>
/// <param name="From">Not older than that; null for all.</param>
public sealed record StatementFilter(IReadOnlySet<TransferKind>? Kinds = null, Instant? From = null)
{
    /// <summary>All of them.</summary>
    public static StatementFilter All { get; } = new();
}

/// <summary>What came to an account on a day, for one thing.</summary>
/// <param name="Day">Days since 1970-01-01, UTC.</param>
/// <param name="Kind">For what.</param>
/// <param name="Amount">Micro-credits.</param>
/// <param name="Count">How often.</param>
public sealed record EarnedSum(long Day, TransferKind Kind, long Amount, long Count);

/// <summary>What an account earned.</summary>
/// <param name="Sums">By day and kind, in order.</param>
/// <param name="IsWhole">Nothing older of the time that was asked for was left out.</param>
public sealed record Earnings(IReadOnlyList<EarnedSum> Sums, bool IsWhole);

/// <summary>Statements of which not all is wanted, and what they say of earning.</summary>
public sealed partial class BankService
{
    /// <summary>Lines of a statement that are looked at for one answer: some tenths of a second.</summary>
    public const int LinesScanned = 10_000;

    /// <summary>Kinds of transfers by which somebody comes to more than he had, other than what he was given and what came back.</summary>
    public static IReadOnlyList<TransferKind> EarningKinds { get; } =
        [TransferKind.Earn, TransferKind.Claim, TransferKind.Author, TransferKind.Send, TransferKind.Post, TransferKind.PayOut];

    /// <summary>What came to and went from accounts of the ledger, as far as it is wanted, the newest first.</summary>
    /// <param name="addresses">Which.</param>
    /// <param name="filter">What of it.</param>
    /// <param name="before">Only entries before this one; null for all.</param>
    /// <param name="countMax">At most so many, 1 to <see cref="LinesMax"/>; fewer where much is looked at that is not wanted.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<StatementPage>> StatementAsync(
        IReadOnlyList<LedgerAddress> addresses, StatementFilter filter, long? before, int countMax, CancellationToken cancellation) => AskAsync(
        (sql, _) =>
        {
            List<StatementLine> lines = [];
            var next = Walk(sql, addresses, before ?? long.MaxValue, filter.From, line =>
            {
                if (filter.Kinds is null || filter.Kinds.Contains(line.Entry.Kind))
                {
                    lines.Add(line);
                }

                return lines.Count < Math.Clamp(countMax, 1, LinesMax);
            });
            return new StatementPage(lines, next);
        },
        ReadLevel.Linearizable, cancellation);

    /// <summary>What an account earned since then.</summary>
    public Task<Outcome<Earnings>> EarningsAsync(AccountId account, Instant from, CancellationToken cancellation) => AskAsync(
        (sql, _) =>
        {
            var sums = new SortedDictionary<(long Day, TransferKind Kind), (long Amount, long Count)>();
            var rest = Walk(sql, [LedgerAddress.User(account)], long.MaxValue, from, line =>
            {
                if (!line.IsDebit && EarningKinds.Contains(line.Entry.Kind))
                {
                    var key = (DayTable.DayOf(line.Entry.At), line.Entry.Kind);
                    var (amount, count) = sums.GetValueOrDefault(key);
                    sums[key] = (DayTable.Sum(amount, line.Entry.Amount), count + 1);
                }

                return true;
            });
            return new Earnings([.. sums.Select(sum => new EarnedSum(sum.Key.Day, sum.Key.Kind, sum.Value.Amount, sum.Value.Count))], rest is null);
        },
        ReadLevel.Linearizable, cancellation);

    /// <summary>
    /// Looks at lines from the newest back, until it is told that it is enough, they are too old, or <see cref="LinesScanned"/> were. Each account's entries
    /// are a list by themselves, from its last one back: what all have together is merged as it is read.
    /// </summary>
    /// <returns>Before which one it would go on; null where nothing is left.</returns>
    private static long? Walk(SqlSession sql, IReadOnlyList<LedgerAddress> addresses, long before, Instant? from, Func<StatementLine, bool> take)
    {
        var next = addresses.Select(address => LastBefore(sql, address, before)).ToArray();
        for (var seen = 0; next.Max() is > 0 and var newest; seen++)
        {
            var row = JournalTable.RowOf(sql, newest)!;
            if (from is { } oldest && row.Entry.At < oldest)
            {
                return null;
            }

            if (seen >= LinesScanned)
            {
                return newest + 1;
            }

            var isEnough = false;
            for (var i = 0; i < next.Length; i++)
            {
                if (next[i] == newest)
                {
                    var isDebit = row.Entry.Debit == addresses[i];
                    isEnough |= !take(new StatementLine(row.Entry, row.Hash, isDebit, isDebit ? row.Entry.DebitBalance : row.Entry.CreditBalance));
                    next[i] = isDebit ? row.DebitPrevious : row.CreditPrevious;
                }
            }

            if (isEnough)
            {
                return next.Max() > 0 ? next.Max() + 1 : null;
            }
        }

        return null;
    }
}
