using Cete.Core;
using Cete.Groups;

namespace Cete.Bank;

/// <summary>What happens at a time. The numbers stand in tables: they never change.</summary>
internal enum DueKind
{
    /// <summary>A pending transfer goes back.</summary>
    Pending = 1,

    /// <summary>A channel that nobody closed closes.</summary>
    ChannelExpires = 2,

    /// <summary>A channel that is closing ends.</summary>
    ChannelSettles = 3,

    /// <summary>A newcomer is given the next part of its credits.</summary>
    Grant = 4,
}

/// <summary>Something that is due.</summary>
internal readonly record struct DueRow(Instant At, DueKind What, byte[] Key, long Amount);

/// <summary>What is to happen, by when.</summary>
internal sealed class DueTable(SqlSession sql)
{
    public void Add(Instant at, DueKind what, byte[] key, long amount) =>
        sql.Execute("INSERT INTO due (at, what, key, amount) VALUES (@p1, @p2, @p3, @p4)", at.Microseconds, (long)what, key, amount);

    public void Remove(Instant at, DueKind what, byte[] key) =>
        sql.Execute("DELETE FROM due WHERE at = @p1 AND what = @p2 AND key = @p3", at.Microseconds, (long)what, key);

    /// <summary>What is due by then, the oldest first.</summary>
    public List<DueRow> By(Instant at, int countMax) => sql.Query(
        "SELECT at, what, key, amount FROM due WHERE at <= @p1 ORDER BY at, what, key LIMIT @p2",
        row => new DueRow(new Instant(row.GetInt64(0)), (DueKind)(int)row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetInt64(3)),
        at.Microseconds, countMax);

    /// <summary>What an account will be given as a newcomer, the next first.</summary>
    public List<ComingGrant> GrantsOf(AccountId account) => sql.Query(
        "SELECT at, amount FROM due WHERE what = @p1 AND key = @p2 ORDER BY at LIMIT @p3",
        row => new ComingGrant(new Instant(row.GetInt64(0)), row.GetInt64(1)), (long)DueKind.Grant, account.ToArray(), BankLimits.StagesMax);

    /// <summary>When the next thing is due; null for nothing.</summary>
    public Instant? Next() => sql.First("SELECT at FROM due ORDER BY at LIMIT 1", row => (Instant?)new Instant(row.GetInt64(0)));
}
