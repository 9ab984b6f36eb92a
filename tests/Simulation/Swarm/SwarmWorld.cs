using Cete.Core;
using Cete.Simulation.World;
using Cete.Swarm;
using Cete.Swarm.Download;
using Cete.Swarm.Planning;
using Cete.Swarm.Seeding;

namespace Cete.Simulation.Swarm;

/// <summary>
/// Peers with the product's own cores, and links that carry 16 KiB (or more, for large swarms) at a time: an uplink serves its downloads in turn, a
/// downlink takes what comes one after the other. Handshakes are over before the clock; everything that is said takes the latency.
/// </summary>
internal sealed partial class SwarmWorld
{
    private const long TraceEach = 500_000;

    private readonly SwarmOptions _options;
    private readonly PriorityQueue<Action, (long At, long Number)> _events = new();
    private readonly SwarmPeer[] _peers;
    private readonly Dictionary<KeyId, int> _numbers = [];
    private readonly Prng _chance;
    private readonly ulong _seed;
    private SwarmPlanner _planner;
    private long _now;
    private long _number;
    private int _left;
    private bool _hasSeeded;
    private long _traced;
    private long _tracedSent;
    private Fingerprint _hash;

    public SwarmWorld(SwarmOptions options, ulong seed)
    {
        (_options, _seed, _chance) = (options, seed, new Prng(seed));
        _planner = new SwarmPlanner(options.Pieces, options.Planner, seed);
        _peers = new SwarmPeer[options.Peers + 1];
        for (var i = 0; i < _peers.Length; i++)
        {
            _peers[i] = Make(i);
        }
    }

    /// <summary>Where a line is written each half second of the swarm's time; null for nowhere.</summary>
    public TextWriter? Lines { get; init; }

    /// <summary>Tells runs apart.</summary>
    public ulong Hash => _hash.Value;

    public long Events { get; private set; }

    public long Control { get; private set; }

    public long Announces { get; private set; }

    public long Wasted { get; private set; }

    public IReadOnlyList<SwarmPeer> Peers => _peers;

    public long Now => _now;

    private SwarmPeer Make(int number)
    {
        var bytes = new byte[KeyId.Size];
        _chance.Fill(bytes);
        var peer = new SwarmPeer(number, new KeyId(bytes), _options.Pieces)
        {
            Up = _options.UpOf(number, _chance.NextBits() >> 1),
            Down = _options.Down,
        };
        _numbers.Add(peer.Key, number);
        if (number == 0)
        {
            (peer.Map, peer.IsHere) = (PieceMap.Full(_options.Pieces), true);
            peer.Turns = new UploadTurns(peer.Map, _chance.NextBits());
            return peer;
        }

        peer.Turns = new UploadTurns(peer.Map, _chance.NextBits());
        var kind = _chance.Next(100);
        peer.IsLiar = kind < _options.LiarPercent;
        peer.IsRider = !peer.IsLiar && kind < _options.LiarPercent + _options.RiderPercent;
        peer.IsKilled = !peer.IsLiar && _chance.Chance(_options.KilledPercent, 100);
        peer.Machine = new DownloadMachine(new PieceMap(_options.Pieces), TimeSpan.FromSeconds(60), _options.Download, _chance.NextBits());
        return peer;
    }

    /// <summary>Runs until all that stay are done, or the limit is reached.</summary>
    public void Run()
    {
        _left = _peers.Count(peer => peer.Number > 0 && !peer.IsKilled && !peer.IsLiar);
        Announce(_peers[0]);
        Breathe(_peers[0]);
        foreach (var peer in _peers.Skip(1))
        {
            At(_options.Arrival == 0 ? 0 : _chance.Next(_options.Arrival), () => Arrive(peer));
        }

        if (_options.PlannerLost.To != long.MaxValue)
        {
            At(_options.PlannerLost.To, () => _planner = new SwarmPlanner(_options.Pieces, _options.Planner, _seed + 1));
        }

        while (_left > 0 && _now < _options.Limit && _events.TryDequeue(out var action, out var at))
        {
            Trace(at.At);
            _now = at.At;
            Events++;
            action();
        }
    }

    private void Trace(long until)
    {
        for (; Lines is not null && until >= _traced; _traced += TraceEach)
        {
            var (sent, up) = (_peers.Sum(peer => peer.Sent), _peers.Sum(peer => peer.Up));
            var (least, most) = (_peers.Skip(1).Min(peer => peer.Map.Have), _peers.Skip(1).Max(peer => peer.Map.Have));
            var busy = (sent - _tracedSent) * (1e6 / TraceEach) / up;
            Lines.WriteLine(FormattableString.Invariant($"{_traced / 1e6,6:F1} s: uplinks {busy:P0} busy, pieces {least} to {most}, {_left} to go"));
            _tracedSent = sent;
        }
    }

