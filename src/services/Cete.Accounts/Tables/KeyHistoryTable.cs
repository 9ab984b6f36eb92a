using System.Data.Common;
using Cete.Accounts.Feed;
using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>On whose word a key of an account counts.</summary>
/// <param name="Origin">How it came.</param>
/// <param name="Approver">The key that signed for it; null for none.</param>
/// <param name="Statement">What that key signed; empty for none.</param>
internal sealed record KeyApproved(KeyOrigin Origin, KeyId? Approver, ReadOnlyMemory<byte> Statement)
{
    public static KeyApproved Unsigned(KeyOrigin origin) => new(origin, null, default);

    public byte[] ApproverBytes => Approver?.ToArray() ?? [];
}

/// <summary>How a device came and went.</summary>
internal sealed record KeyHistoryRow(
    KeyId Id, AccountId Account, byte[] SigningKey, KeyOrigin Origin, byte[] Approver, byte[] Statement, Instant AddedAt, Instant? RemovedAt,
    byte[] Remover, byte[] Removal);

/// <summary>The rows that tell how devices came and went; from <see cref="AccountsMachine.FeedLevel"/> on.</summary>
internal sealed class KeyHistoryTable(SqlSession sql)
{
    private const string Columns = "id, account, signing_key, origin, approver, statement, added_at, removed_at, remover, removal";

    public static KeyHistoryRow Read(DbDataReader row) => new(
        new KeyId(row.GetFieldValue<byte[]>(0)), new AccountId(row.GetFieldValue<byte[]>(1)), row.GetFieldValue<byte[]>(2), (KeyOrigin)(int)row.GetInt64(3),
        row.GetFieldValue<byte[]>(4), row.GetFieldValue<byte[]>(5), new Instant(row.GetInt64(6)),
        row.GetInt64(7) is > 0 and var removed ? new Instant(removed) : null, row.IsDBNull(8) ? [] : row.GetFieldValue<byte[]>(8),
        row.IsDBNull(9) ? [] : row.GetFieldValue<byte[]>(9));

    public bool Has(KeyId id) => sql.Scalar<long>("SELECT count(*) FROM key_history WHERE id = @p1", id.ToArray()) > 0;

    public long Count(AccountId account) => sql.Scalar<long>("SELECT count(*) FROM key_history WHERE account = @p1", account.ToArray());

    /// <summary>As they came.</summary>
    public List<KeyHistoryRow> Of(AccountId account) => sql.Query(
        $"SELECT {Columns} FROM key_history WHERE account = @p1 ORDER BY added_at, number, id", Read, account.ToArray());

    public void Add(AccountId account, KeyId id, ReadOnlyMemory<byte> signingKey, KeyApproved approved, long number, Instant at) => sql.Execute(
        """
        INSERT INTO key_history (id, account, number, signing_key, origin, approver, statement, added_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)
        """,
        id.ToArray(), account.ToArray(), number, signingKey.ToArray(), (long)approved.Origin, approved.ApproverBytes, approved.Statement.ToArray(),
        at.Microseconds);

    public void Remove(KeyId id, KeyId remover, ReadOnlyMemory<byte> statement, Instant at) => sql.Execute(
        "UPDATE key_history SET removed_at = @p1, remover = @p2, removal = @p3 WHERE id = @p4", at.Microseconds, remover.ToArray(), statement.ToArray(),
        id.ToArray());

    /// <summary>What was signed for another community proves nothing in this one.</summary>
    public void ForgetStatements() => sql.Execute(
        "UPDATE key_history SET origin = 0, approver = CAST('' AS BLOB), statement = CAST('' AS BLOB), remover = NULL, removal = NULL");

    public void ForgetAll(AccountId account) => sql.Execute("DELETE FROM key_history WHERE account = @p1", account.ToArray());

    /// <summary>
    /// Forgets the one of an account that was removed first, is not listed any more, and by which no other came that is kept; false where there is none.
    /// </summary>
    public bool ForgetOne(AccountId account) => sql.Execute(
        """
        DELETE FROM key_history WHERE id = (
            SELECT h.id FROM key_history h WHERE h.account = @p1 AND h.removed_at > 0 AND NOT EXISTS (SELECT 1 FROM devices d WHERE d.id = h.id)
                AND NOT EXISTS (SELECT 1 FROM key_history c WHERE c.approver = h.id)
            ORDER BY h.removed_at, h.id LIMIT 1)
        """,
        account.ToArray()) > 0;
}
