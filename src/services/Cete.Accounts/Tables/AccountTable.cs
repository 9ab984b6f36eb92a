using System.Data.Common;
using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts;

/// <summary>An account's row.</summary>
internal sealed record AccountRow(
    AccountId Id, string Name, string? NameKey, string? Skeleton, IReadOnlyList<string> Roles, Instant CreatedAt, Instant? SuspendedAt, string Reason,
    Instant? ClosedAt, long Version)
{
    public bool IsActive => SuspendedAt is null && ClosedAt is null;
}

/// <summary>The rows of accounts, with their roles beside them for whoever looks for a role.</summary>
internal sealed class AccountTable(SqlSession sql)
{
    public const string Columns = "id, name, name_key, skeleton, roles, created_at, suspended_at, reason, closed_at, changed_version";

    public static AccountRow Read(DbDataReader row) => new(
        new AccountId(row.GetFieldValue<byte[]>(0)), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
        Split(row.GetString(4)), new Instant(row.GetInt64(5)), row.GetInt64(6) is > 0 and var suspended ? new Instant(suspended) : null, row.GetString(7),
        row.GetInt64(8) is > 0 and var closed ? new Instant(closed) : null, row.GetInt64(9));

    public static string Join(IEnumerable<string> texts) => string.Join(' ', texts);

    public static IReadOnlyList<string> Split(string texts) => texts.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public AccountRow? Find(AccountId id) => sql.First($"SELECT {Columns} FROM accounts WHERE id = @p1", Read, id.ToArray());

    public AccountRow? FindName(string key) => sql.First($"SELECT {Columns} FROM accounts WHERE name_key = @p1", Read, key);

    /// <summary>SHA-256 of the command that made it.</summary>
    public byte[]? RegistrationOf(AccountId id) => sql.Scalar<byte[]>("SELECT registration FROM accounts WHERE id = @p1", id.ToArray());

    /// <summary>Whether an account has this name, had it once, or looks like one that does.</summary>
    public bool IsTaken(string key, string skeleton) => sql.Scalar<long>(
        """
        SELECT (SELECT count(*) FROM accounts WHERE name_key = @p1) + (SELECT count(*) FROM accounts WHERE skeleton = @p2)
            + (SELECT count(*) FROM reserved_names WHERE hash = @p3) + (SELECT count(*) FROM reserved_names WHERE hash = @p4)
        """,
        key, skeleton, ReservedHash(key), ReservedHash(skeleton)) > 0;

    public void Add(AccountId id, Proto.Name name, IReadOnlyList<string> roles, Instant at, long version, byte[] registration)
    {
        sql.Execute(
            """
            INSERT INTO accounts (id, name, name_key, skeleton, roles, created_at, changed_version, registration)
            VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)
            """,
            id.ToArray(), name.Text, name.Key, name.Skeleton, Join(roles), at.Microseconds, version, registration);
        AddRoles(id, roles);
    }

    public void SetRoles(AccountRow account, IReadOnlyList<string> roles, long version)
    {
        ForgetRoles(account);
        sql.Execute("UPDATE accounts SET roles = @p1, changed_version = @p2 WHERE id = @p3", Join(roles), version, account.Id.ToArray());
        AddRoles(account.Id, roles);
    }

    public void Suspend(AccountId id, Instant at, string reason, long version) => sql.Execute(
        "UPDATE accounts SET suspended_at = @p1, reason = @p2, changed_version = @p3 WHERE id = @p4", at.Microseconds, reason, version, id.ToArray());

    public void Resume(AccountId id, long version) =>
        sql.Execute("UPDATE accounts SET suspended_at = 0, reason = '', changed_version = @p1 WHERE id = @p2", version, id.ToArray());

    /// <summary>The name goes; that nobody else takes it is seen to by its hash.</summary>
    public void Close(AccountRow account, Instant at, long version)
    {
        foreach (var text in new[] { account.NameKey!, account.Skeleton! }.Distinct(StringComparer.Ordinal))
        {
            sql.Execute("INSERT INTO reserved_names (hash) VALUES (@p1) ON CONFLICT (hash) DO NOTHING", ReservedHash(text));
        }

        ForgetRoles(account);
        sql.Execute(
            """
            UPDATE accounts SET name = '', name_key = NULL, skeleton = NULL, roles = '', suspended_at = 0, reason = '', closed_at = @p1,
                changed_version = @p2 WHERE id = @p3
            """,
            at.Microseconds, version, account.Id.ToArray());
    }

    /// <summary>Whether an account other than this one has a role and is neither suspended nor closed.</summary>
    public bool HasOtherActive(AccountId id, string role) => sql.Scalar<long>(
        """
        SELECT count(*) FROM (
            SELECT r.account FROM account_roles r JOIN accounts a ON a.id = r.account
            WHERE r.role = @p1 AND r.account <> @p2 AND a.suspended_at = 0 AND a.closed_at = 0 LIMIT 1) AS others
        """,
        role, id.ToArray()) > 0;

    public bool HasAny(string role) => sql.Scalar<long>("SELECT count(*) FROM (SELECT account FROM account_roles WHERE role = @p1 LIMIT 1) AS some", role) > 0;

    private static byte[] ReservedHash(string text) => Hash256.Of(System.Text.Encoding.UTF8.GetBytes(text)).ToArray();

    private void AddRoles(AccountId id, IReadOnlyList<string> roles)
    {
        foreach (var role in roles)
        {
            sql.Execute("INSERT INTO account_roles (role, account) VALUES (@p1, @p2)", role, id.ToArray());
        }
    }

    private void ForgetRoles(AccountRow account)
    {
        foreach (var role in account.Roles)
        {
            sql.Execute("DELETE FROM account_roles WHERE role = @p1 AND account = @p2", role, account.Id.ToArray());
        }
    }
}
