using System.Buffers.Binary;
using System.Text;
using Cete.Core;
using Cete.Ports;
using Cete.Storage.Log;
using static Cete.Storage.Tests.Log.LogRig;

namespace Cete.Storage.Tests.Log;

/// <summary>Kinds of entries and runs of terms; and what stands on disk for them.</summary>
public sealed class SegmentLogKindTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Kinds_and_terms_are_shown_while_buffered_and_come_back(bool isReal)
    {
        using var rig = new LogRig(isReal);
        Assert.Empty(rig.Terms(BankGroup));
        Assert.Empty(rig.Log.Bounds(BankGroup).MembersAt);
        rig.Log.Append(Members(BankGroup, 1, 1, "a"));
        rig.Log.Append(Entry(BankGroup, 2, 1, "x"));
        rig.Log.Append(Entry(BankGroup, 3, 4, string.Empty));
        rig.Log.Append(Members(BankGroup, 4, 4, "a b"));
        rig.Log.Append(Entry(Forum, 1, 2, "y"));
        rig.Log.Append(Entry(BankGroup, 5, 6, "z"));
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(["1/1", "3/4", "5/6"], rig.Terms(BankGroup));
            Assert.Equal([1L, 4], rig.Log.Bounds(BankGroup).MembersAt);
            Assert.Equal(["1/2"], rig.Terms(Forum));
            Assert.Empty(rig.Log.Bounds(Forum).MembersAt);
            if (round == 0)
            {
                Assert.Null(rig.Log.Sync());
            }
            else
            {
                LogEntryKind[] kinds = [.. rig.Log.Read(BankGroup, 1, 5, 1000).Select(entry => entry.Kind)];
                var (command, members) = (LogEntryKind.Command, LogEntryKind.Members);
                Assert.Equal([members, command, command, members, command], kinds);
                rig.Reopen();
            }
        }
    }

    [Fact]
    public void Released_entries_are_no_longer_told_of()
    {
        using var rig = new LogRig(isReal: false);
        rig.Log.Append(Members(BankGroup, 1, 1, "a"));
        rig.Log.Append(Entry(BankGroup, 2, 1, "x"));
        rig.Log.Append(Members(BankGroup, 3, 2, "a b"));
        Assert.Null(rig.Log.Sync());
        rig.Log.Release(BankGroup, 1);
        Assert.Equal(["2/1", "3/2"], rig.Terms(BankGroup));
        Assert.Equal([3L], rig.Log.Bounds(BankGroup).MembersAt);
        rig.Log.Release(BankGroup, 3);
        Assert.Empty(rig.Terms(BankGroup));
        Assert.Empty(rig.Log.Bounds(BankGroup).MembersAt);
        Assert.Equal((4, 3, 2, HardState.Initial), rig.Bounds(BankGroup));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_overwritten_suffix_takes_members_and_terms_with_it(bool isReal)
    {
        using var rig = new LogRig(isReal, segmentBytes: 128);
        rig.Add(BankGroup, "x");
        foreach (var index in (long[])[2, 3, 4])
        {
            rig.Log.Append(Members(BankGroup, index, index, new string('m', 60)));
            Assert.Null(rig.Log.Sync());
        }

        Assert.True(rig.Segments.Count > 1);
        Assert.Equal([2L, 3, 4], rig.Log.Bounds(BankGroup).MembersAt);
        rig.Log.Append(Entry(BankGroup, 3, 7, "no members"));
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal([2L], rig.Log.Bounds(BankGroup).MembersAt);
            Assert.Equal(["1/1", "2/2", "3/7"], rig.Terms(BankGroup));
            Assert.Null(rig.Log.Sync());
            if (round > 0)
            {
                rig.Reopen();
            }
        }
    }

    [Fact]
    public void Additions_that_the_disk_had_no_room_for_are_no_longer_told_of()
    {
        using var rig = new LogRig(isReal: false);
        rig.Log.Append(Members(BankGroup, 1, 1, "a"));
        Assert.Null(rig.Log.Sync());
        rig.Disk.IsFull = true;
        rig.Log.Append(Entry(BankGroup, 1, 2, "b"));
        rig.Log.Append(Members(BankGroup, 2, 2, "b"));
        Assert.Equal(["1/2"], rig.Terms(BankGroup));
        Assert.Equal([2L], rig.Log.Bounds(BankGroup).MembersAt);
        Assert.Equal(FailureKind.Full, rig.Log.Sync()?.Kind);
        Assert.Equal(["1/1"], rig.Terms(BankGroup));
        Assert.Equal([1L], rig.Log.Bounds(BankGroup).MembersAt);
    }

    [Fact]
    public void An_entry_of_no_known_kind_is_a_bug()
    {
        using var rig = new LogRig(isReal: false);
        Assert.Throws<CheckFailedException>(() => rig.Log.Append(new LogEntry(BankGroup, 1, 1, default, (LogEntryKind)2)));
    }

    [Fact]
    public void A_file_from_before_there_were_kinds_reads_as_it_did()
    {
        // Entry, hard state and bounds as the first release wrote them, byte by byte.
        using var rig = new LogRig(isReal: false);
        byte[] opening = [.. Record(3, "bank"), .. Number(4), .. Number(9), .. Number(5), .. Record(2, "bank"), .. Number(6), .. Text($"{Me}")];
        byte[] batch =
        [
            .. Record(1, "bank"), .. Number(10), .. Number(6), 3, 0, 0, 0, .. "abc"u8,
            .. Record(2, "search"), .. Number(2), .. Text(string.Empty),
            .. Record(2, "forum"), .. Number(3), .. Text("node-1"),
        ];
        WriteSegment(rig, opening, batch);
        rig.Reopen();
        Assert.Equal((10, 10, 6, new HardState(6, Me)), rig.Bounds(BankGroup));
        Assert.Equal(["10/6 abc"], rig.Texts(BankGroup));
        Assert.Equal(LogEntryKind.Command, Assert.Single(rig.Log.Read(BankGroup, 1, 99, 999)).Kind);
        Assert.Equal(new HardState(2, null), rig.Log.Bounds(Forum).HardState);
        Assert.Equal(new HardState(3, null), rig.Log.Bounds(GroupId.Of("forum")).HardState);
    }

    [Fact]
    public void Commands_alone_are_written_as_the_first_release_wrote_them()
    {
        using var rig = new LogRig(isReal: false);
        rig.Log.Append(Entry(BankGroup, 1, 6, "abc"));
        rig.Log.Append(BankGroup, new HardState(6, Me));
        Assert.Null(rig.Log.Sync());
        byte[] batch = [.. Record(1, "bank"), .. Number(1), .. Number(6), 3, 0, 0, 0, .. "abc"u8, .. Record(2, "bank"), .. Number(6), .. Text($"{Me}")];
        rig.Log.Dispose();
        var written = rig.BytesOf(rig.Segments[0]);
        Assert.Equal(batch, written[^batch.Length..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(255)]
    public void A_record_of_a_kind_that_is_not_known_is_refused(byte kind)
    {
        using var rig = new LogRig(isReal: false);
        WriteSegment(rig, [], [.. Record(kind, "bank"), .. Number(1), .. Number(1)]);
        Assert.Equal(FailureKind.Damaged, rig.TryOpen().Failure?.Kind);
    }

    private static void WriteSegment(LogRig rig, params byte[][] payloads)
    {
        rig.Log.Dispose();
        var path = $"{rig.Folder}/{LogSegment.NameOf(1)}";
        using var segment = new LogSegment(rig.Files.Open(path), path, 1);
        segment.WriteHeader();
        for (var i = 0; i < payloads.Length; i++)
        {
            byte[] frame = [.. new byte[LogFrame.HeaderSize], .. payloads[i]];
            LogFrame.Seal(frame, 1 + i);
            segment.File.Write(frame, segment.Tail);
            segment.MoveTail(segment.Tail + frame.Length);
        }
    }

    private static byte[] Record(byte kind, string group) => [kind, .. Text(group)];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Number(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
