using Cete.Core;
using Cete.Ports;
using Cete.Simulation;
using static Cete.Storage.Tests.Log.LogRig;

namespace Cete.Storage.Tests.Log;

public sealed class SegmentLogDiskFailureTests
{
    private const int Batches = 6;

    [Fact]
    public void A_full_disk_at_any_write_keeps_nothing_of_the_batch_and_the_log_goes_on()
    {
        var failed = 0;
        for (var write = 1; ; write++)
        {
            using var rig = new LogRig(isReal: false, segmentBytes: 200);
            rig.Disk.FullAtWrite = write;
            var failures = 0;
            for (var batch = 1; batch <= Batches; batch++)
            {
                var before = (rig.Bounds(BankGroup), rig.Bounds(Forum));
                AddBatch(rig, batch);
                if (rig.Log.Sync() is { } failure)
                {
                    failures++;
                    Assert.Equal(FailureKind.Full, failure.Kind);
                    Assert.Equal(before, (rig.Bounds(BankGroup), rig.Bounds(Forum)));
                    Assert.Null(rig.Log.Sync());
                    AddBatch(rig, batch);
                    Assert.Null(rig.Log.Sync());
                }
            }

            AssertWhole(rig);
            rig.Disk.FullAtWrite = 0;
            rig.Reopen();
            AssertWhole(rig);
            failed += failures;
            if (rig.Disk.Writes < write)
            {
                break;
            }
        }

        Assert.True(failed > Batches, $"only {failed} writes failed");
    }

    [Fact]
    public void A_disk_that_stays_full_refuses_each_batch_until_there_is_room()
    {
        using var rig = new LogRig(isReal: false, segmentBytes: 200);
        for (var batch = 1; batch <= Batches; batch++)
        {
            rig.Disk.IsFull = true;
            for (var i = 0; i < 3; i++)
            {
                AddBatch(rig, batch);
                Assert.Equal(FailureKind.Full, rig.Log.Sync()?.Kind);
            }

            rig.Disk.IsFull = false;
            AddBatch(rig, batch);
            Assert.Null(rig.Log.Sync());
        }

        rig.Reopen(crash: true);
        AssertWhole(rig);
    }

    [Fact]
    public void A_failed_fsync_leaves_the_log_dead_and_what_was_synced_readable()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");
        rig.Disk.FailAtSync = rig.Disk.Syncs + 1;
        rig.Log.Append(Entry(BankGroup, 2, 1, "second"));
        var failure = rig.Log.Sync();
        Assert.Equal(FailureKind.Damaged, failure?.Kind);
        Assert.Equal(1, rig.Log.Bounds(BankGroup).Last);
        Assert.Same(failure, rig.Log.Sync());
        rig.Log.Append(Entry(BankGroup, 2, 1, "third"));
        Assert.Same(failure, rig.Log.Sync());
        Assert.Equal(1, rig.Log.Bounds(BankGroup).Last);
        Assert.Equal(["1/1 first"], rig.Texts(BankGroup));
    }

    [Fact]
    public void What_a_start_finds_unsynced_is_durable_once_the_start_is_done()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");

        // Killed between the write and the fsync: the next start sees the entry and tells of it.
        rig.Disk.StopAtOperation = rig.Disk.Operations + 2;
        rig.Log.Append(Entry(BankGroup, 2, 1, "second"));
        Assert.Throws<SimStoppedException>(rig.Log.Sync);
        rig.Reopen(crash: false);
        Assert.Equal(["1/1 first", "2/1 second"], rig.Texts(BankGroup));
        for (var i = 0; i < 20; i++)
        {
            rig.Reopen(crash: true);
            Assert.Equal(["1/1 first", "2/1 second"], rig.Texts(BankGroup));
        }
    }

    [Fact]
    public void A_process_killed_at_any_operation_loses_nothing_that_was_synced()
    {
        for (var stop = 1; ; stop++)
        {
            using var rig = new LogRig(isReal: false, segmentBytes: 200);
            rig.Disk.StopAtOperation = rig.Disk.Operations + stop;
            var synced = 0;
            try
            {
                for (var batch = 1; batch <= Batches; batch++)
                {
                    AddBatch(rig, batch);
                    Assert.Null(rig.Log.Sync());
                    synced = batch;
                    rig.Log.Release(BankGroup, batch - 1);
                    rig.Log.Release(Forum, batch - 1);
                }

                rig.Disk.StopAtOperation = 0;
                break;
            }
            catch (SimStoppedException)
            {
                rig.Reopen(crash: true);
                Assert.InRange(rig.Log.Bounds(BankGroup).Last, synced, synced + 1);
                Assert.Equal(rig.Log.Bounds(BankGroup).Last, rig.Log.Bounds(Forum).Last);
                Assert.Equal(rig.Log.Bounds(BankGroup).Last, rig.Log.Bounds(BankGroup).HardState.Term);
            }
        }
    }

    [Fact]
    public void A_disk_that_cannot_be_read_at_the_start_is_a_failure()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");
        rig.Log.Dispose();
        rig.Disk.Unreadable.Add(rig.Segments[0]);
        Assert.Equal(FailureKind.Unavailable, rig.TryOpen().Failure?.Kind);
    }

    [Fact]
    public void A_folder_that_is_a_file_is_a_failure()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.At("log"), "text");
        Assert.Equal(FailureKind.Unavailable, Storage.Log.SegmentLog.Open(new PhysicalFiles(), folder.At("log")).Failure?.Kind);
    }

    private static void AddBatch(LogRig rig, int batch)
    {
        rig.Log.Append(Entry(BankGroup, batch, 1, new string((char)('a' + batch), 80)));
        rig.Log.Append(Entry(Forum, batch, 1, $"{batch}"));
        rig.Log.Append(BankGroup, new HardState(batch, Me));
    }

    private static void AssertWhole(LogRig rig)
    {
        Assert.Equal([.. Enumerable.Range(1, Batches).Select(batch => $"{batch}/1 {new string((char)('a' + batch), 80)}")], rig.Texts(BankGroup));
        Assert.Equal([.. Enumerable.Range(1, Batches).Select(batch => $"{batch}/1 {batch}")], rig.Texts(Forum));
        Assert.Equal(Batches, rig.Log.Bounds(BankGroup).HardState.Term);
    }
}
