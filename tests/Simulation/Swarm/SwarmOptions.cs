using Cete.Swarm.Download;
using Cete.Swarm.Planning;

namespace Cete.Simulation.Swarm;

/// <summary>What a simulated swarm is like. Rates are bytes a second, times microseconds.</summary>
internal sealed record SwarmOptions
{
    public required int Peers { get; init; }

    /// <summary>Shows what the product does not do.</summary>
    public bool IsComparison { get; init; }

    public int Pieces { get; init; } = 256;

    public int PieceLength { get; init; } = 256 * 1024;

    /// <summary>What an uplink sends at a time for one of those that it serves.</summary>
    public int Quantum { get; init; } = 16 * 1024;

    public long SourceUp { get; init; } = Mbit(50);

    public long Up { get; init; } = Mbit(50);

    public long Down { get; init; } = Mbit(200);

    /// <summary>One way.</summary>
    public long Latency { get; init; } = 20_000;

    /// <summary>Every other peer gives so much less.</summary>
    public int SlowDivisor { get; init; } = 1;

    /// <summary>Uplinks as they are among people: FEATURES' mix.</summary>
    public bool IsRealMix { get; init; }

    /// <summary>Newcomers that one serves at a time; while a source has a slot left nobody is handed to peers.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Pieces that one sends at the same time; further ones wait for their turn.</summary>
    public int Sending { get; init; } = 1;

    public long HaveDelay { get; init; } = 20_000;

    /// <summary>Peers come within this time, spread evenly by chance.</summary>
    public long Arrival { get; init; } = 200_000;

    /// <summary>So many parts of a hundred are killed when they have half.</summary>
    public int KilledPercent { get; init; }

    /// <summary>So many parts of a hundred give bytes that do not verify.</summary>
    public int LiarPercent { get; init; }

    /// <summary>So many parts of a hundred give nothing.</summary>
    public int RiderPercent { get; init; }

    /// <summary>Who is done goes.</summary>
    public bool LeavesWhenDone { get; init; }

    /// <summary>From here the planner is not there for a time, and comes back without what it knew.</summary>
    public (long From, long To) PlannerLost { get; init; } = (long.MaxValue, long.MaxValue);

    public long Limit { get; init; } = 600_000_000;

    public DownloadSettings Download { get; init; } = new() { MoreMayCome = true };

    public PlannerSettings Planner { get; init; } = new();

    public bool HearsRarity { get; init; } = true;

    public bool SuperSeeds { get; init; } = true;

    public long Length => (long)Pieces * PieceLength;

    public static long Mbit(long mbit) => mbit * 1_000_000 / 8;

    public long UpOf(int peer, ulong chance) => peer == 0 ? SourceUp
        : IsRealMix ? Mbit((chance % 100) switch { < 20 => 100, < 50 => 40, < 80 => 20, _ => 5 })
        : SlowDivisor > 1 && (peer & 1) == 0 ? Up / SlowDivisor
        : Up;
}
