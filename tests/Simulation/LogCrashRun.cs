using Cete.Core;
using Cete.Ports;
using Cete.Storage.Log;

namespace Cete.Simulation;

/// <summary>
/// One random life of a log on a simulated disk: additions, overwritten suffixes, snapshots in the place of entries, releases, full
/// disks, failing syncs, crashes.
/// After each reopening the log is what the model says: all that was synced, and of a batch whose end is unknown all or nothing.
/// </summary>
internal sealed class LogCrashRun(ulong seed)
{
    private const int SegmentBytes = 4096;
    private readonly Prng _prng = new(seed);
    private readonly SimFiles _disk = new(seed ^ 0xD15C);
    private LogModel _synced = new();
    private LogModel _pending = new();
    private SegmentLog? _opened;
    private int _pendingResets;

    private SegmentLog Log => _opened!;

    public int Crashes { get; private set; }

    public int Fulls { get; private set; }

    public int Deaths { get; private set; }

    public int Kills { get; private set; }

    public int Kept { get; private set; }

    public int SegmentsMost { get; private set; }

    /// <summary>Starts that found zeros behind the newest segment's last frame, or sectors of a frame among them.</summary>
    public int Aheads { get; private set; }

    /// <summary>Snapshots that took the place of entries and were synced.</summary>
    public int Resets { get; private set; }

    public void Run(int steps)
    {
        Reopen(crash: false);
        for (var step = 0; step < steps; step++)
        {
            _disk.StopAtOperation = _prng.Chance(1, 20) ? _disk.Operations + 1 + _prng.Next(8) : 0;
            try
            {
                Step();
            }
            catch (SimStoppedException)
            {
                Kills++;
                _disk.FailDeletes = false;
                (_disk.FullAtWrite, _disk.FailAtSync) = (0, 0);
                Reopen(_prng.Chance(1, 2), isKeptPossible: true);
            }

            SegmentsMost = Math.Max(SegmentsMost, _disk.Paths.Count);
        }
    }

    private void Step()
    {
        var group = LogModel.Groups[_prng.Next(LogModel.Groups.Length)];
        switch (_prng.Next(21))
        {
            case < 7:
                AppendSome(group, _pending.Last(group) + 1);
                break;
            case < 9 when _pending.Released(group) < _pending.Last(group):
                AppendSome(group, _pending.Released(group) + 1 + _prng.Next(_pending.Last(group) - _pending.Released(group)));
                break;
            case 9:
                var state = new HardState(_pending.StateOf(group).Term + 1, _prng.Chance(1, 3) ? null : KeyId.Of([(byte)_prng.Next(99)]));
                Log.Append(group, state);
                _pending.Set(group, state);
                break;
            case < 15:
                Sync();
                break;
            case < 17:
                Release(group);
                break;
            case 17:
                ReadSome(group);
                break;
            case 18:
                Reset(group);
                break;
            case 19:
                Reopen(crash: false);
                break;
            default:
                Reopen(crash: true);
                break;
        }
    }

    private void AppendSome(GroupId group, long index)
    {
        var term = Math.Max(1, _pending.LastTerm(group)) + _prng.Next(2);
        for (var count = 1 + _prng.Next(4); count > 0; count--)
        {
            var data = new byte[_prng.Chance(1, 8) ? 0 : _prng.Next(1500)];
            _prng.Fill(data);
            var kind = _prng.Chance(1, 6) ? LogEntryKind.Members : LogEntryKind.Command;
            var entry = new LogEntry(group, index++, term, data, kind);
            Log.Append(entry);
            _pending.Add(entry);
        }

        CheckPending(group);
    }

    /// <summary>A snapshot mostly stands beyond the log, now and then amid it, before it, or at the start of a group that begins anew.</summary>
    private void Reset(GroupId group)
    {
        var index = _prng.Next(4) switch
        {
            0 => _prng.Next(_pending.Last(group) + 1),
            1 => _pending.Last(group),
            _ => _pending.Last(group) + 1 + _prng.Next(20),
        };
        var term = index == 0 ? 0 : Math.Max(1, _pending.LastTerm(group)) + _prng.Next(2);
        Log.Reset(group, index, term);
        _pending.Reset(group, index, term);
        _pendingResets++;
        CheckPending(group);
    }

