using System.Text;
using Cete.Core;
using Cete.Ports;
using Cete.Simulation;
using Cete.Storage.Log;

namespace Cete.Storage.Tests.Log;

/// <summary>A log that can be closed and opened, on the simulated disk or in a real folder.</summary>
public sealed class LogRig : IDisposable
{
    public static readonly GroupId BankGroup = GroupId.Of("bank");
    public static readonly GroupId Forum = GroupId.Of("search");
    public static readonly KeyId Me = KeyId.Of("me"u8);
    private readonly TempFolder? _real;
    private readonly int _segmentBytes;

    public LogRig(bool isReal, int segmentBytes = SegmentLog.SegmentBytes)
    {
        _segmentBytes = segmentBytes;
        _real = isReal ? new TempFolder() : null;
        Files = isReal ? new PhysicalFiles() : Disk;
        Folder = isReal ? _real!.At("log") : "log";
        Log = TryOpen().Value;
    }

    public SimFiles Disk { get; } = new(1);

    public IFileSystem Files { get; }

    public string Folder { get; }

    public SegmentLog Log { get; private set; }

    public IReadOnlyList<string> Segments => [.. Files.List(Folder).Select(name => $"{Folder}/{name}")];

    public static LogEntry Entry(GroupId group, long index, long term, string data) => new(group, index, term, Encoding.UTF8.GetBytes(data));

    public static LogEntry Members(GroupId group, long index, long term, string data) =>
        new(group, index, term, Encoding.UTF8.GetBytes(data), LogEntryKind.Members);

    public static string[] Texts(IEnumerable<LogEntry> entries) => [.. entries.Select(e => $"{e.Index}/{e.Term} {Encoding.UTF8.GetString(e.Data.Span)}")];

    public string[] Texts(GroupId group) => Texts(Log.Read(group, 1, long.MaxValue, int.MaxValue));

    /// <summary>What the log says of a group but for its terms and members, which <see cref="Terms"/> and the log itself tell.</summary>
    public (long First, long Last, long LastTerm, HardState HardState) Bounds(GroupId group)
    {
        var bounds = Log.Bounds(group);
        return (bounds.First, bounds.Last, bounds.LastTerm, bounds.HardState);
    }

    /// <summary>The runs of terms of a group, as "FIRST/TERM".</summary>
    public string[] Terms(GroupId group) => [.. Log.Bounds(group).Terms.Select(run => $"{run.First}/{run.Term}")];

    /// <summary>Appends one entry a group's next index and syncs.</summary>
    public void Add(GroupId group, string data, long term = 1)
    {
        Log.Append(Entry(group, Log.Bounds(group).Last + 1, term, data));
        Assert.Null(Log.Sync());
    }

    public Outcome<SegmentLog> TryOpen() => SegmentLog.Open(Files, Folder, _segmentBytes);

    public void Reopen()
    {
        Log.Dispose();
        Log = TryOpen().Value;
    }

    /// <summary>Opens the log after its process was killed, and power lost with it or not: nothing was closed.</summary>
    public void Reopen(bool crash)
    {
        if (crash)
        {
            Disk.Crash();
        }

        Log = TryOpen().Value;
    }

    public byte[] BytesOf(string path)
    {
        using var file = Files.Open(path);
        var bytes = new byte[file.Length];
        file.Read(bytes, 0);
        return bytes;
    }

    public void SetBytes(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = Files.Open(path);
        file.SetLength(bytes.Length);
        file.Write(bytes, 0);
        file.Sync();
    }

    public void Dispose()
    {
        Log.Dispose();
        _real?.Dispose();
    }
}
