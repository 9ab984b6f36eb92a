using Cete.Core;

namespace Cete.Swarm.Tests.Caching;

/// <summary>Ours against others, on the same requests; the figures stand in DESIGN.md of Cete.Swarm.</summary>
public sealed class CacheTraceTests(ITestOutputHelper output)
{
    private static readonly string[] Rivals = ["LRU", "SLRU", "GDSF", "ours"];

    [Theory]
    [InlineData("zipf 0.8", 3)]
    [InlineData("zipf 1.0", 3)]
    [InlineData("scan", 3)]
    [InlineData("shift", 3)]
    [InlineData("news", -4)]
    public void It_finds_more_than_LRU_and_fetches_less(string trace, int points)
    {
        var traces = new Traces(seed: 1);
        (Hash256 Root, long Size)[] requests = [.. trace switch
        {
            "zipf 0.8" => traces.Zipf(0.8),
            "zipf 1.0" => traces.Zipf(1.0),
            "scan" => traces.Scan(),
            "shift" => traces.Shift(),
            _ => traces.News(),
        }];
        var found = Rivals.ToDictionary(name => name, name => Run(requests, Of(name, traces.Capacity)));
        foreach (var (name, (objects, bytes, fetched)) in found)
        {
            output.WriteLine($"| {trace} | {name} | {objects:0.0} | {bytes:0.0} | {fetched:0.0} |");
        }

        var (lru, ours) = (found["LRU"], found["ours"]);
        Assert.True(ours.Objects > lru.Objects + 1, $"{ours.Objects:0.0} % of requests, LRU {lru.Objects:0.0} %");
        Assert.True(ours.Bytes > lru.Bytes + points, $"{ours.Bytes:0.0} % of bytes, LRU {lru.Bytes:0.0} %");
        Assert.True(ours.Fetched < lru.Fetched * 0.8, $"fetches {ours.Fetched:0.0} % of what is asked for, LRU {lru.Fetched:0.0} %");

        // What it gives less what it takes: what there is a cache for. An SLRU is as good where nothing is to be known.
        Assert.All(found.Values, other => Assert.True(ours.Bytes - ours.Fetched > other.Bytes - other.Fetched - 0.5));
    }

    private static IRivalCache Of(string name, long capacity) => name switch
    {
        "LRU" => new LruCache(capacity),
        "SLRU" => new OpenCache(capacity),
        "GDSF" => new GdsfCache(capacity),
        _ => new OwnCache(capacity),
    };

    /// <summary>Percent: of requests and of bytes that were there, and of bytes that were fetched to be kept.</summary>
    private static (double Objects, double Bytes, double Fetched) Run((Hash256 Root, long Size)[] requests, IRivalCache cache)
    {
        var (hits, hitBytes, bytes, fetched) = (0, 0L, 0L, 0L);
        foreach (var (root, size) in requests)
        {
            bytes += size;
            switch (cache.Ask(root, size))
            {
                case Asked.Hit:
                    hits++;
                    hitBytes += size;
                    break;
                case Asked.Fetched:
                    fetched += size;
                    break;
            }
        }

        return (100.0 * hits / requests.Length, 100.0 * hitBytes / bytes, 100.0 * fetched / bytes);
    }
}
