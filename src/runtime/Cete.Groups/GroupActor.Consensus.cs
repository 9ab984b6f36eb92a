using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Log;
using Cete.Groups.Store;
using Cete.Groups.Wire;
using Cete.Ports;

namespace Cete.Groups;

/// <summary>The machine of consensus: its start, its inputs, and its effects in their order.</summary>
internal sealed partial class GroupActor
{
    private readonly EffectSink<ConsensusEffect> _effects = new();
    private readonly Queue<ConsensusInput> _inputs = new();
    private RaftMachine? _machine;
    private GroupMessage.LogOpened? _log;
    private bool _isStepping;
    private bool _isTimerSet;
    private Instant _timerDue;
    private int _attempt;
    private bool _isFetching;
    private bool _isInstalling;

    private void StartWhenBothAreOpen()
    {
        if (_opened is null || _log is null || _broken)
        {
            return;
        }

        _attempt++;
        _terms.Clear();
        FindLineage();
        var bounds = _log.Bounds;
        var (term, votedFor) = bounds.HardState;
        _durableTerm = term;
        var extent = new LogExtent(bounds.First, bounds.Last, bounds.LastTerm, [.. bounds.Terms.Select(run => new TermSpan(run.First, run.Term))])
        {
            PreviousTerm = bounds.First == _applied + 1 && bounds.Terms.Count > 0 ? TermBefore(bounds.Terms[0].Term) : null,
        };
        if (_opened.InstalledAt == _applied && IsOlderThanStore(bounds))
        {
            // It stopped between taking over a snapshot and letting go of the log that this took the place of.
            (term, votedFor) = _opened.AppliedTerm > term ? (_opened.AppliedTerm, null) : (term, votedFor);
            extent = new LogExtent(_applied + 1, _applied, _opened.AppliedTerm, []);
            Append(0, new HardState(term, votedFor), (_applied, _opened.AppliedTerm), []);
        }
        else if (bounds.Last < _applied || bounds.First > _applied + 1)
        {
            Break(new Failure(FailureKind.Damaged, $"the log holds entries {bounds.First} to {bounds.Last} of group '{_group}', its store stands at {_applied}: they do not belong together; restore both from the same copy of the data folder"));
            return;
        }

        if (_isLogFailing)
        {
            // Nothing may be to be written for long: this tells whether the log takes it again.
            Append(0, new HardState(term, votedFor), null, []);
        }

        ConsensusEntry[] later = [.. _log.Members.Where(entry => entry.Index > _applied).Select(ToConsensus)];
        if (later.Any(entry => entry.Members is null))
        {
            Break(new Failure(FailureKind.Damaged, $"the log of group '{_group}' names members that no program understands; restore the node from its community"));
            return;
        }

        _machine = parts.Machine(parts.Self, parts.Settings().Raft, parts.Seed());
        Step(new ConsensusInput.Start(Math.Max(term, bounds.LastTerm), votedFor, extent, _applied, _members, later) { IsVouched = _isVouched });
        TellRemembered();
    }

    /// <summary>The log ends before the store's entry, or holds one in its place that never was committed.</summary>
    private bool IsOlderThanStore(in LogBounds bounds)
    {
        if (_applied == 0 || bounds.Last < _applied)
        {
            return bounds.Last < _applied;
        }

        var runs = bounds.Terms.Where(run => run.First <= _applied).ToArray();
        return runs.Length > 0 && runs[^1].Term != _opened!.AppliedTerm;
    }

    /// <summary>
    /// The term of the entry at which the store stands, for a log that begins behind it. A program before replication did not note it; where nobody
    /// else has the log, any that is not later does.
    /// </summary>
    private long TermBefore(long next) => _opened!.AppliedTerm > 0 ? _opened.AppliedTerm : next;

    private void Step(ConsensusInput input)
    {
        // A step is carried out to its end before the next one: what it persists comes in the order of its numbers.
        _inputs.Enqueue(input);
        if (_isStepping)
        {
            return;
        }

        _isStepping = true;
        while (_inputs.TryDequeue(out var next))
        {
            _machine?.Step(next, Now, _effects);

            // What others are told comes last: it takes time to encrypt, and what is committed can be applied meanwhile.
            CarryOutThose(isSend: false);
            CarryOutThose(isSend: true);

            _effects.Clear();
        }

        _isStepping = false;
    }

    private void CarryOutThose(bool isSend)
    {
        for (var i = 0; i < _effects.Effects.Count; i++)
        {
            if (_effects.Effects[i] is ConsensusEffect.Send == isSend)
            {
                CarryOut(_effects.Effects[i]);
            }
        }
    }

    private void CarryOut(ConsensusEffect effect)
    {
        switch (effect)
        {
            case ConsensusEffect.PersistState state:
                _terms.Enqueue((state.Write, state.Term));
                Append(state.Write, new HardState(state.Term, state.VotedFor), null, []);
                break;
            case ConsensusEffect.Append append:
                Append(append.Write, null, null, [.. append.Entries.Select(ToLog)]);
                break;
            case ConsensusEffect.ResetLog reset:
                Append(reset.Write, null, (reset.Index, reset.Term), []);
                break;
            case ConsensusEffect.Send send:
                parts.Network.Send(send.To, Envelope(send.Message));
                break;
            case ConsensusEffect.Commit commit:
                _committed = Math.Max(_committed, commit.Index);
                ApplyMore();
                break;
            case ConsensusEffect.RoleChanged:
                TakeRole();
                break;
            case ConsensusEffect.ReadReady ready:
                ReadReady(ready.Token, ready.Index);
                break;
            case ConsensusEffect.ReadFailed failed:
                ReadFailed(failed.Token);
                break;
            case ConsensusEffect.Load load:
                parts.Log.Tell(new LogMessage.Read(_group, load.For, load.From, load.To));
                break;
            case ConsensusEffect.FetchSnapshot fetch when !_isFetching:
                _isFetching = true;
                _fetch!.Tell(new FetchMessage.Begin(fetch.From, fetch.Index));
                break;
            case ConsensusEffect.Misbehaved:
                GroupMetrics.Misbehaved(_group);
                break;
        }
    }

