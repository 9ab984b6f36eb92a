using System.Data.Common;
using Cete.Core;
using Cete.Ports;
using Microsoft.Data.Sqlite;

namespace Cete.Groups.Tests.Support;

/// <summary>Stores whose checkpoints fail when they are told to, and whose pages have rotted.</summary>
internal sealed class FaultyStores(IStateStores stores) : IStateStores
{
    private int _checkpoints;
    private int _failedCheckpoints;

    public bool CheckpointsFail { get; set; }

    /// <summary>What reading all pages finds; null for what it finds indeed.</summary>
    public Failure? Rot { get; init; }

    public int Checkpoints => Volatile.Read(ref _checkpoints);

    public int FailedCheckpoints => Volatile.Read(ref _failedCheckpoints);

    public Outcome<IStateStore> Open(GroupId group) => stores.Open(group).Then(IStateStore (store) => new Store(this, store));

    public Outcome<bool> Restore(GroupId group, Stream snapshot, Func<DbConnection, Failure?>? inspect = null) => stores.Restore(group, snapshot, inspect);

    public Outcome<Stream> CreateScratch() => stores.CreateScratch();

    public Outcome<bool> Delete(GroupId group) => stores.Delete(group);

    private sealed class Store(FaultyStores owner, IStateStore store) : IStateStore
    {
        public DbConnection Writer => store.Writer;

        public long BytesSinceCheckpoint => store.BytesSinceCheckpoint;

        public DbConnection OpenReader() => store.OpenReader();

        public bool Checkpoint()
        {
            if (owner.CheckpointsFail)
            {
                Interlocked.Increment(ref owner._failedCheckpoints);
                throw new SqliteException("database or disk is full", 13);
            }

            Interlocked.Increment(ref owner._checkpoints);
            return store.Checkpoint();
        }

        public Failure? Examine(CancellationToken cancellation) => owner.Rot ?? store.Examine(cancellation);

        public Failure Explain(DbException error, string doing) => store.Explain(error, doing);

        public void WriteSnapshot(Stream target) => store.WriteSnapshot(target);

        public void Dispose() => store.Dispose();
    }
}
