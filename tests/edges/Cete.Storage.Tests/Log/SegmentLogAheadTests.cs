using Cete.Core;
using Cete.Simulation;
using static Cete.Storage.Tests.Log.LogRig;

namespace Cete.Storage.Tests.Log;

/// <summary>Zeros in front of the write position: what they spare, and that they never stand for anything.</summary>
public sealed class SegmentLogAheadTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Frames_change_bytes_of_a_file_that_seldom_grows(bool isReal)
    {
        using var rig = new LogRig(isReal);
        var (grown, length) = (0, 0L);
        for (var i = 0; i < 1_000; i++)
        {
            rig.Add(BankGroup, new string('b', 128));
            var now = LengthOf(rig, 0);
            grown += now > length ? 1 : 0;
            length = now;
        }

        Assert.InRange(grown, 1, 3);
    }

    [Fact]
    public void A_small_log_is_a_small_file_and_a_large_one_grows_in_bounded_steps()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");
        Assert.InRange(LengthOf(rig, 0), 64 * 1024, 65 * 1024);
        var used = 0L;
        for (var i = 0; rig.Segments.Count == 1; i++)
        {
            rig.Add(BankGroup, new string('b', 30_000));
            used += 30_000;
            var length = LengthOf(rig, 0);
            Assert.True(length <= (2 * used) + (100 * 1024) && length <= used + (256 * 1024) + (100 * 1024), $"{length} bytes for {used}");
        }

        // A segment that is full has nothing behind its last frame: only in the newest one a frame may be torn.
        Assert.NotEqual(0, rig.BytesOf(rig.Segments[0])[^1]);
        rig.Reopen(crash: true);
        Assert.Equal(used / 30_000, rig.Texts(BankGroup).Length - 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Closing_leaves_nothing_behind_the_last_frame_and_killing_does_no_harm(bool isReal)
    {
        using var rig = new LogRig(isReal);
        rig.Add(BankGroup, "first");
        rig.Add(BankGroup, "second");
        var killed = rig.BytesOf(rig.Segments[0]);
        rig.Log.Dispose();
        var closed = rig.BytesOf(rig.Segments[0]);
        Assert.Equal(killed.AsSpan().LastIndexOfAnyExcept((byte)0) + 1, closed.Length);
        Assert.Equal(closed, killed[..closed.Length]);
        rig.SetBytes(rig.Segments[0], killed);
        rig.Reopen();
        Assert.Equal(["1/1 first", "2/1 second"], rig.Texts(BankGroup));
        rig.Add(BankGroup, "third");
        rig.Reopen();
        Assert.Equal(["1/1 first", "2/1 second", "3/1 third"], rig.Texts(BankGroup));
    }

    [Fact]
    public void Of_a_frame_torn_among_the_zeros_nothing_stays()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");
        var before = rig.BytesOf(rig.Segments[0]);
        rig.Add(BankGroup, new string('2', 3_000));
        var after = rig.BytesOf(rig.Segments[0]);
        Assert.Equal(before.Length, after.Length);
        var chance = new Prng(7);
        for (var round = 0; round < 300; round++)
        {
            // Any of the sectors that the frame touches reached the disk, but not all of them.
            var torn = before.ToArray();
            var lost = 0;
            for (var at = 0; at < after.Length; at += 512)
            {
                var was = before.AsSpan(at, Math.Min(512, after.Length - at));
                var made = after.AsSpan(at, was.Length);
                var isLost = !was.SequenceEqual(made) && chance.Chance(1, 2);
                lost += isLost ? 1 : 0;
                (isLost ? was : made).CopyTo(torn.AsSpan(at));
            }

            rig.SetBytes(rig.Segments[0], torn);
            rig.Reopen(crash: false);
            Assert.Equal(lost > 0 ? 1 : 2, rig.Texts(BankGroup).Length);
            rig.Add(BankGroup, "short");
            rig.Reopen(crash: round % 2 == 0);
            string[] expected = lost > 0 ? ["1/1 first", "2/1 short"] : ["1/1 first", $"2/1 {new string('2', 3_000)}", "3/1 short"];
            Assert.Equal(expected, rig.Texts(BankGroup));
        }
    }

    [Fact]
    public void Bits_that_flip_behind_the_last_frame_harm_nothing()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");
        rig.Add(BankGroup, "second");
        var sound = rig.BytesOf(rig.Segments[0]);
        var tail = sound.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        for (var at = tail; at < sound.Length; at += at < tail + 64 ? 1 : 997)
        {
            rig.Disk.Put(rig.Segments[0], sound);
            rig.Disk.Flip(rig.Segments[0], at, 0x40);
            rig.Reopen(crash: false);
            Assert.Equal(["1/1 first", "2/1 second"], rig.Texts(BankGroup));
            rig.Add(BankGroup, "third");
            rig.Reopen(crash: true);
            Assert.Equal(["1/1 first", "2/1 second", "3/1 third"], rig.Texts(BankGroup));
        }
    }

    [Fact]
    public void A_frame_lost_among_sound_ones_is_damage()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");
        rig.Reopen();
        var at = rig.BytesOf(rig.Segments[0]).Length;
        rig.Add(BankGroup, "second");
        rig.Add(BankGroup, "third");
        var lost = rig.BytesOf(rig.Segments[0]);
        var next = lost.AsSpan(at + 1).IndexOf(lost.AsSpan(at, 4)) + 1;
        lost.AsSpan(at, next).Clear();
        rig.SetBytes(rig.Segments[0], lost);
        Assert.Equal(FailureKind.Damaged, rig.TryOpen().Failure?.Kind);
    }

    [Fact]
    public void Where_there_is_room_for_a_frame_and_for_no_zeros_the_frame_is_kept()
    {
        using var rig = new LogRig(isReal: false);

        // The name, the header, the opening, the frame; then the zeros.
        rig.Disk.FullAtWrite = rig.Disk.Writes + 5;
        rig.Add(BankGroup, "first");
        Assert.Equal(rig.Disk.FullAtWrite, rig.Disk.Writes);
        Assert.NotEqual(0, rig.BytesOf(rig.Segments[0])[^1]);
        rig.Add(BankGroup, "second");
        Assert.NotEqual(0, rig.BytesOf(rig.Segments[0])[^1]);
        rig.Reopen(crash: true);
        Assert.Equal(["1/1 first", "2/1 second"], rig.Texts(BankGroup));

        // The next start looks for room again.
        rig.Add(BankGroup, "third");
        Assert.Equal(0, rig.BytesOf(rig.Segments[0])[^1]);
    }

    [Fact]
    public void A_process_killed_while_it_closes_the_log_loses_nothing()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");
        rig.Disk.StopAtOperation = rig.Disk.Operations + 1;
        Assert.Throws<SimStoppedException>(rig.Log.Dispose);
        rig.Reopen(crash: true);
        Assert.Equal(["1/1 first"], rig.Texts(BankGroup));
    }

    [Fact]
    public void A_disk_that_refuses_the_cut_does_not_stop_the_closing()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");
        rig.Disk.FailAtSync = rig.Disk.Syncs + 1;
        rig.Log.Append(Entry(BankGroup, 2, 1, "second"));
        Assert.Equal(FailureKind.Damaged, rig.Log.Sync()?.Kind);
        var left = rig.BytesOf(rig.Segments[0]);

        // What a dead log left is for the next start to judge.
        rig.Log.Dispose();
        Assert.Equal(left, rig.BytesOf(rig.Segments[0]));
    }

    private static long LengthOf(LogRig rig, int segment)
    {
        using var file = rig.Files.Open(rig.Segments[segment]);
        return file.Length;
    }
}
