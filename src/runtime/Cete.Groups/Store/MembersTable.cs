using Cete.Consensus;
using Cete.Core;

namespace Cete.Groups.Store;

/// <summary>Who the members are as of the applied index, part of every snapshot: a log that begins behind it does not say so.</summary>
internal sealed class MembersTable(SqlSession sql)
{
    public Members? Read()
    {
        var rows = sql.Query(
            "SELECT node, is_voter FROM cete_members ORDER BY node",
            row => (Node: new KeyId(row.GetFieldValue<byte[]>(0)), IsVoter: row.GetInt64(1) != 0));
        return rows.Count == 0
            ? null
            : new Members(rows.Where(row => row.IsVoter).Select(row => row.Node), rows.Where(row => !row.IsVoter).Select(row => row.Node));
    }

    public void Write(Members members)
    {
        sql.Execute("DELETE FROM cete_members");
        foreach (var node in members.All)
        {
            sql.Execute("INSERT INTO cete_members (node, is_voter) VALUES (@p1, @p2)", node.ToArray(), members.IsVoter(node) ? 1L : 0L);
        }
    }
}
