using System.Data.Common;
using Cete.Core;
using Cete.Groups;

namespace Cete.Tracker;

/// <summary>The rows of issuing certificates.</summary>
internal sealed class IssuerTable(SqlSession sql)
{
    private const string Columns = "id, certificate, node, removed_at";

    public RosterIssuer? Find(KeyId id) => sql.First($"SELECT {Columns} FROM issuers WHERE id = @p1", Read, id.ToArray());

    public List<RosterIssuer> All() => sql.Query($"SELECT {Columns} FROM issuers ORDER BY id", Read);

    /// <summary>How many are listed, removed ones included.</summary>
    public long Count() => sql.Scalar<long>("SELECT count(*) FROM issuers");

    /// <summary>How many may issue.</summary>
    public long CountUsable() => sql.Scalar<long>("SELECT count(*) FROM issuers WHERE removed_at = 0");

    public void Put(RosterIssuer issuer) => sql.Execute(
        """
        INSERT INTO issuers (id, certificate, node, removed_at) VALUES (@p1, @p2, @p3, @p4)
        ON CONFLICT (id) DO UPDATE SET certificate = excluded.certificate
        """,
        issuer.Id.ToArray(), issuer.Certificate.ToArray(), issuer.Node.ToArray(), issuer.RemovedAt?.Microseconds ?? 0);

    public void Remove(KeyId id, Instant at) =>
        sql.Execute("UPDATE issuers SET removed_at = @p1 WHERE id = @p2", at.Microseconds, id.ToArray());

    private static RosterIssuer Read(DbDataReader row) =>
        new(new KeyId(row.GetFieldValue<byte[]>(0)), row.GetFieldValue<byte[]>(1), new KeyId(row.GetFieldValue<byte[]>(2)))
        {
            RemovedAt = row.GetInt64(3) is > 0 and var removed ? new Instant(removed) : null,
        };
}
