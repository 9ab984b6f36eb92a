using Cete.Core;

namespace Cete.Groups.Store;

/// <summary>The feed of a group's events, part of its state: cursors of other groups point into it.</summary>
internal sealed class FeedTable(SqlSession sql, long keptBytes = FeedTable.KeptBytes)
{
    /// <summary>Events of one command; their positions are the command's index times this, plus their number.</summary>
    public const int EventsPerCommandMax = 4_096;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private const long KeptBytes = 1L << 30;
    private const string Dropped = "feed_dropped";

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
        var oldest = 1 + sql.Scalar<long>("SELECT value FROM cete_meta WHERE name = @p1", Dropped);
        var epoch = sql.Scalar<long>("SELECT value FROM cete_meta WHERE name = 'feed_epoch'");
        return new FeedPage(epoch, oldest, events);
    }

    /// <summary>Drops what is too old by stamped time, then what is too much, oldest first.</summary>
    public void Sweep(Instant now)
    {
        var tooOld = LastBefore(sql.Scalar<long>("SELECT position FROM cete_feed WHERE at >= @p1 ORDER BY position LIMIT 1", (now + -Kept).Microseconds));
        var tooMuch = 0L;
        if (sql.Scalar<long>("SELECT coalesce(sum(length(body) + length(type) + 32), 0) FROM cete_feed") > keptBytes)
        {
            tooMuch = sql.Scalar<long>(
                """
                SELECT max(position)
                FROM (SELECT position, sum(length(body) + length(type) + 32) OVER (ORDER BY position DESC) AS kept FROM cete_feed) AS sized
                WHERE kept > @p1
                """,
                keptBytes);
        }

        var through = Math.Max(tooOld, tooMuch);
        if (through > 0)
        {
            sql.Execute("DELETE FROM cete_feed WHERE position <= @p1", through);
            sql.Execute("INSERT INTO cete_meta (name, value) VALUES (@p1, @p2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", Dropped, through);
        }
    }

    /// <summary>The newest event in front of a position; the newest of all when the position is 0: there is none to keep.</summary>
    private long LastBefore(long firstKept) => firstKept == 0
        ? sql.Scalar<long>("SELECT max(position) FROM cete_feed")
        : sql.Scalar<long>("SELECT max(position) FROM cete_feed WHERE position < @p1", firstKept);
}
