using System.Data.Common;
using Cete.Core;
using Cete.Groups;

namespace Cete.Tracker;

/// <summary>The rows of nodes, with their roles beside them for whoever looks for a role.</summary>
internal sealed class NodeTable(SqlSession sql)
{
    public const string Columns = "n.id, n.name, n.owner, n.roles, n.admitted_at, n.removed_at, n.reason, n.not_after, n.token, n.serial, n.issuer";

    public static NodeRecord Read(DbDataReader row)
    {
        var node = ReadNode(row);
        return new NodeRecord(
            node,
            row.IsDBNull(8) ? null : new TokenId(row.GetFieldValue<byte[]>(8)),
            row.IsDBNull(9)
                ? null
                : new CertificateRecord(row.GetFieldValue<byte[]>(9), new KeyId(row.GetFieldValue<byte[]>(10)), new Instant(row.GetInt64(7))));
    }

    public static RosterNode ReadNode(DbDataReader row) => new(
        new KeyId(row.GetFieldValue<byte[]>(0)), row.GetString(1), row.GetString(2), SplitRoles(row.GetString(3)), new Instant(row.GetInt64(4)))
    {
        RemovedAt = row.GetInt64(5) is > 0 and var removed ? new Instant(removed) : null,
        Reason = row.GetString(6),
        CertificateNotAfter = row.GetInt64(7) is > 0 and var end ? new Instant(end) : null,
    };

    public static string JoinRoles(IEnumerable<string> roles) => string.Join(' ', roles);

    public static IReadOnlyList<string> SplitRoles(string roles) => roles.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public NodeRecord? Find(KeyId id) => sql.First($"SELECT {Columns} FROM nodes n WHERE n.id = @p1", Read, id.ToArray());

    /// <summary>How many are listed, removed ones included.</summary>
    public long Count() => sql.Scalar<long>("SELECT nodes FROM community WHERE one = 1");

    public void Add(RosterNode node, byte[]? token)
    {
        sql.Execute(
            "INSERT INTO nodes (id, name, owner, roles, admitted_at, token) VALUES (@p1, @p2, @p3, @p4, @p5, @p6)",
            node.Id.ToArray(), node.Name, node.Owner, JoinRoles(node.Roles), node.AdmittedAt.Microseconds, token);
        AddRoles(node.Id, node.Roles);
        sql.Execute("UPDATE community SET nodes = nodes + 1 WHERE one = 1");
    }

    public void SetRoles(KeyId id, IReadOnlyList<string> before, IReadOnlyList<string> roles)
    {
        ForgetRoles(id, before);
        sql.Execute("UPDATE nodes SET roles = @p1 WHERE id = @p2", JoinRoles(roles), id.ToArray());
        AddRoles(id, roles);
    }

    public void Rename(KeyId id, string name) => sql.Execute("UPDATE nodes SET name = @p1 WHERE id = @p2", name, id.ToArray());

    public void Remove(KeyId id, Instant at, string reason) =>
        sql.Execute("UPDATE nodes SET removed_at = @p1, reason = @p2 WHERE id = @p3", at.Microseconds, reason, id.ToArray());

    public void Readmit(KeyId id) => sql.Execute("UPDATE nodes SET removed_at = 0, reason = '' WHERE id = @p1", id.ToArray());

    public void SetCertificate(KeyId id, CertificateRecord certificate) => sql.Execute(
        "UPDATE nodes SET serial = @p1, issuer = @p2, not_after = @p3 WHERE id = @p4",
        certificate.Serial.ToArray(), certificate.Issuer.ToArray(), certificate.NotAfter.Microseconds, id.ToArray());

    /// <summary>Notes when the last certificate of a node ends, where the certificate itself is not known.</summary>
    public void SetCertificateEnd(RosterNode node) => sql.Execute(
        "UPDATE nodes SET not_after = @p1 WHERE id = @p2", node.CertificateNotAfter?.Microseconds ?? 0, node.Id.ToArray());

    /// <summary>Whether a node other than this one belongs and has a role.</summary>
    public bool HasOther(KeyId id, string role) => sql.Scalar<long>(
        """
        SELECT count(*) FROM (
            SELECT r.node FROM node_roles r JOIN nodes n ON n.id = r.node WHERE r.role = @p1 AND r.node <> @p2 AND n.removed_at = 0 LIMIT 1) AS others
        """,
        role, id.ToArray()) > 0;

    /// <summary>Removed nodes that were removed, and whose certificates ended, by then; those removed first come first.</summary>
    public List<NodeRecord> RemovedBy(Instant by, int countMax) => sql.Query(
        $"""
        SELECT {Columns} FROM nodes n WHERE n.removed_at > 0 AND n.removed_at <= @p1 AND n.not_after <= @p1
        ORDER BY n.removed_at, n.id LIMIT @p2
        """,
        Read, by.Microseconds, countMax);

    public void Forget(RosterNode node)
    {
        ForgetRoles(node.Id, node.Roles);
        sql.Execute("DELETE FROM nodes WHERE id = @p1", node.Id.ToArray());
        sql.Execute("UPDATE community SET nodes = nodes - 1 WHERE one = 1");
    }

    private void AddRoles(KeyId id, IReadOnlyList<string> roles)
    {
        foreach (var role in roles)
        {
            sql.Execute("INSERT INTO node_roles (role, node) VALUES (@p1, @p2)", role, id.ToArray());
        }
    }

    private void ForgetRoles(KeyId id, IReadOnlyList<string> roles)
    {
        foreach (var role in roles)
        {
            sql.Execute("DELETE FROM node_roles WHERE role = @p1 AND node = @p2", role, id.ToArray());
        }
    }
}
