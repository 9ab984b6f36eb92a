using Cete.Core;
using Cete.Storage.State;
using static Cete.Storage.Tests.State.StoreRig;

namespace Cete.Storage.Tests.State;

/// <summary>When a start may put off reading all pages of a store, and that damage is found all the same.</summary>
public sealed class SqliteStampTests
{
    private const string Boot = "a boot";

    [Fact]
    public void A_store_that_nobody_else_wrote_to_is_read_beside_the_work_after_it_is_opened()
    {
        using var rig = Filled();
        Rot(rig);
        rig.Restart(Boot);
        using (var store = rig.Open())
        {
            var failure = store.Examine(TestContext.Current.CancellationToken);
            Assert.Equal(FailureKind.Damaged, failure?.Kind);
            Assert.Contains(rig.Path, failure!.Message, StringComparison.Ordinal);

            // What is done to it after that makes it no better.
            _ = store.Checkpoint();
        }

        rig.Restart(Boot);
        Assert.Equal(FailureKind.Damaged, rig.Stores.Open(Group).Failure?.Kind);
    }

    [Theory]
    [InlineData("another boot")]
    [InlineData(null)]
    public void After_a_start_of_the_machine_all_pages_are_read_first(string? boot)
    {
        using var rig = Filled();
        rig.Restart(boot);
        rig.Open().Dispose();
        rig.Restart(Boot);
        rig.Open().Dispose();
        Rot(rig);
        rig.Restart(boot);
        Assert.Equal(FailureKind.Damaged, rig.Stores.Open(Group).Failure?.Kind);
    }

    [Fact]
    public void A_sound_store_is_found_sound_once_a_process()
    {
        using var rig = Filled();
        rig.Restart(Boot);
        using (var store = rig.Open())
        {
            Assert.Null(store.Examine(TestContext.Current.CancellationToken));
        }

        Rot(rig);
        using var again = rig.Open();
        Assert.Null(again.Examine(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_was_cancelled_is_done_at_the_next_opening()
    {
        using var rig = Filled();
        Rot(rig);
        rig.Restart(Boot);
        using (var store = rig.Open())
        {
            Assert.Null(store.Examine(new CancellationToken(canceled: true)));
        }

        using var again = rig.Open();
        Assert.Equal(FailureKind.Damaged, again.Examine(TestContext.Current.CancellationToken)?.Kind);
    }

    [Fact]
    public void A_write_by_anybody_else_has_all_pages_read_first()
    {
        for (var round = 0; round < 20; round++)
        {
            // At once: the clock of files may not have moved since the store wrote.
            using var rig = Filled();
            var bytes = File.ReadAllBytes(rig.Path);
            var written = File.GetLastWriteTimeUtc(rig.Path);
            bytes[100] ^= 1;
            File.WriteAllBytes(rig.Path, bytes);
            Assert.NotEqual(written, File.GetLastWriteTimeUtc(rig.Path));
            Assert.False(SoundStamp.Holds(rig.Path, Boot));
        }
    }

    [Fact]
    public void A_copy_is_another_file()
    {
        using var rig = Filled();
        var changed = File.GetLastWriteTimeUtc(rig.Path);
        File.Copy(rig.Path, rig.Path + ".copy");
        File.Move(rig.Path + ".copy", rig.Path, overwrite: true);
        File.SetLastWriteTimeUtc(rig.Path, changed);
        Assert.False(SoundStamp.Holds(rig.Path, Boot));
    }

    [Fact]
    public void A_stamp_is_set_only_where_the_file_alone_is_whole()
    {
        using var rig = Filled();
        rig.Restart(Boot);
        using (var store = rig.Open())
        {
            AddRows(store, 100);
            Assert.True(store.Checkpoint());
            Assert.True(SoundStamp.Holds(rig.Path, Boot));
            using (var reader = store.OpenReader())
            {
                using (reader.BeginTransaction())
                {
                    AddRows(store, 100);
                    _ = Count(reader);
                    AddRows(store, 500);
                    Assert.False(store.Checkpoint());
                    Assert.False(SoundStamp.Holds(rig.Path, Boot));
                }
            }

            Assert.True(store.Checkpoint());
            Assert.True(SoundStamp.Holds(rig.Path, Boot));
            AddRows(store, 5);

            // A killed process leaves its write-ahead log, whose frames have checksums of their own.
            Assert.True(SoundStamp.Holds(rig.Path, Boot));
        }

        Assert.True(SoundStamp.Holds(rig.Path, Boot));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 a boot")]
    [InlineData("nonsense")]
    public void A_stamp_that_was_not_written_to_its_end_holds_for_nothing(string text)
    {
        using var rig = Filled();
        File.WriteAllText(rig.Path + ".sound", text);
        Assert.False(SoundStamp.Holds(rig.Path, Boot));
        Rot(rig);
        rig.Restart(Boot);
        Assert.Equal(FailureKind.Damaged, rig.Stores.Open(Group).Failure?.Kind);
    }

    [Fact]
    public void A_restored_snapshot_is_not_taken_for_the_store_that_it_replaced()
    {
        using var rig = Filled();
        rig.Restart(Boot);
        Assert.True(rig.Stores.Restore(Group, new MemoryStream(Snapshot(7))).Value);
        Assert.False(SoundStamp.Holds(rig.Path, Boot));
    }

    private static StoreRig Filled()
    {
        var rig = new StoreRig();
        rig.Restart(Boot);
        using (var store = rig.Open())
        {
            AddRows(store, 300);
        }

        Assert.True(SoundStamp.Holds(rig.Path, Boot));
        return rig;
    }

    /// <summary>A page changes on the disk, of which its file system knows nothing.</summary>
    private static void Rot(StoreRig rig)
    {
        var isStamped = SoundStamp.Holds(rig.Path, Boot);
        using (var file = File.OpenWrite(rig.Path))
        {
            var noise = new byte[4096];
            new Prng(9).Fill(noise);
            file.Position = file.Length / 2 / 4096 * 4096;
            file.Write(noise);
        }

        if (isStamped)
        {
            SoundStamp.Set(rig.Path, Boot);
        }
    }
}
