using Cete.Core;

namespace Cete.Swarm.Planning;

/// <summary>
/// Gives the peers of one content their neighbours. Soft state: it is made of announces, and again of the next ones when it was lost. Neighbours
/// are mutual; who has everything has none of its kind. While those who are whole have slots free, newcomers get them and nobody else; once one found
/// none free the swarm is hot, and all who download become neighbours of each other, as far as the bound allows, at random.
/// </summary>
public sealed partial class SwarmPlanner
{
    /// <summary>Bytes a second that are believed: 100 Gbit/s.</summary>
    private const long UplinkMax = 12_500_000_000;

    private const int NearLengthMax = 64;

    private readonly int _pieceCount;
    private readonly PlannerSettings _settings;
    private readonly Prng _chance;
    private readonly Dictionary<KeyId, PlannerPeer> _peers = [];
    private readonly List<PlannerPeer> _order = [];
    private readonly LinkedList<PlannerPeer> _announced = new();
    private readonly Dictionary<string, List<PlannerPeer>> _near = [];
    private readonly CopyCount _copies;
    private readonly LiarReports _liars;
    private int _whole;
    private long _uplinks;
    private bool _isHot;

    /// <param name="pieceCount">Pieces of the content.</param>
    /// <param name="settings">Bounds and times.</param>
    /// <param name="seed">Of its chance.</param>
    public SwarmPlanner(int pieceCount, PlannerSettings settings, ulong seed)
    {
        Check.That(pieceCount > 0);
        (_pieceCount, _settings, _chance) = (pieceCount, settings, new Prng(seed));
        _copies = new CopyCount(pieceCount, _chance.Split());
        _liars = new LiarReports(settings);
    }

    /// <summary>Nobody lacks anything.</summary>
    public bool IsCalm => _order.Count == _whole;

    /// <summary>Who is there, as far as it was noticed that others went.</summary>
    public int Count => _order.Count;

    /// <summary>Who has everything of those.</summary>
    public int Whole => _whole;

    /// <summary>Who is there, in the order of keys.</summary>
    public IReadOnlyList<PlannedPeer> Peers =>
        [.. _order.OrderBy(p => p.Key).Select(p => new PlannedPeer(p.Key, p.Have.Have, p.Uplink, p.Have.IsFull))];

    /// <summary>Those who were there found no free slot at one who is whole: peers that are still downloading serve each other.</summary>
    public bool IsHot => _isHot;

    /// <summary>A peer says how it stands and is told what to do.</summary>
    public PlannerAnswer Announce(KeyId peer, PeerReport report, Instant now)
    {
        Check.That(report.Have.Count == _pieceCount, "a report's map is of another content");
        Forget(now);
        if (!_peers.TryGetValue(peer, out var known))
        {
            if (_order.Count >= _settings.PeersMax)
            {
                return Stranger(report);
            }

            known = Add(peer, report.Have);
        }

        Update(known, report, now);
        Accuse(known, report, now);
        if (!known.Have.IsFull)
        {
            Refill(known, now);
        }

        return Answer(known, now);
    }

    /// <summary>A peer goes.</summary>
    public void Leave(KeyId peer)
    {
        if (_peers.TryGetValue(peer, out var known))
        {
            Remove(known);
        }
    }

    private PlannerPeer Add(KeyId key, PieceMap have)
    {
        var peer = new PlannerPeer(key, have.Copy()) { Index = _order.Count };
        peer.Node = _announced.AddLast(peer);
        _peers.Add(key, peer);
        _order.Add(peer);
        _copies.Add(peer.Have);
        _whole += peer.Have.IsFull ? 1 : 0;
        return peer;
    }

    private void Remove(PlannerPeer peer)
    {
        while (peer.Neighbours.Count > 0)
        {
            Part(peer, peer.Neighbours[^1]);
        }

        Place(peer, string.Empty);
        _peers.Remove(peer.Key);
        _announced.Remove(peer.Node!);
        (_order[peer.Index], _order[^1]) = (_order[^1], _order[peer.Index]);
        _order[peer.Index].Index = peer.Index;
        _order.RemoveAt(_order.Count - 1);
        if (peer.IsCounted)
        {
            _copies.Take(peer.Have);
        }

        _uplinks -= peer.Uplink;
        _whole -= peer.Have.IsFull ? 1 : 0;
        _isHot &= _order.Count > _whole;
    }