    private void CheckPending(GroupId group)
    {
        var difference = _pending.BoundsDifference(Log, group);
        Check.That(difference is null, difference ?? string.Empty);
    }

    private void Release(GroupId group)
    {
        if (_pending.Released(group) < _synced.Released(group))
        {
            // An older snapshot is about to be taken: nothing is released until it is.
            return;
        }

        // Raft releases what is applied, hence committed, hence never overwritten, or in the state that a snapshot has brought.
        var common = _synced.Last(group) == 0 ? 0 : _synced.Released(group) + _prng.Next(_synced.Last(group) - _synced.Released(group) + 1);
        var through = Math.Min(common, AgreedWithPending(group));
        _disk.FailDeletes = _prng.Chance(1, 10);
        _synced.Release(group, through);
        _pending.Release(group, through);
        Log.Release(group, through);
        _disk.FailDeletes = false;
    }

    private long AgreedWithPending(GroupId group)
    {
        var agreed = Math.Max(_synced.Released(group), Math.Min(_synced.Last(group), _pending.Snapshot(group)));
        while (agreed < Math.Min(_synced.Last(group), _pending.Last(group))
            && LogModel.Same(_synced.Read(group, agreed + 1, agreed + 1, 0), _pending.Read(group, agreed + 1, agreed + 1, 0)))
        {
            agreed++;
        }

        return agreed;
    }

    private void Sync()
    {
        switch (_prng.Next(10))
        {
            case 0:
                _disk.FullAtWrite = _disk.Writes + 1 + _prng.Next(3);
                break;
            case 1:
                _disk.FailAtSync = _disk.Syncs + 1 + _prng.Next(3);
                break;
        }

        var failure = Log.Sync();
        (_disk.FullAtWrite, _disk.FailAtSync) = (0, 0);
        switch (failure?.Kind)
        {
            case null:
                Resets += _pendingResets;
                _synced = _pending.Copy();
                break;
            case FailureKind.Damaged:
                Deaths++;
                Check.That(Log.Sync() == failure, "a dead log stays dead");
                Reopen(_prng.Chance(1, 2), isKeptPossible: true);
                return;
            default:
                Fulls++;
                _pending = _synced.Copy();
                break;
        }

        _pendingResets = 0;

        Check.That(_synced.Difference(Log) is null, _synced.Difference(Log) ?? string.Empty);
    }

    private void ReadSome(GroupId group)
    {
        var first = Math.Max(Log.Bounds(group).First, _synced.Released(group) + 1);
        if (first > _synced.Last(group) || first > _pending.Last(group))
        {
            return;
        }

        var from = first + _prng.Next(_synced.Last(group) - first + 1);
        var (to, bytesMax) = (from + _prng.Next(6) - 1, _prng.Next(4000));
        Check.That(LogModel.Same(_synced.Read(group, from, to, bytesMax), Log.Read(group, from, to, bytesMax)), "a read gives what was synced");
    }

    /// <summary>Only a stop in good order closes the log: whoever is killed leaves what it wrote ahead.</summary>
    private void Reopen(bool crash, bool isKeptPossible = false)
    {
        if (!crash && !isKeptPossible)
        {
            _opened?.Dispose();
        }

        _opened = null;
        if (crash)
        {
            _disk.Crash();
            Crashes++;
        }

        Aheads += _disk.Paths is [.., var newest] && _disk.BytesOf(newest) is [.., 0] ? 1 : 0;

        // A start may be killed as well, any number of times.
        var opened = SegmentLog.Open(_disk, "log", SegmentBytes);
        Check.That(opened.Succeeded, $"after a {(crash ? "crash" : "stop")}: {opened.Failure}");
        _opened = opened.Value;
        var difference = _synced.Difference(Log);
        if (difference is not null && isKeptPossible && _pending.Difference(Log) is null)
        {
            _synced = _pending.Copy();
            Kept++;
            difference = null;
        }

        Check.That(difference is null, difference ?? string.Empty);
        _pending = _synced.Copy();
        _pendingResets = 0;
    }
}
