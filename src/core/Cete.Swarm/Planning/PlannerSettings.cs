namespace Cete.Swarm.Planning;

/// <summary>The bounds and times of a <see cref="SwarmPlanner"/>.</summary>
public sealed record PlannerSettings
{
    /// <summary>How often a peer announces while something is on its way.</summary>
    public TimeSpan AnnounceInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A peer that did not announce for so long is gone; three announces that were lost.</summary>
    public TimeSpan Forgotten { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Neighbours of one peer: fewer cost time, more cost connections (FEATURES.md §5.3).</summary>
    public int NeighboursMax { get; init; } = 20;

    /// <summary>Peers of one content: bounds the memory that announces can take.</summary>
    public int PeersMax { get; init; } = 20_000;

    /// <summary>Pieces in <see cref="PlannerAnswer.Rarest"/>.</summary>
    public int RarestMax { get; init; } = 64;

    /// <summary>So many independent reporters are needed before a peer counts as a liar.</summary>
    public int ReportersNeeded { get; init; } = 3;

    /// <summary>How long a liar is given to nobody.</summary>
    public TimeSpan ShunnedFor { get; init; } = TimeSpan.FromMinutes(10);
}
