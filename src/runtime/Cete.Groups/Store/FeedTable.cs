using Cete.Core;

namespace Cete.Groups.Store;

/// <summary>The feed of a group's events, part of its state: cursors of other groups point into it.</summary>
internal sealed class FeedTable(SqlSession sql)
{
    /// <summary>Events of one command; their positions are the command's index times this, plus their number.</summary>
    public const int EventsPerCommandMax = 4_096;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private const long KeptBytes = 1L << 30;

    public void Add(long index, Instant at, IReadOnlyList<(string Type, byte[] Body)> events)
    {
        Check.That(events.Count <= EventsPerCommandMax, "a command's events are bounded by what it may hold");
        for (var i = 0; i < events.Count; i++)
        {
            sql.Execute(
                "INSERT INTO cete_feed (position, at, type, body) VALUES (@p1, @p2, @p3, @p4)",
                (index * EventsPerCommandMax) + i,
                at.Microseconds,
                events[i].Type,
                events[i].Body);
        }
    }

    public static FeedPage Read(SqlSession sql, long after, int countMax)
    {
        var events = sql.Query(
            "SELECT position, at, type, body FROM cete_feed WHERE position > @p1 ORDER BY position LIMIT @p2",
            row => new FeedEvent(row.GetInt64(0), new Instant(row.GetInt64(1)), row.GetString(2), row.GetFieldValue<byte[]>(3)),
            after,
            countMax);
        var oldest = sql.Scalar<long>("SELECT min(position) FROM cete_feed");
        var epoch = sql.Scalar<long>("SELECT value FROM cete_meta WHERE name = 'feed_epoch'");
        return new FeedPage(epoch, oldest, events);
    }

    public void Sweep(Instant now)
    {
        sql.Execute("DELETE FROM cete_feed WHERE at < @p1", (now + -Kept).Microseconds);
        while (sql.Scalar<long>("SELECT coalesce(sum(length(body) + length(type) + 32), 0) FROM cete_feed") > KeptBytes)
        {
            sql.Execute("DELETE FROM cete_feed WHERE position <= (SELECT position FROM cete_feed ORDER BY position LIMIT 1 OFFSET 4095)");
        }
    }
}
