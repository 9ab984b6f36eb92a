using Cete.Core;
using Cete.Ports;

namespace Cete.Simulation;

/// <summary>
/// What a log is to hold, in plain collections: for each group its entries by index, term and vote, and how far it was released.
/// </summary>
internal sealed class LogModel
{
    public static readonly GroupId[] Groups = [GroupId.Of("bank"), GroupId.Of("index"), GroupId.Of("tracker")];

    private readonly Dictionary<GroupId, List<LogEntry>> _entries = Groups.ToDictionary(group => group, _ => new List<LogEntry>());
    private readonly Dictionary<GroupId, HardState> _states = Groups.ToDictionary(group => group, _ => HardState.Initial);
    private readonly Dictionary<GroupId, long> _released = Groups.ToDictionary(group => group, _ => 0L);

    public long Last(GroupId group) => _entries[group].Count;

    public long LastTerm(GroupId group) => _entries[group] is [.., var last] ? last.Term : 0;

    public long Released(GroupId group) => _released[group];

    public HardState StateOf(GroupId group) => _states[group];

    public LogModel Copy()
    {
        var copy = new LogModel();
        foreach (var group in Groups)
        {
            copy._entries[group].AddRange(_entries[group]);
            (copy._states[group], copy._released[group]) = (_states[group], _released[group]);
        }

        return copy;
    }

    public void Add(in LogEntry entry)
    {
        var entries = _entries[entry.Group];
        entries.RemoveRange((int)entry.Index - 1, entries.Count - ((int)entry.Index - 1));
        entries.Add(entry);
    }

    public void Set(GroupId group, in HardState state) => _states[group] = state;

    public void Release(GroupId group, long through) => _released[group] = Math.Max(_released[group], through);

    /// <summary>Null when the log holds just this; else what is different.</summary>
    public string? Difference(INodeLog log)
    {
        foreach (var group in Groups)
        {
            var bounds = log.Bounds(group);
            if ((bounds.Last, bounds.LastTerm, bounds.HardState) != (Last(group), LastTerm(group), _states[group]))
            {
                return $"{group}: {bounds} instead of {Last(group)}, {LastTerm(group)}, {_states[group]}";
            }

            if (bounds.First < 1 || bounds.First > Math.Min(_released[group], Last(group)) + 1)
            {
                return $"{group}: begins at {bounds.First}, released up to {_released[group]} of {Last(group)}";
            }

            var read = log.Read(group, bounds.First, long.MaxValue, int.MaxValue);
            if (!Same(read, _entries[group].Skip((int)bounds.First - 1)))
            {
                return $"{group}: holds {read.Count} entries from {bounds.First} that are not those of the model";
            }
        }

        return null;
    }

    /// <summary>What a read of synced entries is to give.</summary>
    public IEnumerable<LogEntry> Read(GroupId group, long from, long to, int bytesMax)
    {
        var bytes = 0L;
        for (var index = from; index <= Math.Min(to, Last(group)); index++)
        {
            var entry = _entries[group][(int)index - 1];
            bytes += entry.Data.Length;
            if (index > from && bytes > bytesMax)
            {
                yield break;
            }

            yield return entry;
        }
    }

    public static bool Same(IEnumerable<LogEntry> left, IEnumerable<LogEntry> right) =>
        left.Select(Plain).SequenceEqual(right.Select(Plain));

    private static (GroupId Group, long Index, long Term, string Data) Plain(LogEntry entry) =>
        (entry.Group, entry.Index, entry.Term, Convert.ToBase64String(entry.Data.Span));
}
