using Cete.Core;

namespace Cete.Swarm.Planning;

/// <summary>What a peer says of itself. All but the map's length is its word alone.</summary>
public sealed record PeerReport
{
    /// <summary>What it has; of as many pieces as the content has.</summary>
    public required PieceMap Have { get; init; }

    /// <summary>Bytes a second that it can give; 0 when that is not known.</summary>
    public long Uplink { get; init; }

    /// <summary>
    /// Newcomers that it serves at a time, before they are handed to those who are still downloading. How many of these slots are taken the planner counts
    /// itself: it knows whom it sent there before the peer hears of them.
    /// </summary>
    public int Slots { get; init; }

    /// <summary>It would like to go: it is asked to stay where it has a last copy.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>How many neighbours it wants at most.</summary>
    public int NeighboursMax { get; init; } = 20;

    /// <summary>With whom it is connected now.</summary>
    public IReadOnlyList<KeyId> Neighbours { get; init; } = [];

    /// <summary>Who gave it bytes that did not verify.</summary>
    public IReadOnlyList<KeyId> Liars { get; init; } = [];

    /// <summary>The account behind it, opaque: reports of one account count once.</summary>
    public string Reporter { get; init; } = string.Empty;

    /// <summary>Where it is, opaque: peers with the same text are near each other (one LAN, one host); empty when not known.</summary>
    public string Near { get; init; } = string.Empty;
}

/// <summary>What a peer is told.</summary>
public sealed record PlannerAnswer
{
    /// <summary>The neighbours it should have from now on, all of them.</summary>
    public required IReadOnlyList<KeyId> Neighbours { get; init; }

    /// <summary>The rarest pieces of those that it lacks, rarest first.</summary>
    public required IReadOnlyList<int> Rarest { get; init; }

    /// <summary>It has what nobody else has, and somebody lacks that.</summary>
    public bool IsAskedToStay { get; init; }

    /// <summary>It is the scarce source: it is to reveal its pieces one by one (<see cref="Seeding.SuperSeeder"/>).</summary>
    public bool IsSuperSeeding { get; init; }

    /// <summary>When it should announce again.</summary>
    public required TimeSpan Next { get; init; }
}

/// <summary>A peer as a page shows it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Have">How many pieces it has.</param>
/// <param name="Uplink">Bytes a second that it says it can give; 0 when not known.</param>
/// <param name="IsWhole">It has all pieces.</param>
public sealed record PlannedPeer(KeyId Key, int Have, long Uplink, bool IsWhole);
