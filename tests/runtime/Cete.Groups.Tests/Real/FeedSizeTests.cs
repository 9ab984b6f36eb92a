using Cete.Core;
using Cete.Groups.Store;
using Microsoft.Data.Sqlite;

namespace Cete.Groups.Tests.Real;

/// <summary>The bound on the bytes of a feed, with a smaller one than the product's.</summary>
public sealed class FeedSizeTests : IDisposable
{
    private const int BytesMax = 10_000;
    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly SqlSession _sql;
    private readonly FeedTable _feed;

    public FeedSizeTests()
    {
        _connection.Open();
        _sql = new SqlSession(_connection);
        _sql.Script("CREATE TABLE cete_meta (name TEXT PRIMARY KEY, value BIGINT NOT NULL)");
        _sql.Script("CREATE TABLE cete_feed (position BIGINT PRIMARY KEY, at BIGINT NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL)");
        _feed = new FeedTable(_sql, FeedRetention.Default with { Bytes = BytesMax });
    }

    public void Dispose()
    {
        _sql.Dispose();
        _connection.Dispose();
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(100, 964)]
    [InlineData(3, 9_000)]
    [InlineData(3, 20_000)]
    [InlineData(9_000, 1)]
    public void Keeps_the_newest_events_that_fit(int events, int bytes)
    {
        for (var i = 1; i <= events; i++)
        {
            _feed.Add(i, new Instant(i), [("type", new byte[bytes])]);
        }

        _feed.Sweep(new Instant(events));
        var page = FeedTable.Read(_sql, 0, int.MaxValue);
        var fit = Math.Min(events, BytesMax / (bytes + 36));
        Assert.Equal(fit, page.Events.Count);
        Assert.Equal(Enumerable.Range(events - fit + 1, fit), page.Events.Select(e => (int)(e.Position / FeedTable.EventsPerCommandMax)));
        Assert.Equal(fit == events ? 1 : ((events - fit) * (long)FeedTable.EventsPerCommandMax) + 1, page.Oldest);
    }

    [Fact]
    public void Goes_on_counting_what_is_added_and_dropped()
    {
        // 36 bytes each: in all a little more than fit after each sweep.
        for (var i = 1; i <= 40; i++)
        {
            _feed.Add(i, new Instant(i), [.. Enumerable.Range(0, 37).Select(number => ("type", new byte[number % 2]))]);
            if (i % 5 == 0)
            {
                _sql.ForgetDerived();
            }

            if (i % 2 == 0)
            {
                _feed.Sweep(new Instant(i));
                var page = FeedTable.Read(_sql, 0, int.MaxValue);
                var bytes = page.Events.Sum(e => e.Body.Length + 36);
                Assert.InRange(bytes, i < 8 ? 1 : BytesMax - 37, BytesMax);
                Assert.Equal((i * (long)FeedTable.EventsPerCommandMax) + 36, page.Events[^1].Position);
            }
        }
    }
}
