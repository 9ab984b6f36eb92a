using System.Data.Common;
using Cete.Core;
using Cete.Groups;

namespace Cete.Bank;

/// <summary>An account of the community, as the bank knows it.</summary>
/// <param name="Account">Its id.</param>
/// <param name="Since">Since when it is there.</param>
/// <param name="IsSuspended">It may spend nothing.</param>
/// <param name="ClosedAt">When it was closed; null while it is not.</param>
/// <param name="HasLeft">A device of it signed that it is closed.</param>
/// <param name="AllowanceDay">The last day, counted from 1970, on which it was given its allowance.</param>
internal sealed record HolderRow(AccountId Account, Instant Since, bool IsSuspended, Instant? ClosedAt, bool HasLeft, long AllowanceDay);

/// <summary>A key that signs for an account.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Account">Whose.</param>
/// <param name="PublicKeyBytes">SubjectPublicKeyInfo in DER.</param>
/// <param name="Cap">Micro-credits that a delegate may spend in all; 0 for a device.</param>
/// <param name="Spent">Micro-credits that it spent.</param>
/// <param name="ExpiresAt">When a delegate ends.</param>
/// <param name="RemovedAt">When it was removed; null while it counts.</param>
internal sealed record KeyRow(
    KeyId Id, AccountId Account, ReadOnlyMemory<byte> PublicKeyBytes, long Cap, long Spent, Instant ExpiresAt, Instant? RemovedAt)
{
    /// <summary>A device of the account signed that it was removed.</summary>
    public bool IsRemovalSigned { get; init; }

    public bool IsDelegate => Cap > 0;

    public ReadOnlySpan<byte> PublicKey => PublicKeyBytes.Span;
}

/// <summary>Accounts of the community with their keys, imported from the accounts.</summary>
/// <param name="sql">The tables.</param>
/// <param name="cache">What the session that writes remembers; null for one that reads.</param>
internal sealed class HolderTable(SqlSession sql, BankCache? cache = null)
{
    private const string KeyColumns = "id, account, public_key, cap, spent, expires_at, removed_at, removal_signed";

    public HolderRow? Find(AccountId account)
    {
        if (cache?.Holders.TryGetValue(account, out var known) == true)
        {
            return known;
        }

        var found = sql.First(
            "SELECT since, suspended, closed_at, has_left, allowance_day FROM holders WHERE account = @p1",
            row => new HolderRow(account, new Instant(row.GetInt64(0)), row.GetInt64(1) != 0, Moment(row, 2), row.GetInt64(3) != 0, row.GetInt64(4)),
            account.ToArray());
        if (found is not null)
        {
            cache?.Holders.Add(account, found);
        }

        return found;
    }

    public void Add(AccountId account, Instant since) => sql.Execute(
        "INSERT INTO holders (account, since, suspended, closed_at, allowance_day) VALUES (@p1, @p2, 0, 0, 0)", account.ToArray(), since.Microseconds);

    public void Suspend(AccountId account, bool isSuspended) =>
        Update(account, "UPDATE holders SET suspended = @p1 WHERE account = @p2", isSuspended ? 1L : 0L, account.ToArray());

    public void Close(AccountId account, Instant at, bool hasLeft) => Update(
        account, "UPDATE holders SET closed_at = @p1, has_left = @p2 WHERE account = @p3", at.Microseconds, hasLeft ? 1L : 0L, account.ToArray());

    public void SetAllowanceDay(AccountId account, long day) =>
        Update(account, "UPDATE holders SET allowance_day = @p1 WHERE account = @p2", day, account.ToArray());

    public KeyRow? Key(KeyId id)
    {
        if (cache?.Keys.TryGetValue(id, out var known) == true)
        {
            return known;
        }

        var found = sql.First($"SELECT {KeyColumns} FROM keys WHERE id = @p1", ReadKey, id.ToArray());
        if (found is not null)
        {
            cache?.Keys.Add(id, found);
        }

        return found;
    }

    public List<KeyRow> Keys(AccountId account) =>
        sql.Query($"SELECT {KeyColumns} FROM keys WHERE account = @p1 ORDER BY id", ReadKey, account.ToArray());

    /// <summary>Adds a key, or says again what is known of it: what it spent stays.</summary>
    public void Add(KeyRow key, Instant at) => sql.Execute(
        """
        INSERT INTO keys (id, account, public_key, cap, spent, expires_at, added_at, removed_at) VALUES (@p1, @p2, @p3, @p4, 0, @p5, @p6, 0)
        ON CONFLICT (id) DO NOTHING
        """,
        key.Id.ToArray(), key.Account.ToArray(), key.PublicKeyBytes.ToArray(), key.Cap, key.ExpiresAt.Microseconds, at.Microseconds);

    public void Remove(KeyId id, Instant at, bool isSigned) => Update(
        id, "UPDATE keys SET removed_at = @p1, removal_signed = @p2 WHERE id = @p3 AND removed_at = 0", at.Microseconds, isSigned ? 1L : 0L, id.ToArray());

    public void Spend(KeyId id, long amount) => Update(id, "UPDATE keys SET spent = spent + @p1 WHERE id = @p2", amount, id.ToArray());

    /// <summary>The public key of a recovery code of an account; null for none of that name.</summary>
    public ReadOnlyMemory<byte>? RecoveryKey(AccountId account, KeyId id)
    {
        // Of an array that is null there is a memory, which is none of what is meant here.
        var key = sql.Scalar<byte[]>("SELECT public_key FROM recovery WHERE account = @p1 AND id = @p2", account.ToArray(), id.ToArray());
        return key is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(key);
    }

    public void SetRecovery(AccountId account, IReadOnlyList<byte[]> keys)
    {
        sql.Execute("DELETE FROM recovery WHERE account = @p1", account.ToArray());
        foreach (var key in keys)
        {
            sql.Execute(
                "INSERT INTO recovery (account, id, public_key) VALUES (@p1, @p2, @p3) ON CONFLICT (account, id) DO NOTHING",
                account.ToArray(), KeyId.Of(key).ToArray(), key);
        }
    }

    internal static Instant? Moment(DbDataReader row, int column) => row.GetInt64(column) is not 0 and var at ? new Instant(at) : null;

    private void Update(AccountId account, string text, params ReadOnlySpan<object?> values)
    {
        cache?.Holders.Remove(account);
        sql.Execute(text, values);
    }

    private void Update(KeyId key, string text, params ReadOnlySpan<object?> values)
    {
        cache?.Keys.Remove(key);
        sql.Execute(text, values);
    }

    private static KeyRow ReadKey(DbDataReader row) => new(
        new KeyId(row.GetFieldValue<byte[]>(0)), new AccountId(row.GetFieldValue<byte[]>(1)), row.GetFieldValue<byte[]>(2), row.GetInt64(3),
        row.GetInt64(4), new Instant(row.GetInt64(5)), Moment(row, 6))
    {
        IsRemovalSigned = row.GetInt64(7) != 0,
    };
}
