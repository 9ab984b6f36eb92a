using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <summary>
/// Disks that come back older than they were when their member went, and what members remember of each other, as the membership's records carry
/// it: how far each one said that it is, now and then, all of it durable.
/// </summary>
internal sealed class RaftCopies(RaftCluster cluster)
{
    private const int CopiesMost = 8;
    private readonly Dictionary<int, List<RaftCopy>> _copies = [];
    private readonly Dictionary<int, RaftClaim> _claims = [];

    /// <summary>Those that came back with an older disk and are not trusted again yet: no more than may fail.</summary>
    private readonly HashSet<int> _old = [];

    /// <summary>How many disks came back older.</summary>
    public int Restored { get; private set; }

    /// <summary>What others remember of a member; null when it never said anything.</summary>
    public RaftClaim? ClaimOf(int host) => _claims.TryGetValue(host, out var claim) ? claim : null;

    /// <summary>A member says how far it is, unless it does not know whether that is all; and its folder is copied now and then.</summary>
    public void Note(RaftProcess process, RaftDisk disk)
    {
        var (host, machine) = (process.Host, process.Machine);
        if (machine.Forgotten is { } forgotten)
        {
            _claims[host.Id] = new RaftClaim(disk.Durable.Term, Math.Max(forgotten, process.Store.Applied), true);
        }
        else if (machine.IsVouched)
        {
            _claims[host.Id] = new RaftClaim(disk.Durable.Term, process.Store.Applied, false);
            _old.Remove(host.Id);
        }

        if (host.Random.Chance(1, 3))
        {
            var kept = _copies.TryGetValue(host.Id, out var known) ? known : _copies[host.Id] = [];
            kept.Add(disk.Copy());
            if (kept.Count > CopiesMost)
            {
                kept.RemoveAt(host.Random.Next(kept.Count));
            }
        }
    }

    /// <summary>Now and then a member begins with a copy that is older than what it last said.</summary>
    public void Begin(SimHost host, RaftDisk disk)
    {
        if (ClaimOf(host.Id) is not { } claim || (_old.Count >= (cluster.Options.Voters - 1) / 2 && !_old.Contains(host.Id)) || host.Random.Chance(1, 2))
        {
            return;
        }

        var older = _copies.GetValueOrDefault(host.Id)?.Where(copy => claim.Term > copy.Image.Term || claim.Index > copy.Image.Last).ToList() ?? [];
        if (older.Count > 0)
        {
            disk.PutBack(older[host.Random.Next(older.Count)]);
            _old.Add(host.Id);
            Restored++;
            host.Trace($"an old copy, to {disk.Durable.Last} of term {disk.Durable.Term}, where it had said {claim}");
        }
    }
}

/// <summary>What a member said: the newest term that it was in, how far it held the log, and whether it lacked more than that.</summary>
internal readonly record struct RaftClaim(long Term, long Index, bool HasForgotten);

/// <summary>What a disk held at a moment.</summary>
internal sealed record RaftCopy(RaftImage Image, RaftSnapshot? Snapshot);
