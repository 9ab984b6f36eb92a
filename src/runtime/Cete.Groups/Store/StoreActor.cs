using System.Data.Common;
using Cete.Actors;
using Cete.Core;
using Cete.Groups.Log;
using Cete.Ports;

namespace Cete.Groups.Store;

/// <summary>Owns the store of one group, on the blocking dispatcher: applies batches, makes checkpoints and snapshots.</summary>
internal sealed class StoreActor(
    GroupId group, IStateStores stores, IStateMachine machine, ReplicaBoard board,
    GroupMailbox owner, ActorRef<LogMessage> log, Func<GroupSettings> settings)
    : Actor<StoreMessage>
{
    private ReplicaStore? _store;
    private long _bytesAtCheckpoint;

    protected override void Started()
    {
        var files = stores.Open(group);
        var opened = files.Succeeded ? ReplicaStore.Open(group, files.Value, machine) : files.Failure;
        if (opened.Succeeded)
        {
            _store = opened.Value;
            board.Store = files.Value;
            owner.Tell(new GroupMessage.StoreOpened(_store.Applied, _store.Level, _store.LastStamp));
        }
        else
        {
            owner.Tell(new GroupMessage.Broken(opened.Failure));
        }
    }

    protected override void Receive(StoreMessage message)
    {
        if (_store is null)
        {
            (message as StoreMessage.Snapshot)?.Answer.Reply(new Failure(FailureKind.Unavailable, $"the store of group '{group}' is not open"));
            return;
        }

        switch (message)
        {
            case StoreMessage.Apply apply:
                Apply(_store, apply.Entries);
                break;
            case StoreMessage.Checkpoint:
                Checkpoint(_store);
                break;
            case StoreMessage.Snapshot snapshot:
                Snapshot(_store, snapshot);
                break;
        }
    }

    protected override void Stopped()
    {
        if (_store is not null)
        {
            board.Store = null;

            // Spares the next start the replay; the log is whole without it.
            Checkpoint(_store);
            _store.Dispose();
        }
    }

    private void Apply(ReplicaStore store, IReadOnlyList<LogEntry> entries)
    {
        using var activity = GroupMetrics.Apply(group, entries.Count);
        try
        {
            owner.Tell(new GroupMessage.Applied(store.Apply(entries)));
        }
        catch (DbException error)
        {
            owner.Tell(new GroupMessage.ApplyFailed(store.Explain(error, $"applying to group '{group}'")));
            return;
        }
        catch (NewerLevelException newer)
        {
            owner.Tell(new GroupMessage.Broken(newer.Failure));
            return;
        }

        if (store.BytesSinceCheckpoint - _bytesAtCheckpoint >= settings().CheckpointBytes)
        {
            Checkpoint(store);
        }
    }

    private void Checkpoint(ReplicaStore store)
    {
        try
        {
            if (store.Checkpoint())
            {
                log.Tell(new LogMessage.Release(group, store.Applied));
            }
        }
        catch (DbException error)
        {
            // Nothing is lost by it: the log is kept for longer, and the next one is made after as many bytes again.
            var failure = store.Explain(error, $"making a checkpoint of group '{group}'");
            if (failure.Kind == FailureKind.Damaged)
            {
                owner.Tell(new GroupMessage.Broken(failure));
            }
        }

        _bytesAtCheckpoint = store.BytesSinceCheckpoint;
    }

    private void Snapshot(ReplicaStore store, StoreMessage.Snapshot snapshot)
    {
        try
        {
            store.WriteSnapshot(snapshot.Target);
            snapshot.Answer.Reply(store.Applied);
        }
        catch (DbException error)
        {
            snapshot.Answer.Reply(store.Explain(error, $"writing a snapshot of group '{group}'"));
        }
        catch (IOException error)
        {
            snapshot.Answer.Reply(DiskFailure.From(error, $"writing a snapshot of group '{group}'"));
        }
        catch (Exception error) when (error is not CheckFailedException)
        {
            // The stream is the asker's: whatever is wrong with it is no reason for the group to stop.
            snapshot.Answer.Fail(error);
        }
    }
}
