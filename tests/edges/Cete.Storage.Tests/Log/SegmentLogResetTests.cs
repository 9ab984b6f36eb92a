using Cete.Core;
using Cete.Ports;
using Cete.Simulation;
using static Cete.Storage.Tests.Log.LogRig;

namespace Cete.Storage.Tests.Log;

/// <summary>A snapshot takes the place of all entries.</summary>
public sealed class SegmentLogResetTests
{
    [Theory]
    [InlineData(true, 50)]
    [InlineData(false, 50)]
    [InlineData(false, 5)]
    [InlineData(false, 4)]
    [InlineData(false, 3)]
    [InlineData(false, 1)]
    public void The_log_goes_on_behind_a_snapshot_wherever_that_stands(bool isReal, long index)
    {
        using var rig = Filled(isReal);
        rig.Log.Append(Bank, new HardState(9, Me));
        rig.Log.Reset(Bank, index, 8);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal((index + 1, index, 8, new HardState(9, Me)), rig.Bounds(Bank));
            Assert.Empty(rig.Terms(Bank));
            Assert.Empty(rig.Log.Bounds(Bank).MembersAt);
            Assert.Equal(round == 0 ? 5 : 0, rig.Texts(Bank).Length);
            Assert.Null(rig.Log.Sync());
            if (round > 0)
            {
                rig.Reopen();
            }
        }

