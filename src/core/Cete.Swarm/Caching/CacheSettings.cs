namespace Cete.Swarm.Caching;

/// <summary>The bounds of a <see cref="CachePolicy"/>.</summary>
public sealed record CacheSettings
{
    /// <summary>Bytes of all that is kept.</summary>
    public required long Capacity { get; init; }

    /// <summary>Contents that are kept at most: bounds memory where all are small.</summary>
    public int ContentsMax { get; init; } = 65_536;

    /// <summary>
    /// Thousandths of the capacity that newcomers may use without having to be worth more than others. One percent is what suits most (Einziger, Friedman and
    /// Manes 2017), and what costs the fewest bytes that are fetched in vain.
    /// </summary>
    public int WindowShare { get; init; } = 10;

    /// <summary>What was asked for less often is not taken in, even where there is room.</summary>
    public int FrequencyMin { get; init; } = 1;

    /// <summary>Thousandths of the rest that are for what was asked for again while it was kept.</summary>
    public int ProtectedShare { get; init; } = 800;
}
