using System.Buffers;
using Cete.Core;
using Cete.Ports;

namespace Cete.Storage.Log;

/// <summary>Reads all segments at a start: checks every frame, cuts a torn tail off, refuses damage to what had been synced.</summary>
internal sealed class SegmentLogScan(IFileSystem files, string folder)
{
    private readonly SortedDictionary<string, (GroupId Id, GroupLog Log)> _groups = new(StringComparer.Ordinal);
    private (long Offset, byte[] Bytes) _newest = (0, []);

    /// <summary>Holds one segment after the other: memory that is new each time takes as long to get as the file to read.</summary>
    private byte[] _buffer = [];

    public List<LogSegment> Segments { get; } = [];

    public long NextSequence { get; private set; } = 1;

    public IEnumerable<(GroupId Id, GroupLog Log)> Groups => _groups.Values;

    public static Outcome<SegmentLogScan> Run(IFileSystem files, string folder)
    {
        files.CreateFolder(folder);
        files.SyncFolder(Path.GetDirectoryName(folder) ?? string.Empty);
        var scan = new SegmentLogScan(files, folder);
        var isGood = false;
        try
        {
            if (scan.ReadAll() is { } failure)
            {
                return failure;
            }

            scan.Settle();
            isGood = true;
            return scan;
        }
        finally
        {
            if (!isGood)
            {
                scan.Segments.ForEach(segment => segment.Dispose());
            }
        }
    }

    private Failure? ReadAll()
    {
        var names = files.List(folder).Where(name => LogSegment.TryParseName(name, out _)).ToList();
        for (var i = 0; i < names.Count; i++)
        {
            _ = LogSegment.TryParseName(names[i], out var sequence);
            var path = $"{folder}/{names[i]}";
            if (i > 0 && sequence != NextSequence)
            {
                return new Failure(FailureKind.Damaged, $"the log in {folder} lacks what came before {names[i]}: a segment is missing or damaged; restore it, or the node from its community");
            }

            if (ReadSegment(path, sequence, isLast: i == names.Count - 1) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private Failure? ReadSegment(string path, long sequence, bool isLast)
    {
        var segment = new LogSegment(files.Open(path), path, sequence);
        Segments.Add(segment);
        var length = segment.File.Length;
        if (length > Array.MaxLength)
        {
            return new Failure(FailureKind.Damaged,
                $"the log segment {path} has {length} bytes, which no segment has; restore the file, or the node from its community");
        }

        if (_buffer.Length < length)
        {
            _buffer = GC.AllocateUninitializedArray<byte>((int)length);
        }

        var bytes = _buffer.AsSpan(0, (int)length);
        bytes = bytes[..segment.File.Read(bytes, 0)];
        NextSequence = sequence;
        var header = segment.CheckHeader();
        if (isLast && header is not { Kind: FailureKind.Conflict } && IsTornAtBirth(bytes))
        {
            Segments.Remove(segment);
            segment.Dispose();
            files.Delete(path);
            return null;
        }

        return header ?? ReadFrames(segment, bytes, isLast);
    }

    /// <summary>
    /// Whether a segment holds nothing but the ruins of its opening frame: then nothing was ever added to it, for that is synced first.
    /// </summary>
    private bool IsTornAtBirth(ReadOnlySpan<byte> bytes)
    {
        var opening = new ArrayBufferWriter<byte>();
        LogRecords.WriteOpening(opening, Groups);
        return bytes.Length <= LogSegment.HeaderSize + LogFrame.HeaderSize + opening.WrittenCount
            && (bytes.Length < LogSegment.HeaderSize || !LogFrame.TryRead(bytes[LogSegment.HeaderSize..], NextSequence, NextSequence, out _));
    }

    private Failure? ReadFrames(LogSegment segment, ReadOnlySpan<byte> bytes, bool isLast)
    {
        var (at, start) = (LogSegment.HeaderSize, 0);
        while (LogFrame.TryRead(bytes[at..], NextSequence, NextSequence, out var payload))
        {
            if (!TakeRecords(segment, payload, at + LogFrame.HeaderSize))
            {
                return Damage(segment.Path, at);
            }

            // The header and the opening frame are written as one.
            start = at == LogSegment.HeaderSize ? 0 : at;
            at += LogFrame.HeaderSize + payload.Length;
            NextSequence++;
        }

        if (at > LogSegment.HeaderSize)
        {
            _newest = (start, bytes[start..at].ToArray());
        }

        segment.MoveTail(at);
        var isTail = at == bytes.Length || (isLast && !LogFrame.IsFollowed(bytes[at..], NextSequence));
        return isTail && at > LogSegment.HeaderSize ? null : Damage(segment.Path, at);
    }

    /// <summary>
    /// Makes durable what was found. The newest frame may have been written and never synced: this process died in between, or
    /// its fsync failed and the pages only look clean, hence they are written anew. A torn tail goes, and zeros with it: what stands behind
    /// the last frame is what this process writes there.
    /// </summary>
    private void Settle()
    {
        if (Segments is [.., var last])
        {
            if (last.File.Length > last.Tail)
            {
                last.Cut();
            }

            last.File.Write(_newest.Bytes, _newest.Offset);
            last.File.Sync();
        }

        files.SyncFolder(folder);
    }

    private static Failure Damage(string path, long at) =>
        new(FailureKind.Damaged, $"the log segment {path} is damaged at byte {at}, and what is behind it had been acknowledged; restore the file, or the node from its community");

    private bool TakeRecords(LogSegment segment, ReadOnlySpan<byte> payload, long payloadOffset)
    {
        var at = 0;
        while (at < payload.Length)
        {
            if (!LogRecords.TryRead(payload, ref at, out var record))
            {
                return false;
            }

            if (!_groups.TryGetValue(record.Group.Name, out var group))
            {
                _groups.Add(record.Group.Name, group = (record.Group, new GroupLog()));
            }

            switch (record.Kind)
            {
                case LogRecordKind.HardState:
                    group.Log.Set(new HardState(record.Term, record.VotedFor));
                    break;
                case LogRecordKind.Bounds:
                    group.Log.SetBounds(record.Released, record.Index, record.Term);
                    break;
                case LogRecordKind.Reset:
                    group.Log.Reset(record.Index, record.Term);
                    break;
                default:
                    var (offset, checksum) = (payloadOffset + record.DataOffset, Crc32C.Of(record.Data));
                    var place = new EntryPlace(segment, offset, record.Data.Length, checksum, record.Term, LogRecords.KindOf(record.Kind));
                    group.Log.Add(record.Index, place);
                    break;
            }
        }

        return true;
    }
}
