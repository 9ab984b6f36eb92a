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
        rig.Log.Append(BankGroup, new HardState(9, Me));
        rig.Log.Reset(BankGroup, index, 8);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal((index + 1, index, 8, new HardState(9, Me)), rig.Bounds(BankGroup));
            Assert.Empty(rig.Terms(BankGroup));
            Assert.Empty(rig.Log.Bounds(BankGroup).MembersAt);
            Assert.Equal(round == 0 ? 5 : 0, rig.Texts(BankGroup).Length);
            Assert.Null(rig.Log.Sync());
            if (round > 0)
            {
                rig.Reopen();
            }
        }

        rig.Add(BankGroup, "next", term: 9);
        Assert.Equal(["1/1 other"], rig.Texts(Forum));
        Assert.Equal([$"{index + 1}/9 next"], rig.Texts(BankGroup));
        rig.Reopen();
        Assert.Equal((index + 1, index + 1, 9, new HardState(9, Me)), rig.Bounds(BankGroup));
        Assert.Equal([$"{index + 1}/9 next"], rig.Texts(BankGroup));
    }

    [Fact]
    public void Entries_may_come_before_and_behind_a_snapshot_in_one_batch()
    {
        using var rig = Filled(isReal: false);
        rig.Log.Append(Entry(BankGroup, 6, 3, "gone"));
        rig.Log.Reset(BankGroup, 20, 3);
        rig.Log.Append(Members(BankGroup, 21, 3, "a"));
        rig.Log.Append(Entry(BankGroup, 22, 4, "kept"));
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal((21, 22, 4, HardState.Initial), rig.Bounds(BankGroup));
            Assert.Equal(["21/3", "22/4"], rig.Terms(BankGroup));
            Assert.Equal([21L], rig.Log.Bounds(BankGroup).MembersAt);
            Assert.Null(rig.Log.Sync());
            Assert.Equal(["21/3 a", "22/4 kept"], rig.Texts(BankGroup));
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
        rig.Log.Reset(BankGroup, 20, 3);
        rig.Log.Append(Entry(BankGroup, 21, 3, "gone"));
        rig.Log.Reset(BankGroup, 10, 2);
        Assert.Equal((11, 10, 2, HardState.Initial), rig.Bounds(BankGroup));
        Assert.Null(rig.Log.Sync());
        rig.Reopen();
        Assert.Equal((11, 10, 2, HardState.Initial), rig.Bounds(BankGroup));
        Assert.Empty(rig.Texts(BankGroup));
    }

    [Fact]
    public void A_group_can_begin_anew()
    {
        using var rig = Filled(isReal: false);
        rig.Log.Release(BankGroup, 5);
        rig.Log.Reset(BankGroup, 0, 0);
        Assert.Null(rig.Log.Sync());
        rig.Reopen();
        Assert.Equal((1, 0, 0, HardState.Initial), rig.Bounds(BankGroup));
        rig.Add(BankGroup, "first again");
        rig.Reopen();
        Assert.Equal(["1/1 first again"], rig.Texts(BankGroup));
    }

    [Fact]
    public void An_older_snapshot_takes_back_what_was_released()
    {
        using var rig = Filled(isReal: false, segmentBytes: 64);
        rig.Log.Release(BankGroup, 5);
        rig.Log.Reset(BankGroup, 2, 1);
        Assert.Null(rig.Log.Sync());
        for (var index = 3; index < 6; index++)
        {
            rig.Add(BankGroup, $"again {index}", term: 2);
        }

        Assert.Equal((3, 5, 2, HardState.Initial), rig.Bounds(BankGroup));
        rig.Reopen();
        Assert.Equal((3, 5, 2, HardState.Initial), rig.Bounds(BankGroup));
        Assert.Equal(["3/2 again 3", "4/2 again 4", "5/2 again 5"], rig.Texts(BankGroup));
    }

    [Fact]
    public void A_snapshot_that_the_disk_had_no_room_for_never_was()
    {
        using var rig = Filled(isReal: false);
        rig.Disk.IsFull = true;
        rig.Log.Reset(BankGroup, 20, 3);
        rig.Log.Append(Entry(BankGroup, 21, 3, "behind it"));
        Assert.Equal(FailureKind.Full, rig.Log.Sync()?.Kind);
        rig.Disk.IsFull = false;
        Assert.Equal((1, 5, 2, HardState.Initial), rig.Bounds(BankGroup));
        Assert.Equal(5, rig.Texts(BankGroup).Length);
        rig.Add(BankGroup, "goes on", term: 3);
        rig.Reopen();
        Assert.Equal(6, rig.Texts(BankGroup).Length);
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
                rig.Log.Reset(BankGroup, 20, 3);
                rig.Log.Append(Members(BankGroup, 21, 3, "a"));
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
            var isTaken = rig.Log.Bounds(BankGroup).First == 21;
            Assert.True(isTaken || !isSynced);
            Assert.Equal(isTaken ? (21, 21, 3, HardState.Initial) : (1, 5, 2, HardState.Initial), rig.Bounds(BankGroup));
            Assert.Equal(isTaken ? 1 : 5, rig.Texts(BankGroup).Length);
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
            rig.Add(BankGroup, new string('b', 100));
        }

        Assert.Equal(8, rig.Segments.Count);
        Assert.Equal(BankGroup, rig.Log.Holder);
        rig.Log.Reset(BankGroup, 100, 2);
        Assert.Equal(8, rig.Segments.Count);
        Assert.Null(rig.Log.Sync());
        Assert.Single(rig.Segments);
        Assert.Null(rig.Log.Holder);
        rig.Reopen();
        Assert.Equal((101, 100, 2, HardState.Initial), rig.Bounds(BankGroup));
        rig.Add(BankGroup, new string('c', 100), term: 2);
        rig.Add(BankGroup, "in the next segment", term: 2);
        Assert.True(rig.Segments.Count > 1);
        rig.Log.Release(BankGroup, 101);
        Assert.Single(rig.Segments);
        rig.Reopen();
        Assert.Equal((102, 102, 2, HardState.Initial), rig.Bounds(BankGroup));
        Assert.Equal(["102/2 in the next segment"], rig.Texts(BankGroup));
    }

    [Fact]
    public void Segments_that_hold_entries_of_other_groups_stay()
    {
        using var rig = new LogRig(isReal: false, segmentBytes: 128);
        rig.Add(Forum, "needed");
        for (var i = 0; i < 4; i++)
        {
            rig.Add(BankGroup, new string('b', 100));
        }

        var before = rig.Segments.Count;
        rig.Log.Reset(BankGroup, 100, 2);
        Assert.Null(rig.Log.Sync());
        Assert.True(rig.Segments.Count >= before);
        Assert.Equal(["1/1 needed"], rig.Texts(Forum));
        rig.Reopen();
        Assert.Equal(["1/1 needed"], rig.Texts(Forum));
        Assert.Equal((101, 100, 2, HardState.Initial), rig.Bounds(BankGroup));
    }

    [Fact]
    public void A_snapshot_at_no_entry_is_a_bug_and_leaves_the_log_as_it_was()
    {
        using var rig = Filled(isReal: false);
        foreach (var (index, term) in ((long, long)[])[(-1, 1), (0, 1), (3, 0), (3, -1), (-1, 0)])
        {
            Assert.Throws<CheckFailedException>(() => rig.Log.Reset(BankGroup, index, term));
        }

        Assert.Throws<CheckFailedException>(() => rig.Log.Reset(default, 3, 1));
        rig.Log.Reset(BankGroup, 20, 3);
        Assert.Throws<CheckFailedException>(() => rig.Log.Append(Entry(BankGroup, 20, 3, "in the snapshot")));
        Assert.Throws<CheckFailedException>(() => rig.Log.Append(Entry(BankGroup, 22, 3, "a gap")));
        Assert.Null(rig.Log.Sync());
        Assert.Equal((21, 20, 3, HardState.Initial), rig.Bounds(BankGroup));
    }

    /// <summary>Five entries of the bank, the last two of term 2 and the last one naming members; one of the forum.</summary>
    private static LogRig Filled(bool isReal, int segmentBytes = 4096)
    {
        var rig = new LogRig(isReal, segmentBytes);
        rig.Add(Forum, "other");
        for (var index = 1; index < 5; index++)
        {
            rig.Add(BankGroup, $"entry {index}", term: index < 4 ? 1 : 2);
        }

        rig.Log.Append(Members(BankGroup, 5, 2, "a b"));
        Assert.Null(rig.Log.Sync());
        return rig;
    }
}
