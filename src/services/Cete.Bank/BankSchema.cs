using Cete.Groups;

namespace Cete.Bank;

/// <summary>The tables of the bank, by apply level. What only SQLite understands stands here.</summary>
internal static class BankSchema
{
    /// <summary>The level from which on each day's figures are kept.</summary>
    public const int DaysLevel = 2;

    /// <summary>The level from which on lanes of services (<see cref="Ledger.Channels.ServiceLane"/>) may pay the treasury; it needs no tables.</summary>
    public const int ServiceLanesLevel = 3;

    public static void Raise(int level, SqlSession sql)
    {
        if (level == 1)
        {
            sql.Script(Level1);
        }
        else if (level == DaysLevel)
        {
            sql.Script(Level2);
            DayTable.CarryOver(sql);
        }
    }

    /// <summary>Whether the tables are of a level at which each day's figures are kept.</summary>
    public static bool HasDays(SqlSession sql) => sql.Scalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'days'") > 0;

    // journal: debit and credit are numbers of ledger accounts. *_previous is the entry before that touched the same account, 0 for none: a statement
    // is read by following it, so entries need no index by account. evidence is 0 for what follows from the rules alone.
    // ledger_accounts: last is the last entry that touched it.
    // channels: state is 0 open, 1 closing, 2 settled. granted is the part of the reserve that was grant money; it is spent first.
    // tree: roots of perfect subtrees of the levels that MerkleStore keeps. heads: the tree's frontier as of each signed head.
    // channels: opened_by and changed_by are hashes of what was signed, to know it again.
    // holders: has_left is 1 when a device of the account signed that it is closed. keys: removal_signed likewise, that the key is removed.
    // claims: the counter of the last statement by which a node said whose it is.
    // due: what happens at a time; what is what, and key whose.
    private const string Level1 = """
        CREATE TABLE bank_rules (
            one BIGINT PRIMARY KEY, community BLOB NOT NULL, ledger BLOB NOT NULL, begun_at BIGINT NOT NULL, policy TEXT NOT NULL,
            policy_version BIGINT NOT NULL, policy_at BIGINT NOT NULL);

        CREATE TABLE ledger_accounts (
            number INTEGER PRIMARY KEY, kind BIGINT NOT NULL, owner BLOB NOT NULL, balance BIGINT NOT NULL, last BIGINT NOT NULL,
            opened_at BIGINT NOT NULL);
        CREATE UNIQUE INDEX ledger_accounts_by_owner ON ledger_accounts (kind, owner);

        CREATE TABLE journal (
            number INTEGER PRIMARY KEY, id BLOB NOT NULL, at BIGINT NOT NULL, kind BIGINT NOT NULL, debit BIGINT NOT NULL, credit BIGINT NOT NULL,
            amount BIGINT NOT NULL, debit_balance BIGINT NOT NULL, credit_balance BIGINT NOT NULL, debit_previous BIGINT NOT NULL,
            credit_previous BIGINT NOT NULL, evidence BIGINT NOT NULL, subject BLOB, quantity BIGINT NOT NULL, note TEXT NOT NULL, hash BLOB NOT NULL);
        CREATE UNIQUE INDEX journal_by_id ON journal (id);
        CREATE TABLE evidence (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL);

        CREATE TABLE pendings (
            id BLOB PRIMARY KEY, payer BLOB NOT NULL, payee_kind BIGINT NOT NULL, payee BLOB NOT NULL, amount BIGINT NOT NULL, expires_at BIGINT NOT NULL,
            ended_at BIGINT NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE INDEX pendings_by_payer ON pendings (payer, id) WHERE ended_at = 0;

        CREATE TABLE channels (
            id BLOB PRIMARY KEY, account BLOB NOT NULL, voucher_key BLOB NOT NULL, subject BLOB NOT NULL, reserve BIGINT NOT NULL, granted BIGINT NOT NULL,
            redeemed BIGINT NOT NULL, author_permille BIGINT NOT NULL, community_permille BIGINT NOT NULL, revision BIGINT NOT NULL,
            state BIGINT NOT NULL, opened_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, settles_at BIGINT NOT NULL, opened_by BLOB NOT NULL,
            changed_by BLOB NOT NULL) WITHOUT ROWID;
        CREATE INDEX channels_by_account ON channels (account, opened_at, id);
        CREATE TABLE lanes (
            channel BLOB NOT NULL, provider BLOB NOT NULL, payee_kind BIGINT NOT NULL, payee BLOB NOT NULL, author BLOB, cap BIGINT NOT NULL,
            redeemed BIGINT NOT NULL, released BIGINT NOT NULL, PRIMARY KEY (channel, provider)) WITHOUT ROWID;
        CREATE INDEX lanes_by_provider ON lanes (provider, channel);

        CREATE TABLE holders (
            account BLOB PRIMARY KEY, since BIGINT NOT NULL, suspended BIGINT NOT NULL, closed_at BIGINT NOT NULL,
            has_left BIGINT NOT NULL DEFAULT 0, allowance_day BIGINT NOT NULL) WITHOUT ROWID;
        CREATE TABLE keys (
            id BLOB PRIMARY KEY, account BLOB NOT NULL, public_key BLOB NOT NULL, cap BIGINT NOT NULL, spent BIGINT NOT NULL, expires_at BIGINT NOT NULL,
            added_at BIGINT NOT NULL, removed_at BIGINT NOT NULL, removal_signed BIGINT NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE INDEX keys_by_account ON keys (account, id);

        CREATE TABLE recovery (account BLOB NOT NULL, id BLOB NOT NULL, public_key BLOB NOT NULL, PRIMARY KEY (account, id)) WITHOUT ROWID;

        CREATE TABLE claims (node BLOB PRIMARY KEY, counter BIGINT NOT NULL) WITHOUT ROWID;

        CREATE TABLE due (at BIGINT NOT NULL, what BIGINT NOT NULL, key BLOB NOT NULL, amount BIGINT NOT NULL, PRIMARY KEY (at, what, key)) WITHOUT ROWID;

        CREATE TABLE heads (
            number INTEGER PRIMARY KEY, hash BLOB NOT NULL, root BLOB NOT NULL, frontier BLOB NOT NULL, at BIGINT NOT NULL, statement BLOB NOT NULL,
            public_key BLOB NOT NULL);
        CREATE TABLE tree (level BIGINT NOT NULL, place BIGINT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, place)) WITHOUT ROWID;
        """;

    // days: what a day changed, never what there was at its end: that follows from what is there now, and a day that is forgotten takes nothing along.
    // A plot of a year would else read the whole journal. mint to nodes are the changes of all accounts of a kind.
    // refusals: whoever has nothing can have as many commands refused as he likes, so they are counted, by day and reason, and no more is kept.
    private const string Level2 = """
        CREATE TABLE days (
            day INTEGER PRIMARY KEY, entries BIGINT NOT NULL, moved BIGINT NOT NULL, spent BIGINT NOT NULL, made BIGINT NOT NULL, given BIGINT NOT NULL,
            joined BIGINT NOT NULL, mint BIGINT NOT NULL, treasury BIGINT NOT NULL, users BIGINT NOT NULL, grants BIGINT NOT NULL,
            channels BIGINT NOT NULL, pendings BIGINT NOT NULL, nodes BIGINT NOT NULL);
        CREATE TABLE refusals (day BIGINT NOT NULL, reason BIGINT NOT NULL, count BIGINT NOT NULL, PRIMARY KEY (day, reason)) WITHOUT ROWID;
        """;
}
