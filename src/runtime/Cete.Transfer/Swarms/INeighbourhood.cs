using Cete.Swarm;

namespace Cete.Transfer.Swarms;

/// <summary>Who has parts of a content, as that changes while it is downloaded.</summary>
public interface INeighbourhood
{
    /// <summary>Tells a download what is known, and then what changes, until it ends.</summary>
    /// <param name="news">The download.</param>
    /// <returns>Disposed when the download has ended.</returns>
    IDisposable Attach(INeighbourNews news);

    /// <summary>A peer gave bytes that do not verify.</summary>
    void Accuse(Uri peer);

    /// <summary>A turn that a peer gave is of no use now.</summary>
    void Pass(Uri peer);
}

/// <summary>What a download hears of its neighbours. For several callers at once.</summary>
public interface INeighbourNews
{
    /// <summary>A peer is there.</summary>
    /// <param name="peer">Its address.</param>
    /// <param name="have">What it has, and what more is told of; null for one that has everything.</param>
    void Found(Uri peer, PieceMap? have);

    /// <summary>It has more.</summary>
    void Has(Uri peer, IReadOnlyList<int> pieces);

    /// <summary>So many more pieces may be asked of it.</summary>
    void Ready(Uri peer, int turns);

    /// <summary>It is gone, or others are to ask it.</summary>
    void Lost(Uri peer);

    /// <summary>Which pieces few have, the rarest first.</summary>
    void Rarest(IReadOnlyList<int> pieces);
}
