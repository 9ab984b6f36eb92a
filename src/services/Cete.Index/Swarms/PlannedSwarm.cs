using Cete.Core;
using Cete.Ports.Swarms;
using Cete.Swarm;
using Cete.Swarm.Planning;

namespace Cete.Index.Swarms;

/// <summary>
/// One content: the planner knows keys, this knows where they are reached. Who has everything reports seldom while nobody wants it; he is kept here, and the
/// planner is reminded of him when somebody does. For several callers at once.
/// </summary>
internal sealed class PlannedSwarm(int pieceCount, ulong seed)
{
    /// <summary>Those who have everything that are kept beside the planner's own.</summary>
    private const int CalmMax = 100;

    private const int PlacesMax = 40_000;

    /// <summary>Newcomers of one account that are counted: a cache must not be led by one who makes keys.</summary>
    private const int AnAccountsMax = 4;

    /// <summary>Accounts whose newcomers are counted; after so many they begin anew.</summary>
    private const int AskersMax = 1_000;

    /// <summary>Of those who have everything, so many are named.</summary>
    public const int HoldersMax = 16;

    private readonly Lock _gate = new();
    private readonly PlannerSettings _settings = new();
    private readonly SwarmPlanner _planner = new(pieceCount, new PlannerSettings(), seed);
    private readonly Dictionary<KeyId, Place> _places = [];
    private readonly ToldHolders _told = new(new Prng(~seed));
    private readonly Dictionary<KeyId, Calm> _calm = [];
    private readonly Dictionary<string, int> _askers = new(StringComparer.Ordinal);
    private int _asked;

    /// <summary>Pieces of the content.</summary>
    public int PieceCount => pieceCount;

    /// <summary>When somebody reported last.</summary>
    public Instant Last { get; private set; }

    /// <summary>How many newcomers asked for it, how many lack something of it now, and how many have it all.</summary>
    public (int Asked, int Wanting, int Whole) Demand
    {
        get
        {
            lock (_gate)
            {
                return (_asked, _planner.Count - _planner.Whole, _planner.Whole);
            }
        }
    }

    /// <summary>Who is there, as the planner sees it.</summary>
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

    /// <summary>Those who have everything.</summary>
    public IReadOnlyList<PeerAddress> Holders(SwarmAsker asker, KeyId community, Instant now)
    {
        lock (_gate)
        {
            return
            [
                .. _calm.Where(one => !one.Value.IsTold && one.Value.At + (SwarmRegistry.CalmInterval * 2) > now)
                    .Select(one => AddressOf(one.Key, asker, community)).OfType<PeerAddress>().Take(HoldersMax),
            ];
        }
    }

    /// <summary>A peer reports.</summary>
    /// <param name="report">What it tells.</param>
    /// <param name="asker">Who it is.</param>
    /// <param name="place">Where it is reached.</param>
    /// <param name="community">Stands in addresses.</param>
    /// <param name="holding">Who told that he has everything, beside those who announce.</param>
    /// <param name="now">The time.</param>
    public SwarmAdvice Announce(
        SwarmReport report, SwarmAsker asker, PeerPlace place, KeyId community, IReadOnlyList<Holder> holding, Instant now)
    {
        lock (_gate)
        {
            Last = now;
            if (_places.Count >= PlacesMax)
            {
                _places.Clear();
            }

            Count(report, asker);
            _places[report.Key] = new Place(place, report.Have.IsFull, now);
            var planned = ToPlanned(report, asker);
            _told.Reached(report.Neighbours, now);
            Take(holding, report.Key, now);
            Remember(report, planned, now);
            var answer = _planner.Announce(report.Key, planned, now);
            if (report.IsLeaving && !answer.IsAskedToStay)
            {
                _planner.Leave(report.Key);
                _places.Remove(report.Key);
                _calm.Remove(report.Key);
            }

            // Where nobody lacks anything, there is nothing to plan.
            var isCalm = report.Have.IsFull && _planner.IsCalm;
            return new SwarmAdvice(
                [.. answer.Neighbours.Select(key => AddressOf(key, asker, community)).OfType<PeerAddress>()], isCalm ? SwarmRegistry.CalmInterval : answer.Next)
            {
                Rarest = answer.Rarest,
                IsAskedToStay = answer.IsAskedToStay,
                IsSuperSeeding = answer.IsSuperSeeding,
                HasSource = answer.Neighbours.Any(key => _places.TryGetValue(key, out var known) && known.IsWhole),
                Peers = _places.Count,
            };
        }
    }