    private void At(long at, Action action) => _events.Enqueue(action, (Math.Max(at, _now), _number++));

    private void After(long span, Action action) => At(_now + span, action);

    private Instant Clock => new(_now + 1_000_000_000);

    private void Arrive(SwarmPeer peer)
    {
        peer.IsHere = true;
        Announce(peer);
        Breathe(peer);
    }

    /// <summary>Turns that were passed or not used are given again after a while.</summary>
    private void Breathe(SwarmPeer peer)
    {
        if (peer.IsHere)
        {
            Offer(peer);
            After(100_000, () => Breathe(peer));
        }
    }

    private void Announce(SwarmPeer peer)
    {
        if (!peer.IsHere)
        {
            return;
        }

        // As the wire would carry it: a map, the names of neighbours, a few numbers; and the like back.
        Control += ((_options.Pieces + 7) / 8) + (20 * peer.Heard.Count) + 200;
        Announces++;
        After(_options.Latency, () =>
        {
            if (_now >= _options.PlannerLost.From && _now < _options.PlannerLost.To)
            {
                After(1_000_000, () => Announce(peer));
                return;
            }

            var answer = _planner.Announce(peer.Key, Report(peer), Clock);
            Control += (60 * answer.Neighbours.Count) + (2 * answer.Rarest.Count) + 200;
            After(_options.Latency, () => Take(peer, answer));
        });
    }

    private PeerReport Report(SwarmPeer peer)
    {
        var liars = peer.Liars.ToArray();
        peer.Liars.Clear();
        return new PeerReport
        {
            Have = peer.Map.Copy(),
            Uplink = peer.IsRider ? 0 : peer.Up,
            Slots = _options.Slots,
            Neighbours = [.. peer.Heard.Select(n => _peers[n].Key)],
            Liars = liars,
            Reporter = "a" + peer.Number,
        };
    }

    private void Take(SwarmPeer peer, PlannerAnswer answer)
    {
        if (!peer.IsHere)
        {
            return;
        }

        After((long)answer.Next.TotalMicroseconds, () => Announce(peer));
        if (peer.Number == 0 && answer.IsSuperSeeding && _options.SuperSeeds && !_hasSeeded)
        {
            // Once: who was told of all cannot be told of less.
            _hasSeeded = true;
            peer.Seeder = new SuperSeeder(_options.Pieces, _chance.NextBits());
        }

        if (peer.Machine is null || peer.Map.IsFull)
        {
            return;
        }

        if (answer.Rarest.Count > 0 && _options.HearsRarity)
        {
            Step(peer, new DownloadInput.RarityHeard(answer.Rarest));
        }

        var wanted = answer.Neighbours.Select(key => _numbers[key]).ToHashSet();
        foreach (var gone in peer.Heard.Where(n => !wanted.Contains(n)).ToArray())
        {
            Disconnect(peer, _peers[gone]);
        }

        foreach (var number in wanted.Where(n => !peer.Heard.Contains(n)).Order())
        {
            peer.Heard.Add(number);
            After(_options.Latency, () => Listen(_peers[number], peer));
        }
    }

    private void Disconnect(SwarmPeer peer, SwarmPeer from)
    {
        peer.Heard.Remove(from.Number);
        from.Listeners.Remove(peer.Number);
        from.Seeder?.Leave(peer.Key);
        from.Turns!.Leave(peer.Key);
        Step(peer, new DownloadInput.SourceLost(from.Number));
    }

    private void Kill(SwarmPeer peer)
    {
        peer.IsHere = false;
        foreach (var flow in peer.Active.Concat(peer.Waiting))
        {
            flow.IsGone = true;
        }

        peer.Active.Clear();
        peer.Waiting.Clear();
        foreach (var flow in peer.Coming.Values)
        {
            flow.IsGone = true;
        }

        foreach (var other in peer.Heard)
        {
            _peers[other].Listeners.Remove(peer.Number);
            _peers[other].Seeder?.Leave(peer.Key);
            _peers[other].Turns!.Leave(peer.Key);
        }

        foreach (var other in peer.Listeners.ToArray())
        {
            After(_options.Latency, () => Disconnect(_peers[other], peer));
        }
    }
}
