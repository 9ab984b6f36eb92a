using System.Buffers;
using Cete.Core;
using Cete.Ports;

namespace Cete.Storage.Log;

/// <summary>
/// The log of a node as files of checksummed frames (see DESIGN.md beside this file). Everything buffered since the last
/// <see cref="Sync"/> becomes one frame: one write, one fsync, whatever the number of groups.
/// </summary>
public sealed class SegmentLog : INodeLog
{
    /// <summary>A segment that is longer than this gets no more frames.</summary>
    public const int SegmentBytes = 16 * 1024 * 1024;

    /// <summary>More segments than this make the log ask for checkpoints: bounds the disk used and the time of a start.</summary>
    public const int SegmentsMax = 4;

    private readonly IFileSystem _files;
    private readonly string _folder;
    private readonly int _segmentBytes;
    private readonly SortedDictionary<string, (GroupId Id, GroupLog Log)> _groups = new(StringComparer.Ordinal);
    private readonly List<LogSegment> _segments;
    private readonly ArrayBufferWriter<byte> _frame = new();
    private readonly List<PendingRecord> _pending = [];
    private long _nextSequence;
    private Failure? _dead;

    private SegmentLog(IFileSystem files, string folder, int segmentBytes, SegmentLogScan scan)
    {
        (_files, _folder, _segmentBytes, _segments, _nextSequence) = (files, folder, segmentBytes, scan.Segments, scan.NextSequence);
        foreach (var (id, log) in scan.Groups)
        {
            _groups.Add(id.Name, (id, log));
        }

        ResetFrame();
    }

    /// <summary>Opens the log in a folder, empty when new. A torn tail is cut off; damage to what was synced is a failure.</summary>
    public static Outcome<SegmentLog> Open(IFileSystem files, string folder) => Open(files, folder, SegmentBytes);

