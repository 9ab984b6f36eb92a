using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>A signed head.</summary>
/// <param name="Number">The last entry under it.</param>
/// <param name="Hash">Of that one.</param>
/// <param name="Root">Of the tree over all entries up to it.</param>
/// <param name="Frontier">What it takes to go on with the tree.</param>
/// <param name="At">When it was taken up.</param>
/// <param name="Statement">What was signed.</param>
/// <param name="PublicKey">With which key.</param>
internal sealed record HeadRow(long Number, Hash256 Hash, Hash256 Root, byte[] Frontier, Instant At, byte[] Statement, byte[] PublicKey);

/// <summary>Signed heads.</summary>
internal static class HeadTable
{
    private const string Columns = "number, hash, root, frontier, at, statement, public_key";

    /// <summary>Heads that are kept with their frontier: only the last one is gone on with.</summary>
    public static HeadRow? Last(SqlSession sql) => sql.First($"SELECT {Columns} FROM heads ORDER BY number DESC LIMIT 1", Read);

    /// <summary>The first head over an entry.</summary>
    public static HeadRow? Over(SqlSession sql, long number) =>
        sql.First($"SELECT {Columns} FROM heads WHERE number >= @p1 ORDER BY number LIMIT 1", Read, number);

    /// <summary>Heads behind a number, in order.</summary>
    public static List<HeadRow> Behind(SqlSession sql, long after, int countMax) =>
        sql.Query($"SELECT {Columns} FROM heads WHERE number > @p1 ORDER BY number LIMIT @p2", Read, after, countMax);

    /// <summary>The last ones, the newest first.</summary>
    public static List<HeadRow> Latest(SqlSession sql, int countMax) =>
        sql.Query($"SELECT {Columns} FROM heads ORDER BY number DESC LIMIT @p1", Read, countMax);

    public static void Add(SqlSession sql, HeadRow head) => sql.Execute(
        $"INSERT INTO heads ({Columns}) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)",
        head.Number, head.Hash.ToArray(), head.Root.ToArray(), head.Frontier, head.At.Microseconds, head.Statement, head.PublicKey);

    /// <summary>The tree over the entries up to a number.</summary>
    public static MerkleFrontier Extend(HeadRow? before, long to, SqlSession sql, Action<int, long, Hash256>? completed)
    {
        var tree = MerkleFrontier.Read(before?.Number ?? 0, before?.Frontier ?? [])!;
        sql.Each(
            "SELECT hash FROM journal WHERE number > @p1 AND number <= @p2 ORDER BY number",
            row =>
            {
                tree.Add(new Hash256(row.GetFieldValue<byte[]>(0)), completed);
                return true;
            },
            tree.Size, to);
        return tree;
    }

    private static HeadRow Read(System.Data.Common.DbDataReader row) => new(
        row.GetInt64(0), new Hash256(row.GetFieldValue<byte[]>(1)), new Hash256(row.GetFieldValue<byte[]>(2)), row.GetFieldValue<byte[]>(3),
        new Instant(row.GetInt64(4)), row.GetFieldValue<byte[]>(5), row.GetFieldValue<byte[]>(6));
}