    private ConsensusEnvelope Envelope(RaftMessage message) => new(_group, message, WallClock, parts.LevelMax)
    {
        Digest = DigestToTell,
        Lineage = _lineage ?? Lineage.None,
    };

    private void Append(long write, HardState? state, (long Index, long Term)? resetTo, IReadOnlyList<LogEntry> entries)
    {
        if (!parts.Log.Tell(new LogMessage.Append(_group, _attempt, write, state, resetTo, entries)))
        {
            Break(new Failure(FailureKind.Unavailable, "the node's log has stopped; see the node's log file"));
        }
    }

    private void Received(GroupMessage.Received received)
    {
        if (!IsOfThisGroup(received))
        {
            return;
        }

        Note(received.From, received.Envelope);
        if (received.Envelope.Message is RaftMessage.VoteRequest && received.Envelope.Clock > LatestClock)
        {
            return;
        }

        Step(new ConsensusInput.Received(received.From, received.Envelope.Message));
        CompareDigests(received.From, received.Envelope);
    }

    /// <summary>The timer may run out too early, which costs a step; it is not set anew for each message that puts the deadline off.</summary>
    private void SetTimer()
    {
        if (_machine?.NextDeadline is { } due && (!_isTimerSet || due < _timerDue))
        {
            (_isTimerSet, _timerDue) = (true, due);
            var delay = due - Now;
            Context.Timers.StartSingle(nameof(GroupMessage.Tick), GroupMessage.Tick.Instance, delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        }
    }

    private void ChangeMembers(GroupMessage.ChangeMembers change)
    {
        if (_machine is not { Role: RaftRole.Leader } machine)
        {
            change.Answer.Reply(_failure ?? new Failure(FailureKind.Unavailable, $"this node is not the root of group '{_group}'"));
        }
        else if (!machine.MayChangeTo(change.Members))
        {
            change.Answer.Reply(new Failure(FailureKind.Conflict, $"the members of group '{_group}' change one voter at a time, and the last change is under way"));
        }
        else
        {
            Step(new ConsensusInput.ChangeMembers(change.Members));
            change.Answer.Reply(true);
        }
    }

    private void Transfer(GroupMessage.Transfer transfer)
    {
        if (_machine is not { Role: RaftRole.Leader } machine)
        {
            transfer.Answer.Reply(_failure is { } failure ? RootAnswer<bool>.Of(failure) : RootAnswer<bool>.Elsewhere(RootElsewhere));
        }
        else if (machine.Members?.IsVoter(transfer.To) != true)
        {
            transfer.Answer.Reply(RootAnswer<bool>.Of(new Failure(FailureKind.Invalid, $"node {transfer.To} is no voter of group '{_group}'")));
        }
        else
        {
            Step(new ConsensusInput.Transfer(transfer.To));
            transfer.Answer.Reply(RootAnswer<bool>.Of(true));
        }
    }

    private void Install(GroupMessage.SnapshotFetched fetched)
    {
        if (_broken || fetched.Index <= _applied || _store?.Tell(new StoreMessage.Install(fetched.Index, _lineage ?? Lineage.None, fetched.Content)) != true)
        {
            fetched.Content.Dispose();
            _isFetching = false;
            return;
        }

        // What the store has in hand comes first; the next batch belongs to what it stands at then.
        _isInstalling = true;
    }

    private void Installed(StoreFacts facts)
    {
        (_isFetching, _isInstalling, _opened) = (false, false, facts);
        TakeFacts(facts);
        foreach (var index in _answers.Keys.Where(index => index <= _applied).ToArray())
        {
            _answers.Remove(index, out var pending);
            pending.Answer.Reply(RootAnswer<CommandReply>.Of(new Failure(FailureKind.Unavailable, "what came of the command is not known here; ask again with the same id")));
        }

        if (facts.Members is { } members)
        {
            Step(new ConsensusInput.SnapshotInstalled(facts.Applied, facts.AppliedTerm, members));
        }

        AnswerReadsAt();
        ApplyMore();
    }

    private LogEntry ToLog(ConsensusEntry entry) => entry.Members is { } members
        ? new LogEntry(_group, entry.Index, entry.Term, ConsensusCodec.Encode(members), LogEntryKind.Members)
        : new LogEntry(_group, entry.Index, entry.Term, entry.Data);

    private static ConsensusEntry ToConsensus(LogEntry entry) => entry.Kind == LogEntryKind.Members
        ? new ConsensusEntry(entry.Index, entry.Term, ReadOnlyMemory<byte>.Empty, ConsensusCodec.DecodeMembers(entry.Data))
        : new ConsensusEntry(entry.Index, entry.Term, entry.Data);
}
