using System.Data.Common;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>Why something is refused, as it is counted. The numbers stand in tables: they never change.</summary>
public enum Refusal
{
    /// <summary>Whoever pays has not enough.</summary>
    Credits = 1,

    /// <summary>Whoever asks may not, or it is not signed as it must be.</summary>
    Rights = 2,

    /// <summary>There is no such account, channel or transfer.</summary>
    Unknown = 3,

    /// <summary>Its time was up.</summary>
    Late = 4,

    /// <summary>It does not fit what there is: an id that is another's, a voucher beyond its lane.</summary>
    Conflict = 5,

    /// <summary>It makes no sense, or is too much.</summary>
    Malformed = 6,

    /// <summary>Anything else.</summary>
    Other = 7,
}

/// <summary>What one day changed, or one command of it.</summary>
/// <param name="Day">Days since 1970-01-01, UTC.</param>
internal sealed record DayRow(long Day)
{
    public long Entries { get; set; }

    /// <summary>What went from somebody to somebody else.</summary>
    public long Moved { get; set; }

    /// <summary>What was paid for something.</summary>
    public long Spent { get; set; }

    /// <summary>What the mint made.</summary>
    public long Made { get; set; }

    /// <summary>Grants and allowances, be it the treasury's or the mint's.</summary>
    public long Given { get; set; }

    /// <summary>Accounts that came.</summary>
    public long Joined { get; set; }

    /// <summary>By kind of account, from the mint on, by how much all of that kind changed.</summary>
    public long[] Kinds { get; } = new long[DayTable.KindsMax];

    public void Count(JournalEntry entry)
    {
        Entries++;
        Moved = DayTable.Sum(Moved, DayTable.Moves.Contains(entry.Kind) ? entry.Amount : 0);
        Spent = DayTable.Sum(Spent, DayTable.Spends.Contains(entry.Kind) ? entry.Amount : 0);
        Made = DayTable.Sum(Made, entry.Debit.Kind == LedgerAccountKind.Mint ? entry.Amount : 0);
        Given = DayTable.Sum(Given, DayTable.Gives.Contains(entry.Kind) ? entry.Amount : 0);
        Kinds[(int)entry.Debit.Kind - 1] -= entry.Amount;
        Kinds[(int)entry.Credit.Kind - 1] += entry.Amount;
    }
}

/// <summary>What each day changed, and how often something was refused on it: some hundred bytes a day, of the last <see cref="BankLimits.DaysMax"/>.</summary>
internal sealed class DayTable(SqlSession sql)
{
    /// <summary>Kinds of accounts.</summary>
    public const int KindsMax = (int)LedgerAccountKind.Node;

    /// <summary>Transfers by which something belongs to somebody else: not what is held, comes back, or goes from a node to its owner.</summary>
    public static readonly TransferKind[] Moves =
        [TransferKind.Send, TransferKind.Post, TransferKind.Earn, TransferKind.Author, TransferKind.Share, TransferKind.PayOut];

    public static readonly TransferKind[] Spends = [TransferKind.Earn, TransferKind.Author, TransferKind.Share];

    public static readonly TransferKind[] Gives = [TransferKind.Grant, TransferKind.Allowance];

    private const long DayMicroseconds = 24L * 60 * 60 * 1_000_000;

    private const string Columns = "day, entries, moved, spent, made, given, joined, mint, treasury, users, grants, channels, pendings, nodes";

    // What flows can be more in a day than there is at any time: the sums stop at the largest balance, else they would end as what is no integer.
    private static readonly string Sums =
        string.Join(", ", new[] { "moved", "spent", "made", "given" }.Select(name =>
            $"{name} = CASE WHEN {name} > {Credits.Max} - excluded.{name} THEN {Credits.Max} ELSE {name} + excluded.{name} END"))
        + ", "
        + string.Join(", ", new[] { "entries", "joined", "mint", "treasury", "users", "grants", "channels", "pendings", "nodes" }.Select(name =>
            $"{name} = {name} + excluded.{name}"));

    /// <summary>A sum of flows, as far as it is counted.</summary>
    public static long Sum(long flow, long more) => flow > Credits.Max - more ? Credits.Max : flow + more;

    public static long DayOf(Instant at) => at.Microseconds / DayMicroseconds;

