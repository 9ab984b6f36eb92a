using Cete.Core;

namespace Cete.Membership;

/// <summary>The other members, found by name and picked at random, in an order that the same inputs always give.</summary>
internal sealed class PeerTable(Prng prng)
{
    private readonly Dictionary<KeyId, Peer> _byId = [];
    private readonly List<Peer> _all = [];

    public IReadOnlyList<Peer> All => _all;

    /// <summary>Those that are alive or suspect.</summary>
    public int Present { get; private set; }

    public Peer? Find(KeyId id) => _byId.GetValueOrDefault(id);

    public void Add(Peer peer)
    {
        peer.Place = _all.Count;
        _all.Add(peer);
        _byId.Add(peer.Id, peer);
        Present += peer.IsPresent ? 1 : 0;
    }

    public void Remove(Peer peer)
    {
        var last = _all[^1];
        (_all[peer.Place], last.Place) = (last, peer.Place);
        _all.RemoveAt(_all.Count - 1);
        _byId.Remove(peer.Id);
        Present -= peer.IsPresent ? 1 : 0;
    }

    public void SetState(Peer peer, MemberState state, Instant now)
    {
        Present -= peer.IsPresent ? 1 : 0;
        (peer.State, peer.Since) = (state, now);
        Present += peer.IsPresent ? 1 : 0;
    }

    /// <summary>Some that fit, each at most once, at random; fewer where few fit.</summary>
    public List<Peer> Pick(int count, Func<Peer, bool> fits)
    {
        var picked = new List<Peer>(count);
        if (_all.Count <= 4 * count)
        {
            // Among few, each is looked at once, from a random one on and in random steps of their own.
            var order = Enumerable.Range(0, _all.Count).ToArray();
            for (var i = 0; i < order.Length && picked.Count < count; i++)
            {
                var j = i + prng.Next(order.Length - i);
                (order[i], order[j]) = (order[j], order[i]);
                if (fits(_all[order[i]]))
                {
                    picked.Add(_all[order[i]]);
                }
            }

            return picked;
        }

        for (var tries = 0; tries < 8 * count && picked.Count < count; tries++)
        {
            var peer = _all[prng.Next(_all.Count)];
            if (fits(peer) && !picked.Contains(peer))
            {
                picked.Add(peer);
            }
        }

        return picked;
    }
}
