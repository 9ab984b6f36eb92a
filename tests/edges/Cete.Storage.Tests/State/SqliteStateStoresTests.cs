using Cete.Core;
using static Cete.Storage.Tests.State.StoreRig;

namespace Cete.Storage.Tests.State;

public sealed class SqliteStateStoresTests
{
    [Fact]
    public void A_new_store_is_empty_and_an_old_one_is_as_it_was()
    {
        using var rig = new StoreRig();
        using (var store = rig.Open())
        {
            using var tables = store.Writer.CreateCommand();
            tables.CommandText = "SELECT count(*) FROM sqlite_schema";
            Assert.Equal(0L, tables.ExecuteScalar());
            AddRows(store, 10);
        }

        using (var store = rig.Open())
        {
            Assert.Equal(10, Count(store.Writer));
        }

        Assert.Equal(["store.db"], rig.Files);
    }

    [Fact]
    public void Groups_have_stores_of_their_own()
    {
        using var rig = new StoreRig();
        using var forum = rig.Open();
        using var bank = rig.Stores.Open(GroupId.Of("bank")).Value;
        AddRows(forum, 1);
        AddRows(bank, 2);
        Assert.Equal((1, 2), (Count(forum.Writer), Count(bank.Writer)));
    }

    [Fact]
    public void A_checkpoint_empties_what_is_not_durable_yet()
    {
        using var rig = new StoreRig();
        using var store = rig.Open();
        Assert.Equal(0, store.BytesSinceCheckpoint);
        AddRows(store, 100);
        var before = store.BytesSinceCheckpoint;
        Assert.True(before > 20_000);
        AddRows(store, 100);
        Assert.True(store.BytesSinceCheckpoint > before);
        Assert.True(store.Checkpoint());
        Assert.Equal(0, store.BytesSinceCheckpoint);
        Assert.True(store.Checkpoint());
        Assert.Equal(200, Count(store.Writer));
    }

    [Fact]
    public void What_was_checkpointed_survives_the_loss_of_everything_after_it()
    {
        using var rig = new StoreRig();
        using var store = rig.Open();
        AddRows(store, 100);
        Assert.True(store.Checkpoint());
        AddRows(store, 100);

        // Power is lost: what was not synced, the write-ahead log, may be gone.
        using var after = new StoreRig();
        after.Open().Dispose();
        File.Copy(rig.Path, after.Path, overwrite: true);
        using var old = after.Open();
        Assert.Equal(100, Count(old.Writer));
    }

    [Fact]
    public void A_reader_sees_one_moment_and_cannot_write()
    {
        using var rig = new StoreRig();
        using var store = rig.Open();
        AddRows(store, 10);
        using var reader = store.OpenReader();
        using (reader.BeginTransaction())
        {
            Assert.Equal(10, Count(reader));
            AddRows(store, 5);
            Assert.Equal(10, Count(reader));
        }

        Assert.Equal(15, Count(reader));
        Assert.ThrowsAny<System.Data.Common.DbException>(() => Execute(reader, "DELETE FROM post"));
    }

    [Fact]
    public void A_reader_of_an_old_moment_stands_in_the_way_of_a_checkpoint()
    {
        using var rig = new StoreRig();
        using var store = rig.Open();
        AddRows(store, 10);
        using var reader = store.OpenReader();
        using (reader.BeginTransaction())
        {
            _ = Count(reader);
            AddRows(store, 50);
            Assert.False(store.Checkpoint());
        }

        Assert.True(store.Checkpoint());
        Assert.Equal(0, store.BytesSinceCheckpoint);
    }

    [Fact]
    public void A_snapshot_is_one_moment_while_writing_goes_on()
    {
        using var rig = new StoreRig();
        using var store = rig.Open();
        AddRows(store, 50);
        using var stream = new WriteThrough(() => AddRows(store, 1));
        store.WriteSnapshot(stream);
        Assert.True(Count(store.Writer) > 50);
        using var target = new StoreRig();
        stream.Position = 0;
        Assert.True(target.Stores.Restore(Group, stream).Value);
        using var restored = target.Open();
        Assert.Equal(50, Count(restored.Writer));
    }

