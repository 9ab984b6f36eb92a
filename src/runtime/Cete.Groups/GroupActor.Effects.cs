using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Log;
using Cete.Groups.Store;
using Cete.Ports;

namespace Cete.Groups;

/// <summary>Carrying out what consensus decides: persist, then apply; and what happens when a disk does not let it.</summary>
internal sealed partial class GroupActor
{
    /// <summary>Bytes handed to the store at once: one transaction.</summary>
    private const int ApplyBytesMax = 4 * 1024 * 1024;

    /// <summary>Entries that are appended but not applied yet; older ones are read back from the log.</summary>
    private readonly Queue<LogEntry> _fresh = new();
    private IReadOnlyList<LogEntry> _handed = [];
    private long _lastProposed;
    private bool _underWay;

    private void Step(ConsensusInput input)
    {
        if (_broken)
        {
            return;
        }

        machine.Step(input, Now(), _effects);
        var effects = _effects.Effects.ToArray();
        _effects.Clear();
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case ConsensusEffect.PersistState state:
                    _term = state.Term;
                    _stateToPersist = new HardState(state.Term, KeyId.TryParse(state.VotedFor, out var candidate) ? candidate : null);
                    break;
                case ConsensusEffect.Append append:
                    Append(append.Entries);
                    break;
                case ConsensusEffect.Commit commit:
                    _committed = commit.Index;
                    ApplyMore();
                    break;
                case ConsensusEffect.BecameRoot:
                    BecomeRoot();
                    break;
            }
        }
    }

    private void Append(IReadOnlyList<ConsensusEntry> entries)
    {
        var records = new LogEntry[entries.Count];
        for (var i = 0; i < records.Length; i++)
        {
            records[i] = new LogEntry(group, entries[i].Index, entries[i].Term, entries[i].Data);
            _fresh.Enqueue(records[i]);
            _lastProposed = entries[i].Index;
        }

        if (!log.Tell(new LogMessage.Append(group, _attempt, _stateToPersist, records)))
        {
            Break(new Failure(FailureKind.Unavailable, "the node's log has stopped; see the node's log file"));
        }

        _stateToPersist = null;
    }

    private void BecomeRoot()
    {
        _isRoot = true;
        _failure = null;
        RaiseLevel();
        while (_beforeRoot.TryDequeue(out var waiting))
        {
            Handle(waiting);
        }
    }

    /// <summary>Proposes the level of this program, unless it is on its way. Commands come behind it.</summary>
    private void RaiseLevel()
    {
        if (_isRoot && !_broken && _level < levelMax && _raiseIndex == 0)
        {
            _lastStamp = Instant.Max(_lastStamp, Now());
            _raiseIndex = Propose(GroupCodec.EncodeRaise(levelMax, _lastStamp));
        }
    }

    private long Propose(byte[] data)
    {
        _lastProposed = 0;
        Step(new ConsensusInput.Propose([data]));
        Check.That(_lastProposed > 0, "a root takes proposals");
        return _lastProposed;
    }

    private void ApplyMore()
    {
        if (_underWay || _broken || _applied >= _committed)
        {
            return;
        }

        _underWay = true;
        if (_handed.Count > 0 && _handed[0].Index == _applied + 1)
        {
            SendToStore(_handed);
            return;
        }

        while (_fresh.TryPeek(out var old) && old.Index <= _applied)
        {
            _fresh.Dequeue();
        }

        if (!_fresh.TryPeek(out var first) || first.Index > _applied + 1)
        {
            var to = first.Index > 0 ? Math.Min(first.Index - 1, _committed) : _committed;
            log.Tell(new LogMessage.Read(group, _applied + 1, to));
            return;
        }

        List<LogEntry> entries = [];
        var bytes = 0;
        while (_fresh.TryPeek(out var next) && next.Index <= _committed && (bytes += next.Data.Length) <= ApplyBytesMax + Limits.CommandBytesMax)
        {
            entries.Add(_fresh.Dequeue());
        }

        SendToStore(entries);
    }

    private void SendToStore(IReadOnlyList<LogEntry> entries)
    {
        if (entries.Count == 0 || entries[0].Index != _applied + 1)
        {
            Break(new Failure(FailureKind.Damaged, $"the log of group '{group}' lacks entry {_applied + 1}"));
            return;
        }

        _handed = entries;
        if (!_store!.Tell(new StoreMessage.Apply(entries)))
        {
            Break(new Failure(FailureKind.Unavailable, $"the store of group '{group}' takes nothing more; see the node's log file"));
        }
    }

    /// <summary>A full disk: what was not kept was never acknowledged, so it is refused, and the group goes on from before it.</summary>
    private void LogFailed(GroupMessage.LogFailed failed)
    {
        if (failed.Failure.Kind == FailureKind.Damaged)
        {
            Break(failed.Failure);
            return;
        }

        _attempt++;
        var kept = _fresh.Where(entry => entry.Index < failed.FromIndex).ToArray();
        _fresh.Clear();
        foreach (var entry in kept)
        {
            _fresh.Enqueue(entry);
        }

        foreach (var (index, answer) in _answers.Where(a => a.Key >= failed.FromIndex).ToArray())
        {
            _answers.Remove(index);
            answer.Reply(failed.Failure);
        }

        if (!_isRoot)
        {
            // Not even the term is persisted: there is no root until it is.
            RefuseWaiting(_failure ??= failed.Failure);
            Context.Timers.StartSingle(nameof(GroupMessage.RetryStart), new GroupMessage.RetryStart(failed.FromIndex), settings().RetryDelay);
            return;
        }

        Step(new ConsensusInput.PersistFailed(failed.FromIndex));
        if (failed.FromIndex <= _raiseIndex)
        {
            _raiseIndex = 0;
            Context.Timers.StartSingle(nameof(GroupMessage.RetryLevel), new GroupMessage.RetryLevel(), settings().RetryDelay);
        }
    }

    private void ApplyFailed(Failure failure)
    {
        if (failure.Kind == FailureKind.Damaged)
        {
            Break(failure);
            return;
        }

        // Committed commands wait; new ones are refused until the store takes them again.
        _failure = failure;
        Context.Timers.StartSingle(nameof(GroupMessage.RetryApply), new GroupMessage.RetryApply(), settings().RetryDelay);
    }

    private void Break(Failure failure)
    {
        // What broke it first is what there is to tell.
        failure = _broken ? _failure! : failure;
        (_broken, _failure) = (true, failure);
        RefuseWaiting(failure);
        foreach (var answer in _answers.Values)
        {
            answer.Reply(failure);
        }

        _answers.Clear();
        _reads.ForEach(read => read.Answer.Reply(failure));
        _reads.Clear();
    }

    private void RefuseWaiting(Failure failure)
    {
        while (_beforeRoot.TryDequeue(out var waiting))
        {
            (waiting as GroupMessage.Submit)?.Answer.Reply(failure);
            (waiting as GroupMessage.ReadIndex)?.Answer.Reply(failure);
        }
    }
}
