using System.Security.Cryptography;
using Cete.Core;
using static Cete.Storage.Tests.State.StoreRig;

namespace Cete.Storage.Tests.State;

/// <summary>A store that goes: a snapshot takes its place, or its replica is taken off the node.</summary>
public sealed class SqliteReplacingTests
{
    [Fact]
    public void A_store_that_is_open_is_not_replaced()
    {
        using var rig = new StoreRig();
        using (var store = rig.Open())
        {
            AddRows(store, 20);
            AssertConflict(rig.Stores.Restore(Group, new MemoryStream(Snapshot(7))));
            AddRows(store, 5);
            Assert.Equal(25, Count(store.Writer));
            Assert.DoesNotContain("store.db.incoming", rig.Files);
        }

        using (var reopened = rig.Open())
        {
            Assert.Equal(25, Count(reopened.Writer));
        }

        Assert.True(rig.Stores.Restore(Group, new MemoryStream(Snapshot(7))).Value);
        using var restored = rig.Open();
        Assert.Equal(7, Count(restored.Writer));
    }

    [Fact]
    public void A_store_that_somebody_still_reads_is_neither_replaced_nor_removed()
    {
        using var rig = new StoreRig();
        var store = rig.Open();
        AddRows(store, 20);
        using (var reader = store.OpenReader())
        {
            Assert.Equal(20, Count(reader));
            store.Dispose();
            AssertConflict(rig.Stores.Restore(Group, new MemoryStream(Snapshot(7))));
            AssertConflict(rig.Stores.Delete(Group));
            Assert.Equal(20, Count(reader));
        }

        using var reopened = rig.Open();
        Assert.Equal(20, Count(reopened.Writer));
    }

    [Fact]
    public void A_sealed_stream_that_is_no_database_is_refused_and_the_old_store_stays()
    {
        using var rig = new StoreRig();
        using (var store = rig.Open())
        {
            AddRows(store, 20);
        }

        var sound = Snapshot(100)[..^40];
        var noise = new byte[4096];
        new Prng(3).Fill(noise);
        byte[][] lies = [noise, [.. sound[..8192], .. noise, .. sound[12288..]], sound[..^4096]];
        foreach (var lie in lies)
        {
            var outcome = rig.Stores.Restore(Group, new MemoryStream([.. lie, .. "CETESNAP"u8, .. SHA256.HashData(lie)]));
            Assert.Equal(FailureKind.Damaged, outcome.Failure?.Kind);
            Assert.Equal(["store.db"], rig.Files);
        }

        using var old = rig.Open();
        Assert.Equal(20, Count(old.Writer));
    }

    [Fact]
    public void A_snapshot_that_is_refused_leaves_what_a_killed_process_had_not_carried_over()
    {
        using var rig = Killed();
        Assert.False(rig.Stores.Restore(Group, new MemoryStream(Snapshot(50)[..^1])).Succeeded);
        Assert.Contains("store.db-wal", rig.Files);
        using var old = rig.Open();
        Assert.Equal(30, Count(old.Writer));
    }

    [Fact]
    public void A_snapshot_takes_the_place_of_a_damaged_store()
    {
        using var rig = Killed();
        var noise = new byte[4096];
        new Prng(4).Fill(noise);
        File.WriteAllBytes(rig.Path, noise);
        Assert.True(rig.Stores.Restore(Group, new MemoryStream(Snapshot(7))).Value);
        rig.Restart();
        using var restored = rig.Open();
        Assert.Equal(7, Count(restored.Writer));
    }

    [Fact]
    public void A_snapshot_makes_the_store_of_a_group_that_has_none()
    {
        using var rig = new StoreRig();
        Assert.True(rig.Stores.Restore(Group, new MemoryStream(Snapshot(7))).Value);
        Assert.Equal(["store.db"], rig.Files);
        using var restored = rig.Open();
        Assert.Equal(7, Count(restored.Writer));
    }

    [Fact]
    public void A_removed_store_is_gone_with_all_that_belongs_to_it()
    {
        using var rig = Killed();
        using (var other = rig.Stores.Open(GroupId.Of("bank")).Value)
        {
            AddRows(other, 3);
            File.WriteAllBytes(rig.Path + ".incoming", [1]);
            File.WriteAllBytes(rig.Path + ".snapshot-2", [1]);
            Assert.True(rig.Stores.Delete(Group).Value);
            Assert.False(Directory.Exists(Path.GetDirectoryName(rig.Path)));
            Assert.Equal(3, Count(other.Writer));
        }

        Assert.True(rig.Stores.Delete(Group).Value);
        using var anew = rig.Open();
        AddRows(anew, 1);
        Assert.Equal(1, Count(anew.Writer));
    }

    [Fact]
    public void A_store_that_is_open_is_not_removed()
    {
        using var rig = new StoreRig();
        using var store = rig.Open();
        AddRows(store, 20);
        AssertConflict(rig.Stores.Delete(Group));
        AddRows(store, 1);
        Assert.Equal(21, Count(store.Writer));
    }

    [Fact]
    public void A_damaged_store_can_be_removed()
    {
        using var rig = Killed();
        File.WriteAllText(rig.Path, "no database at all, and longer than a header is, so that it is looked at and found wanting in every respect");
        Assert.True(rig.Stores.Delete(Group).Value);
        using var anew = rig.Open();
        AddRows(anew, 1);
        Assert.Equal(1, Count(anew.Writer));
    }

    [Fact]
    public void A_file_of_somebody_else_stays_where_a_store_is_removed()
    {
        using var rig = Killed();
        var other = Path.Combine(Path.GetDirectoryName(rig.Path)!, "notes.txt");
        File.WriteAllText(other, "text");
        Assert.True(rig.Stores.Delete(Group).Value);
        Assert.Equal(["notes.txt"], rig.Files);
    }

    [Fact]
    public void A_removal_that_was_cut_off_leaves_nothing_that_counts()
    {
        // The database went, and power was lost before its write-ahead log did.
        using var rig = Killed();
        File.Delete(rig.Path);
        using var anew = rig.Open();
        using var tables = anew.Writer.CreateCommand();
        tables.CommandText = "SELECT count(*) FROM sqlite_schema";
        Assert.Equal(0L, tables.ExecuteScalar());
    }

    private static void AssertConflict(Outcome<bool> outcome) => Assert.Equal(FailureKind.Conflict, outcome.Failure?.Kind);

    /// <summary>A store of 30 rows, the last 20 of which a killed process left in the write-ahead log.</summary>
    private static StoreRig Killed()
    {
        var killed = new StoreRig();
        killed.Open().Dispose();
        using var rig = new StoreRig();
        using var store = rig.Open();
        AddRows(store, 10);
        Assert.True(store.Checkpoint());
        AddRows(store, 20);
        File.Copy(rig.Path, killed.Path, overwrite: true);
        File.Copy(rig.Path + "-wal", killed.Path + "-wal");
        return killed;
    }
}
