using System.Data.Common;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>A transfer that is, or was, pending.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Payer">Whose credits are held.</param>
/// <param name="Payee">For whom.</param>
/// <param name="Amount">Micro-credits.</param>
/// <param name="ExpiresAt">When they go back by themselves.</param>
/// <param name="EndedAt">When they were taken, left or went back; null while they are held.</param>
internal sealed record PendingRow(TransferId Id, AccountId Payer, LedgerAddress Payee, long Amount, Instant ExpiresAt, Instant? EndedAt);

/// <summary>Transfers that are pending, and were.</summary>
internal sealed class PendingTable(SqlSession sql)
{
    private const string Columns = "id, payer, payee_kind, payee, amount, expires_at, ended_at";

    public PendingRow? Find(TransferId id) => sql.First($"SELECT {Columns} FROM pendings WHERE id = @p1", Read, id.ToArray());

    /// <summary>What is pending that an account pays.</summary>
    public List<PendingRow> Of(AccountId payer) =>
        sql.Query($"SELECT {Columns} FROM pendings WHERE payer = @p1 AND ended_at = 0 ORDER BY id", Read, payer.ToArray());

    public long CountOf(AccountId payer) =>
        sql.Scalar<long>("SELECT count(*) FROM pendings WHERE payer = @p1 AND ended_at = 0", payer.ToArray());

    public void Add(PendingRow row) => sql.Execute(
        "INSERT INTO pendings (id, payer, payee_kind, payee, amount, expires_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6)",
        row.Id.ToArray(), row.Payer.ToArray(), (long)row.Payee.Kind, row.Payee.Key.ToArray(), row.Amount, row.ExpiresAt.Microseconds);

    public void End(TransferId id, Instant at) =>
        sql.Execute("UPDATE pendings SET ended_at = @p1 WHERE id = @p2", at.Microseconds, id.ToArray());

    private static PendingRow Read(DbDataReader row) => new(
        new TransferId(row.GetFieldValue<byte[]>(0)), new AccountId(row.GetFieldValue<byte[]>(1)),
        LedgerAddress.Of(row.GetInt64(2), row.GetFieldValue<byte[]>(3))!.Value, row.GetInt64(4), new Instant(row.GetInt64(5)), HolderTable.Moment(row, 6));
}
