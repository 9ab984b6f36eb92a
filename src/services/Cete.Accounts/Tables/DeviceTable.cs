using System.Data.Common;
using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>The rows of devices.</summary>
internal sealed class DeviceTable(SqlSession sql)
{
    private const string Columns = "id, account, signing_key, exchange_key, certificate, label, added_at, removed_at, last_counter";

    public static DeviceRecord Read(DbDataReader row) => new(
        new KeyId(row.GetFieldValue<byte[]>(0)), new AccountId(row.GetFieldValue<byte[]>(1)), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3),
        row.GetFieldValue<byte[]>(4), row.GetString(5), new Instant(row.GetInt64(6)), row.GetInt64(7) is > 0 and var removed ? new Instant(removed) : null,
        row.GetInt64(8));

    public DeviceRecord? Find(KeyId id) => sql.First($"SELECT {Columns} FROM devices WHERE id = @p1", Read, id.ToArray());

    public List<DeviceRecord> Of(AccountId account) =>
        sql.Query($"SELECT {Columns} FROM devices WHERE account = @p1 ORDER BY added_at, id", Read, account.ToArray());

    /// <summary>How many an account has, removed ones included.</summary>
    public long Count(AccountId account) => sql.Scalar<long>("SELECT count(*) FROM devices WHERE account = @p1", account.ToArray());

    public bool HasUsable(AccountId account) => sql.Scalar<long>(
        "SELECT count(*) FROM (SELECT id FROM devices WHERE account = @p1 AND removed_at = 0 LIMIT 1) AS some", account.ToArray()) > 0;

    public void Add(AccountId account, NewDevice device, Instant at) => sql.Execute(
        "INSERT INTO devices (id, account, signing_key, exchange_key, certificate, label, added_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)",
        KeyId.Of(device.SigningKey.Span).ToArray(), account.ToArray(), device.SigningKey.ToArray(), device.ExchangeKey.ToArray(),
        device.Certificate.ToArray(), device.Label, at.Microseconds);

    public void Remove(KeyId id, Instant at) => sql.Execute("UPDATE devices SET removed_at = @p1 WHERE id = @p2", at.Microseconds, id.ToArray());

    public void SetCounter(KeyId id, long counter) => sql.Execute("UPDATE devices SET last_counter = @p1 WHERE id = @p2", counter, id.ToArray());

    public void ForgetAll(AccountId account) => sql.Execute("DELETE FROM devices WHERE account = @p1", account.ToArray());

    /// <summary>Forgets those that were removed by then, the first first; how many.</summary>
    public int ForgetRemoved(Instant by, int countMax)
    {
        var removed = sql.Query(
            "SELECT id FROM devices WHERE removed_at > 0 AND removed_at <= @p1 ORDER BY removed_at, id LIMIT @p2", row => row.GetFieldValue<byte[]>(0),
            by.Microseconds, countMax);
        foreach (var id in removed)
        {
            sql.Execute("DELETE FROM devices WHERE id = @p1", id);
        }

        return removed.Count;
    }
}
