using Cete.Groups;

namespace Cete.Described;

/// <summary>The tables of the engine itself, by apply level; those of services are made when they are published.</summary>
internal static class DescribedSchema
{
    public static void Raise(int level, SqlSession sql)
    {
        if (level == 1)
        {
            sql.Script(Level1);
        }
    }

    // services: digest is of the description, which is read once a process. withdrawn_at: 0 for those that are in use.
    // purses: what a lane has promised and what was charged of it, in micro-credits; redeemed is what the bank was handed in. payments: number is the
    // place of the command in the log. allowances: how often an account did something on a day for nothing.
    // kinds: next_id is of the next record. history: what it was before the change, as JSON of names and texts.
    // texts: kinds whose records are found by words; built is the last id whose words are in the index, -1 where all are.
    private const string Level1 = """
        CREATE TABLE services (
            number BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, edition BIGINT NOT NULL, version TEXT NOT NULL, digest BLOB NOT NULL, json TEXT NOT NULL,
            published_at BIGINT NOT NULL, published_by TEXT NOT NULL, withdrawn_at BIGINT NOT NULL DEFAULT 0);
        CREATE TABLE service_editions (
            service BIGINT NOT NULL, edition BIGINT NOT NULL, version TEXT NOT NULL, json TEXT NOT NULL, published_at BIGINT NOT NULL,
            published_by TEXT NOT NULL, changes TEXT NOT NULL, PRIMARY KEY (service, edition)) WITHOUT ROWID;
        CREATE TABLE kinds (service BIGINT NOT NULL, name TEXT NOT NULL, next_id BIGINT NOT NULL, PRIMARY KEY (service, name)) WITHOUT ROWID;
        CREATE TABLE history (
            service BIGINT NOT NULL, kind TEXT NOT NULL, id BIGINT NOT NULL, revision BIGINT NOT NULL, at BIGINT NOT NULL, account TEXT NOT NULL,
            what TEXT NOT NULL, before TEXT NOT NULL, PRIMARY KEY (service, kind, id, revision)) WITHOUT ROWID;
        CREATE TABLE listeners (source TEXT NOT NULL, event TEXT NOT NULL, service BIGINT NOT NULL, PRIMARY KEY (source, event, service)) WITHOUT ROWID;
        CREATE TABLE schedules (service BIGINT NOT NULL, hook TEXT NOT NULL, next_at BIGINT NOT NULL, PRIMARY KEY (service, hook)) WITHOUT ROWID;
        CREATE INDEX schedules_due ON schedules (next_at);
        CREATE TABLE texts (service BIGINT NOT NULL, kind TEXT NOT NULL, built BIGINT NOT NULL, PRIMARY KEY (service, kind)) WITHOUT ROWID;
        CREATE TABLE hook_failures (
            number BIGINT PRIMARY KEY, service BIGINT NOT NULL, hook TEXT NOT NULL, at BIGINT NOT NULL, message TEXT NOT NULL);
        CREATE TABLE purses (
            channel BLOB NOT NULL, provider BLOB NOT NULL, account TEXT NOT NULL, voucher_key BLOB NOT NULL, cap BIGINT NOT NULL, due BIGINT NOT NULL,
            paid BIGINT NOT NULL, redeemed BIGINT NOT NULL, voucher BLOB NOT NULL, expires_at BIGINT NOT NULL, failure TEXT NOT NULL,
            PRIMARY KEY (channel, provider)) WITHOUT ROWID;
        CREATE INDEX purses_unredeemed ON purses (expires_at, channel, provider) WHERE redeemed < paid AND failure = '';
        CREATE INDEX purses_by_account ON purses (account, provider, expires_at);
        CREATE INDEX purses_by_end ON purses (expires_at);
        CREATE TABLE payments (
            number BIGINT PRIMARY KEY, at BIGINT NOT NULL, account TEXT NOT NULL, service TEXT NOT NULL, what TEXT NOT NULL, record BIGINT NOT NULL,
            amount BIGINT NOT NULL, payee TEXT NOT NULL);
        CREATE INDEX payments_by_account ON payments (account, number);
        CREATE INDEX payments_by_payee ON payments (payee, number);
        CREATE TABLE allowances (
            account TEXT NOT NULL, service BIGINT NOT NULL, what TEXT NOT NULL, day BIGINT NOT NULL, used BIGINT NOT NULL,
            PRIMARY KEY (account, service, what)) WITHOUT ROWID;
        CREATE INDEX allowances_by_day ON allowances (day);
        """;
}
