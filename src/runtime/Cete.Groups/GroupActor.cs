using Cete.Actors;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Log;
using Cete.Groups.Store;
using Cete.Groups.Wire;

namespace Cete.Groups;

/// <summary>
/// Drives one replica: feeds the consensus machine, has log, store and network carry out its effects, and answers clients once their
/// commands are durable and applied. It never waits for a disk or another node itself.
/// </summary>
internal sealed partial class GroupActor(ReplicaParts parts) : Actor<GroupMessage>
{
    private readonly GroupId _group = parts.Group;
    private ActorRef<StoreMessage>? _store;
    private ActorRef<FetchMessage>? _fetch;
    private StoreFacts? _opened;
    private Failure? _failure;
    private bool _broken;
    private long _began;

    private Instant WallClock => Instant.From(Context.Clock.GetUtcNow());

    /// <summary>The machine's time: it never goes back, whatever the clock does.</summary>
    private Instant Now => new((long)Context.Clock.GetElapsedTime(_began).TotalMicroseconds);

    protected override void Started()
    {
        _began = Context.Clock.GetTimestamp();
        var mailbox = new GroupMailbox(Context.Self);
        _store = Context.Spawn("store", () => parts.Store(mailbox), new ActorOptions { Dispatcher = Context.System.Blocking });
        Context.Watch(_store);
        _fetch = Context.Spawn("fetch", () => parts.Fetch(mailbox), new ActorOptions { Dispatcher = Context.System.Blocking });
        Context.Watch(_fetch);
        Context.Watch(parts.Log);
        parts.Log.Tell(new LogMessage.Open(_group, mailbox));
    }

    protected override void Receive(GroupMessage message)
    {
        if (message is GroupMessage.Submit or GroupMessage.ReadIndex or GroupMessage.ReadAt or GroupMessage.WaitForApplied or GroupMessage.Snapshot
            or GroupMessage.ChangeMembers or GroupMessage.Found or GroupMessage.Transfer or GroupMessage.Describe)
        {
            parts.Board.Leave();
            HandleClient(message);
        }
        else
        {
            Handle(message);
        }

        Publish();
        SetTimer();
    }

    private void HandleClient(GroupMessage message)
    {
        switch (message)
        {
            case GroupMessage.Submit submit:
                Submit(submit);
                break;
            case GroupMessage.ReadIndex read:
                ReadIndex(read);
                break;
            case GroupMessage.ReadAt read:
                ReadAt(read);
                break;
            case GroupMessage.WaitForApplied wait:
                WaitForApplied(wait);
                break;
            case GroupMessage.Snapshot snapshot:
                Snapshot(snapshot);
                break;
            case GroupMessage.ChangeMembers change:
                ChangeMembers(change);
                break;
            case GroupMessage.Found found:
                Found(found);
                break;
            case GroupMessage.Transfer transfer:
                Transfer(transfer);
                break;
            case GroupMessage.Describe describe:
                describe.Answer.Reply(Report());
                break;
        }
    }

    private void Handle(GroupMessage message)
    {
        switch (message)
        {
            case GroupMessage.Received received:
                parts.Board.LeaveFromMember();
                Received(received);
                break;
            case GroupMessage.Tick:
                _isTimerSet = false;
                Step(ConsensusInput.Tick.Instance);
                HandOverWhenAhead();
                break;
            case GroupMessage.NodeGone gone:
                parts.Board.LeaveFromMember();
                Step(new ConsensusInput.PeerGone(gone.Node));
                break;
            case GroupMessage.Remembered remembered:
                Remembered(remembered);
                break;
            case GroupMessage.Vouched:
                _isVouched = true;
                Step(ConsensusInput.Vouched.Instance);
                break;
            case GroupMessage.ProposeAll:
                ProposeAll();
                break;
            case GroupMessage.StoreOpened opened:
                (_opened, _failure) = (opened.Facts, _broken ? _failure : null);
                TakeFacts(opened.Facts);
                StartWhenBothAreOpen();
                FoundedHere();
                break;
            case GroupMessage.NotFounded unfounded:
                _failure = _broken ? _failure : unfounded.Failure;
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
            case GroupMessage.CheckpointWanted:
                _mustRelease = true;
                _store?.Tell(new StoreMessage.Checkpoint());
                break;
            case GroupMessage.CheckpointMade made:
                Release(made.Through);
                break;
            case GroupMessage.Broken broken:
                Break(broken.Failure);
                break;
            default:
                HandleLog(message);
                break;
        }
    }

