using System.Data.Common;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>The rows of passkeys; from <see cref="AccountsMachine.FeedLevel"/> on.</summary>
internal sealed class PasskeyTable(SqlSession sql)
{
    private const string Columns = "id, account, public_key, counter, label, transports, added_at, used_at";

    public static PasskeyRecord Read(DbDataReader row) => new(
        row.GetFieldValue<byte[]>(0), new AccountId(row.GetFieldValue<byte[]>(1)), row.GetFieldValue<byte[]>(2), row.GetInt64(3), row.GetString(4),
        AccountTable.Split(row.GetString(5)), new Instant(row.GetInt64(6)), row.GetInt64(7) is > 0 and var used ? new Instant(used) : null);

    public PasskeyRecord? Find(byte[] id) => sql.First($"SELECT {Columns} FROM passkeys WHERE id = @p1", Read, id);

    public List<PasskeyRecord> Of(AccountId account) =>
        sql.Query($"SELECT {Columns} FROM passkeys WHERE account = @p1 ORDER BY added_at, id", Read, account.ToArray());

    public long Count(AccountId account) => sql.Scalar<long>("SELECT count(*) FROM passkeys WHERE account = @p1", account.ToArray());

    public void Add(AddPasskey passkey, Instant at) => sql.Execute(
        "INSERT INTO passkeys (id, account, public_key, counter, label, transports, added_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7)",
        passkey.Passkey.ToByteArray(), passkey.Account.ToByteArray(), passkey.PublicKey.ToByteArray(), passkey.Counter, passkey.Label,
        AccountTable.Join(passkey.Transports), at.Microseconds);

    public void Rename(byte[] id, string label) => sql.Execute("UPDATE passkeys SET label = @p1 WHERE id = @p2", label, id);

    public void Use(byte[] id, long counter, Instant at) =>
        sql.Execute("UPDATE passkeys SET counter = @p1, used_at = @p2 WHERE id = @p3", counter, at.Microseconds, id);

    public void Remove(byte[] id) => sql.Execute("DELETE FROM passkeys WHERE id = @p1", id);

    public void ForgetAll(AccountId account) => sql.Execute("DELETE FROM passkeys WHERE account = @p1", account.ToArray());
}
