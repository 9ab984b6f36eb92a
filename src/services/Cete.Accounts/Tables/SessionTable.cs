using System.Data.Common;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>The rows of sessions.</summary>
internal sealed class SessionTable(SqlSession sql)
{
    private const string Columns = "id, account, kind, label, device, grants, created_at, expires_at, ended_at";

    public static SessionRecord Read(DbDataReader row) => new(
        Show(row.GetFieldValue<byte[]>(0)), new AccountId(row.GetFieldValue<byte[]>(1)), (SessionKind)(int)row.GetInt64(2), row.GetString(3),
        row.IsDBNull(4) ? null : new KeyId(row.GetFieldValue<byte[]>(4)), GrantTexts.Read(row.GetString(5)), new Instant(row.GetInt64(6)),
        new Instant(row.GetInt64(7)), row.GetInt64(8) is > 0 and var ended ? new Instant(ended) : null);

    public static string Show(ReadOnlySpan<byte> id) => Convert.ToHexStringLower(id);

    public SessionRecord? Find(byte[] id) => sql.First($"SELECT {Columns} FROM sessions WHERE id = @p1", Read, id);

    public SessionRecord? FindSecret(Hash256 secretHash) => sql.First($"SELECT {Columns} FROM sessions WHERE secret_hash = @p1", Read, secretHash.ToArray());

    /// <summary>SHA-256 of its secret.</summary>
    public byte[]? SecretHashOf(byte[] id) => sql.Scalar<byte[]>("SELECT secret_hash FROM sessions WHERE id = @p1", id);

    public List<SessionRecord> Of(AccountId account) =>
        sql.Query($"SELECT {Columns} FROM sessions WHERE account = @p1 ORDER BY created_at, id", Read, account.ToArray());

    /// <summary>Ends all that there are.</summary>
    public void EndAll(Instant at) => sql.Execute(
        "UPDATE sessions SET ended_at = @p1, over_at = CASE WHEN over_at < @p1 THEN over_at ELSE @p1 END WHERE ended_at = 0", at.Microseconds);

    public void Add(OpenSession session, Instant at) => sql.Execute(
        """
        INSERT INTO sessions (id, account, secret_hash, kind, label, device, grants, created_at, expires_at, over_at)
        VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p9)
        """,
        session.Session.ToByteArray(), session.Account.ToByteArray(), session.SecretHash.ToByteArray(), session.Kind, session.Label,
        session.Device.IsEmpty ? null : session.Device.ToByteArray(), GrantTexts.Join(session.Grants), at.Microseconds, session.ExpiresAt);

    public void End(SessionRecord session, Instant at) => sql.Execute(
        "UPDATE sessions SET ended_at = @p1, over_at = @p2 WHERE id = @p3",
        at.Microseconds, Math.Min(at.Microseconds, session.ExpiresAt.Microseconds), Convert.FromHexString(session.Id));

    public void ForgetAll(AccountId account) => sql.Execute("DELETE FROM sessions WHERE account = @p1", account.ToArray());

    /// <summary>Forgets those that ended by then, the first first; how many.</summary>
    public int ForgetEnded(Instant by, int countMax)
    {
        var ended = sql.Query(
            "SELECT id FROM sessions WHERE over_at <= @p1 ORDER BY over_at, id LIMIT @p2", row => row.GetFieldValue<byte[]>(0), by.Microseconds, countMax);
        foreach (var id in ended)
        {
            sql.Execute("DELETE FROM sessions WHERE id = @p1", id);
        }

        return ended.Count;
    }
}
