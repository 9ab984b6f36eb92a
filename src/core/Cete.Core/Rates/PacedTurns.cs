namespace Cete.Core.Rates;

/// <summary>
/// Whose turn it is to send within a limit. Peers take turns by bytes, as start-time fair queueing has it: the peer that had the least is next, and who comes
/// back from a rest has saved nothing up. Requests of one peer wait for each other, so many of them bring it no more than one does. For one caller at a time.
/// </summary>
/// <typeparam name="TPeer">Tells peers apart.</typeparam>
public sealed class PacedTurns<TPeer>
    where TPeer : notnull
{
    /// <summary>Peers that rest and are remembered: what they had counts until the others had as much.</summary>
    private const int RestingMax = 64;

    private readonly ByteRate _rate = new();
    private readonly Dictionary<TPeer, Peer> _peers = [];
    private long _level;
    private long _asked;

    /// <summary>Those who wait.</summary>
    public int Waiting { get; private set; }

    /// <summary>Bytes a second of all together; 0 for no limit.</summary>
    public long PerSecond => _rate.PerSecond;

    /// <summary>Sets another limit.</summary>
    public void Limit(long perSecond, TimeSpan now) => _rate.Set(perSecond, now);

    /// <summary>Somebody wants to send; returns what it is known by until its turn.</summary>
    public long Ask(TPeer name, int bytes)
    {
        if (!_peers.TryGetValue(name, out var peer))
        {
            ForgetResting();
            _peers[name] = peer = new Peer();
        }

        if (peer.Asked.Count == 0)
        {
            peer.Had = Math.Max(peer.Had, _level);
        }

        peer.Asked.AddLast((++_asked, bytes));
        Waiting++;
        return _asked;
    }

    /// <summary>It does not want to any more.</summary>
    public void Withdraw(TPeer name, long asked)
    {
        if (!_peers.TryGetValue(name, out var peer))
        {
            return;
        }

        for (var node = peer.Asked.First; node is not null; node = node.Next)
        {
            if (node.Value.Id == asked)
            {
                peer.Asked.Remove(node);
                Waiting--;
                return;
            }
        }
    }

    /// <summary>Who is next, where it is time; null where nobody is.</summary>
    public long? Next(TimeSpan now)
    {
        if (Waiting == 0 || _rate.WaitAt(now) > TimeSpan.Zero)
        {
            return null;
        }

        Peer? next = null;
        foreach (var peer in _peers.Values)
        {
            if (peer.Asked.First is { } first
                && (next is null || peer.Had < next.Had || (peer.Had == next.Had && first.Value.Id < next.Asked.First!.Value.Id)))
            {
                next = peer;
            }
        }

        var (id, bytes) = next!.Asked.First!.Value;
        next.Asked.RemoveFirst();
        Waiting--;
        _level = next.Had;
        next.Had += bytes;
        _rate.Take(bytes, now);
        return id;
    }

    /// <summary>How long it is until somebody's turn; null where nobody waits.</summary>
    public TimeSpan? WaitAt(TimeSpan now) => Waiting == 0 ? null : _rate.WaitAt(now);

    private void ForgetResting()
    {
        var resting = _peers.Count(one => one.Value.Asked.Count == 0);
        if (resting < RestingMax)
        {
            return;
        }

        foreach (var (name, peer) in _peers)
        {
            if (peer.Asked.Count == 0)
            {
                _peers.Remove(name);
            }
        }
    }

    private sealed class Peer
    {
        public LinkedList<(long Id, int Bytes)> Asked { get; } = new();

        /// <summary>Bytes that it had, counted from where the others were when it came.</summary>
        public long Had { get; set; }
    }
}
