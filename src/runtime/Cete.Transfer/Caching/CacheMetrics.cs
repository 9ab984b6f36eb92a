using System.Diagnostics.Metrics;

namespace Cete.Transfer.Caching;

/// <summary>What is measured of a cache.</summary>
internal static class CacheMetrics
{
    private static readonly Meter Meter = new("Cete.Transfer");

    private static readonly Counter<long> FetchedBytes = Meter.CreateCounter<long>("cete.cache.fetched", "By", "Bytes of contents that the cache fetched.");

    private static readonly Counter<long> EvictedBytes = Meter.CreateCounter<long>("cete.cache.evicted", "By", "Bytes of contents that had to go for others.");

    /// <summary>A content was fetched.</summary>
    public static void Fetched(long bytes) => FetchedBytes.Add(bytes);

    /// <summary>A content had to go.</summary>
    public static void Evicted(long bytes) => EvictedBytes.Add(bytes);
}
