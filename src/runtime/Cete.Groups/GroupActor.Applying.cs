using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Log;
using Cete.Groups.Store;
using Cete.Ports;

namespace Cete.Groups;

/// <summary>Applying what is committed, letting go of what is in a checkpoint, and what happens when a disk does not let it.</summary>
internal sealed partial class GroupActor
{
    /// <summary>Bytes handed to the store at once: one transaction.</summary>
    private const int ApplyBytesMax = 4 * 1024 * 1024;

    /// <summary>Entries that are kept for members that are behind; with a snapshot those further behind are faster.</summary>
    private const long KeptForOthersMax = 50_000;

    /// <summary>A member that was not heard of for so long is not waited for.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(10);

    private IReadOnlyList<LogEntry> _handed = [];
    private Members? _members;
    private long _committed;
    private long _applied;
    private int _level;
    private bool _underWay;
    private bool _mustRelease;
    private bool _isLogFailing;

    private void TakeFacts(StoreFacts facts)
    {
        (_applied, _level, _members) = (facts.Applied, facts.Level, facts.Members);
        (_committed, _lastStamp) = (Math.Max(_committed, _applied), Instant.Max(_lastStamp, facts.LastStamp));
        _digests.Clear();
        KeepDigests(facts.Digests);
    }

    private void ApplyMore()
    {
        if (_underWay || _isInstalling || _broken || _applied >= _committed || _machine is null)
        {
            return;
        }

        _underWay = true;
        if (_handed.Count > 0 && _handed[0].Index == _applied + 1)
        {
            SendToStore(_handed);
            return;
        }

        var recent = _machine.Recent(_applied + 1, ApplyBytesMax);
        if (recent.Count == 0)
        {
            parts.Log.Tell(new LogMessage.Read(_group, null, _applied + 1, _committed));
            return;
        }

        SendToStore([.. recent.TakeWhile(entry => entry.Index <= _committed).Select(ToLog)]);
    }

    private void ReadBack(GroupMessage.EntriesRead read)
    {
        if (_isInstalling || read.From != _applied + 1)
        {
            // A snapshot took the place of what was asked for.
            _underWay = false;
            ApplyMore();
        }
        else if (read.Entries.Count > 0 && read.Entries[0].Index == read.From)
        {
            SendToStore(read.Entries);
        }
        else if (!_broken)
        {
            Break(new Failure(FailureKind.Damaged, $"the log of group '{_group}' lacks entry {read.From}"));
        }
    }

    private void SendToStore(IReadOnlyList<LogEntry> entries)
    {
        _handed = entries;
        if (!_store!.Tell(new StoreMessage.Apply(entries)))
        {
            Break(new Failure(FailureKind.Unavailable, $"the store of group '{_group}' takes nothing more; see the node's log file"));
        }
    }

    private void Applied(AppliedBatch batch)
    {
        _underWay = false;
        var first = _handed[0].Index;
        (_applied, _level, _members) = (batch.Applied, batch.Level, batch.Members);
        _opened = _opened! with { Applied = batch.Applied, AppliedTerm = _handed[^1].Term };
        if (!_broken)
        {
            _failure = null;
        }

        KeepDigests(batch.Digests);

        // Who has an answer and looks at the status finds itself in it.
        Publish();
        foreach (var reply in batch.Replies)
        {
            if (_answers.Remove(reply.EntryIndex, out var pending))
            {
                var isOwn = _handed[(int)(reply.EntryIndex - first)].Term == pending.Term;
                pending.Answer.Reply(isOwn ? RootAnswer<CommandReply>.Of(reply.Reply) : RootAnswer<CommandReply>.Elsewhere(RootElsewhere));
            }
        }

        // An entry of a later root took its place: it was never carried out.
        while (_answers.Count > 0 && _answers.First() is var oldest && oldest.Key <= _applied)
        {
            _answers.Remove(oldest.Key);
            oldest.Value.Answer.Reply(RootAnswer<CommandReply>.Elsewhere(RootElsewhere));
        }

        AnswerReadsAt();
        RaiseLevel();
        ApplyMore();
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
        HandOver();
        Context.Timers.StartSingle(nameof(GroupMessage.RetryApply), new GroupMessage.RetryApply(), parts.Settings().RetryDelay);
    }

    /// <summary>
    /// A full disk, most likely. What it did not take was acknowledged by nobody here: the machine bears it, or starts again from what the disk holds.
    /// </summary>
    private void LogFailed(GroupMessage.LogFailed failed)
    {
        if (failed.Failure.Kind == FailureKind.Damaged)
        {
            Break(failed.Failure);
            return;
        }

        if (_machine?.BearsFailedWrites == true)
        {
            _attempt++;
            _raiseIndex = failed.FirstIndex <= _raiseIndex ? 0 : _raiseIndex;
            RefuseUnderWay(failed.Failure, failed.FirstIndex);
            Step(ConsensusInput.PersistFailed.Instance);
            return;
        }

        KeepStanding();
        var isSole = _machine?.Members?.All.Count() == 1;
        (_machine, _isRoot, _log, _raiseIndex, _failure, _isLogFailing) = (null, false, null, 0, failed.Failure, true);
        RefuseWaiting(failed.Failure);

        // Where there are others, one of them may have it all the same, and commit it.
        var lost = isSole ? failed.Failure : new Failure(FailureKind.Unavailable, $"{failed.Failure.Message}; whether the command was carried out is not known: ask again with the same id");
        RefuseUnderWay(lost, failed.FirstIndex == 0 ? long.MaxValue : failed.FirstIndex);
        Context.Timers.StartSingle(nameof(GroupMessage.Reopen), new GroupMessage.Reopen(), parts.Settings().RetryDelay);
    }

    private void LogWorks()
    {
        if (_isLogFailing)
        {
            (_isLogFailing, _failure) = (false, _broken ? _failure : null);
        }
    }

    private void Release(long through)
    {
        if (!_mustRelease && _machine is { Role: RaftRole.Leader, Members: { } members } machine)
        {
            foreach (var node in members.All)
            {
                if (machine.SilenceOf(node, Now) < SilenceMax)
                {
                    through = Math.Min(through, Math.Max(machine.MatchOf(node)!.Value, through - KeptForOthersMax));
                }
            }
        }

        _mustRelease = false;
        if (through > 0)
        {
            parts.Log.Tell(new LogMessage.Release(_group, through));
        }
    }
}
