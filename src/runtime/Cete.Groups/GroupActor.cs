using Cete.Actors;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Log;
using Cete.Groups.Store;
using Cete.Ports;

namespace Cete.Groups;

/// <summary>
/// Drives one replica: feeds the consensus machine, has log and store carry out its effects, and answers clients once their
/// commands are durable and applied. It never waits for a disk itself.
/// </summary>
internal sealed partial class GroupActor(
    GroupId group, string self, IMachine<ConsensusInput, ConsensusEffect> machine, ActorRef<LogMessage> log,
    Func<GroupMailbox, Actor<StoreMessage>> store, int levelMax, Func<GroupSettings> settings, ReplicaBoard board)
    : Actor<GroupMessage>
{
    private readonly EffectSink<ConsensusEffect> _effects = new();
    private readonly Queue<GroupMessage> _beforeRoot = new();
    private readonly SortedDictionary<long, ReplyTo<Outcome<CommandReply>>> _answers = [];
    private readonly List<(long Index, ReplyTo<Outcome<long>> Answer)> _reads = [];
    private readonly List<(long Index, ReplyTo<long> Answer)> _waits = [];
    private ActorRef<StoreMessage>? _store;
    private GroupMessage.StoreOpened? _opened;
    private LogBounds? _bounds;
    private Failure? _failure;
    private Instant _lastStamp;
    private bool _isRoot;
    private bool _broken;
    private long _term;
    private long _committed;
    private long _applied;
    private int _level;
    private long _raiseIndex;
    private int _attempt = 1;
    private HardState? _stateToPersist;

    protected override void Started()
    {
        var mailbox = new GroupMailbox(Context.Self);
        _store = Context.Spawn("store", () => store(mailbox), new ActorOptions { Dispatcher = Context.System.Blocking });
        Context.Watch(_store);
        Context.Watch(log);
        log.Tell(new LogMessage.Open(group, mailbox));
    }

    protected override void Receive(GroupMessage message)
    {
        if (message is GroupMessage.Submit or GroupMessage.ReadIndex or GroupMessage.WaitForApplied or GroupMessage.Snapshot)
        {
            board.Leave();
        }

        Handle(message);
        Publish();
    }

    private void Handle(GroupMessage message)
    {
        switch (message)
        {
            case GroupMessage.Submit submit:
                Submit(submit);
                break;
            case GroupMessage.ReadIndex read:
                ReadIndex(read);
                break;
            case GroupMessage.WaitForApplied wait:
                WaitForApplied(wait);
                break;
            case GroupMessage.StoreOpened opened:
                _opened = opened;
                (_applied, _committed, _level, _lastStamp) = (opened.AppliedIndex, opened.AppliedIndex, opened.Level, opened.LastStamp);
                StartWhenBothAreOpen();
                break;
            case GroupMessage.LogOpened opened:
                _bounds = opened.Bounds;
                StartWhenBothAreOpen();
                break;
            case GroupMessage.LogSynced synced:
                Step(new ConsensusInput.Persisted(synced.Index));
                break;
            case GroupMessage.LogFailed failed:
                LogFailed(failed);
                break;
            case GroupMessage.EntriesRead read:
                SendToStore(read.Entries);
                break;
            case GroupMessage.Applied applied:
                Applied(applied.Batch);
                break;
            case GroupMessage.ApplyFailed failed:
                ApplyFailed(failed.Failure);
                break;
            case GroupMessage.RetryApply:
                _underWay = false;
                ApplyMore();
                break;
            case GroupMessage.RetryStart retry:
                Step(new ConsensusInput.PersistFailed(retry.FromIndex));
                break;
            case GroupMessage.RetryLevel:
                RaiseLevel();
                break;
            case GroupMessage.Snapshot snapshot:
                Snapshot(snapshot);
                break;
            case GroupMessage.CheckpointWanted:
                _store?.Tell(new StoreMessage.Checkpoint());
                break;
            case GroupMessage.Broken broken:
                Break(broken.Failure);
                break;
        }
    }

    protected override void Signal(Signal signal)
    {
        if (signal is Terminated terminated)
        {
            var who = ReferenceEquals(terminated.Actor, log) ? "the node's log" : $"the store of group '{group}'";
            Break(new Failure(FailureKind.Unavailable, $"{who} stopped; see the node's log file"));
            Publish();
        }
    }

    protected override void Stopped()
    {
        Break(new Failure(FailureKind.Unavailable, $"group '{group}' is stopping"));
        Publish();

        // Those whose questions still wait in the mailbox get no answer from there.
        board.Dispose();
    }

    private void StartWhenBothAreOpen()
    {
        if (_opened is null || _bounds is not { } bounds)
        {
            return;
        }

        if (bounds.Last < _opened.AppliedIndex || bounds.First > _opened.AppliedIndex + 1)
        {
            Break(new Failure(FailureKind.Damaged, $"the log holds entries {bounds.First} to {bounds.Last} of group '{group}', its store stands at {_opened.AppliedIndex}: they do not belong together; restore both from the same copy of the data folder"));
            return;
        }

        Step(new ConsensusInput.Start(self, bounds.HardState.Term, bounds.HardState.VotedFor?.ToString() ?? string.Empty, bounds.Last, bounds.LastTerm));
    }

    private void Submit(GroupMessage.Submit submit)
    {
        if (_failure is { } failure)
        {
            submit.Answer.Reply(failure);
        }
        else if (_answers.Count + _beforeRoot.Count >= Limits.ProposalsMax)
        {
            submit.Answer.Reply(new Failure(FailureKind.Unavailable, $"group '{group}' is overloaded; try again"));
        }
        else if (!_isRoot)
        {
            _beforeRoot.Enqueue(submit);
        }
        else
        {
            _lastStamp = Instant.Max(_lastStamp, Now());
            var data = GroupCodec.Encode(submit.Command, _lastStamp);
            if (data.Length > Limits.CommandBytesMax)
            {
                submit.Answer.Reply(new Failure(FailureKind.TooLarge, $"the command has {data.Length} bytes; {Limits.CommandBytesMax} is the most"));
                return;
            }

            RaiseLevel();
            var index = Propose(data);
            if (_broken)
            {
                submit.Answer.Reply(_failure!);
            }
            else
            {
                _answers.Add(index, submit.Answer);
            }
        }
    }

    private void ReadIndex(GroupMessage.ReadIndex read)
    {
        if (_broken)
        {
            read.Answer.Reply(_failure!);
        }
        else if (!_isRoot)
        {
            _beforeRoot.Enqueue(read);
        }
        else
        {
            // What reads knows the tables of this program's level: it waits for them, too.
            RaiseLevel();
            var index = Math.Max(_committed, _raiseIndex);
            if (_applied >= index)
            {
                read.Answer.Reply(_applied);
            }
            else
            {
                _reads.Add((index, read.Answer));
            }
        }
    }

    private void WaitForApplied(GroupMessage.WaitForApplied wait)
    {
        _waits.RemoveAll(w => w.Answer.IsDone);
        if (_applied > wait.Index)
        {
            wait.Answer.Reply(_applied);
        }
        else
        {
            _waits.Add((wait.Index, wait.Answer));
        }
    }

    private void Snapshot(GroupMessage.Snapshot snapshot)
    {
        if (_store?.Tell(new StoreMessage.Snapshot(snapshot.Target, snapshot.Answer)) != true)
        {
            snapshot.Answer.Reply(new Failure(FailureKind.Unavailable, $"the store of group '{group}' is not open"));
        }
    }

    private void Applied(AppliedBatch batch)
    {
        _underWay = false;
        (_applied, _level) = (batch.Applied, batch.Level);
        if (!_broken)
        {
            _failure = null;
        }

        // Who has an answer and looks at the status finds itself in it.
        Publish();
        foreach (var reply in batch.Replies)
        {
            if (_answers.Remove(reply.EntryIndex, out var answer))
            {
                answer.Reply(reply.Reply);
            }
        }

        _reads.RemoveAll(read => ReplyWhenReached(read.Index <= _applied, read.Answer, _applied));
        _waits.RemoveAll(wait => ReplyWhenReached(wait.Index < _applied, wait.Answer, _applied));
        ApplyMore();
    }

    private static bool ReplyWhenReached(bool reached, ReplyTo<Outcome<long>> answer, long applied)
    {
        if (reached)
        {
            answer.Reply(applied);
        }

        return reached || answer.IsDone;
    }

    private static bool ReplyWhenReached(bool reached, ReplyTo<long> answer, long applied)
    {
        if (reached)
        {
            answer.Reply(applied);
        }

        return reached || answer.IsDone;
    }

    private Instant Now() => Instant.From(Context.Clock.GetUtcNow());

    private void Publish() => board.Status = new GroupStatus(_isRoot && !_broken, _term, _committed, _applied, _level, _failure);
}
