using Cete.Core;
using Cete.Ports;
using Cete.Storage.Log;
using static Cete.Storage.Tests.Log.LogRig;

namespace Cete.Storage.Tests.Log;

public sealed class SegmentLogTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Entries_of_several_groups_come_back(bool isReal)
    {
        using var rig = new LogRig(isReal);
        rig.Log.Append(Entry(BankGroup, 1, 1, "a"));
        rig.Log.Append(Entry(Forum, 1, 3, "x"));
        rig.Log.Append(Entry(BankGroup, 2, 1, string.Empty));
        Assert.Equal((1, 2, 1, HardState.Initial), rig.Bounds(BankGroup));
        Assert.Empty(rig.Log.Read(BankGroup, 1, 2, 100));
        Assert.Null(rig.Log.Sync());
        rig.Add(Forum, "y", 4);
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(["1/1 a", "2/1 "], rig.Texts(BankGroup));
            Assert.Equal(["1/3 x", "2/4 y"], rig.Texts(Forum));
            Assert.Equal((1, 2, 4, HardState.Initial), rig.Bounds(Forum));
            Assert.Equal((1, 0, 0, HardState.Initial), rig.Bounds(GroupId.Of("forum")));
            rig.Reopen();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_earlier_index_drops_what_stood_at_it_and_after(bool isReal)
    {
        using var rig = new LogRig(isReal);
        foreach (var data in (string[])["a", "b", "c", "d"])
        {
            rig.Add(BankGroup, data);
        }

        rig.Log.Append(Entry(BankGroup, 2, 2, "B"));
        Assert.Equal((1, 2, 2, HardState.Initial), rig.Bounds(BankGroup));
        Assert.Equal(4, rig.Texts(BankGroup).Length);
        Assert.Null(rig.Log.Sync());
        rig.Log.Append(Entry(BankGroup, 3, 2, "C"));
        rig.Log.Append(Entry(BankGroup, 3, 3, "c3"));
        Assert.Null(rig.Log.Sync());
        Assert.Equal(["1/1 a", "2/2 B", "3/3 c3"], rig.Texts(BankGroup));
        rig.Reopen();
        Assert.Equal(["1/1 a", "2/2 B", "3/3 c3"], rig.Texts(BankGroup));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Term_and_vote_come_back(bool isReal)
    {
        using var rig = new LogRig(isReal);
        rig.Log.Append(BankGroup, new HardState(3, Me));
        rig.Log.Append(Forum, new HardState(7, null));
        Assert.Equal(3, rig.Log.Bounds(BankGroup).HardState.Term);
        Assert.Null(rig.Log.Sync());
        rig.Log.Append(BankGroup, new HardState(4, KeyId.Of("other"u8)));
        rig.Reopen();
        Assert.Equal(new HardState(3, Me), rig.Log.Bounds(BankGroup).HardState);
        Assert.Equal(new HardState(7, null), rig.Log.Bounds(Forum).HardState);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bounds_outlive_the_segments_that_held_the_entries(bool isReal)
    {
        using var rig = new LogRig(isReal, segmentBytes: 256);
        rig.Log.Append(BankGroup, new HardState(9, Me));
        for (var i = 0; i < 10; i++)
        {
            rig.Add(BankGroup, new string('b', 100), term: 5);
        }

        rig.Log.Release(BankGroup, 10);
        for (var i = 0; i < 10; i++)
        {
            rig.Add(Forum, new string('i', 100));
        }

        rig.Log.Release(Forum, 8);
        Assert.Equal(2, rig.Segments.Count);
        Assert.Equal((11, 10, 5, new HardState(9, Me)), rig.Bounds(BankGroup));
        rig.Reopen();
        Assert.Equal((11, 10, 5, new HardState(9, Me)), rig.Bounds(BankGroup));
        Assert.True(rig.Log.Bounds(Forum).First <= 9);
        Assert.Equal(10, rig.Log.Bounds(Forum).Last);
        rig.Add(BankGroup, "next", term: 6);
        Assert.Equal(["11/6 next"], rig.Texts(BankGroup));
    }

    [Fact]
    public void Bounds_of_a_group_that_has_no_entry_left_say_so_after_a_start()
    {
        // Released later than the segment was opened, so that its opening knows of no release.
        using var rig = new LogRig(isReal: false, segmentBytes: 256);
        rig.Add(BankGroup, new string('b', 300), term: 5);
        rig.Add(Forum, new string('i', 300));
        rig.Log.Release(BankGroup, 1);
        Assert.Single(rig.Segments);
        rig.Reopen();
        Assert.Equal((2, 1, 5, HardState.Initial), rig.Bounds(BankGroup));
        rig.Add(BankGroup, "next", term: 5);
        rig.Reopen();
        Assert.Equal(["2/5 next"], rig.Texts(BankGroup));
    }

    [Fact]
    public void An_overwritten_suffix_can_begin_before_all_that_is_left_after_a_start()
    {
        // Entry 1 stands in a first segment, 2 in a second; then 1 is overwritten there, and the first goes.
        using var rig = new LogRig(isReal: false, segmentBytes: 256);
        rig.Add(BankGroup, new string('a', 300));
        rig.Add(BankGroup, "second");
        rig.Log.Append(Entry(BankGroup, 1, 2, "new first"));
        Assert.Null(rig.Log.Sync());
        rig.Add(BankGroup, "new second", term: 2);
        rig.Log.Release(Forum, 0);
        Assert.Single(rig.Segments);
        rig.Reopen();
        Assert.Equal(["1/2 new first", "2/2 new second"], rig.Texts(BankGroup));
    }

    [Fact]
    public void Gaps_and_released_entries_are_a_bug_and_leave_the_log_as_it_was()
    {
        using var rig = new LogRig(isReal: false);
        for (var i = 0; i < 4; i++)
        {
            rig.Add(BankGroup, $"{i}");
        }

        rig.Log.Release(BankGroup, 2);
        Assert.Equal(3, rig.Log.Bounds(BankGroup).First);
        Assert.All((long[])[-1, 0, 1, 2, 6, long.MaxValue], index =>
            Assert.Throws<CheckFailedException>(() => rig.Log.Append(Entry(BankGroup, index, 1, "bad"))));
        Assert.Throws<CheckFailedException>(() => rig.Log.Append(Entry(BankGroup, 5, 0, "bad")));
        Assert.Throws<CheckFailedException>(() => rig.Log.Append(new LogEntry(default, 1, 1, default)));
        Assert.Throws<CheckFailedException>(() => rig.Log.Append(default, new HardState(1, Me)));
        rig.Add(BankGroup, "good");
        rig.Reopen();
        Assert.Equal(5, rig.Log.Bounds(BankGroup).Last);
    }

    [Fact]
    public void The_log_names_the_group_that_keeps_it_long()
    {
        using var rig = new LogRig(isReal: false, segmentBytes: 128);
        rig.Add(Forum, "i");
        while (rig.Segments.Count <= SegmentLog.SegmentsMax)
        {
            Assert.Null(rig.Log.Holder);
            rig.Add(BankGroup, new string('b', 100));
        }

        Assert.True(rig.Log.Holder is { } first && (first == Forum || first == BankGroup));
        rig.Log.Release(BankGroup, long.MaxValue);
        Assert.Equal(Forum, rig.Log.Holder);
        rig.Log.Release(Forum, 1);
        Assert.Null(rig.Log.Holder);
        Assert.Single(rig.Segments);
    }

    [Fact]
    public void Segments_that_cannot_be_deleted_wait_for_the_next_release()
    {
        using var rig = new LogRig(isReal: false, segmentBytes: 128);
        for (var i = 0; i < 6; i++)
        {
            rig.Add(BankGroup, new string('b', 100));
        }

        var before = rig.Segments.Count;
        rig.Disk.FailDeletes = true;
        rig.Log.Release(BankGroup, 6);
        Assert.Equal(before, rig.Segments.Count);
        rig.Disk.FailDeletes = false;
        rig.Add(BankGroup, "goes on");
        rig.Log.Release(BankGroup, 6);
        Assert.InRange(rig.Segments.Count, 1, 2);
        rig.Reopen();
        Assert.Equal(7, rig.Log.Bounds(BankGroup).Last);
    }

    [Fact]
    public void A_read_keeps_to_its_limits_but_gives_one_entry_at_least()
    {
        using var rig = new LogRig(isReal: false);
        foreach (var data in (string[])["aaaa", "bbbb", "cccc"])
        {
            rig.Add(BankGroup, data);
        }

        string[] Read(long from, long to, int bytesMax) => Texts(rig.Log.Read(BankGroup, from, to, bytesMax));
        Assert.Equal(["1/1 aaaa", "2/1 bbbb", "3/1 cccc"], Read(1, 3, 12));
        Assert.Equal(["1/1 aaaa", "2/1 bbbb"], Read(1, 3, 11));
        Assert.Equal(["1/1 aaaa"], Read(1, 3, 0));
        Assert.Equal(["2/1 bbbb"], Read(2, 2, 100));
        Assert.Empty(Read(4, 9, 100));
        Assert.Empty(Read(3, 2, 100));
        Assert.Empty(Texts(rig.Log.Read(Forum, 1, 9, 100)));
    }

    [Fact]
    public void A_sync_of_nothing_writes_nothing()
    {
        using var rig = new LogRig(isReal: false);
        var (writes, syncs) = (rig.Disk.Writes, rig.Disk.Syncs);
        Assert.Null(rig.Log.Sync());
        Assert.Equal((writes, syncs), (rig.Disk.Writes, rig.Disk.Syncs));
    }

    [Fact]
    public void One_sync_is_one_write_and_one_fsync_whatever_the_number_of_groups()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");
        var (writes, syncs) = (rig.Disk.Writes, rig.Disk.Syncs);
        for (var i = 0; i < 100; i++)
        {
            rig.Log.Append(Entry(GroupId.Of($"g{i}"), 1, 1, "data"));
        }

        Assert.Null(rig.Log.Sync());
        Assert.Equal((writes + 1, syncs + 1), (rig.Disk.Writes, rig.Disk.Syncs));
    }
}
