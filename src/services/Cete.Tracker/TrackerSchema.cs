using Cete.Groups;

namespace Cete.Tracker;

/// <summary>The tables of the tracker, by apply level. What only SQLite understands stands here.</summary>
internal static class TrackerSchema
{
    public static void Raise(int level, SqlSession sql)
    {
        if (level == 1)
        {
            sql.Script(Level1);
        }
        else if (level == 2)
        {
            sql.Script(Level2);
        }
        else if (level == 3)
        {
            sql.Script(Level3);
        }
    }

    // community: one row. founding: the hash of the command that made it. nodes: how many are listed, since counting them is a walk.
    // nodes: removed_at is 0 for whoever belongs; serial, issuer and not_after are of the certificate that ends last.
    // tokens: number is the command's; ended_at lies ahead as long as the token is usable.
    private const string Level1 = """
        CREATE TABLE community (
            one BIGINT PRIMARY KEY, id BLOB NOT NULL, name TEXT NOT NULL, root_certificate BLOB NOT NULL, administrator BLOB NOT NULL,
            founding BLOB NOT NULL, founded_at BIGINT NOT NULL, version BIGINT NOT NULL, changed_at BIGINT NOT NULL,
            minimum_protocol BIGINT NOT NULL, nodes BIGINT NOT NULL);

        CREATE TABLE nodes (
            id BLOB PRIMARY KEY, name TEXT NOT NULL, owner TEXT NOT NULL, roles TEXT NOT NULL, admitted_at BIGINT NOT NULL, token BLOB,
            removed_at BIGINT NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
            serial BLOB, issuer BLOB, not_after BIGINT NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE INDEX nodes_removed ON nodes (removed_at, id) WHERE removed_at > 0;
        CREATE TABLE node_roles (role TEXT NOT NULL, node BLOB NOT NULL, PRIMARY KEY (role, node)) WITHOUT ROWID;

        CREATE TABLE issuers (
            id BLOB PRIMARY KEY, certificate BLOB NOT NULL, node BLOB NOT NULL, removed_at BIGINT NOT NULL DEFAULT 0) WITHOUT ROWID;

        CREATE TABLE tokens (
            id BLOB PRIMARY KEY, number BIGINT NOT NULL, secret_hash BLOB NOT NULL, roles TEXT NOT NULL, owner TEXT NOT NULL,
            created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, uses BIGINT NOT NULL, used BIGINT NOT NULL DEFAULT 0, note TEXT NOT NULL,
            revoked_at BIGINT NOT NULL DEFAULT 0, ended_at BIGINT NOT NULL) WITHOUT ROWID;
        CREATE UNIQUE INDEX tokens_by_number ON tokens (number);
        CREATE INDEX tokens_by_end ON tokens (ended_at, number);
        """;

    // groups: node is who begins it, or tells that it has begun; begun_at is 0 until somebody did tell.
    private const string Level2 = """
        CREATE TABLE groups (
            name TEXT PRIMARY KEY, node BLOB NOT NULL, lineage BLOB NOT NULL, founded_at BIGINT NOT NULL, begun_at BIGINT NOT NULL DEFAULT 0) WITHOUT ROWID;
        """;

    // self_service: one row, none until it is set. What an account has is counted with each token that it makes.
    private const string Level3 = """
        CREATE TABLE self_service (one BIGINT PRIMARY KEY, roles TEXT NOT NULL, per_account BIGINT NOT NULL);
        CREATE INDEX nodes_by_owner ON nodes (owner, removed_at);
        CREATE INDEX tokens_by_owner ON tokens (owner, ended_at);
        """;
}