    private void Count(SwarmReport report, SwarmAsker asker)
    {
        if (report.Have.IsFull || _places.ContainsKey(report.Key))
        {
            return;
        }

        if (_askers.Count >= AskersMax)
        {
            _askers.Clear();
        }

        var before = _askers.GetValueOrDefault(asker.Reporter);
        if (before < AnAccountsMax)
        {
            _askers[asker.Reporter] = before + 1;
            _asked++;
        }
    }

    private static PeerReport ToPlanned(SwarmReport report, SwarmAsker asker) => new()
    {
        Have = report.Have,
        Uplink = report.Uplink,
        Slots = report.Slots,
        IsLeaving = report.IsLeaving,
        NeighboursMax = report.NeighboursMax,
        Neighbours = report.Neighbours,
        Liars = report.Liars,
        Reporter = asker.Reporter,
        Near = asker.Host,
    };

    /// <summary>Has the planner know who told that he has everything; whether he is still there, who asks him finds out.</summary>
    private void Take(IReadOnlyList<Holder> holding, KeyId asking, Instant now)
    {
        foreach (var silent in _told.GiveUp(now).Where(key => _places.TryGetValue(key, out var place) && place.Announced is null))
        {
            _planner.Leave(silent);
            _places.Remove(silent);
            _calm.Remove(silent);
        }

        // Who announces this content speaks for himself: he may have less by now than he told.
        bool Speaks(KeyId key) =>
            key == asking || (_places.TryGetValue(key, out var known) && known.Announced is { } at && at + (SwarmRegistry.CalmInterval * 2) > now);
        foreach (var holder in _told.Choose(holding, Speaks, now))
        {
            _places[holder.Key] = new Place(holder.Place, IsWhole: false, Announced: null);
            var report = new PeerReport
            {
                Have = PieceMap.Full(pieceCount),
                Uplink = holder.Uplink,
                Slots = 1,
                Reporter = holder.Reporter,
                Near = holder.Asker.Host,
            };
            _calm[holder.Key] = new Calm(report, now) { IsTold = true };
        }
    }

    private void Remember(SwarmReport report, PeerReport planned, Instant now)
    {
        if (report.Have.IsFull)
        {
            if (_calm.Count < CalmMax || _calm.ContainsKey(report.Key))
            {
                _calm[report.Key] = new Calm(planned, now) { Planned = now };
            }

            return;
        }

        foreach (var (key, calm) in _calm.ToList())
        {
            if (!calm.IsTold && calm.At + (SwarmRegistry.CalmInterval * 2) <= now)
            {
                _calm.Remove(key);
            }
            else if (calm.Planned + (_settings.Forgotten / 2) <= now)
            {
                calm.Planned = now;
                _planner.Announce(key, calm.Report, now);
            }
        }
    }

    private PeerAddress? AddressOf(KeyId key, SwarmAsker asker, KeyId community) =>
        _places.TryGetValue(key, out var known) ? known.Where.AddressFor(asker, key, community) : null;

    /// <param name="Where">Where it is reached.</param>
    /// <param name="IsWhole">It has everything, and is there: it said so itself.</param>
    /// <param name="Announced">When it announced this content last; null for one that only told what it has.</param>
    private sealed record Place(PeerPlace Where, bool IsWhole, Instant? Announced);

    private sealed record Calm(PeerReport Report, Instant At)
    {
        /// <summary>He told that he has it, and announces nothing: he stays as long as he is reached.</summary>
        public bool IsTold { get; init; }

        /// <summary>When the planner heard of it last.</summary>
        public Instant Planned { get; set; }
    }
}
