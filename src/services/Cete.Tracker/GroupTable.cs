using System.Data.Common;
using Cete.Core;
using Cete.Groups;

namespace Cete.Tracker;

/// <summary>The rows of groups: who begins each. They are there from apply level 2 on.</summary>
internal sealed class GroupTable(SqlSession sql)
{
    public GroupRecord? Find(string name) => sql.First("SELECT name, node, lineage, begun_at FROM groups WHERE name = @p1", Read, name);

    public long Count() => sql.Scalar<long>("SELECT count(*) FROM groups");

    /// <summary>Notes who begins it, in the place of whoever was to.</summary>
    public void Put(GroupRecord group, Instant at) => sql.Execute(
        """
        INSERT INTO groups (name, node, lineage, founded_at, begun_at) VALUES (@p1, @p2, @p3, @p4, @p5)
        ON CONFLICT (name) DO UPDATE SET
            node = excluded.node, lineage = excluded.lineage, founded_at = excluded.founded_at, begun_at = excluded.begun_at
        """,
        group.Name, group.Node.ToArray(), group.Lineage.ToArray(), at.Microseconds, group.HasBegun ? at.Microseconds : 0);

    /// <summary>Notes that it has begun as it was to.</summary>
    public void Begin(string name, Instant at) => sql.Execute("UPDATE groups SET begun_at = @p1 WHERE name = @p2", at.Microseconds, name);

    private static GroupRecord Read(DbDataReader row) => new(
        row.GetString(0), new KeyId(row.GetFieldValue<byte[]>(1)), Lineage.Read(row.GetFieldValue<byte[]>(2)) ?? Lineage.None, row.GetInt64(3) > 0);
}
