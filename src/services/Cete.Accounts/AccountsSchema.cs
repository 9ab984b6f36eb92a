using Cete.Groups;

namespace Cete.Accounts;

/// <summary>The tables of accounts, by apply level. What only SQLite understands stands here.</summary>
internal static class AccountsSchema
{
    public static void Raise(int level, SqlSession sql)
    {
        if (level == 1)
        {
            sql.Script(Level1);
        }
        else if (level == AccountsMachine.FeedLevel)
        {
            sql.Script(Level3);
        }
    }

    /// <summary>Whether there is a table, for whoever reads without knowing the level.</summary>
    public static bool Has(SqlSession sql, string table) =>
        sql.Scalar<long>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = @p1", table) > 0;

    // community_rules: one row. acts: how many are kept, since counting them is a walk.
    // accounts: suspended_at and closed_at are 0 for whoever is neither; a closed one has no name, key or skeleton.
    // reserved_names: SHA-256 of keys and skeletons of accounts that were closed.
    // sessions: over_at is when it expires or was ended, whichever comes first. invitations: so too, or used up.
    private const string Level1 = """
        CREATE TABLE community_rules (
            one BIGINT PRIMARY KEY, community BLOB NOT NULL, registration BIGINT NOT NULL, version BIGINT NOT NULL, roles_version BIGINT NOT NULL,
            administrator BLOB NOT NULL, acts BIGINT NOT NULL);

        CREATE TABLE accounts (
            id BLOB PRIMARY KEY, name TEXT NOT NULL, name_key TEXT, skeleton TEXT, roles TEXT NOT NULL, created_at BIGINT NOT NULL,
            suspended_at BIGINT NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', closed_at BIGINT NOT NULL DEFAULT 0,
            changed_version BIGINT NOT NULL, registration BLOB NOT NULL) WITHOUT ROWID;
        CREATE UNIQUE INDEX accounts_by_name ON accounts (name_key);
        CREATE UNIQUE INDEX accounts_by_skeleton ON accounts (skeleton);
        CREATE UNIQUE INDEX accounts_by_version ON accounts (changed_version);
        CREATE TABLE account_roles (role TEXT NOT NULL, account BLOB NOT NULL, PRIMARY KEY (role, account)) WITHOUT ROWID;
        CREATE TABLE reserved_names (hash BLOB PRIMARY KEY) WITHOUT ROWID;

        CREATE TABLE personal (account BLOB PRIMARY KEY, sealing_key BLOB NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE credentials (
            account BLOB PRIMARY KEY, algorithm BIGINT NOT NULL, iterations BIGINT NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE second_factors (
            account BLOB PRIMARY KEY, secret BLOB NOT NULL, last_step BIGINT NOT NULL, confirmed BIGINT NOT NULL) WITHOUT ROWID;
        CREATE TABLE recovery_keys (
            id BLOB PRIMARY KEY, account BLOB NOT NULL, public_key BLOB NOT NULL, used_at BIGINT NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE INDEX recovery_keys_by_account ON recovery_keys (account, id);

        CREATE TABLE devices (
            id BLOB PRIMARY KEY, account BLOB NOT NULL, signing_key BLOB NOT NULL, exchange_key BLOB NOT NULL, certificate BLOB NOT NULL,
            label TEXT NOT NULL, added_at BIGINT NOT NULL, removed_at BIGINT NOT NULL DEFAULT 0, last_counter BIGINT NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE INDEX devices_by_account ON devices (account, added_at, id);
        CREATE INDEX devices_removed ON devices (removed_at, id) WHERE removed_at > 0;

        CREATE TABLE sessions (
            id BLOB PRIMARY KEY, account BLOB NOT NULL, secret_hash BLOB NOT NULL, kind BIGINT NOT NULL, label TEXT NOT NULL, device BLOB,
            grants TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, ended_at BIGINT NOT NULL DEFAULT 0,
            over_at BIGINT NOT NULL) WITHOUT ROWID;
        CREATE UNIQUE INDEX sessions_by_secret ON sessions (secret_hash);
        CREATE INDEX sessions_by_account ON sessions (account, created_at, id);
        CREATE INDEX sessions_by_end ON sessions (over_at, id);

        CREATE TABLE invitations (
            id BLOB PRIMARY KEY, number BIGINT NOT NULL, account BLOB NOT NULL, secret_hash BLOB NOT NULL, roles TEXT NOT NULL, uses BIGINT NOT NULL,
            uses_left BIGINT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, revoked_at BIGINT NOT NULL DEFAULT 0, note TEXT NOT NULL,
            over_at BIGINT NOT NULL) WITHOUT ROWID;
        CREATE UNIQUE INDEX invitations_by_number ON invitations (number);
        CREATE INDEX invitations_by_account ON invitations (account, number);
        CREATE INDEX invitations_by_end ON invitations (over_at, number);

        CREATE TABLE roles (name TEXT PRIMARY KEY, grants TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE audit (
            position BIGINT PRIMARY KEY, at BIGINT NOT NULL, account BLOB NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL, note TEXT NOT NULL);
        CREATE INDEX audit_by_account ON audit (account, position);
        """;

    // key_history: how each device came, for whoever verifies it later, and so that none comes back that was removed.
    // Of devices of before, nothing was kept but that they are there (origin 0).
    private const string Level3 = """
        CREATE TABLE key_history (
            id BLOB PRIMARY KEY, account BLOB NOT NULL, number BIGINT NOT NULL, signing_key BLOB NOT NULL, origin BIGINT NOT NULL, approver BLOB NOT NULL,
            statement BLOB NOT NULL, added_at BIGINT NOT NULL, removed_at BIGINT NOT NULL DEFAULT 0, remover BLOB, removal BLOB) WITHOUT ROWID;
        CREATE INDEX key_history_by_account ON key_history (account, added_at, number, id);
        CREATE INDEX key_history_by_approver ON key_history (approver, id);
        INSERT INTO key_history (id, account, number, signing_key, origin, approver, statement, added_at, removed_at)
            SELECT id, account, 0, signing_key, 0, CAST('' AS BLOB), CAST('' AS BLOB), added_at, removed_at FROM devices;
        CREATE TABLE recovery_statements (account BLOB PRIMARY KEY, statement BLOB NOT NULL, at BIGINT NOT NULL) WITHOUT ROWID;

        CREATE TABLE delegates (
            id BLOB PRIMARY KEY, account BLOB NOT NULL, node BLOB NOT NULL, signing_key BLOB NOT NULL, cap BIGINT NOT NULL, origin BIGINT NOT NULL,
            approver BLOB NOT NULL, statement BLOB NOT NULL, added_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, removed_at BIGINT NOT NULL DEFAULT 0,
            over_at BIGINT NOT NULL) WITHOUT ROWID;
        CREATE INDEX delegates_by_account ON delegates (account, added_at, id);
        CREATE INDEX delegates_by_end ON delegates (over_at, id);

        CREATE TABLE passkeys (
            id BLOB PRIMARY KEY, account BLOB NOT NULL, public_key BLOB NOT NULL, counter BIGINT NOT NULL, label TEXT NOT NULL, transports TEXT NOT NULL,
            added_at BIGINT NOT NULL, used_at BIGINT NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE INDEX passkeys_by_account ON passkeys (account, added_at, id);

        ALTER TABLE invitations ADD COLUMN public_key BLOB;
        """;
}
