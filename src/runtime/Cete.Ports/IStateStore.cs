using System.Data.Common;
using Cete.Core;

namespace Cete.Ports;

/// <summary>The SQL databases of a node: one a group.</summary>
public interface IStateStores
{
    /// <summary>Opens the store of a group, empty when new. Fails when it is in use, or found damaged: its pages are read now or by Examine.</summary>
    Outcome<IStateStore> Open(GroupId group);

    /// <summary>
    /// Puts a snapshot in the place of a group's store, durably. The old store stays as it was until the new one is whole and durable, and
    /// whenever this fails: the snapshot is cut short or changed, the disk is full, or somebody still has the old store open (a conflict).
    /// That the snapshot is of the right group and moment is for the caller to see.
    /// </summary>
    /// <param name="group">Which.</param>
    /// <param name="snapshot">What <see cref="IStateStore.WriteSnapshot"/> wrote.</param>
    /// <param name="inspect">Looks at the whole snapshot before it takes the old store's place, and says what is wrong with it.</param>
    Outcome<bool> Restore(GroupId group, Stream snapshot, Func<DbConnection, Failure?>? inspect = null);

    /// <summary>A new file for a snapshot on its way, on the disk of the stores; it is gone when it is closed.</summary>
    Outcome<Stream> CreateScratch();

    /// <summary>
    /// Removes a group's store with all that belongs to it, durably; no error when there is none. A conflict while somebody has it open.
    /// </summary>
    Outcome<bool> Delete(GroupId group);
}

/// <summary>
/// The state of one replica of one group. Commits are atomic but not durable by themselves: after a loss of power the store
/// may be back at any commit at or after its last <see cref="Checkpoint"/>; the log holds what is needed from there.
/// </summary>
public interface IStateStore : IDisposable
{
    /// <summary>The one connection that writes, used by one thread at a time.</summary>
    DbConnection Writer { get; }

    /// <summary>A new connection that only reads; a transaction on it sees one moment.</summary>
    DbConnection OpenReader();

    /// <summary>Makes all commits durable. False when readers stood in the way of a part; then it is to be tried again.</summary>
    bool Checkpoint();

    /// <summary>Bytes written since the last whole checkpoint.</summary>
    long BytesSinceCheckpoint { get; }

    /// <summary>
    /// Reads all pages of a store that was opened without that, and says what is wrong with them; null when they are sound, or were read before. From any
    /// thread, beside the work; cancelling ends it with null.
    /// </summary>
    Failure? Examine(CancellationToken cancellation);

    /// <summary>What an error of this database means to its group: no room, damage, or not now.</summary>
    Failure Explain(DbException error, string doing);

    /// <summary>Writes the store of one moment as an opaque stream; writing goes on meanwhile.</summary>
    void WriteSnapshot(Stream target);
}
