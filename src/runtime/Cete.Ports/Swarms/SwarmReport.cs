using Cete.Core;
using Cete.Swarm;

namespace Cete.Ports.Swarms;

/// <summary>What a peer tells of itself, as far as it matters to others that want or have the same content.</summary>
/// <param name="Key">The key that it shows.</param>
/// <param name="Have">Which pieces it has.</param>
public sealed record SwarmReport(KeyId Key, PieceMap Have)
{
    /// <summary>Addresses that a peer tells at most.</summary>
    public const int AddressesMax = 4;

    /// <summary>Neighbours that a peer may have.</summary>
    public const int NeighboursLimit = 64;

    /// <summary>Where it thinks that it is reached, <c>HOST:PORT</c>, the likeliest first; all of one port.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Bytes a second that it can give; 0 where that is not known.</summary>
    public long Uplink { get; init; }

    /// <summary>Newcomers that it serves at a time, before they are handed to those who are still downloading.</summary>
    public int Slots { get; init; }

    /// <summary>It goes away, unless others need it.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Neighbours that it wants: none, if it has everything.</summary>
    public int NeighboursMax { get; init; }

    /// <summary>Those that it has.</summary>
    public IReadOnlyList<KeyId> Neighbours { get; init; } = [];

    /// <summary>Those that gave it bytes which did not verify.</summary>
    public IReadOnlyList<KeyId> Liars { get; init; } = [];
}

/// <summary>What a peer is told by the planner of its swarm.</summary>
/// <param name="Neighbours">Whom to ask from now on.</param>
/// <param name="Next">When to report again.</param>
public sealed record SwarmAdvice(IReadOnlyList<PeerAddress> Neighbours, TimeSpan Next)
{
    /// <summary>Pieces that few have, the rarest first.</summary>
    public IReadOnlyList<int> Rarest { get; init; } = [];

    /// <summary>Others need it, whatever it was about to do.</summary>
    public bool IsAskedToStay { get; init; }

    /// <summary>It is the one source with little to give: what it gave to one, others are to have from that one.</summary>
    public bool IsSuperSeeding { get; init; }

    /// <summary>Whether anybody is known who has everything.</summary>
    public bool HasSource { get; init; }

    /// <summary>Peers that are known in all.</summary>
    public int Peers { get; init; }
}

/// <summary>Where peers report, and are told whom to ask.</summary>
public interface ISwarmDesk
{
    /// <summary>Reports, and asks for advice.</summary>
    Task<Outcome<SwarmAdvice>> AnnounceAsync(Manifest manifest, SwarmReport report, CancellationToken cancellation);
}
