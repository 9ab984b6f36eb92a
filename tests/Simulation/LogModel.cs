using Cete.Core;
using Cete.Ports;

namespace Cete.Simulation;

/// <summary>
/// What a log is to hold, in plain collections: for each group the snapshot it begins behind, its entries by index, term and vote, and how
/// far it was released.
/// </summary>
internal sealed class LogModel
{
    public static readonly GroupId[] Groups = [GroupId.Of("bank"), GroupId.Of("index"), GroupId.Of("tracker")];

    private readonly Dictionary<GroupId, GroupModel> _groups = Groups.ToDictionary(group => group, _ => new GroupModel());

    public long Last(GroupId group) => _groups[group].Last;

    public long LastTerm(GroupId group) => _groups[group].LastTerm;

    /// <summary>Entries up to here are not needed, or a snapshot stands for them.</summary>
    public long Released(GroupId group) => _groups[group].Released;

    /// <summary>Where the newest snapshot stands that took the place of entries; 0 for none.</summary>
    public long Snapshot(GroupId group) => _groups[group].Snapshot;

    public HardState StateOf(GroupId group) => _groups[group].State;

    public LogModel Copy()
    {
        var copy = new LogModel();
        foreach (var group in Groups)
        {
            copy._groups[group] = _groups[group] with { Entries = [.. _groups[group].Entries] };
        }

        return copy;
    }

    public void Add(in LogEntry entry)
    {
        var group = _groups[entry.Group];
        var kept = (int)(entry.Index - group.Snapshot - 1);
        group.Entries.RemoveRange(kept, group.Entries.Count - kept);
        group.Entries.Add(entry);
    }

    public void Set(GroupId group, in HardState state) => _groups[group].State = state;

    public void Reset(GroupId group, long index, long term)
    {
        _groups[group].Entries.Clear();
        (_groups[group].Snapshot, _groups[group].SnapshotTerm, _groups[group].Released) = (index, term, index);
    }

    public void Release(GroupId group, long through) => _groups[group].Released = Math.Max(_groups[group].Released, through);

    /// <summary>Null when the log holds just this; else what is different.</summary>
    public string? Difference(INodeLog log)
    {
        foreach (var group in Groups)
        {
            if (BoundsDifference(log, group) is { } difference)
            {
                return difference;
            }

            var first = log.Bounds(group).First;
            var read = log.Read(group, first, long.MaxValue, int.MaxValue);
            if (!Same(read, _groups[group].From(first)))
            {
                return $"{group}: holds {read.Count} entries from {first} that are not those of the model";
            }
        }

        return null;
    }

    /// <summary>Null when the log shows the bounds that this has of a group; else what is different.</summary>
    public string? BoundsDifference(INodeLog log, GroupId group)
    {
        var (bounds, model) = (log.Bounds(group), _groups[group]);
        if ((bounds.Last, bounds.LastTerm, bounds.HardState) != (model.Last, model.LastTerm, model.State))
        {
            return $"{group}: {bounds} instead of {model.Last}, {model.LastTerm}, {model.State}";
        }

        if (bounds.First <= model.Snapshot || bounds.First > Math.Min(model.Released, model.Last) + 1)
        {
            return $"{group}: begins at {bounds.First}, released up to {model.Released} of {model.Last} behind {model.Snapshot}";
        }

        LogEntry[] held = [.. model.From(bounds.First)];
        var terms = held.Where((entry, i) => i == 0 || held[i - 1].Term != entry.Term).Select(entry => new TermRun(entry.Index, entry.Term));
        var membersAt = held.Where(entry => entry.Kind == LogEntryKind.Members).Select(entry => entry.Index);
        return bounds.Terms.SequenceEqual(terms) && bounds.MembersAt.SequenceEqual(membersAt)
            ? null
            : $"{group}: terms {string.Join(' ', bounds.Terms)} and members at {string.Join(' ', bounds.MembersAt)} are not those of the model";
    }

    /// <summary>What a read of synced entries is to give.</summary>
    public IEnumerable<LogEntry> Read(GroupId group, long from, long to, int bytesMax)
    {
        var bytes = 0L;
        foreach (var entry in _groups[group].From(from).TakeWhile(entry => entry.Index <= to))
        {
            bytes += entry.Data.Length;
            if (entry.Index > from && bytes > bytesMax)
            {
                yield break;
            }

            yield return entry;
        }
    }

    public static bool Same(IEnumerable<LogEntry> left, IEnumerable<LogEntry> right) =>
        left.Select(Plain).SequenceEqual(right.Select(Plain));

    private static (GroupId Group, long Index, long Term, LogEntryKind Kind, string Data) Plain(LogEntry entry) =>
        (entry.Group, entry.Index, entry.Term, entry.Kind, Convert.ToBase64String(entry.Data.Span));

    private sealed record GroupModel
    {
        public List<LogEntry> Entries { get; init; } = [];

        public long Snapshot { get; set; }

        public long SnapshotTerm { get; set; }

        public long Released { get; set; }

        public HardState State { get; set; } = HardState.Initial;

        public long Last => Snapshot + Entries.Count;

        public long LastTerm => Entries is [.., var last] ? last.Term : SnapshotTerm;

        public IEnumerable<LogEntry> From(long index) => Entries.Skip((int)Math.Max(0, index - Snapshot - 1));
    }
}
