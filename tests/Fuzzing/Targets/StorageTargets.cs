using System.Buffers;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups;
using Cete.Groups.Store;
using Cete.Ports;
using Cete.Simulation;
using Cete.Storage.Log;
using Cete.Storage.State;
using Cete.Tracker;
using Microsoft.Data.Sqlite;

namespace Cete.Fuzzing.Targets;

/// <summary>What is read from disks, and snapshots, which come from other members.</summary>
internal static class StorageTargets
{
    private const string FirstSegment = "0000000000000001.seg";

    private static readonly GroupId Group = GroupId.Of("tracker");

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
        [("log-frame", Frames), ("log-records", Records), ("log-segment", Segments), ("snapshot", Snapshots)];

    private static FuzzTarget Frames() => new(
        "log-frame",
        input =>
        {
            var isFollowed = LogFrame.IsFollowed(input, 1);
            return LogFrame.TryRead(input, 1, 9, out var payload) ? $"{FuzzTarget.Taken} {payload.IsEmpty}" : $"refused {isFollowed}";
        },
        () => [Frame([1, 2, 3], 1), [.. Frame([1, 2, 3], 1), .. Frame([], 2)], [.. Frame([1, 2, 3], 1)[..^1], .. Frame([4], 2)]]);

    private static FuzzTarget Records() => new(
        "log-records",
        input =>
        {
            var (at, count) = (0, 0);
            while (at < input.Length && LogRecords.TryRead(input, ref at, out var record))
            {
                Oracle.That(at <= input.Length && record.DataOffset + record.Data.Length <= input.Length, "a record ends behind its frame");
                count++;
            }

            return $"{(count > 0 ? FuzzTarget.Taken : string.Empty)} {Math.Min(count, 9)} {at == input.Length}";
        },
        () => [Payload()]);

    private static FuzzTarget Segments() => new(
        "log-segment",
        input =>
        {
            var files = new SimFiles(1);
            files.CreateFolder("log");
            using (var file = files.Open("log/" + FirstSegment))
            {
                file.Write(input, 0);
            }

            var opened = SegmentLog.Open(files, "log");
            using var log = opened.Succeeded ? opened.Value : null;
            if (log is null)
            {
                return Oracle.Of(opened);
            }

            var bounds = log.Bounds(Group);
            var read = bounds.Last >= bounds.First ? log.Read(Group, bounds.First, bounds.Last, 4_096).Count : 0;
            log.Append(new LogEntry(Group, bounds.Last + 1, Math.Max(bounds.LastTerm, 1), new byte[] { 1 }));
            Oracle.That(log.Sync() is null, "nothing can be written behind it");
            return $"{FuzzTarget.Taken} {read}";
        },
        () => [Segment()])
    { AllocatedMax = 64 * 1024 * 1024 };

    /// <summary>A snapshot as a member sends it: it takes a store's place only if it is one, and then the store opens.</summary>
    private static FuzzTarget Snapshots()
    {
        var folder = Directory.CreateTempSubdirectory("cete-fuzz-").FullName;
        var stores = new SqliteStateStores(folder);
        return new FuzzTarget(
            "snapshot",
            input =>
            {
                // Whoever lies seals what he sends.
                using var snapshot = new MemoryStream();
                SnapshotSeal.CopySealed(new MemoryStream(input), snapshot);
                snapshot.Position = 0;
                var restored = stores.Restore(Group, snapshot, connection => ReplicaStore.Inspect(connection, 3, 0, new Lineage(1, 2), new TrackerMachine()));
                if (!restored.Succeeded)
                {
                    return Oracle.Of(restored);
                }

                var store = stores.Open(Group);
                if (!store.Succeeded)
                {
                    return Oracle.Of(store);
                }

                var opened = ReplicaStore.Open(Group, store.Value, new TrackerMachine());
                if (opened.Succeeded)
                {
                    opened.Value.Dispose();
                }
                else
                {
                    store.Value.Dispose();
                }

                Oracle.That(stores.Delete(Group).Succeeded, "a store cannot be taken away");
                return Oracle.Of(opened);
            },
            () => [Snapshot()])
        {
            BytesMax = 256 * 1024,
            AllocatedMax = 16 * 1024 * 1024,
            TestRuns = 30,
            Ended = () => Directory.Delete(folder, recursive: true),
        };
    }

    private static byte[] Frame(byte[] payload, long sequence)
    {
        byte[] frame = [.. new byte[LogFrame.HeaderSize], .. payload];
        LogFrame.Seal(frame, sequence);
        return frame;
    }

    private static byte[] Payload()
    {
        var writer = new ArrayBufferWriter<byte>();
        LogRecords.WriteHardState(writer, Group, new HardState(2, KeyId.Of("n"u8)));
        LogRecords.WriteReset(writer, Group, 5, 1);
        LogRecords.WriteEntry(writer, new LogEntry(Group, 6, 2, new byte[] { 1, 2, 3 }));
        LogRecords.WriteEntry(writer, new LogEntry(Group, 7, 2, new byte[] { 4 }, LogEntryKind.Members));
        return writer.WrittenSpan.ToArray();
    }

    private static byte[] Segment()
    {
        var files = new SimFiles(1);
        files.CreateFolder("log");
        using (var log = SegmentLog.Open(files, "log").Value)
        {
            for (var index = 1; index <= 3; index++)
            {
                log.Append(Group, new HardState(index, null));
                log.Append(new LogEntry(Group, index, index, new byte[] { 1, 2, 3 }));
                _ = log.Sync();
            }
        }

        using var file = files.Open(files.Paths[0]);
        var bytes = new byte[1_024];
        return bytes[..file.Read(bytes, 0)];
    }

    private static byte[] Snapshot()
    {
        var folder = Directory.CreateTempSubdirectory("cete-fuzz-").FullName;
        try
        {
            var (file, taken) = (Path.Combine(folder, "small.db"), new MemoryStream());
            using (var replica = ReplicaStore.Open(Group, new SqliteStateStores(folder).Open(Group).Value, new TrackerMachine()).Value)
            {
                replica.Found(KeyId.Of("n"u8), () => new Lineage(1, 2));
                _ = replica.Apply(
                [
                    new LogEntry(Group, 1, 1, Cete.Groups.Wire.ConsensusCodec.Encode(Members.Sole(KeyId.Of("n"u8))), LogEntryKind.Members),
                    new LogEntry(Group, 2, 1, GroupCodec.EncodeRaise(2, new Instant(5))),
                    new LogEntry(Group, 3, 1, GroupCodec.Encode(new ClientCommand("Prune", ReadOnlyMemory<byte>.Empty, Asker.Local), new Instant(5))),
                ]);
                replica.WriteSnapshot(taken);
            }

            // Smaller pages, for a smaller file.
            var whole = Path.Combine(folder, "whole.db");
            File.WriteAllBytes(whole, taken.ToArray()[..^SnapshotSeal.Size]);
            using (var connection = new SqliteConnection($"Data Source={whole};Pooling=False"))
            {
                connection.Open();
                using var command = connection.CreateCommand();
                command.CommandText = "PRAGMA journal_mode=DELETE; PRAGMA page_size=512; VACUUM";
                command.ExecuteNonQuery();
            }

            File.Copy(whole, file);
            return File.ReadAllBytes(file);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
