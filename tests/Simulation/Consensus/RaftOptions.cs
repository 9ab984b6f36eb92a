using Cete.Consensus;
using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <summary>What a cluster is made of, and what is done to it.</summary>
internal sealed record RaftOptions
{
    public int Voters { get; init; } = 3;

    /// <summary>Hosts beside the first voters, which may become members.</summary>
    public int Spares { get; init; }

    public int Clients { get; init; } = 4;

    public int ReadPercent { get; init; } = 40;

    /// <summary>The same of clients with odd numbers.</summary>
    public int ReadPercentOfOdd { get; init; } = 40;

    /// <summary>How long a client waits at most before its next operation.</summary>
    public int ThinkMilliseconds { get; init; } = 200;

    /// <summary>How long a client waits at least before it asks somebody else; up to five times as long.</summary>
    public int RetryMilliseconds { get; init; } = 300;

    public RaftSettings Settings { get; init; } = new();

    public RaftRules Rules { get; init; } = RaftRules.Published;

    /// <summary>Entries applied between two snapshots; 0 for none.</summary>
    public int SnapshotEvery { get; init; } = 200;

    /// <summary>How many of a hundred syncs take up to a second instead of some milliseconds.</summary>
    public int SlowSyncPercent { get; init; } = 2;

    /// <summary>How long it takes at most until a member is told again, mostly wrongly, that another one is gone; 0 for never.</summary>
    public int RumourMilliseconds { get; init; }

    /// <summary>Members come back with older disks, and nobody votes before it is vouched for.</summary>
    public bool HasOldCopies { get; init; }

    public LinkSettings Link { get; init; } = Fast;

    /// <summary>A network that behaves, and takes messages of any size, as connections do.</summary>
    public static LinkSettings Fast { get; } = new()
    {
        Delay = TimeSpan.FromMilliseconds(1),
        Jitter = TimeSpan.FromMilliseconds(2),
        LossPpm = 1_000,
        DatagramBytesMost = 1 << 24,
        QueueBytes = 1 << 28,
    };

    /// <summary>One that loses, repeats and reorders.</summary>
    public static LinkSettings Bad { get; } = Fast with
    {
        Delay = TimeSpan.FromMilliseconds(10),
        Jitter = TimeSpan.FromMilliseconds(30),
        LossPpm = 150_000,
        DuplicatePpm = 50_000,
        ReorderPpm = 100_000,
        ReorderDelay = TimeSpan.FromMilliseconds(800),
    };
}
