using Cete.Core;
using Cete.Ports;

namespace Cete.Groups.Tests.Support;

/// <summary>
/// A log whose disk is full for a while: then nothing of a batch is kept, as the port promises. Also a gate that holds syncs up, so
/// that a test decides what is under way.
/// </summary>
internal sealed class FaultyLog(Func<INodeLog> open) : INodeLog
{
    public static readonly Failure Full = new(FailureKind.Full, "no room on the disk while writing the log; make room and try again");
    private readonly ManualResetEventSlim _gate = new(true);
    private readonly List<Action<INodeLog>> _batch = [];
    private readonly INodeLog _log = open();
    private volatile Failure? _failure;
    private int _failures;

    /// <summary>What syncs fail with; null when they work.</summary>
    public Failure? Failure
    {
        get => _failure;
        set => _failure = value;
    }

    /// <summary>Decides for each batch, by the entries in it, whether it fails.</summary>
    public Func<IReadOnlyList<LogEntry>, bool>? Refuses { get; set; }

    /// <summary>Syncs that failed so far.</summary>
    public int Failures => Volatile.Read(ref _failures);

    public long Synced { get; private set; }

    public GroupId? Holder => _log.Holder;

    private List<LogEntry> Entries { get; } = [];

    public void Hold() => _gate.Reset();

    public void LetGo() => _gate.Set();

    public LogBounds Bounds(GroupId group) => _log.Bounds(group);

    public void Append(in LogEntry entry)
    {
        var kept = entry;
        Entries.Add(entry);
        _batch.Add(log => log.Append(kept));
    }

    public void Append(GroupId group, in HardState state)
    {
        var kept = state;
        _batch.Add(log => log.Append(group, kept));
    }

    public void Reset(GroupId group, long index, long term) => _batch.Add(log => log.Reset(group, index, term));

    public Failure? Sync()
    {
        _gate.Wait();
        var failure = _failure ?? (Refuses?.Invoke(Entries) == true ? Full : null);
        if (failure is null)
        {
            _batch.ForEach(addition => addition(_log));
            failure = _log.Sync();
            Synced++;
        }
        else
        {
            Interlocked.Increment(ref _failures);
        }

        _batch.Clear();
        Entries.Clear();
        return failure;
    }

    public IReadOnlyList<LogEntry> Read(GroupId group, long from, long to, int bytesMax) => _log.Read(group, from, to, bytesMax);

    public void Release(GroupId group, long through) => _log.Release(group, through);

    public void Dispose()
    {
        _gate.Set();
        _log.Dispose();
    }
}
