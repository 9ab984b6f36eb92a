using Cete.Core;
using Cete.Ports;

namespace Cete.Storage.Log;

/// <summary>Reads all segments at a start: checks every frame, cuts a torn tail off, refuses damage to what had been synced.</summary>
internal sealed class SegmentLogScan(IFileSystem files, string folder)
{
    private readonly SortedDictionary<string, (GroupId Id, GroupLog Log)> _groups = new(StringComparer.Ordinal);

    public List<LogSegment> Segments { get; } = [];

    public long NextSequence { get; private set; } = 1;

    public IEnumerable<(GroupId Id, GroupLog Log)> Groups => _groups.Values;

    public static Outcome<SegmentLogScan> Run(IFileSystem files, string folder)
    {
        files.CreateFolder(folder);
        var scan = new SegmentLogScan(files, folder);
        var failure = scan.ReadAll();
        if (failure is null)
        {
            return scan;
        }

        scan.Segments.ForEach(segment => segment.Dispose());
        return failure;
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
        var bytes = new byte[segment.File.Length];
        segment.File.Read(bytes, 0);
        if (isLast && !LogFrame.AnySoundFrame(bytes, sequence) && bytes.Length < LogSegment.HeaderSize + SegmentLog.SegmentBytes)
        {
            // Its opening frame was never synced, so no addition stood in it.
            var tornAtBirth = bytes.Length < LogSegment.HeaderSize || segment.CheckHeader() is not { Kind: FailureKind.Conflict };
            if (tornAtBirth && (Segments.Count > 0 || bytes.Length <= LogSegment.HeaderSize + LogFrame.HeaderSize))
            {
                segment.Dispose();
                files.Delete(path);
                NextSequence = sequence;
                return null;
            }
        }

        Segments.Add(segment);
        if (segment.CheckHeader() is { } failure)
        {
            return failure;
        }

        NextSequence = sequence;
        var at = LogSegment.HeaderSize;
        while (LogFrame.TryRead(bytes.AsSpan(at), NextSequence, out var found, out var payload) && found == NextSequence)
        {
            if (!TakeRecords(segment, payload, at + LogFrame.HeaderSize))
            {
                return Damage(path, at);
            }

            at += LogFrame.HeaderSize + payload.Length;
            NextSequence++;
        }

        segment.Tail = at;
        if (at == bytes.Length)
        {
            return null;
        }

        if (!isLast || LogFrame.AnySoundFrame(bytes.AsSpan(at), NextSequence))
        {
            return Damage(path, at);
        }

        segment.File.SetLength(at);
        segment.File.Sync();
        return null;
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
                default:
                    var place = new EntryPlace(segment, payloadOffset + record.DataOffset, record.Data.Length, Crc32C.Of(record.Data), record.Term);
                    group.Log.Add(record.Index, place);
                    break;
            }
        }

        return true;
    }
}