    [Fact]
    public void Snapshots_that_are_written_at_the_same_time_do_not_mix()
    {
        using var rig = new StoreRig();
        using var store = rig.Open();
        AddRows(store, 2000);
        using var inner = new MemoryStream();
        var isFirst = true;
        using var outer = new WriteThrough(() =>
        {
            if (isFirst)
            {
                isFirst = false;
                AddRows(store, 2000);
                store.WriteSnapshot(inner);
            }
        });
        store.WriteSnapshot(outer);
        foreach (var (stream, rows) in new[] { ((MemoryStream)outer, 2000), (inner, 4000) })
        {
            using var target = new StoreRig();
            stream.Position = 0;
            Assert.True(target.Stores.Restore(Group, stream).Value);
            using var restored = target.Open();
            Assert.Equal(rows, Count(restored.Writer));
        }

        Assert.DoesNotContain(rig.Files, name => name.Contains("snapshot", StringComparison.Ordinal));
    }

    [Fact]
    public void A_restored_snapshot_takes_the_place_of_the_store_and_its_write_ahead_log()
    {
        using var rig = new StoreRig();
        using (var store = rig.Open())
        {
            AddRows(store, 500);
        }

        Assert.True(rig.Stores.Restore(Group, new MemoryStream(Snapshot(7))).Value);
        using var restored = rig.Open();
        Assert.Equal(7, Count(restored.Writer));
        Assert.DoesNotContain("store.db.incoming", rig.Files);
    }

    [Fact]
    public void A_snapshot_is_restored_where_a_killed_process_left_a_write_ahead_log()
    {
        using var rig = new StoreRig();
        using var killed = new StoreRig();
        killed.Open().Dispose();
        using (var store = rig.Open())
        {
            AddRows(store, 500);
            Assert.True(store.Checkpoint());
            Execute(store.Writer, "DELETE FROM post WHERE id > 3");
            File.Copy(rig.Path, killed.Path, overwrite: true);
            File.Copy(rig.Path + "-wal", killed.Path + "-wal");
        }

        Assert.True(killed.Stores.Restore(Group, new MemoryStream(Snapshot(7))).Value);
        using var restored = killed.Open();
        Assert.Equal(7, Count(restored.Writer));
    }

    [Fact]
    public void A_snapshot_that_was_cut_short_is_refused_and_the_old_store_stays()
    {
        using var rig = new StoreRig();
        using (var store = rig.Open())
        {
            AddRows(store, 20);
        }

        var snapshot = Snapshot(300);
        foreach (var length in (int[])[0, 1, 50, 100, 4095, 4096, 4097, snapshot.Length / 2, snapshot.Length - 4096, snapshot.Length - 40, snapshot.Length - 1])
        {
            AssertRefused(rig, snapshot[..length], $"length {length}");
        }

        AssertRefused(rig, [.. snapshot, 0], "a byte more");
    }

    [Fact]
    public void A_snapshot_with_a_flipped_bit_is_refused_and_the_old_store_stays()
    {
        using var rig = new StoreRig();
        using (var store = rig.Open())
        {
            AddRows(store, 20);
        }

        var snapshot = Snapshot(60);
        for (var at = 0; at < snapshot.Length; at += at < 100 || at > snapshot.Length - 50 ? 1 : 97)
        {
            var flipped = snapshot.ToArray();
            flipped[at] ^= 4;
            AssertRefused(rig, flipped, $"byte {at}");
        }
    }

    [Fact]
    public void A_snapshot_whose_source_breaks_off_is_a_failure()
    {
        using var rig = new StoreRig();
        using (var store = rig.Open())
        {
            AddRows(store, 20);
        }

        var outcome = rig.Stores.Restore(Group, new BrokenStream());
        Assert.Equal(FailureKind.Unavailable, outcome.Failure?.Kind);
        Assert.Equal(["store.db"], rig.Files);
    }

    private static void AssertRefused(StoreRig rig, byte[] snapshot, string what)
    {
        var outcome = rig.Stores.Restore(Group, new MemoryStream(snapshot));
        Assert.True(outcome.Failure?.Kind == FailureKind.Damaged, what);
        using (var store = rig.Open())
        {
            Assert.Equal(20, Count(store.Writer));
        }

        Assert.Equal(["store.db"], rig.Files);
    }

    /// <summary>Does something before each write, as if the receiver were slow.</summary>
    private sealed class WriteThrough(Action before) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            before();
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            before();
            base.Write(buffer);
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("the peer went away");

        public override int Read(Span<byte> buffer) => throw new IOException("the peer went away");

        public override void CopyTo(Stream destination, int bufferSize)
        {
            destination.Write(new byte[100]);
            throw new IOException("the peer went away");
        }
    }
}
