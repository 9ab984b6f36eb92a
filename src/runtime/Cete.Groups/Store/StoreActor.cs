using System.Data.Common;
using Cete.Actors;
using Cete.Core;
using Cete.Ports;

namespace Cete.Groups.Store;

/// <summary>What the actor of a store works with.</summary>
internal sealed record StoreParts(
    GroupId Group, IStateStores Stores, IStateMachine Machine, ReplicaBoard Board, Func<GroupSettings> Settings, KeyId Self, GroupOrigin Origin,
    ReplicaRules Rules, Func<Lineage> DrawLineage, ActorRef<Examination> Examiner);

/// <summary>Owns the store of one group, on the blocking dispatcher: applies batches, makes checkpoints and snapshots, takes over those of others.</summary>
internal sealed class StoreActor(StoreParts parts, GroupMailbox owner) : Actor<StoreMessage>
{
    private readonly GroupId _group = parts.Group;
    private ReplicaStore? _store;
    private long _bytesAtCheckpoint;
    private bool _isUnfounded;

    /// <summary>As which group it begins though it was to join one; null when nobody said so.</summary>
    private Lineage? _begins;

    protected override void Started()
    {
        if (Open() is { } failure)
        {
            owner.Tell(new GroupMessage.Broken(failure));
            return;
        }

        Found(_store!);
    }

    protected override void Receive(StoreMessage message)
    {
        if (_store is null)
        {
            (message as StoreMessage.Snapshot)?.Answer.Reply(new Failure(FailureKind.Unavailable, $"the store of group '{_group}' is not open"));
            (message as StoreMessage.Install)?.Content.Dispose();
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
            case StoreMessage.Found:
                Found(_store);
                break;
            case StoreMessage.Begin begin:
                _begins = begin.Lineage;
                Found(_store);
                break;
            case StoreMessage.Adopt adopt:
                Adopt(_store, adopt.Lineage);
                break;
            case StoreMessage.Snapshot snapshot:
                Snapshot(_store, snapshot);
                break;
            case StoreMessage.FoundDamaged found when ReferenceEquals(found.Store, parts.Board.Store):
                Close();
                owner.Tell(new GroupMessage.Broken(found.Failure));
                break;
            case StoreMessage.Install install:
                using (install.Content)
                {
                    Install(install);
                }

                break;
        }
    }

    protected override void Stopped()
    {
        if (_store is not null)
        {
            // Spares the next start the replay; the log is whole without it.
            Checkpoint(_store);
            Close();
        }
    }

    private Failure? Open()
    {
        var files = parts.Stores.Open(_group);
        var opened = files.Succeeded ? ReplicaStore.Open(_group, files.Value, parts.Machine, parts.Rules) : files.Failure;
        if (!opened.Succeeded)
        {
            return opened.Failure;
        }

        _store = opened.Value;
        _bytesAtCheckpoint = 0;
        parts.Board.OpenStore(files.Value);
        parts.Examiner.Tell(new Examination(parts.Board, Context.Self));
        return null;
    }

    private void Found(ReplicaStore store)
    {
        try
        {
            var begins = parts.Origin == GroupOrigin.Founding || _begins is not null || store.IsOfBeforeReplication;
            _isUnfounded |= begins && store.Found(parts.Self, () => _begins ?? parts.DrawLineage());
            if (!_isUnfounded || store.Checkpoint())
            {
                _isUnfounded = false;
                owner.Tell(new GroupMessage.StoreOpened(store.Facts));
                return;
            }
        }
        catch (DbException error)
        {
            owner.Tell(new GroupMessage.NotFounded(store.Explain(error, $"founding group '{_group}'")));
        }

        Context.Timers.StartSingle(nameof(StoreMessage.Found), new StoreMessage.Found(), parts.Settings().RetryDelay);
    }

    private void Adopt(ReplicaStore store, Lineage lineage)
    {
        var isDurable = false;
        try
        {
            isDurable = store.Adopt(lineage);
        }
        catch (DbException error)
        {
            var failure = store.Explain(error, $"noting of which group '{_group}' this replica is");
            if (failure.Kind == FailureKind.Damaged)
            {
                owner.Tell(new GroupMessage.Broken(failure));
            }
        }

        // What was not noted is asked for again by the root's next word.
        owner.Tell(new GroupMessage.Adopted(isDurable ? lineage : null));
    }

    private void Close()
    {
        parts.Board.CloseStore();
        _store?.Dispose();
        _store = null;
    }

    private void Apply(ReplicaStore store, IReadOnlyList<LogEntry> entries)
    {
        using var activity = GroupMetrics.Apply(_group, entries.Count);
        try
        {
            owner.Tell(new GroupMessage.Applied(store.Apply(entries)));
        }
        catch (DbException error)
        {
            owner.Tell(new GroupMessage.ApplyFailed(store.Explain(error, $"applying to group '{_group}'")));
            return;
        }
        catch (NewerLevelException newer)
        {
            owner.Tell(new GroupMessage.Broken(newer.Failure));
            return;
        }
        catch (Exception error) when (error is InvalidDataException || MalformedBytes.Caused(error))
        {
            owner.Tell(new GroupMessage.Broken(new Failure(FailureKind.Damaged, error.Message)));
            return;
        }

        if (store.BytesSinceCheckpoint - _bytesAtCheckpoint >= parts.Settings().CheckpointBytes)
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
                owner.Tell(new GroupMessage.CheckpointMade(store.Applied));
            }
        }
        catch (DbException error)
        {
            // Nothing is lost by it: the log is kept for longer, and the next one is made after as many bytes again.
            var failure = store.Explain(error, $"making a checkpoint of group '{_group}'");
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
            snapshot.Answer.Reply(store.Explain(error, $"writing a snapshot of group '{_group}'"));
        }
        catch (IOException error)
        {
            snapshot.Answer.Reply(DiskFailure.From(error, $"writing a snapshot of group '{_group}'"));
        }
        catch (Exception error) when (error is not CheckFailedException)
        {
            // The stream is the asker's: whatever is wrong with it is no reason for the group to stop.
            snapshot.Answer.Fail(error);
        }
    }

    /// <summary>The store is closed, replaced and opened again: as it was, where the snapshot is not what it was said to be.</summary>
    private void Install(StoreMessage.Install install)
    {
        var mine = _store!.Applied;
        parts.Board.IsReplacing = true;
        Close();
        var restored = parts.Stores.Restore(
            _group, install.Content, connection => ReplicaStore.Inspect(connection, install.Index, mine, install.Lineage, parts.Machine));
        var failure = Open();
        parts.Board.IsReplacing = false;
        if (failure is not null)
        {
            owner.Tell(new GroupMessage.Broken(failure));
            return;
        }

        if (!restored.Succeeded)
        {
            owner.Tell(new GroupMessage.SnapshotRefused(restored.Failure));
            return;
        }

        owner.Tell(new GroupMessage.SnapshotInstalled(_store!.Facts));
    }
}
