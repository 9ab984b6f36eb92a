using System.Data.Common;
using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>The rows of what moderators and administrators did; their number stands in the rules.</summary>
internal sealed class AuditTable(SqlSession sql)
{
    public const string Columns = "position, at, account, action, object, note";

    public static AuditEntry Read(DbDataReader row) => new(
        row.GetInt64(0), new Instant(row.GetInt64(1)), new AccountId(row.GetFieldValue<byte[]>(2)), row.GetString(3), row.GetString(4), row.GetString(5));

    public void Add(AuditEntry entry)
    {
        sql.Execute(
            "INSERT INTO audit (position, at, account, action, object, note) VALUES (@p1, @p2, @p3, @p4, @p5, @p6)",
            entry.Position, entry.At.Microseconds, entry.By.ToArray(), entry.Action, entry.Target, entry.Note);
        sql.Execute("UPDATE community_rules SET acts = acts + 1 WHERE one = 1");
    }

    /// <summary>Forgets the oldest: those from before then, and those above the bound; how many.</summary>
    public int Forget(Instant before, int keptMax, int countMax)
    {
        var above = Math.Max(0, sql.Scalar<long>("SELECT acts FROM community_rules WHERE one = 1") - keptMax);
        var oldest = sql.Query("SELECT position, at FROM audit ORDER BY position LIMIT @p1", row => (Position: row.GetInt64(0), At: row.GetInt64(1)), countMax);
        var gone = oldest.Where((entry, i) => i < above || entry.At <= before.Microseconds).ToList();
        foreach (var (position, _) in gone)
        {
            sql.Execute("DELETE FROM audit WHERE position = @p1", position);
        }

        sql.Execute("UPDATE community_rules SET acts = acts - @p1 WHERE one = 1", gone.Count);
        return gone.Count;
    }
}
