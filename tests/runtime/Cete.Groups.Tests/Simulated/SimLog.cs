using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Ports;

namespace Cete.Groups.Tests.Simulated;

/// <summary>What a crash leaves of the log: the synced entries.</summary>
internal sealed class SimDisk
{
    /// <summary>All entries that were ever synced and not overwritten, released ones too.</summary>
    public List<LogEntry> Entries { get; } = [];

    public HardState HardState { get; set; } = HardState.Initial;

    public long Released { get; set; }

    /// <summary>Syncs fail.</summary>
    public bool IsFull { get; set; }
}

/// <summary>A log in memory with the promises of the port: a batch is kept whole or not at all, a crash loses what was not synced.</summary>
internal sealed class SimLog(SimDisk disk, Prng chance) : INodeLog
{
    private readonly List<LogEntry> _pending = [];
    private HardState? _state;
    private GroupId _group;

    public GroupId? Holder => chance.Chance(1, 20) ? _group : null;

    public LogBounds Bounds(GroupId group)
    {
        _group = group;
        var newest = _pending.Count > 0 ? _pending[^1] : disk.Entries.Count > 0 ? disk.Entries[^1] : default;
        return new LogBounds(disk.Released + 1, newest.Index, newest.Term, _state ?? disk.HardState);
    }

    public void Append(in LogEntry entry)
    {
        var last = Bounds(entry.Group).Last;
        Check.That(entry.Index > disk.Released && entry.Index <= last + 1, "a log has no gaps");
        _pending.Add(entry);
    }

    public void Append(GroupId group, in HardState state) => _state = state;

    public Failure? Sync()
    {
        var failure = disk.IsFull && chance.Chance(3, 4) ? FaultyLog.Full : null;
        if (failure is null)
        {
            disk.HardState = _state ?? disk.HardState;
            foreach (var entry in _pending)
            {
                disk.Entries.RemoveRange((int)entry.Index - 1, disk.Entries.Count - (int)entry.Index + 1);
                disk.Entries.Add(entry);
            }
        }

        _pending.Clear();
        _state = null;
        return failure;
    }

    public IReadOnlyList<LogEntry> Read(GroupId group, long from, long to, int bytesMax)
    {
        Check.That(from > disk.Released);
        return [.. disk.Entries.Where(entry => entry.Index >= from && entry.Index <= to).Take(1 + chance.Next(5))];
    }

    public void Release(GroupId group, long through) => disk.Released = Math.Max(disk.Released, through);

    public void Dispose() => _pending.Clear();
}
