namespace Cete.Transfer.Caching;

/// <summary>How a cache stands, and what it did since its node began.</summary>
/// <param name="Used">Bytes that it keeps, or is fetching.</param>
/// <param name="Capacity">Bytes that it may keep.</param>
/// <param name="Contents">Contents that it keeps, or is fetching.</param>
/// <param name="Fetching">Contents that it is fetching now.</param>
public sealed record CacheFigures(long Used, long Capacity, int Contents, int Fetching)
{
    /// <summary>Contents that it fetched.</summary>
    public long Fetched { get; init; }

    /// <summary>Their bytes.</summary>
    public long FetchedBytes { get; init; }

    /// <summary>Newcomers that asked for what it had.</summary>
    public long Hits { get; init; }

    /// <summary>Newcomers that asked for what it did not have.</summary>
    public long Misses { get; init; }

    /// <summary>Contents that had to go for others.</summary>
    public long Evicted { get; init; }

    /// <summary>Contents that it could not fetch.</summary>
    public long Failed { get; init; }
}
