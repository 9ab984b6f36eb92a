using System.Buffers.Binary;
using System.Globalization;
using Cete.Core;
using Cete.Storage.Log;
using static Cete.Storage.Tests.Log.LogRig;

namespace Cete.Storage.Tests.Log;

public sealed class SegmentLogDamageTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tail_torn_anywhere_is_cut_off_and_the_log_goes_on(bool isReal)
    {
        using var rig = new LogRig(isReal);
        rig.Add(BankGroup, "first");
        rig.Reopen();
        var keep = rig.BytesOf(rig.Segments[0]).Length;
        rig.Add(BankGroup, "second");
        rig.Log.Dispose();
        var whole = rig.BytesOf(rig.Segments[0]);
        for (var length = keep; length < whole.Length; length++)
        {
            rig.SetBytes(rig.Segments[0], whole.AsSpan(0, length));
            rig.Reopen();
            Assert.Equal(["1/1 first"], rig.Texts(BankGroup));
            rig.Add(BankGroup, "again");
            rig.Reopen();
            Assert.Equal(["1/1 first", "2/1 again"], rig.Texts(BankGroup));
            rig.Log.Dispose();
        }
    }

    [Fact]
    public void Zeros_and_noise_behind_the_last_frame_are_a_torn_tail()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");
        rig.Log.Dispose();
        var whole = rig.BytesOf(rig.Segments[0]);
        var noise = new byte[700];
        new Prng(5).Fill(noise);
        foreach (var tail in (byte[][])[new byte[700], noise])
        {
            rig.SetBytes(rig.Segments[0], [.. whole, .. tail]);
            rig.Reopen();
            Assert.Equal(["1/1 first"], rig.Texts(BankGroup));
            Assert.Equal(whole.Length, rig.BytesOf(rig.Segments[0]).Length);
            rig.Log.Dispose();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damage_before_sound_frames_is_refused_and_named(bool isReal)
    {
        using var rig = new LogRig(isReal);
        rig.Add(BankGroup, "first");
        rig.Reopen();
        var at = rig.BytesOf(rig.Segments[0]).Length;
        rig.Add(BankGroup, "second");
        rig.Add(BankGroup, "third");
        rig.Log.Dispose();
        var bytes = rig.BytesOf(rig.Segments[0]);
        bytes[at + 30] ^= 0x10;
        rig.SetBytes(rig.Segments[0], bytes);
        var failure = rig.TryOpen().Failure;
        Assert.Equal(FailureKind.Damaged, failure?.Kind);
        Assert.Contains(rig.Segments[0], failure!.Message, StringComparison.Ordinal);
        Assert.Contains($"byte {at.ToString(CultureInfo.InvariantCulture)}", failure.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, rig.BytesOf(rig.Segments[0]));
    }

    [Fact]
    public void No_flipped_bit_ever_gives_a_wrong_entry()
    {
        using var rig = new LogRig(isReal: false, segmentBytes: 200);
        for (var i = 0; i < 3; i++)
        {
            rig.Log.Append(Forum, new Ports.HardState(i + 1, Me));
            rig.Add(BankGroup, $"entry {i} {new string('x', 40)}");
        }

        var (expected, lastSegment) = (rig.Texts(BankGroup), rig.Segments[^1]);
        Assert.True(rig.Segments.Count > 1);
        rig.Log.Dispose();
        var originals = rig.Segments.ToDictionary(path => path, rig.BytesOf);
        var dropped = 0;
        foreach (var (path, bytes) in originals)
        {
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                foreach (var (other, good) in originals)
                {
                    rig.Disk.Put(other, good);
                }

                rig.Disk.Flip(path, bit / 8, (byte)(1 << (bit % 8)));
                var opened = rig.TryOpen();
                if (!opened.Succeeded)
                {
                    Assert.True(opened.Failure.Kind == FailureKind.Damaged, $"bit {bit} of {path}");
                    continue;
                }

                using var log = opened.Value;
                var found = Texts(log.Read(BankGroup, 1, 99, 9999));
                Assert.True(path == lastSegment && found.SequenceEqual(expected.Take(2)), $"bit {bit} of {path}");
                dropped++;
            }
        }

        Assert.True(dropped > 0);
    }

    [Fact]
    public void An_entry_that_changes_on_the_disk_while_the_log_is_open_is_not_given_out()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "a fine entry");
        var at = rig.BytesOf(rig.Segments[0]).AsSpan().LastIndexOfAnyExcept((byte)0);
        rig.Disk.Flip(rig.Segments[0], at, 1);
        var error = Assert.Throws<InvalidDataException>(() => rig.Log.Read(BankGroup, 1, 1, 100));
        Assert.Contains(rig.Segments[0], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_that_looks_like_frames_does_not_make_a_torn_tail_look_like_damage()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");
        var data = new List<byte>();
        for (var sequence = 1L << 40; sequence < (1L << 40) + 40; sequence++)
        {
            var frame = new byte[LogFrame.HeaderSize];
            LogFrame.Seal(frame, sequence);
            data.AddRange(frame);
        }

        rig.Log.Append(new Ports.LogEntry(BankGroup, 2, 1, data.ToArray()));
        Assert.Null(rig.Log.Sync());
        rig.Log.Dispose();
        var bytes = rig.BytesOf(rig.Segments[0]);
        rig.SetBytes(rig.Segments[0], bytes.AsSpan(0, bytes.Length - 1));
        rig.Reopen();
        Assert.Equal(["1/1 first"], rig.Texts(BankGroup));

        // Torn within, its length intact: what its header says it holds is its own, whatever sequences stand there.
        bytes[^1] ^= 1;
        rig.Log.Dispose();
        rig.SetBytes(rig.Segments[0], bytes);
        rig.Reopen();
        Assert.Equal(["1/1 first"], rig.Texts(BankGroup));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_missing_segment_is_refused(bool isReal)
    {
        using var rig = new LogRig(isReal, segmentBytes: 128);
        for (var i = 0; i < 5; i++)
        {
            rig.Add(BankGroup, new string('b', 120));
        }

        rig.Log.Dispose();
        var next = rig.Segments[3];
        rig.Files.Delete(rig.Segments[2]);
        var failure = rig.TryOpen().Failure;
        Assert.Equal(FailureKind.Damaged, failure?.Kind);
        Assert.Contains(Path.GetFileName(next), failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void A_segment_of_a_newer_version_is_refused_and_kept(int segment)
    {
        using var rig = new LogRig(isReal: false, segmentBytes: 128);
        for (var i = 0; i < 5; i++)
        {
            rig.Add(BankGroup, new string('b', 120));
        }

        rig.Log.Dispose();
        var bytes = rig.BytesOf(rig.Segments[segment]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Crc32C.Of(bytes.AsSpan(0, 12)));
        bytes.AsSpan(16).Clear();
        rig.SetBytes(rig.Segments[segment], bytes);
        Assert.Equal(FailureKind.Conflict, rig.TryOpen().Failure?.Kind);
        Assert.Equal(5, rig.Segments.Count);
    }

    [Fact]
    public void A_last_segment_that_was_in_use_and_has_no_sound_frame_is_damage()
    {
        using var rig = new LogRig(isReal: false, segmentBytes: 128);
        rig.Add(BankGroup, new string('b', 200));
        rig.Add(BankGroup, "in the second segment");
        rig.Log.Dispose();
        var bytes = rig.BytesOf(rig.Segments[1]);
        bytes.AsSpan(16).Clear();
        rig.SetBytes(rig.Segments[1], bytes);
        Assert.Equal(FailureKind.Damaged, rig.TryOpen().Failure?.Kind);
        Assert.Equal(2, rig.Segments.Count);
    }

    [Fact]
    public void A_segment_of_absurd_length_is_refused_without_reading_it()
    {
        using var rig = new LogRig(isReal: true);
        rig.Add(BankGroup, "first");
        rig.Log.Dispose();
        using (var file = rig.Files.Open(rig.Segments[0]))
        {
            file.SetLength(3L << 30);
        }

        Assert.Equal(FailureKind.Damaged, rig.TryOpen().Failure?.Kind);
    }

    [Fact]
    public void Files_of_other_names_are_left_alone()
    {
        using var rig = new LogRig(isReal: false);
        rig.Add(BankGroup, "first");
        string[] others = ["log/notes.txt", "log/1.seg", "log/000000000000000g.seg", "log/0000000000000001.seg.bak"];
        foreach (var other in others)
        {
            rig.Disk.Put(other, [1, 2, 3]);
        }

        rig.Reopen();
        Assert.Equal(["1/1 first"], rig.Texts(BankGroup));
        Assert.All(others, other => Assert.True(rig.Disk.Exists(other)));
    }
}
