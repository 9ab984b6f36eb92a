using Cete.Core;
using Cete.Swarm;

namespace Cete.Ports.Swarms;

/// <summary>Is told what a neighbour says.</summary>
public interface INeighbourListener
{
    /// <summary>What it has, once at the beginning.</summary>
    void Begin(PieceMap map);

    /// <summary>What it has since.</summary>
    void Has(IReadOnlyList<int> pieces);

    /// <summary>So many more pieces may be asked of it.</summary>
    void Ready(int turns);
}

/// <summary>Speaks with other peers about which pieces there are.</summary>
public interface INeighbourClient
{
    /// <summary>Listens to a peer until it goes away or is given up; tells why it ended. Never throws for what a peer does.</summary>
    /// <param name="peer">Its address.</param>
    /// <param name="manifest">The content.</param>
    /// <param name="listener">Is told what it says, one word after the other.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<Failure> ListenAsync(Uri peer, Manifest manifest, INeighbourListener listener, CancellationToken cancellation);

    /// <summary>Tells a peer things as they come up, until it goes away or there is no more; never throws for what a peer does.</summary>
    /// <param name="peer">Its address.</param>
    /// <param name="manifest">The content.</param>
    /// <param name="next">The next that is to be told; null for the end.</param>
    /// <param name="cancellation">Ends it.</param>
    Task TellAsync(Uri peer, Manifest manifest, Func<CancellationToken, Task<NeighbourNews?>> next, CancellationToken cancellation);
}

/// <summary>What a peer is told.</summary>
/// <param name="Pieces">Pieces that are here and were not.</param>
/// <param name="Passed">Turns of that peer that are of no use now.</param>
public sealed record NeighbourNews(IReadOnlyList<int> Pieces, int Passed);

/// <summary>Those who listen to this peer, and whose turn it is to ask it for something.</summary>
public interface IUploadRooms
{
    /// <summary>A listener has pieces.</summary>
    void Has(in Hash256 content, KeyId peer, IReadOnlyList<int> pieces);

    /// <summary>Whether a peer listens: then it is told by itself what comes here.</summary>
    bool Listens(in Hash256 content, KeyId peer);

    /// <summary>This peer is the one source with little to give, or is that no longer.</summary>
    void SuperSeed(in Hash256 content, bool isSuperSeeding);
}
