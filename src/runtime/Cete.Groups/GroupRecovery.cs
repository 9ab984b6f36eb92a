using System.Data.Common;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Store;
using Cete.Groups.Wire;
using Cete.Ports;

namespace Cete.Groups;

/// <summary>
/// What is left when most voters of a group are gone for ever: one replica goes on by itself. That breaks the promise of Raft on purpose: what the
/// others acknowledged and this one never had is lost, and if they come back after all, they must not be let in with what they have.
/// </summary>
public static class GroupRecovery
{
    /// <summary>
    /// Puts a snapshot of another community's group onto a new node, as the beginning of a group of its own: the same state, this node as the only
    /// voter, a new lineage and so a new feed epoch, since whoever followed the old feed must not take this one for it.
    /// </summary>
    /// <param name="stores">The new node's.</param>
    /// <param name="group">Which group.</param>
    /// <param name="snapshot">What <see cref="IGroup.SnapshotAsync"/> wrote.</param>
    /// <param name="self">The new node.</param>
    public static Outcome<bool> Restore(IStateStores stores, GroupId group, Stream snapshot, KeyId self) => stores.Restore(group, snapshot, connection =>
    {
        using var sql = new SqlSession(connection);
        try
        {
            ReplicaStore.BeginAnew(sql, self, Lineage.Draw());
            return null;
        }
        catch (DbException error)
        {
            return new Failure(FailureKind.Damaged, $"the backup of group '{group}' is no store of a group: {error.Message}");
        }
    });

    /// <summary>Makes a stopped node the only voter of a group, from its next start on.</summary>
    /// <param name="log">The node's log, which nobody else uses.</param>
    /// <param name="stores">The node's, likewise.</param>
    /// <param name="group">Which group.</param>
    /// <param name="self">The node.</param>
    /// <returns>False when there is nothing of the group on the node; true when it is done, durably.</returns>
    public static Outcome<bool> MakeSoleVoter(INodeLog log, IStateStores stores, GroupId group, KeyId self)
    {
        var bounds = log.Bounds(group);
        if (bounds.Last == 0)
        {
            return false;
        }

        // Before the log says so: a stop between the two leaves a replica that nobody listens to, not two groups that take each other for one.
        if (BeginLineage(stores, group) is { } unwritten)
        {
            return unwritten;
        }

        // A term that none of the others can have come to by itself: whatever they go on with is older.
        var term = Math.Max(bounds.HardState.Term, bounds.LastTerm) + 1;
        log.Append(group, new HardState(term, self));
        log.Append(new LogEntry(group, bounds.Last + 1, term, ConsensusCodec.Encode(Members.Sole(self)), LogEntryKind.Members));
        return log.Sync() is { } failure ? failure : true;
    }

    private static Failure? BeginLineage(IStateStores stores, GroupId group)
    {
        var opened = stores.Open(group);
        if (!opened.Succeeded)
        {
            return opened.Failure;
        }

        using var store = opened.Value;
        using var sql = new SqlSession(store.Writer);
        try
        {
            ReplicaStore.BeginLineage(sql, Lineage.Draw());
            return store.Checkpoint() ? null : new Failure(FailureKind.Unavailable, $"the store of group '{group}' is in use; try again");
        }
        catch (DbException error)
        {
            return store.Explain(error, $"making group '{group}' one of its own");
        }
    }
}