    /// <summary>With segments of another length than the product's, so that tests see many of them.</summary>
    internal static Outcome<SegmentLog> Open(IFileSystem files, string folder, int segmentBytes)
    {
        try
        {
            return SegmentLogScan.Run(files, folder).Then(scan => new SegmentLog(files, folder, segmentBytes, scan));
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"opening the log in {folder}");
        }
    }

    public GroupId? Holder
    {
        get
        {
            if (_segments.Count <= SegmentsMax)
            {
                return null;
            }

            foreach (var (id, log) in _groups.Values)
            {
                if (log.Holds(_segments[0]))
                {
                    return id;
                }
            }

            return null;
        }
    }

    public LogBounds Bounds(GroupId group) => Group(group).Bounds;

    public void Append(in LogEntry entry)
    {
        Group(entry.Group).Expect(entry.Index, entry.Term, entry.Kind);
        _pending.Add(new PendingRecord(LogRecords.KindOf(entry.Kind), entry.Group)
        {
            Index = entry.Index,
            Term = entry.Term,
            Offset = LogRecords.WriteEntry(_frame, entry),
            Length = entry.Data.Length,
            Checksum = Crc32C.Of(entry.Data.Span),
        });
    }

    public void Append(GroupId group, in HardState state)
    {
        Group(group).Expect(state);
        LogRecords.WriteHardState(_frame, group, state);
        _pending.Add(new PendingRecord(LogRecordKind.HardState, group) { HardState = state });
    }

    public void Reset(GroupId group, long index, long term)
    {
        Group(group).ExpectReset(index, term);
        LogRecords.WriteReset(_frame, group, index, term);
        _pending.Add(new PendingRecord(LogRecordKind.Reset, group) { Index = index, Term = term });
    }

    public Failure? Sync()
    {
        if (_pending.Count == 0)
        {
            return _dead;
        }

        var failure = _dead ?? WriteFrame();
        if (failure is null)
        {
            TakeOver();
            if (_pending.Any(record => record.Kind == LogRecordKind.Reset))
            {
                DeleteReleased();
            }
        }

        foreach (var (_, log) in _groups.Values)
        {
            log.ForgetPending();
        }

        _pending.Clear();
        ResetFrame();
        return failure;
    }

    public IReadOnlyList<LogEntry> Read(GroupId group, long from, long to, int bytesMax)
    {
        List<LogEntry> entries = [];
        var bytes = 0L;
        foreach (var (index, place) in Group(group).Places(from, to))
        {
            bytes += place.Length;
            if (entries.Count > 0 && bytes > bytesMax)
            {
                break;
            }

            var data = new byte[place.Length];
            if (place.Segment.File.Read(data, place.Offset) != data.Length || Crc32C.Of(data) != place.Checksum)
            {
                throw new InvalidDataException($"entry {index} of group '{group}' in {place.Segment.Path} has changed on the disk since it was written");
            }

            entries.Add(new LogEntry(group, index, place.Term, data, place.Kind));
        }

        return entries;
    }

    public void Release(GroupId group, long through)
    {
        Group(group).Release(through);
        DeleteReleased();
    }

    public void Dispose()
    {
        if (_dead is null && _segments is [.., var last])
        {
            CutQuietly(last);
        }

        foreach (var segment in _segments)
        {
            segment.Dispose();
        }

        _segments.Clear();
    }

    /// <summary>Zeros behind the last frame cost room and nothing else: they may as well stay.</summary>
    private static void CutQuietly(LogSegment segment)
    {
        try
        {
            segment.Cut();
        }
        catch (IOException)
        {
            return;
        }
    }

    private void DeleteReleased()
    {
        while (_segments.Count > 1 && !_groups.Values.Any(g => g.Log.Holds(_segments[0])) && TryDeleteOldest())
        {
        }
    }

    /// <summary>False when the disk would not; the segment then stays first and its turn comes again with the next release.</summary>
    private bool TryDeleteOldest()
    {
        var oldest = _segments[0];
        try
        {
            // One by one: a loss of power may undo deletions in any order, and a gap between segments is damage.
            oldest.Dispose();
            _files.Delete(oldest.Path);
            _files.SyncFolder(_folder);
            _segments.RemoveAt(0);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private GroupLog Group(GroupId id)
    {
        Check.That(id.Name.Length > 0, "an entry belongs to a group");
        if (!_groups.TryGetValue(id.Name, out var group))
        {
            _groups.Add(id.Name, group = (id, new GroupLog()));
        }

        return group.Log;
    }

    private Failure? WriteFrame()
    {
        LogSegment? segment = null;
        try
        {
            segment = Current();
            var frame = _frame.WrittenMemory.ToArray();
            LogFrame.Seal(frame, _nextSequence);
            segment.File.Write(frame, segment.Tail);
            segment.WriteAhead(segment.Tail + frame.Length, _segmentBytes);
        }
        catch (IOException error)
        {
            return CutBack(segment, DiskFailure.From(error, $"writing the log in {_folder}"));
        }

        try
        {
            segment.File.Sync();
            return null;
        }
        catch (IOException error)
        {
            // After a failed fsync the kernel may have dropped the pages: nobody knows what a retry would find (fsyncgate).
            return _dead = new Failure(FailureKind.Damaged,
                $"the log in {_folder} could not be synced ({error.Message}); stop the node, mend the disk, start again");
        }
    }

    private Failure CutBack(LogSegment? segment, Failure failure)
    {
        try
        {
            segment?.Cut();
            return failure;
        }
        catch (IOException error)
        {
            return _dead = new Failure(FailureKind.Damaged, $"the log in {_folder} could not be cut back after a failed write: {error.Message}");
        }
    }

    private void TakeOver()
    {
        var segment = _segments[^1];
        foreach (var record in _pending)
        {
            var group = Group(record.Group);
            switch (record.Kind)
            {
                case LogRecordKind.HardState:
                    group.Set(record.HardState);
                    break;
                case LogRecordKind.Reset:
                    group.Reset(record.Index, record.Term);
                    break;
                default:
                    var (offset, kind) = (segment.Tail + record.Offset, LogRecords.KindOf(record.Kind));
                    group.Add(record.Index, new EntryPlace(segment, offset, record.Length, record.Checksum, record.Term, kind));
                    break;
            }
        }

        segment.MoveTail(segment.Tail + _frame.WrittenCount);
        _nextSequence++;
    }

    /// <summary>The segment that takes the next frame; a new one begins with where every group stands.</summary>
    private LogSegment Current()
    {
        if (_segments.Count > 0 && _segments[^1].Tail < _segmentBytes)
        {
            return _segments[^1];
        }

        var opening = new ArrayBufferWriter<byte>();
        opening.Advance(Reserve(opening));
        LogRecords.WriteOpening(opening, _groups.Values);
        var path = $"{_folder}/{LogSegment.NameOf(_nextSequence)}";
        var segment = new LogSegment(_files.Open(path), path, _nextSequence);
        try
        {
            segment.File.SetLength(0);
            segment.WriteHeader();
            var frame = opening.WrittenMemory.ToArray();
            LogFrame.Seal(frame, _nextSequence);
            segment.File.Write(frame, segment.Tail);
            segment.File.Sync();
            _files.SyncFolder(_folder);
            segment.MoveTail(segment.Tail + frame.Length);
        }
        catch (IOException)
        {
            segment.Dispose();
            _files.Delete(path);
            throw;
        }

        _nextSequence++;
        _segments.Add(segment);
        return segment;
    }

    private void ResetFrame()
    {
        _frame.ResetWrittenCount();
        _frame.Advance(Reserve(_frame));
    }

    private static int Reserve(ArrayBufferWriter<byte> writer)
    {
        writer.GetSpan(LogFrame.HeaderSize)[..LogFrame.HeaderSize].Clear();
        return LogFrame.HeaderSize;
    }

    private readonly record struct PendingRecord(LogRecordKind Kind, GroupId Group)
    {
        public long Index { get; init; }

        public long Term { get; init; }

        /// <summary>Entry: where in the frame its data begins.</summary>
        public int Offset { get; init; }

        public int Length { get; init; }

        public uint Checksum { get; init; }

        public HardState HardState { get; init; }
    }
}