    private void Forget(Instant now)
    {
        while (_announced.First is { } first && first.Value.At + _settings.Forgotten < now)
        {
            Remove(first.Value);
        }
    }

    private void Update(PlannerPeer peer, PeerReport report, Instant now)
    {
        peer.At = now;
        _announced.Remove(peer.Node!);
        _announced.AddLast(peer.Node!);
        var isCounted = !report.IsLeaving && !_liars.IsShunned(peer.Key, now);
        var wasFull = peer.Have.IsFull;
        _whole -= wasFull ? 1 : 0;
        _copies.Change(peer.Have, peer.IsCounted, report.Have, isCounted);
        _whole += peer.Have.IsFull ? 1 : 0;
        peer.IsCounted = isCounted;
        if (wasFull != peer.Have.IsFull)
        {
            foreach (var neighbour in peer.Neighbours)
            {
                neighbour.Hungry += wasFull ? 1 : -1;
            }
        }

        var uplink = Math.Clamp(report.Uplink, 0, UplinkMax);
        _uplinks += uplink - peer.Uplink;
        peer.Uplink = uplink;
        peer.Slots = Math.Clamp(report.Slots, 0, _settings.NeighboursMax);
        peer.NeighboursMax = Math.Clamp(report.NeighboursMax, 1, _settings.NeighboursMax);
        Place(peer, report.Near);
        while (peer.Neighbours.Count > peer.NeighboursMax)
        {
            Part(peer, peer.Neighbours[_chance.Next(peer.Neighbours.Count)]);
        }

        if (peer.Have.IsFull)
        {
            for (var i = peer.Neighbours.Count - 1; i >= 0; i--)
            {
                if (peer.Neighbours[i].Have.IsFull)
                {
                    Part(peer, peer.Neighbours[i]);
                }
            }
        }
    }

    private void Accuse(PlannerPeer peer, PeerReport report, Instant now)
    {
        for (var i = 0; i < report.Liars.Count && i < LiarReports.AReport; i++)
        {
            // Only who was a neighbour can have given anything: the rest is slander.
            if (!_peers.TryGetValue(report.Liars[i], out var liar) || !peer.Neighbours.Contains(liar))
            {
                continue;
            }

            Part(peer, liar);
            peer.Refuse(liar.Key);
            if (_liars.Report(liar.Key, report.Reporter, now))
            {
                while (liar.Neighbours.Count > 0)
                {
                    Part(liar, liar.Neighbours[^1]);
                }
            }
        }
    }

    private PlannerAnswer Answer(PlannerPeer peer, Instant now)
    {
        var neighbours = new KeyId[peer.Neighbours.Count];
        for (var i = 0; i < neighbours.Length; i++)
        {
            neighbours[i] = peer.Neighbours[i].Key;
        }

        var isThin = neighbours.Length < Math.Min(peer.NeighboursMax / 2, _order.Count - 1);
        return new PlannerAnswer
        {
            Neighbours = neighbours,
            Rarest = peer.Have.IsFull ? [] : _copies.RarestLackedBy(peer.Have, _settings.RarestMax, now),
            IsAskedToStay = _order.Count > _whole && _copies.IsLast(peer.Have, peer.IsCounted),
            IsSuperSeeding = peer.Have.IsFull && _whole == 1 && _copies.HasSingle,
            Next = isThin ? _settings.AnnounceInterval / 4 : _settings.AnnounceInterval,
        };
    }

    /// <summary>One too many for the bound of peers gets some at random and is not remembered.</summary>
    private PlannerAnswer Stranger(PeerReport report)
    {
        var neighbours = new HashSet<KeyId>();
        for (var i = 0; i < Math.Clamp(report.NeighboursMax, 1, _settings.NeighboursMax); i++)
        {
            neighbours.Add(_order[_chance.Next(_order.Count)].Key);
        }

        return new PlannerAnswer { Neighbours = [.. neighbours], Rarest = [], Next = _settings.AnnounceInterval };
    }
}
