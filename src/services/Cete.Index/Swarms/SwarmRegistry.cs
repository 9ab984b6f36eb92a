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

    /// <summary>Those who have all of a content, and where they are reached from where an asker is.</summary>
    public IReadOnlyList<PeerAddress> HoldersOf(in Hash256 root, SwarmAsker asker)
    {
        PlannedSwarm? swarm;
        lock (_gate)
        {
            _swarms.TryGetValue(root, out swarm);
        }

        return swarm?.Holders(asker, community, Instant.From(clock.GetUtcNow())) ?? [];
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
