using Cete.Core;

namespace Cete.Swarm.Planning;

/// <summary>Gives the peers of one content their neighbours. Soft state: it is made of announces, and again of the next ones when it was lost.</summary>
public sealed class SwarmPlanner
{
    private readonly int _pieceCount;
    private readonly PlannerSettings _settings;
    private readonly Prng _chance;
    private readonly SortedDictionary<KeyId, Peer> _peers = [];

    /// <param name="pieceCount">Pieces of the content.</param>
    /// <param name="settings">Bounds and times.</param>
    /// <param name="seed">Of its chance.</param>
    public SwarmPlanner(int pieceCount, PlannerSettings settings, ulong seed)
    {
        Check.That(pieceCount > 0);
        (_pieceCount, _settings, _chance) = (pieceCount, settings, new Prng(seed));
    }

    /// <summary>Who is there, in the order of keys.</summary>
    public IReadOnlyList<PlannedPeer> Peers =>
        [.. _peers.Select(p => new PlannedPeer(p.Key, p.Value.Report.Have.Have, p.Value.Report.Uplink, p.Value.Report.Have.IsFull))];

    /// <summary>A peer says how it stands and is told what to do.</summary>
    public PlannerAnswer Announce(KeyId peer, PeerReport report, Instant now)
    {
        Check.That(report.Have.Count == _pieceCount);
        foreach (var gone in _peers.Where(p => p.Value.At + _settings.Forgotten < now).Select(p => p.Key).ToList())
        {
            _peers.Remove(gone);
        }

        if (_peers.ContainsKey(peer) || _peers.Count < _settings.PeersMax)
        {
            _peers[peer] = new Peer(report, now);
        }

        var others = _peers.Keys.Where(key => key != peer).ToList();
        for (var i = others.Count - 1; i > 0; i--)
        {
            var j = _chance.Next(i + 1);
            (others[i], others[j]) = (others[j], others[i]);
        }

        var most = Math.Clamp(report.NeighboursMax, 0, _settings.NeighboursMax);
        return new PlannerAnswer
        {
            Neighbours = [.. report.Neighbours.Where(_peers.ContainsKey).Concat(others).Distinct().Take(most)],
            Rarest = [],
            Next = _settings.AnnounceInterval,
        };
    }

    /// <summary>A peer goes.</summary>
    public void Leave(KeyId peer) => _peers.Remove(peer);

    private sealed record Peer(PeerReport Report, Instant At);
}