    private void HandleLog(GroupMessage message)
    {
        switch (message)
        {
            case GroupMessage.LogOpened opened:
                _log = opened;
                StartWhenBothAreOpen();
                break;
            case GroupMessage.LogSynced synced when synced.Attempt == _attempt:
                LogWorks();
                TakeDurable(synced.Write);
                Step(new ConsensusInput.Persisted(synced.Write));
                break;
            case GroupMessage.LogFailed failed when failed.Attempt == _attempt:
                LogFailed(failed);
                break;
            case GroupMessage.Reopen:
                parts.Log.Tell(new LogMessage.Open(_group, new GroupMailbox(Context.Self)));
                break;
            case GroupMessage.EntriesRead { For: null } read:
                ReadBack(read);
                break;
            case GroupMessage.EntriesRead { For: { } member } read:
                Step(new ConsensusInput.Loaded(member, [.. read.Entries.Select(ToConsensus)]));
                break;
            case GroupMessage.Released released:
                Step(new ConsensusInput.Compacted(released.Through));
                break;
            case GroupMessage.SnapshotFetched fetched:
                Install(fetched);
                break;
            case GroupMessage.SnapshotNotFetched:
                _isFetching = false;
                break;
            case GroupMessage.SnapshotInstalled installed:
                Installed(installed.Facts);
                break;
            case GroupMessage.Adopted adopted:
                Adopted(adopted.Lineage);
                break;
            case GroupMessage.SnapshotRefused:
                (_isFetching, _isInstalling) = (false, false);
                ApplyMore();
                break;
        }
    }

    protected override void Signal(Signal signal)
    {
        if (signal is Terminated terminated)
        {
            var who = ReferenceEquals(terminated.Actor, parts.Log) ? "the node's log" : $"the store of group '{_group}'";
            Break(new Failure(FailureKind.Unavailable, $"{who} stopped; see the node's log file"));
            Publish();
        }
    }

    protected override void Stopped()
    {
        Break(new Failure(FailureKind.Unavailable, $"group '{_group}' is stopping"));
        Publish();

        // Those whose questions still wait in the mailbox get no answer from there.
        parts.Board.Dispose();
    }

    private void Snapshot(GroupMessage.Snapshot snapshot)
    {
        if (_store?.Tell(new StoreMessage.Snapshot(snapshot.Target, snapshot.Answer)) != true)
        {
            snapshot.Answer.Reply(new Failure(FailureKind.Unavailable, $"the store of group '{_group}' is not open"));
        }
    }

    private GroupReport Report()
    {
        var followers = _machine is { Role: RaftRole.Leader, Members: { } members } machine
            ? members.All.Where(node => node != parts.Self && machine.MatchOf(node) is not null)
                .Select(node => new FollowerStatus(node, machine.MatchOf(node)!.Value, machine.SilenceOf(node, Now)!.Value)).ToList()
            : [];
        var mayChange = _machine is { Members: { } current } && _machine.MayChangeTo(current);
        return new GroupReport(parts.Board.Status, _machine?.LastIndex ?? _applied, mayChange, followers);
    }

    private void Publish()
    {
        _foundOld = _machine?.FoundOld is { } found ? Math.Max(found, _foundOld ?? 0) : _foundOld;
        var isOpen = _opened is not null && _log is not null;
        var status = new GroupStatus(_isRoot && !_broken, _machine?.Term ?? 0, _committed, _applied, _level, _failure)
        {
            IsOpen = isOpen && !_broken,
            Root = _machine?.Leader,
            Members = _machine?.Members ?? _members,
            Lineage = _lineage ?? Lineage.None,
            DurableTerm = _durableTerm,
            IsVouched = _machine?.IsVouched == true,
            FoundOld = _foundOld,
            Forgotten = _machine is null ? _forgotten?.Index : _machine.Forgotten,
        };
        if (status != parts.Board.Status)
        {
            parts.Board.Status = status;
        }
    }

    private void Break(Failure failure)
    {
        // What broke it first is what there is to tell.
        failure = _broken ? _failure! : failure;
        (_broken, _failure, _machine) = (true, failure, null);
        RefuseWaiting(failure);
        _founding?.Answer.Reply(failure);
        _founding = null;
        RefuseUnderWay(failure, from: 0);
        _readsAt.ForEach(read => read.Answer.Reply(failure));
        _readsAt.Clear();
    }
}
