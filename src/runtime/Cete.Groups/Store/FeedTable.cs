using Cete.Core;

namespace Cete.Groups.Store;

/// <summary>How much of a feed is kept (DESIGN.md §5): part of what all replicas have to do alike.</summary>
/// <param name="Kept">Stamped time.</param>
/// <param name="Bytes">Bytes.</param>
internal sealed record FeedRetention(TimeSpan Kept, long Bytes)
{
    public static readonly FeedRetention Default = new(TimeSpan.FromDays(7), 1L << 30);
}

/// <summary>The feed of a group's events, part of its state: cursors of other groups point into it.</summary>
internal sealed class FeedTable(SqlSession sql, FeedRetention retention)
{
    /// <summary>Events of one command; their positions are the command's index times this, plus their number.</summary>
    public const int EventsPerCommandMax = 4_096;

    /// <summary>Bytes of the events of one page, from which on it holds no more: whoever reads it has to hold it in memory.</summary>
    private const int PageBytesMax = Import.ImportLimits.PageBytesMax;

    private const string Dropped = "feed_dropped";
    private const string Bytes = "length(body) + length(type) + 32";

    /// <summary>Events that are written by one statement, where there are as many.</summary>
    private const int RowsAtOnce = 16;

    private const string InsertOne = "INSERT INTO cete_feed (position, at, type, body) VALUES (@p1, @p2, @p3, @p4)";
    private static readonly string InsertMany = InsertOne + string.Concat(
        Enumerable.Range(1, RowsAtOnce - 1).Select(row => $", (@p{(4 * row) + 1}, @p{(4 * row) + 2}, @p{(4 * row) + 3}, @p{(4 * row) + 4})"));

    public void Add(long index, Instant at, IReadOnlyList<(string Type, byte[] Body)> events)
    {
        Check.That(events.Count <= EventsPerCommandMax, "a command's events are bounded by what it may hold");
        var size = sql.Derived<Size>();
        var added = 0;
        while (added < events.Count)
        {
            // Many at once: a statement costs as much as the row that it writes.
            var count = events.Count - added >= RowsAtOnce ? RowsAtOnce : 1;
            var values = new object?[4 * count];
            for (var i = 0; i < count; i++, added++)
            {
                var (type, body) = events[added];
                ((object?[])[(index * EventsPerCommandMax) + added, at.Microseconds, type, body]).CopyTo(values, 4 * i);
                size.Bytes += body.Length + type.Length + 32;
            }

            sql.Execute(count == 1 ? InsertOne : InsertMany, values);
        }
    }

    /// <summary>The newest position that an entry can have given.</summary>
    public static long EndOf(long index) => ((index + 1) * EventsPerCommandMax) - 1;

    /// <summary>Which feed it is: cursors into one of another epoch mean nothing.</summary>
    public static long Epoch(SqlSession sql) => ReplicaStore.Meta(sql, "feed_epoch");

    public static FeedPage Read(SqlSession sql, long after, int countMax)
    {
        List<FeedEvent> events = [];
        var bytes = 0L;
        sql.Each(
            "SELECT position, at, type, body FROM cete_feed WHERE position > @p1 ORDER BY position LIMIT @p2",
            row =>
            {
                var told = new FeedEvent(row.GetInt64(0), new Instant(row.GetInt64(1)), row.GetString(2), row.GetFieldValue<byte[]>(3));
                bytes += told.Body.Length;
                if (events.Count == 0 || bytes <= PageBytesMax)
                {
                    events.Add(told);
                }

                return bytes <= PageBytesMax;
            },
            after,
            countMax);
        return new FeedPage(Epoch(sql), 1 + ReplicaStore.Meta(sql, Dropped), ReplicaStore.Meta(sql, "applied"), events);
    }

    /// <summary>Drops what is too old by stamped time, then what is too much, oldest first.</summary>
    public void Sweep(Instant now)
    {
        var tooOld = LastBefore(sql.Scalar<long>(
            "SELECT position FROM cete_feed WHERE at >= @p1 ORDER BY position LIMIT 1", (now + -retention.Kept).Microseconds));
        var size = sql.Derived<Size>();
        var bytes = size.Bytes ??= sql.Scalar<long>($"SELECT coalesce(sum({Bytes}), 0) FROM cete_feed");
        var tooMuch = bytes <= retention.Bytes ? 0 : sql.Scalar<long>(
            $"""
            SELECT position FROM (SELECT position, sum({Bytes}) OVER (ORDER BY position) AS dropped FROM cete_feed) AS sized
            WHERE dropped >= @p1 ORDER BY position LIMIT 1
            """,
            bytes - retention.Bytes);
        var through = Math.Max(tooOld, tooMuch);
        if (through > 0)
        {
            size.Bytes -= sql.Scalar<long>($"SELECT coalesce(sum({Bytes}), 0) FROM cete_feed WHERE position <= @p1", through);
            sql.Execute("DELETE FROM cete_feed WHERE position <= @p1", through);
            sql.Execute("INSERT INTO cete_meta (name, value) VALUES (@p1, @p2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", Dropped, through);
        }
    }

    /// <summary>The newest event in front of a position; the newest of all when the position is 0: there is none to keep.</summary>
    private long LastBefore(long firstKept) => firstKept == 0
        ? sql.Scalar<long>("SELECT max(position) FROM cete_feed")
        : sql.Scalar<long>("SELECT max(position) FROM cete_feed WHERE position < @p1", firstKept);

    /// <summary>What all events come to; null until it is first asked for, since it takes going through all of them.</summary>
    private sealed class Size
    {
        public long? Bytes { get; set; }
    }
}
