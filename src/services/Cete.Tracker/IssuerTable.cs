using Cete.Core;
using Cete.Groups;

namespace Cete.Tracker;

/// <summary>The rows of issuing certificates.</summary>
internal sealed class IssuerTable(SqlSession sql)
{
    public RosterIssuer? Find(KeyId id) => sql.First(
        "SELECT certificate, node FROM issuers WHERE id = @p1",
        row => new RosterIssuer(id, row.GetFieldValue<byte[]>(0), new KeyId(row.GetFieldValue<byte[]>(1))),
        id.ToArray());

    public List<RosterIssuer> All() => sql.Query(
        "SELECT id, certificate, node FROM issuers ORDER BY id",
        row => new RosterIssuer(new KeyId(row.GetFieldValue<byte[]>(0)), row.GetFieldValue<byte[]>(1), new KeyId(row.GetFieldValue<byte[]>(2))));

    public long Count() => sql.Scalar<long>("SELECT count(*) FROM issuers");

    public void Put(RosterIssuer issuer) => sql.Execute(
        """
        INSERT INTO issuers (id, certificate, node) VALUES (@p1, @p2, @p3)
        ON CONFLICT (id) DO UPDATE SET certificate = excluded.certificate
        """,
        issuer.Id.ToArray(), issuer.Certificate.ToArray(), issuer.Node.ToArray());

    public void Remove(KeyId id) => sql.Execute("DELETE FROM issuers WHERE id = @p1", id.ToArray());
}
