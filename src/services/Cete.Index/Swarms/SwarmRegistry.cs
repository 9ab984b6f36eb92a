using Cete.Core;
using Cete.Ports.Swarms;
using Cete.Swarm;
using Cete.Swarm.Planning;

namespace Cete.Index.Swarms;

/// <summary>
/// The planners of all contents that are on their way, on the root of the index. Soft state: peers announce again, and whoever is root next knows within
/// seconds what this one knew. For several callers at once.
/// </summary>
/// <param name="community">Stands in the addresses of peers.</param>
/// <param name="clock">The time here.</param>
/// <param name="seed">Of the planners' chance.</param>
public sealed class SwarmRegistry(KeyId community, TimeProvider clock, ulong seed)
{
    /// <summary>Contents that are planned at a time: each is a few hundred bytes, and as much for each peer.</summary>
    internal const int SwarmsMax = 10_000;

    /// <summary>A swarm that nobody announced to for so long is forgotten.</summary>
    internal static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, Swarm> _swarms = [];
    private ulong _begun;

    /// <summary>Pieces of a content that is planned for already; null for one that is to be looked for in the index first.</summary>
    public int? PieceCountOf(in Hash256 root)
    {
        lock (_gate)
        {
            return _swarms.TryGetValue(root, out var known) ? known.PieceCount : null;
        }
    }

    /// <summary>A peer reports, and is told whom to ask.</summary>
    /// <param name="root">The content; its number of pieces is the report's.</param>
    /// <param name="report">What it tells.</param>
    /// <param name="asker">Who it is.</param>
    public Outcome<SwarmAdvice> Announce(Hash256 root, SwarmReport report, SwarmAsker asker)
    {
        if (PeerPlace.Read(asker.Host, report.Addresses) is not { } place)
        {
            return new Failure(FailureKind.Invalid, "'addresses' are HOST:PORT with numbers for hosts, all of one port");
        }

        var swarm = Find(root, report.Have.Count);
        return swarm is null
            ? new Failure(FailureKind.Full, $"{SwarmsMax} contents are on their way already; go on with those you know, and try again later")
            : swarm.PieceCount != report.Have.Count
                ? new Failure(FailureKind.Conflict, $"the content {root} has {swarm.PieceCount} pieces, not {report.Have.Count}")
                : swarm.Announce(report, asker, place, community, Instant.From(clock.GetUtcNow()));
    }

    /// <summary>Who has or wants a content, as a page shows it.</summary>
    public IReadOnlyList<PlannedPeer> PeersOf(in Hash256 root)
    {
        lock (_gate)
        {
            return _swarms.TryGetValue(root, out var swarm) ? swarm.Peers : [];
        }
    }

    private Swarm? Find(Hash256 root, int pieceCount)
    {
        lock (_gate)
        {
            if (_swarms.TryGetValue(root, out var known))
            {
                return known;
            }

            if (_swarms.Count >= SwarmsMax)
            {
                Forget();
            }

            return _swarms.Count >= SwarmsMax ? null : _swarms[root] = new Swarm(pieceCount, seed + ++_begun);
        }
    }

    private void Forget()
    {
        var now = Instant.From(clock.GetUtcNow());
        foreach (var (root, _) in _swarms.Where(one => one.Value.Last + ForgottenAfter < now).ToList())
        {
            _swarms.Remove(root);
        }
    }

    /// <summary>One content: the planner knows keys, this knows where they are reached.</summary>
    private sealed class Swarm(int pieceCount, ulong seed)
    {
        private readonly Lock _gate = new();
        private readonly SwarmPlanner _planner = new(pieceCount, new PlannerSettings(), seed);
        private readonly Dictionary<KeyId, (PeerPlace Place, Instant At, bool IsWhole)> _places = [];

        public int PieceCount => pieceCount;

        public Instant Last { get; private set; }

        public IReadOnlyList<PlannedPeer> Peers
        {
            get
            {
                lock (_gate)
                {
                    return _planner.Peers;
                }
            }
        }

        public SwarmAdvice Announce(SwarmReport report, SwarmAsker asker, PeerPlace place, KeyId community, Instant now)
        {
            lock (_gate)
            {
                Last = now;
                var answer = _planner.Announce(
                    report.Key,
                    new PeerReport
                    {
                        Have = report.Have,
                        Uplink = report.Uplink,
                        FreeSlots = report.FreeSlots,
                        IsLeaving = report.IsLeaving,
                        NeighboursMax = report.NeighboursMax,
                        Neighbours = report.Neighbours,
                        Liars = report.Liars,
                        Reporter = asker.Reporter,
                        Near = asker.Host,
                    },
                    now);
                _places[report.Key] = (place, now, report.Have.IsFull);
                if (report.IsLeaving && !answer.IsAskedToStay)
                {
                    _planner.Leave(report.Key);
                    _places.Remove(report.Key);
                }

                if (_places.Count > 2 * new PlannerSettings().PeersMax)
                {
                    _places.Clear();
                }

                return new SwarmAdvice([.. answer.Neighbours.Select(key => AddressOf(key, asker, community)).OfType<PeerAddress>()], answer.Next)
                {
                    Rarest = answer.Rarest,
                    IsAskedToStay = answer.IsAskedToStay,
                    IsSuperSeeding = answer.IsSuperSeeding,
                    HasSource = answer.Neighbours.Any(key => _places.TryGetValue(key, out var known) && known.IsWhole),
                    Peers = _places.Count,
                };
            }
        }

        private PeerAddress? AddressOf(KeyId key, SwarmAsker asker, KeyId community) =>
            _places.TryGetValue(key, out var known) ? new PeerAddress(known.Place.For(asker), known.Place.Port, key, community) : null;
    }
}
