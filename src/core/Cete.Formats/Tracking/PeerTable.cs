using System.Net;
using Cete.Core;

namespace Cete.Formats.Tracking;

/// <summary>A peer of a swarm and when it was heard of last.</summary>
internal sealed record KnownPeer(IPEndPoint Place, byte[] Id, bool IsSeed, Instant Heard);

/// <summary>The peers of one swarm, the one heard of longest ago first.</summary>
internal sealed class PeerTable
{
    private readonly LinkedList<KnownPeer> _byAge = new();
    private readonly Dictionary<IPEndPoint, LinkedListNode<KnownPeer>> _byPlace = [];
    private readonly Dictionary<IPAddress, int> _ofAddress = [];

    public int Count => _byPlace.Count;

    public int Seeds { get; private set; }

    /// <summary>All of them, in the order of their age.</summary>
    public IEnumerable<KnownPeer> All => _byAge;

    public KnownPeer? Oldest => _byAge.First?.Value;

    public KnownPeer? Find(IPEndPoint place) => _byPlace.GetValueOrDefault(place)?.Value;

    /// <summary>Peers behind one address.</summary>
    public int CountOf(IPAddress address) => _ofAddress.GetValueOrDefault(address);

    /// <summary>Takes a peer in, in place of what was known of it.</summary>
    public void Put(KnownPeer peer)
    {
        Remove(peer.Place);
        _byPlace.Add(peer.Place, _byAge.AddLast(peer));
        _ofAddress[peer.Place.Address] = CountOf(peer.Place.Address) + 1;
        Seeds += peer.IsSeed ? 1 : 0;
    }

    public void Remove(IPEndPoint place)
    {
        if (!_byPlace.Remove(place, out var node))
        {
            return;
        }

        _byAge.Remove(node);
        Seeds -= node.Value.IsSeed ? 1 : 0;
        if (--_ofAddress[place.Address] == 0)
        {
            _ofAddress.Remove(place.Address);
        }
    }
}
