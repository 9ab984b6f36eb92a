using Cete.Groups.Import;

namespace Cete.Groups.Store;

/// <summary>What all replicas of a group have to do alike, beside what its commands say.</summary>
internal sealed record ReplicaRules
{
    /// <summary>Entries between two comparisons of the replicas' state.</summary>
    public int DigestInterval { get; init; } = DigestTable.DefaultInterval;

    /// <summary>Old sessions and events are looked for once in so many entries.</summary>
    public int SweepInterval { get; init; } = 1_024;

    /// <summary>How much of the feed is kept.</summary>
    public FeedRetention Retention { get; init; } = FeedRetention.Default;

    /// <summary>What makes imports happen once.</summary>
    public ImportRules Imports { get; init; } = new();
}
