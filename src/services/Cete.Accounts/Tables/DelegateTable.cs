using System.Data.Common;
using Cete.Accounts.Feed;
using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>A delegate's row.</summary>
internal sealed record DelegateRow(DelegateRecord Record, byte[] SigningKey, KeyApproved Approved);

/// <summary>The rows of delegates; from <see cref="AccountsMachine.FeedLevel"/> on.</summary>
internal sealed class DelegateTable(SqlSession sql)
{
    private const string Columns = "id, account, node, cap, added_at, expires_at, removed_at, signing_key, origin, approver, statement";

    public static DelegateRow Read(DbDataReader row) => new(
        new DelegateRecord(
            new KeyId(row.GetFieldValue<byte[]>(0)), new AccountId(row.GetFieldValue<byte[]>(1)), new KeyId(row.GetFieldValue<byte[]>(2)), row.GetInt64(3),
            new Instant(row.GetInt64(4)), new Instant(row.GetInt64(5)), row.GetInt64(6) is > 0 and var removed ? new Instant(removed) : null),
        row.GetFieldValue<byte[]>(7),
        new KeyApproved(
            (KeyOrigin)(int)row.GetInt64(8), row.GetFieldValue<byte[]>(9) is { Length: > 0 } approver ? new KeyId(approver) : null,
            row.GetFieldValue<byte[]>(10)));

    public DelegateRow? Find(KeyId id) => sql.First($"SELECT {Columns} FROM delegates WHERE id = @p1", Read, id.ToArray());

    public List<DelegateRow> Of(AccountId account) =>
        sql.Query($"SELECT {Columns} FROM delegates WHERE account = @p1 ORDER BY added_at, id", Read, account.ToArray());

    public void Add(DelegateRow row) => sql.Execute(
        """
        INSERT INTO delegates (id, account, node, signing_key, cap, origin, approver, statement, added_at, expires_at, over_at)
        VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p10)
        """,
        row.Record.Id.ToArray(), row.Record.Account.ToArray(), row.Record.Node.ToArray(), row.SigningKey, row.Record.Cap, (long)row.Approved.Origin,
        row.Approved.ApproverBytes, row.Approved.Statement.ToArray(), row.Record.AddedAt.Microseconds, row.Record.ExpiresAt.Microseconds);

    public void Remove(DelegateRecord record, Instant at) => sql.Execute(
        "UPDATE delegates SET removed_at = @p1, over_at = @p2 WHERE id = @p3", at.Microseconds, Math.Min(at.Microseconds, record.ExpiresAt.Microseconds),
        record.Id.ToArray());

    public void ForgetAll(AccountId account) => sql.Execute("DELETE FROM delegates WHERE account = @p1", account.ToArray());

    /// <summary>Forgets all that there are: they were given for another community.</summary>
    public void ForgetAll() => sql.Execute("DELETE FROM delegates");

    /// <summary>Forgets those that ended by then, the first first; how many.</summary>
    public int ForgetEnded(Instant by, int countMax)
    {
        var ended = sql.Query(
            "SELECT id FROM delegates WHERE over_at <= @p1 ORDER BY over_at, id LIMIT @p2", row => row.GetFieldValue<byte[]>(0), by.Microseconds, countMax);
        foreach (var id in ended)
        {
            sql.Execute("DELETE FROM delegates WHERE id = @p1", id);
        }

        return ended.Count;
    }
}
