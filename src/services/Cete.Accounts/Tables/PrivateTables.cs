using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>A second factor's row.</summary>
internal sealed record FactorRow(byte[] Secret, long LastStep, bool IsConfirmed);

/// <summary>What is an account's alone: password, second factor, recovery keys, personal text.</summary>
internal sealed class PrivateTables(SqlSession sql)
{
    public PasswordHash? Password(AccountId id) => sql.First(
        "SELECT iterations, salt, hash FROM credentials WHERE account = @p1",
        row => new PasswordHash((int)row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)), id.ToArray());

    public void SetPassword(AccountId id, Credential credential) => sql.Execute(
        """
        INSERT INTO credentials (account, algorithm, iterations, salt, hash) VALUES (@p1, @p2, @p3, @p4, @p5)
        ON CONFLICT (account) DO UPDATE SET algorithm = excluded.algorithm, iterations = excluded.iterations, salt = excluded.salt, hash = excluded.hash
        """,
        id.ToArray(), credential.Algorithm, credential.Iterations, credential.Salt.ToByteArray(), credential.Hash.ToByteArray());

    public FactorRow? Factor(AccountId id) => sql.First(
        "SELECT secret, last_step, confirmed FROM second_factors WHERE account = @p1",
        row => new FactorRow(row.GetFieldValue<byte[]>(0), row.GetInt64(1), row.GetInt64(2) > 0), id.ToArray());

    public void SetFactor(AccountId id, byte[] secret) => sql.Execute(
        """
        INSERT INTO second_factors (account, secret, last_step, confirmed) VALUES (@p1, @p2, 0, 0)
        ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, last_step = 0, confirmed = 0
        """,
        id.ToArray(), secret);

    public void UseStep(AccountId id, long step) => sql.Execute("UPDATE second_factors SET last_step = @p1, confirmed = 1 WHERE account = @p2", step, id.ToArray());

    public void ForgetFactor(AccountId id) => sql.Execute("DELETE FROM second_factors WHERE account = @p1", id.ToArray());

    /// <summary>The account of a recovery key that was not used, and the key.</summary>
    public (AccountId Account, byte[] PublicKey)? RecoveryKey(KeyId key) => sql.First(
        "SELECT account, public_key FROM recovery_keys WHERE id = @p1 AND used_at = 0",
        row => ((AccountId, byte[])?)(new AccountId(row.GetFieldValue<byte[]>(0)), row.GetFieldValue<byte[]>(1)), key.ToArray());

    public long CountRecoveryKeys(AccountId id) => sql.Scalar<long>("SELECT count(*) FROM recovery_keys WHERE account = @p1 AND used_at = 0", id.ToArray());

    public bool HasRecoveryKey(KeyId key) => sql.Scalar<long>("SELECT count(*) FROM recovery_keys WHERE id = @p1", key.ToArray()) > 0;

    public void AddRecoveryKey(AccountId id, byte[] publicKey) => sql.Execute(
        "INSERT INTO recovery_keys (id, account, public_key) VALUES (@p1, @p2, @p3)", KeyId.Of(publicKey).ToArray(), id.ToArray(), publicKey);

    public void UseRecoveryKey(KeyId key, Instant at) => sql.Execute("UPDATE recovery_keys SET used_at = @p1 WHERE id = @p2", at.Microseconds, key.ToArray());

    /// <summary>All of an account, used ones included.</summary>
    public List<byte[]> RecoveryKeysOf(AccountId id) => sql.Query(
        "SELECT public_key FROM recovery_keys WHERE account = @p1 ORDER BY id", row => row.GetFieldValue<byte[]>(0), id.ToArray());

    /// <summary>What was signed for the recovery keys that there are, empty where nothing was, and when they came; null where it was before level 3.</summary>
    public (byte[] Statement, Instant At)? RecoveryStatement(AccountId id) => sql.First(
        "SELECT statement, at FROM recovery_statements WHERE account = @p1",
        row => ((byte[], Instant)?)(row.GetFieldValue<byte[]>(0), new Instant(row.GetInt64(1))), id.ToArray());

    public void SetRecoveryStatement(AccountId id, byte[] statement, Instant at) => sql.Execute(
        """
        INSERT INTO recovery_statements (account, statement, at) VALUES (@p1, @p2, @p3)
        ON CONFLICT (account) DO UPDATE SET statement = excluded.statement, at = excluded.at
        """,
        id.ToArray(), statement, at.Microseconds);

    public void ForgetRecoveryStatement(AccountId id) => sql.Execute("DELETE FROM recovery_statements WHERE account = @p1", id.ToArray());

    /// <summary>What was signed for another community proves nothing in this one.</summary>
    public void ForgetRecoveryStatements() => sql.Execute("DELETE FROM recovery_statements");

    public void ForgetRecoveryKeys(AccountId id) => sql.Execute("DELETE FROM recovery_keys WHERE account = @p1", id.ToArray());

    public (byte[] Key, byte[] Text)? Personal(AccountId id) => sql.First(
        "SELECT sealing_key, sealed FROM personal WHERE account = @p1",
        row => ((byte[], byte[])?)(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)), id.ToArray());

    public void SetPersonal(AccountId id, Sealed personal) => sql.Execute(
        "INSERT INTO personal (account, sealing_key, sealed) VALUES (@p1, @p2, @p3)",
        id.ToArray(), personal.Key.ToByteArray(), personal.Text.ToByteArray());

    public void SetPersonal(AccountId id, byte[] text) => sql.Execute("UPDATE personal SET sealed = @p1 WHERE account = @p2", text, id.ToArray());

    /// <summary>All of it goes.</summary>
    public void Forget(AccountId id)
    {
        sql.Execute("DELETE FROM personal WHERE account = @p1", id.ToArray());
        sql.Execute("DELETE FROM credentials WHERE account = @p1", id.ToArray());
        ForgetFactor(id);
        ForgetRecoveryKeys(id);
    }
}
