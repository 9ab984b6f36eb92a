using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Ports;

namespace Cete.Groups.Tests.Simulated;

/// <summary>What a crash leaves of the log: the synced entries.</summary>
internal sealed class SimDisk
{
    /// <summary>All entries behind the newest snapshot that were ever synced and not overwritten, released ones too.</summary>
    public List<LogEntry> Entries { get; set; } = [];

    /// <summary>Where the snapshot stands that took the place of the entries before; 0 for none.</summary>
    public (long Index, long Term) Snapshot { get; set; }

    /// <summary>Of the newest entry.</summary>
    public long LastIndex => Entries is [.., var newest] ? newest.Index : Snapshot.Index;

    public HardState HardState { get; set; } = HardState.Initial;

    public long Released { get; set; }

    /// <summary>Syncs fail.</summary>
    public bool IsFull { get; set; }
}

/// <summary>A log in memory with the promises of the port: a batch is kept whole or not at all, a crash loses what was not synced.</summary>
internal sealed class SimLog(SimDisk disk, Prng chance) : INodeLog
{
    private SimDisk? _pending;
    private GroupId _group;

    public GroupId? Holder => chance.Chance(1, 20) ? _group : null;

    /// <summary>What will stand on the disk after the next sync.</summary>
    private SimDisk Pending => _pending ??= new SimDisk
    {
        Entries = [.. disk.Entries],
        Snapshot = disk.Snapshot,
        HardState = disk.HardState,
        Released = disk.Released,
    };

    public LogBounds Bounds(GroupId group)
    {
        _group = group;
        var shown = _pending ?? disk;
        var (last, lastTerm) = shown.Entries is [.., var newest] ? (newest.Index, newest.Term) : shown.Snapshot;
        LogEntry[] held = [.. shown.Entries.Where(entry => entry.Index > shown.Released)];
        var terms = held.Where((entry, i) => i == 0 || held[i - 1].Term != entry.Term).Select(entry => new TermRun(entry.Index, entry.Term));
        var membersAt = held.Where(entry => entry.Kind == LogEntryKind.Members).Select(entry => entry.Index);
        return new LogBounds(shown.Released + 1, last, lastTerm, shown.HardState, [.. terms], [.. membersAt]);
    }

    public void Append(in LogEntry entry)
    {
        var kept = (int)(entry.Index - Pending.Snapshot.Index - 1);
        Check.That(entry.Index > Pending.Released && kept <= Pending.Entries.Count, "a log has no gaps");
        Pending.Entries.RemoveRange(kept, Pending.Entries.Count - kept);
        Pending.Entries.Add(entry);
    }

    public void Append(GroupId group, in HardState state) => Pending.HardState = state;

    public void Reset(GroupId group, long index, long term)
    {
        Pending.Entries.Clear();
        (Pending.Snapshot, Pending.Released) = ((index, term), index);
    }

    public Failure? Sync()
    {
        var failure = disk.IsFull && chance.Chance(3, 4) ? FaultyLog.Full : null;
        if (failure is null && _pending is { } pending)
        {
            (disk.Entries, disk.Snapshot) = (pending.Entries, pending.Snapshot);
            (disk.HardState, disk.Released) = (pending.HardState, pending.Released);
        }

        _pending = null;
        return failure;
    }

    public IReadOnlyList<LogEntry> Read(GroupId group, long from, long to, int bytesMax)
    {
        return from <= disk.Released ? [] : [.. disk.Entries.Where(entry => entry.Index >= from && entry.Index <= to).Take(1 + chance.Next(5))];
    }

    public void Release(GroupId group, long through)
    {
        disk.Released = Math.Max(disk.Released, through);
        if (_pending is { } pending && pending.Snapshot == disk.Snapshot)
        {
            pending.Released = disk.Released;
        }
    }

    public void Dispose() => _pending = null;
}
