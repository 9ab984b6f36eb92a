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

    /// <summary>Who has everything, where nobody lacks anything, need not report more often; so long he counts as there.</summary>
    internal static readonly TimeSpan CalmInterval = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, PlannedSwarm> _swarms = [];
    private readonly Lock _holdingsGate = new();
    private readonly HoldingRegistry _holdings = new();
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
            return NoPlace;
        }

        var swarm = Find(root, report.Have.Count);
        if (swarm is null)
        {
            return new Failure(FailureKind.Full, $"{SwarmsMax} contents are on their way already; go on with those you know, and try again later");
        }

        if (swarm.PieceCount != report.Have.Count)
        {
            return new Failure(FailureKind.Conflict, $"the content {root} has {swarm.PieceCount} pieces, not {report.Have.Count}");
        }

        var now = Instant.From(clock.GetUtcNow());
        return swarm.Announce(report, asker, place, community, report.Have.IsFull ? [] : Holding(root, now), now);
    }

    /// <summary>A peer tells what it has, whether or not somebody wants it now.</summary>
    /// <param name="report">What it tells; of as many contents as it may.</param>
    /// <param name="asker">Who it is.</param>
    public Outcome<HoldingAdvice> Tell(HoldingReport report, SwarmAsker asker)
    {
        if (PeerPlace.Read(asker.Host, report.Addresses) is not { } place)
        {
            return NoPlace;
        }

        lock (_holdingsGate)
        {
            var failure = _holdings.Tell(report, asker, place, Instant.From(clock.GetUtcNow()));
            return failure is null ? new HoldingAdvice(HoldingRegistry.Valid) : failure;
        }
    }

    /// <summary>Who has or wants a content, as a page shows it.</summary>
    public IReadOnlyList<PlannedPeer> PeersOf(in Hash256 root)
    {
        lock (_gate)
        {
            return _swarms.TryGetValue(root, out var swarm) ? swarm.Peers : [];
        }
    }

    /// <summary>Those who have all of a content, and where they are reached from where an asker is.</summary>
    public IReadOnlyList<PeerAddress> HoldersOf(in Hash256 root, SwarmAsker asker)
    {
        PlannedSwarm? swarm;
        lock (_gate)
        {
            _swarms.TryGetValue(root, out swarm);
        }

        var now = Instant.From(clock.GetUtcNow());
        return
        [
            .. (swarm?.Holders(asker, community, now) ?? [])
                .Concat(Holding(root, now).Select(holder => holder.Place.AddressFor(asker, holder.Key, community)))
                .DistinctBy(peer => peer.Key).Take(PlannedSwarm.HoldersMax),
        ];
    }

    private static Failure NoPlace { get; } = new(FailureKind.Invalid, "'addresses' are HOST:PORT with numbers for hosts, all of one port");

    private List<Holder> Holding(in Hash256 root, Instant now)
    {
        lock (_holdingsGate)
        {
            return [.. _holdings.Of(root, now)];
        }
    }

    /// <summary>What newcomers asked for of late, the newest first.</summary>
    /// <param name="max">So many at most.</param>
    internal IReadOnlyList<(Hash256 Root, int Asked, int Wanting, int Whole)> Wanted(int max)
    {
        List<(Hash256 Root, PlannedSwarm Swarm)> known;
        lock (_gate)
        {
            known = [.. _swarms.Select(one => (one.Key, one.Value))];
        }

        var now = Instant.From(clock.GetUtcNow());
        return
        [
            .. known.Where(one => one.Swarm.Last + ForgottenAfter > now).OrderByDescending(one => one.Swarm.Last).Select(one => (one.Root, one.Swarm.Demand))
                .Where(one => one.Demand.Asked > 0).Take(max).Select(one => (one.Root, one.Demand.Asked, one.Demand.Wanting, one.Demand.Whole)),
        ];
    }

    private PlannedSwarm? Find(Hash256 root, int pieceCount)
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

            return _swarms.Count >= SwarmsMax ? null : _swarms[root] = new PlannedSwarm(pieceCount, seed + ++_begun);
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
}
