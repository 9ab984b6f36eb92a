using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>
/// Roots of perfect subtrees, of every eighth level alone: one row for 256 entries, and a path is found by reading some hundreds of hashes a level.
/// </summary>
internal static class TreeTable
{
    private const int Step = 8;

    /// <summary>Writes those that are kept.</summary>
    public static Action<int, long, Hash256> Keep(SqlSession sql) => (level, place, hash) =>
    {
        if (level % Step == 0)
        {
            sql.Execute("INSERT INTO tree (level, place, hash) VALUES (@p1, @p2, @p3)", (long)level, place, hash.ToArray());
        }
    };

    /// <summary>The root of 2^level entries from place * 2^level on.</summary>
    public static Hash256 Perfect(SqlSession sql, int level, long place)
    {
        if (level == 0)
        {
            return JournalTable.HashOf(sql, place + 1);
        }

        if (level % Step == 0)
        {
            return new Hash256(sql.Scalar<byte[]>("SELECT hash FROM tree WHERE level = @p1 AND place = @p2", (long)level, place));
        }

        var below = level - (level % Step);
        var width = 1L << (level - below);
        var tree = MerkleFrontier.Read(0, [])!;
        sql.Each(
            below == 0
                ? "SELECT hash FROM journal WHERE number > @p1 AND number <= @p2 ORDER BY number"
                : $"SELECT hash FROM tree WHERE level = {below} AND place >= @p1 AND place < @p2 ORDER BY place",
            row =>
            {
                tree.Add(new Hash256(row.GetFieldValue<byte[]>(0)));
                return true;
            },
            place * width, (place + 1) * width);
        return tree.Root;
    }
}
