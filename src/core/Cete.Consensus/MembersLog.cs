using Cete.Core;

namespace Cete.Consensus;

/// <summary>
/// Who the members are as of each entry that changed them. The newest counts as soon as it stands in the log, committed or not (section 4.1),
/// and the one before it again when it is overwritten.
/// </summary>
internal sealed class MembersLog
{
    private readonly List<(long Index, Members? Members)> _history;

    /// <param name="index">Up to here the first members count as settled.</param>
    /// <param name="members">Null when they are not known.</param>
    /// <param name="later">Entries behind it that change them.</param>
    public MembersLog(long index, Members? members, IReadOnlyList<ConsensusEntry> later)
    {
        _history = [(index, members)];
        foreach (var entry in later)
        {
            Add(entry);
        }
    }

    /// <summary>Null as long as this node has not been told of which group it is.</summary>
    public Members? Current => _history[^1].Members;

    /// <summary>Where they changed last.</summary>
    public long ChangedAt => _history[^1].Index;

    public void Add(in ConsensusEntry entry)
    {
        if (entry.Members is { } members)
        {
            Check.That(entry.Index > ChangedAt, "members change in order");
            _history.Add((entry.Index, members));
        }
    }

    public void CutBack(long last)
    {
        while (_history.Count > 1 && _history[^1].Index > last)
        {
            _history.RemoveAt(_history.Count - 1);
        }
    }

    /// <summary>What stands up to here is settled.</summary>
    public void Settle(long commit)
    {
        while (_history.Count > 1 && _history[1].Index <= commit)
        {
            _history.RemoveAt(0);
        }
    }

    public void Reset(long index, Members members)
    {
        _history.Clear();
        _history.Add((index, members));
    }
}
