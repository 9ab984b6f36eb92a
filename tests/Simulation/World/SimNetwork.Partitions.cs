namespace Cete.Simulation.World;

/// <content>Who reaches whom.</content>
public sealed partial class SimNetwork
{
    private readonly List<SimPartition> _partitions = [];

    /// <summary>The partitions that hold, in the order in which they began.</summary>
    public IReadOnlyList<SimPartition> Partitions => _partitions;

    /// <summary>Splits the hosts into groups that do not reach each other; those in no group form one more.</summary>
    public SimPartition Partition(params IReadOnlyCollection<int>[] groups)
    {
        var groupOf = new Dictionary<int, int>();
        foreach (var (number, group) in groups.Index())
        {
            foreach (var host in group)
            {
                groupOf.Add(host, number);
            }
        }

        var name = "groups " + string.Join(" | ", groups.Select(Shown));
        return Add(name, (from, to) => groupOf.GetValueOrDefault(from, -1) != groupOf.GetValueOrDefault(to, -1));
    }

    /// <summary>Cuts one host off from all others.</summary>
    public SimPartition Isolate(int host) => Add($"alone {Shown([host])}", (from, to) => from == host || to == host);

    /// <summary>Cuts two hosts off from each other; what both reach, they still reach.</summary>
    public SimPartition Cut(int a, int b) =>
        Add($"between {Shown([a])} and {Shown([b])}", (from, to) => (from == a && to == b) || (from == b && to == a));

    /// <summary>Loses all that goes from some hosts to others; the way back stays open.</summary>
    public SimPartition CutOneWay(IReadOnlyCollection<int> from, IReadOnlyCollection<int> to)
    {
        var (sources, targets) = (new SortedSet<int>(from), new SortedSet<int>(to));
        return Add($"one way {Shown(sources)} to {Shown(targets)}", (a, b) => sources.Contains(a) && targets.Contains(b));
    }

    /// <summary>Ends all partitions.</summary>
    public void HealPartitions()
    {
        foreach (var partition in _partitions.ToArray())
        {
            partition.Heal();
        }
    }

    /// <summary>Whether packets from one host do not reach another at this moment.</summary>
    public bool IsCut(int from, int to)
    {
        foreach (var partition in _partitions)
        {
            if (from != to && partition.Cuts(from, to))
            {
                return true;
            }
        }

        return false;
    }

    internal void Heal(SimPartition partition)
    {
        if (_partitions.Remove(partition))
        {
            _world.Record(TraceKind.Healed, -1, -1, 0, 0, partition.Name, Fingerprint.Of(partition.Name));
        }
    }

    private static string Shown(IEnumerable<int> hosts) => string.Join(' ', hosts.Select(host => FormattableString.Invariant($"h{host}")));

    private SimPartition Add(string name, Func<int, int, bool> cuts)
    {
        var partition = new SimPartition(this, name, cuts);
        _partitions.Add(partition);
        _world.Record(TraceKind.Cut, -1, -1, 0, 0, name, Fingerprint.Of(name));
        return partition;
    }
}