        rig.Add(Bank, "next", term: 9);
        Assert.Equal(["1/1 other"], rig.Texts(Forum));
        Assert.Equal([$"{index + 1}/9 next"], rig.Texts(Bank));
        rig.Reopen();
        Assert.Equal((index + 1, index + 1, 9, new HardState(9, Me)), rig.Bounds(Bank));
        Assert.Equal([$"{index + 1}/9 next"], rig.Texts(Bank));
    }

    [Fact]
    public void Entries_may_come_before_and_behind_a_snapshot_in_one_batch()
    {
        using var rig = Filled(isReal: false);
        rig.Log.Append(Entry(Bank, 6, 3, "gone"));
        rig.Log.Reset(Bank, 20, 3);
        rig.Log.Append(Members(Bank, 21, 3, "a"));
        rig.Log.Append(Entry(Bank, 22, 4, "kept"));
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal((21, 22, 4, HardState.Initial), rig.Bounds(Bank));
            Assert.Equal(["21/3", "22/4"], rig.Terms(Bank));
            Assert.Equal([21L], rig.Log.Bounds(Bank).MembersAt);
            Assert.Null(rig.Log.Sync());
            Assert.Equal(["21/3 a", "22/4 kept"], rig.Texts(Bank));
            if (round > 0)
            {
                rig.Reopen();
            }
        }
    }

    [Fact]
    public void The_newest_of_two_snapshots_counts()
    {
        using var rig = Filled(isReal: false);
        rig.Log.Reset(Bank, 20, 3);
        rig.Log.Append(Entry(Bank, 21, 3, "gone"));
        rig.Log.Reset(Bank, 10, 2);
        Assert.Equal((11, 10, 2, HardState.Initial), rig.Bounds(Bank));
        Assert.Null(rig.Log.Sync());
        rig.Reopen();
        Assert.Equal((11, 10, 2, HardState.Initial), rig.Bounds(Bank));
        Assert.Empty(rig.Texts(Bank));
    }

    [Fact]
    public void A_group_can_begin_anew()
    {
        using var rig = Filled(isReal: false);
        rig.Log.Release(Bank, 5);
        rig.Log.Reset(Bank, 0, 0);
        Assert.Null(rig.Log.Sync());
        rig.Reopen();
        Assert.Equal((1, 0, 0, HardState.Initial), rig.Bounds(Bank));
        rig.Add(Bank, "first again");
        rig.Reopen();
        Assert.Equal(["1/1 first again"], rig.Texts(Bank));
    }

    [Fact]
    public void An_older_snapshot_takes_back_what_was_released()
    {
        using var rig = Filled(isReal: false, segmentBytes: 64);
        rig.Log.Release(Bank, 5);
        rig.Log.Reset(Bank, 2, 1);
        Assert.Null(rig.Log.Sync());
        for (var index = 3; index < 6; index++)
        {
            rig.Add(Bank, $"again {index}", term: 2);
        }

        Assert.Equal((3, 5, 2, HardState.Initial), rig.Bounds(Bank));
        rig.Reopen();
        Assert.Equal((3, 5, 2, HardState.Initial), rig.Bounds(Bank));
        Assert.Equal(["3/2 again 3", "4/2 again 4", "5/2 again 5"], rig.Texts(Bank));
    }

    [Fact]
    public void A_snapshot_that_the_disk_had_no_room_for_never_was()
    {
        using var rig = Filled(isReal: false);
        rig.Disk.IsFull = true;
        rig.Log.Reset(Bank, 20, 3);
        rig.Log.Append(Entry(Bank, 21, 3, "behind it"));
        Assert.Equal(FailureKind.Full, rig.Log.Sync()?.Kind);
        rig.Disk.IsFull = false;
        Assert.Equal((1, 5, 2, HardState.Initial), rig.Bounds(Bank));
        Assert.Equal(5, rig.Texts(Bank).Length);
        rig.Add(Bank, "goes on", term: 3);
        rig.Reopen();
        Assert.Equal(6, rig.Texts(Bank).Length);
    }

    [Fact]
    public void Wherever_power_is_lost_a_snapshot_is_there_whole_with_its_batch_or_not_at_all()
    {
        var (taken, lost) = (0, 0);
        for (var stop = 1; stop < 60; stop++)
        {
            using var rig = Filled(isReal: false, segmentBytes: 64);
            var isSynced = false;
            try
            {
                rig.Disk.StopAtOperation = rig.Disk.Operations + stop;
                rig.Log.Reset(Bank, 20, 3);
                rig.Log.Append(Members(Bank, 21, 3, "a"));
                rig.Log.Append(Entry(Forum, 2, 3, "beside it"));
                Assert.Null(rig.Log.Sync());
                isSynced = true;
                rig.Add(Forum, "after it", term: 3);
            }
            catch (SimStoppedException)
            {
                // What is there now is what counts.
            }

            rig.Reopen(crash: true);
            var isTaken = rig.Log.Bounds(Bank).First == 21;
            Assert.True(isTaken || !isSynced);
            Assert.Equal(isTaken ? (21, 21, 3, HardState.Initial) : (1, 5, 2, HardState.Initial), rig.Bounds(Bank));
            Assert.Equal(isTaken ? 1 : 5, rig.Texts(Bank).Length);
            Assert.Equal(isTaken, rig.Log.Bounds(Forum).Last >= 2);
            (taken, lost) = (taken + (isTaken ? 1 : 0), lost + (isTaken ? 0 : 1));
        }

        Assert.True(taken > 0 && lost > 0, $"{(taken, lost)}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Segments_that_a_snapshot_makes_useless_go_with_its_sync(bool isReal)
    {
        using var rig = new LogRig(isReal, segmentBytes: 128);
        for (var i = 0; i < 8; i++)
        {
            rig.Add(Bank, new string('b', 100));
        }

        Assert.Equal(8, rig.Segments.Count);
        Assert.Equal(Bank, rig.Log.Holder);
        rig.Log.Reset(Bank, 100, 2);
        Assert.Equal(8, rig.Segments.Count);
        Assert.Null(rig.Log.Sync());
        Assert.Single(rig.Segments);
        Assert.Null(rig.Log.Holder);
        rig.Reopen();
        Assert.Equal((101, 100, 2, HardState.Initial), rig.Bounds(Bank));
        rig.Add(Bank, new string('c', 100), term: 2);
        rig.Add(Bank, "in the next segment", term: 2);
        Assert.True(rig.Segments.Count > 1);
        rig.Log.Release(Bank, 101);
        Assert.Single(rig.Segments);
        rig.Reopen();
        Assert.Equal((102, 102, 2, HardState.Initial), rig.Bounds(Bank));
        Assert.Equal(["102/2 in the next segment"], rig.Texts(Bank));
    }

    [Fact]
    public void Segments_that_hold_entries_of_other_groups_stay()
    {
        using var rig = new LogRig(isReal: false, segmentBytes: 128);
        rig.Add(Forum, "needed");
        for (var i = 0; i < 4; i++)
        {
            rig.Add(Bank, new string('b', 100));
        }

        var before = rig.Segments.Count;
        rig.Log.Reset(Bank, 100, 2);
        Assert.Null(rig.Log.Sync());
        Assert.True(rig.Segments.Count >= before);
        Assert.Equal(["1/1 needed"], rig.Texts(Forum));
        rig.Reopen();
        Assert.Equal(["1/1 needed"], rig.Texts(Forum));
        Assert.Equal((101, 100, 2, HardState.Initial), rig.Bounds(Bank));
    }

    [Fact]
    public void A_snapshot_at_no_entry_is_a_bug_and_leaves_the_log_as_it_was()
    {
        using var rig = Filled(isReal: false);
        foreach (var (index, term) in ((long, long)[])[(-1, 1), (0, 1), (3, 0), (3, -1), (-1, 0)])
        {
            Assert.Throws<CheckFailedException>(() => rig.Log.Reset(Bank, index, term));
        }

        Assert.Throws<CheckFailedException>(() => rig.Log.Reset(default, 3, 1));
        rig.Log.Reset(Bank, 20, 3);
        Assert.Throws<CheckFailedException>(() => rig.Log.Append(Entry(Bank, 20, 3, "in the snapshot")));
        Assert.Throws<CheckFailedException>(() => rig.Log.Append(Entry(Bank, 22, 3, "a gap")));
        Assert.Null(rig.Log.Sync());
        Assert.Equal((21, 20, 3, HardState.Initial), rig.Bounds(Bank));
    }

    /// <summary>Five entries of the bank, the last two of term 2 and the last one naming members; one of the forum.</summary>
    private static LogRig Filled(bool isReal, int segmentBytes = 4096)
    {
        var rig = new LogRig(isReal, segmentBytes);
        rig.Add(Forum, "other");
        for (var index = 1; index < 5; index++)
        {
            rig.Add(Bank, $"entry {index}", term: index < 4 ? 1 : 2);
        }

        rig.Log.Append(Members(Bank, 5, 2, "a b"));
        Assert.Null(rig.Log.Sync());
        return rig;
    }
}
