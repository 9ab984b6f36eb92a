using System.Data.Common;
using Cete.Core;
using Cete.Groups;

namespace Cete.Tracker;

/// <summary>The one row of what members may take by themselves, and what an account has by that. It is there from apply level 3 on.</summary>
internal sealed class SelfServiceTable(SqlSession sql)
{
    /// <summary>The rule; nobody may take anything until one is set.</summary>
    public SelfService Find() => sql.First("SELECT roles, per_account FROM self_service WHERE one = 1", Read) ?? SelfService.None;

    public void Set(SelfService rule) => sql.Execute(
        """
        INSERT INTO self_service (one, roles, per_account) VALUES (1, @p1, @p2)
        ON CONFLICT (one) DO UPDATE SET roles = excluded.roles, per_account = excluded.per_account
        """,
        NodeTable.JoinRoles(rule.Roles), rule.PerAccount);

    /// <summary>Nodes of an account that belong to the community.</summary>
    public long CountNodes(string owner) => sql.Scalar<long>("SELECT count(*) FROM nodes WHERE owner = @p1 AND removed_at = 0", owner);

    /// <summary>Nodes that tokens of an account would let in.</summary>
    public long CountAwaited(string owner, Instant now) => sql.Scalar<long>(
        "SELECT coalesce(sum(uses - used), 0) FROM tokens WHERE owner = @p1 AND ended_at > @p2", owner, now.Microseconds);

    private static SelfService Read(DbDataReader row) => new(NodeTable.SplitRoles(row.GetString(0)), (int)row.GetInt64(1));
}