    /// <summary>Adds what a command did.</summary>
    public void Add(DayRow row, IReadOnlyList<Refusal> refusals, BankCache cache)
    {
        if (row is { Entries: 0, Joined: 0 } && refusals.Count == 0)
        {
            return;
        }

        if (cache.Day != row.Day)
        {
            // Whoever has forgotten that it is done does it again, and finds nothing.
            sql.Execute("DELETE FROM days WHERE day <= @p1", row.Day - BankLimits.DaysMax);
            sql.Execute("DELETE FROM refusals WHERE day <= @p1", row.Day - BankLimits.DaysMax);
            cache.Day = row.Day;
        }

        if (row.Entries > 0 || row.Joined > 0)
        {
            var kinds = row.Kinds;
            sql.Execute(
                $"""
                INSERT INTO days ({Columns}) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14)
                ON CONFLICT (day) DO UPDATE SET {Sums}
                """,
                row.Day, row.Entries, row.Moved, row.Spent, row.Made, row.Given, row.Joined, kinds[0], kinds[1], kinds[2], kinds[3], kinds[4], kinds[5],
                kinds[6]);
        }

        foreach (var reason in refusals.GroupBy(reason => reason).OrderBy(group => group.Key))
        {
            sql.Execute(
                "INSERT INTO refusals (day, reason, count) VALUES (@p1, @p2, @p3) ON CONFLICT (day, reason) DO UPDATE SET count = count + excluded.count",
                row.Day, (long)reason.Key, (long)reason.Count());
        }
    }

    /// <summary>Days from one on, in order.</summary>
    public List<DayRow> From(long day) => sql.Query($"SELECT {Columns} FROM days WHERE day >= @p1 ORDER BY day", Read, day);

    /// <summary>What was refused from a day on, in order.</summary>
    public List<(long Day, Refusal Reason, long Count)> RefusedFrom(long day) => sql.Query(
        "SELECT day, reason, count FROM refusals WHERE day >= @p1 ORDER BY day, reason",
        row => (row.GetInt64(0), (Refusal)(int)row.GetInt64(1), row.GetInt64(2)), day);

    /// <summary>
    /// Makes the rows of a journal that has been written without them. What was refused then nobody knows, nor when the bank heard of accounts; they
    /// are counted by when they were made.
    /// </summary>
    public static void CarryOver(SqlSession sql)
    {
        var first = Math.Max(0, DayOf(new Instant(sql.Scalar<long>("SELECT coalesce(max(at), 0) FROM journal"))) - BankLimits.DaysMax + 1);
        var kinds = Enumerable.Range(1, KindsMax).Select(kind =>
            $"sum(CASE WHEN c.kind = {kind} THEN j.amount ELSE 0 END - CASE WHEN d.kind = {kind} THEN j.amount ELSE 0 END)");
        sql.Execute(
            $"""
            INSERT INTO days ({Columns})
            SELECT j.at / {DayMicroseconds} AS on_day, count(*), {SumOf(Moves)}, {SumOf(Spends)},
                {SumWhere("d.kind = 1")}, {SumOf(Gives)}, 0, {string.Join(", ", kinds)}
            FROM journal j JOIN ledger_accounts d ON d.number = j.debit JOIN ledger_accounts c ON c.number = j.credit
            WHERE j.at >= @p1 GROUP BY on_day ORDER BY on_day
            """,
            first * DayMicroseconds);
        sql.Execute(
            $"""
            INSERT INTO days ({Columns})
            SELECT since / {DayMicroseconds} AS on_day, 0, 0, 0, 0, 0, count(*), 0, 0, 0, 0, 0, 0, 0 FROM holders WHERE since >= @p1
            GROUP BY on_day ORDER BY on_day
            ON CONFLICT (day) DO UPDATE SET {Sums}
            """,
            first * DayMicroseconds);
    }

    private static string SumOf(TransferKind[] kinds) => SumWhere($"j.kind IN ({string.Join(", ", kinds.Select(kind => (int)kind))})");

    /// <summary>Exact up to the largest balance, and that beyond: <c>sum</c> would be an error where it does not fit.</summary>
    private static string SumWhere(string condition) =>
        $"CAST(min(total(CASE WHEN {condition} THEN j.amount ELSE 0 END), {Credits.Max}) AS BIGINT)";

    private static DayRow Read(DbDataReader row)
    {
        var day = new DayRow(row.GetInt64(0))
        {
            Entries = row.GetInt64(1),
            Moved = row.GetInt64(2),
            Spent = row.GetInt64(3),
            Made = row.GetInt64(4),
            Given = row.GetInt64(5),
            Joined = row.GetInt64(6),
        };
        for (var kind = 0; kind < KindsMax; kind++)
        {
            day.Kinds[kind] = row.GetInt64(7 + kind);
        }

        return day;
    }
}
