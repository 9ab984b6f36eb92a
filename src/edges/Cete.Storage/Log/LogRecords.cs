using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Cete.Core;
using Cete.Ports;

namespace Cete.Storage.Log;

/// <summary>What a record in a frame's payload says.</summary>
internal enum LogRecordKind : byte
{
    Entry = 1,
    HardState = 2,

    /// <summary>Where a group stands: written when a segment begins, so that no older one is needed for it.</summary>
    Bounds = 3,

    /// <summary>An entry that says who the members are; otherwise as <see cref="Entry"/>. Programs before Raft refuse it.</summary>
    MembersEntry = 4,

    /// <summary>A snapshot took the place of all entries. Programs before Raft refuse it.</summary>
    Reset = 5,
}

/// <summary>
/// A record as it was read; <see cref="Data"/> points into the frame, <see cref="DataOffset"/> says where from its start.
/// </summary>
internal readonly ref struct LogRecord
{
    public required LogRecordKind Kind { get; init; }

    public required GroupId Group { get; init; }

    /// <summary>Entry: its index. Bounds: the last index. Reset: where the snapshot stands.</summary>
    public long Index { get; init; }

    public long Term { get; init; }

    /// <summary>Bounds: entries up to here were released.</summary>
    public long Released { get; init; }

    /// <summary>Hard state: the candidate; text that names no key was written by no release and counts as none.</summary>
    public KeyId? VotedFor { get; init; }

    public ReadOnlySpan<byte> Data { get; init; }

    public int DataOffset { get; init; }
}

/// <summary>
/// Writes and reads the records of a payload: kind, group, then numbers of eight bytes and bytes with their length before them.
/// </summary>
internal static class LogRecords
{
    /// <summary>Returns where in the writer the data of the entry begins.</summary>
    public static int WriteEntry(ArrayBufferWriter<byte> writer, in LogEntry entry)
    {
        WriteStart(writer, KindOf(entry.Kind), entry.Group);
        WriteInt64(writer, entry.Index);
        WriteInt64(writer, entry.Term);
        WriteInt32(writer, entry.Data.Length);
        var offset = writer.WrittenCount;
        writer.Write(entry.Data.Span);
        return offset;
    }

    public static void WriteHardState(ArrayBufferWriter<byte> writer, GroupId group, in HardState state)
    {
        WriteStart(writer, LogRecordKind.HardState, group);
        WriteInt64(writer, state.Term);
        WriteText(writer, state.VotedFor?.ToString() ?? string.Empty);
    }

    public static void WriteReset(ArrayBufferWriter<byte> writer, GroupId group, long index, long term)
    {
        WriteStart(writer, LogRecordKind.Reset, group);
        WriteInt64(writer, index);
        WriteInt64(writer, term);
    }

    public static LogRecordKind KindOf(LogEntryKind kind) => kind == LogEntryKind.Members ? LogRecordKind.MembersEntry : LogRecordKind.Entry;

    public static LogEntryKind KindOf(LogRecordKind kind) => kind == LogRecordKind.MembersEntry ? LogEntryKind.Members : LogEntryKind.Command;

    /// <summary>Where every group stands: what a segment opens with.</summary>
    public static void WriteOpening(ArrayBufferWriter<byte> writer, IEnumerable<(GroupId Id, GroupLog Log)> groups)
    {
        foreach (var (id, log) in groups.Where(group => group.Log.HasFacts))
        {
            WriteBounds(writer, id, log.Released, log.Last, log.LastTerm);
            WriteHardState(writer, id, log.HardState);
        }
    }

    /// <summary>
    /// Reads the record at <paramref name="at"/> and moves on behind it; false at the end or where a record makes no sense.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, ref int at, out LogRecord record)
    {
        record = default;
        var reader = new Reader(payload, at);
        var kind = (LogRecordKind)reader.Byte();
        if (!GroupId.TryParse(reader.Text(), out var group))
        {
            return false;
        }

        switch (kind)
        {
            case LogRecordKind.Entry or LogRecordKind.MembersEntry:
                var (index, term) = (reader.Int64(), reader.Int64());
                var data = reader.Bytes(reader.Int32());
                record = new LogRecord
                {
                    Kind = kind,
                    Group = group,
                    Index = index,
                    Term = term,
                    Data = data,
                    DataOffset = reader.At - data.Length
                };
                break;
            case LogRecordKind.HardState:
                record = new LogRecord { Kind = kind, Group = group, Term = reader.Int64(), VotedFor = reader.Key() };
                break;
            case LogRecordKind.Reset:
                record = new LogRecord { Kind = kind, Group = group, Index = reader.Int64(), Term = reader.Int64() };
                break;
            case LogRecordKind.Bounds:
                record = new LogRecord
                {
                    Kind = kind,
                    Group = group,
                    Released = reader.Int64(),
                    Index = reader.Int64(),
                    Term = reader.Int64()
                };
                break;
            default:
                return false;
        }

        at = reader.At;
        return reader.Sound;
    }

    private static void WriteStart(ArrayBufferWriter<byte> writer, LogRecordKind kind, GroupId group)
    {
        writer.Write([(byte)kind]);
        WriteText(writer, group.Name);
    }

    private static void WriteBounds(ArrayBufferWriter<byte> writer, GroupId group, long released, long last, long lastTerm)
    {
        WriteStart(writer, LogRecordKind.Bounds, group);
        WriteInt64(writer, released);
        WriteInt64(writer, last);
        WriteInt64(writer, lastTerm);
    }

    private static void WriteText(ArrayBufferWriter<byte> writer, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Check.That(length <= byte.MaxValue);
        writer.Write([(byte)length]);
        Encoding.UTF8.GetBytes(text, writer);
    }

    private static void WriteInt64(ArrayBufferWriter<byte> writer, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(8), value);
        writer.Advance(8);
    }

    private static void WriteInt32(ArrayBufferWriter<byte> writer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(4), value);
        writer.Advance(4);
    }

    private ref struct Reader(ReadOnlySpan<byte> bytes, int at)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int At { get; private set; } = at;

        public bool Sound { get; private set; } = true;

        public ReadOnlySpan<byte> Bytes(int count)
        {
            if (!Sound || count < 0 || count > _bytes.Length - At)
            {
                Sound = false;
                return default;
            }

            At += count;
            return _bytes.Slice(At - count, count);
        }

        public byte Byte() => Bytes(1) is [var b] ? b : (byte)0;

        public int Int32() => Bytes(4) is { Length: 4 } b ? BinaryPrimitives.ReadInt32LittleEndian(b) : -1;

        public long Int64() => Bytes(8) is { Length: 8 } b ? BinaryPrimitives.ReadInt64LittleEndian(b) : -1;

        public string Text() => Encoding.UTF8.GetString(Bytes(Byte()));

        public KeyId? Key() => KeyId.TryParse(Text(), out var key) ? key : null;
    }
}
