using System.Globalization;
using System.Text;
using Cete.Actors;
using Cete.Core;
using Cete.Groups;
using Cete.Storage;
using Cete.Storage.Log;
using Cete.Storage.State;
using Microsoft.Data.Sqlite;

namespace Cete.Tracker.Tests;

/// <summary>A tracker as a node has it: a group over a real log and a real store in a folder of its own.</summary>
internal sealed class GroupWorld : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly SegmentLog _log;
    private readonly string _folder;
    private bool _isStopped;
    private bool _isHandedOn;

    private GroupWorld(string folder, SteppingClock clock, TrackerMachine? machine = null)
    {
        (_folder, Clock) = (folder, clock);
        _system = new ActorSystem("test", new ActorSystemOptions { Clock = clock });
        _log = SegmentLog.Open(new PhysicalFiles(), LogFolder).Value;
        Group = new NodeGroups(_system, _log, new SqliteStateStores(Path.Combine(folder, "state")), KeyId.Of("node-1"u8), new GroupSettings())
            .Start(TrackerService.Name, machine ?? new TrackerMachine());
        Desk = new Desk(new TrackerService(Group, clock));
    }

    public SteppingClock Clock { get; }

    public IReplica Group { get; }

    public Desk Desk { get; }

    private string LogFolder => Path.Combine(_folder, "log");

    /// <param name="machine">Of an older program; this one's by itself.</param>
    public static GroupWorld Start(TrackerMachine? machine = null) =>
        new(Directory.CreateTempSubdirectory("cete-tracker-").FullName, new SteppingClock(), machine);

    /// <summary>The same folder, after a stop.</summary>
    public static async Task<GroupWorld> ReopenAsync(GroupWorld other)
    {
        await other.StopAsync();
        other._isHandedOn = true;
        return new GroupWorld(other._folder, other.Clock);
    }

    /// <summary>A replica that starts from the log of another with an empty store: it applies in one go what the other applied command by command.</summary>
    public static GroupWorld Replay(GroupWorld other)
    {
        var folder = Directory.CreateTempSubdirectory("cete-tracker-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "log"));
        foreach (var file in Directory.EnumerateFiles(other.LogFolder))
        {
            File.Copy(file, Path.Combine(folder, "log", Path.GetFileName(file)));
        }

        return new GroupWorld(folder, other.Clock);
    }

    /// <summary>What stands in the tables, feed and sessions included.</summary>
    public string Dump()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "state", "tracker", "store.db")};Pooling=False");
        connection.Open();
        using var sql = new SqlSession(connection);
        return Tables.Dump(sql);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (!_isHandedOn)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task StopAsync()
    {
        if (!_isStopped)
        {
            _isStopped = true;
            await _system.StopAsync();
            _log.Dispose();
        }
    }
}

/// <summary>What stands in tables, as text to be compared.</summary>
internal static class Tables
{
    public static string Dump(SqlSession sql)
    {
        var text = new StringBuilder();

        // Digests are of the log, in which each start adds an entry of its own.
        var tables = sql.Query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('cete_meta', 'cete_digests') ORDER BY name", row => row.GetString(0));
        foreach (var table in tables)
        {
            var lines = sql.Query($"SELECT * FROM {table}", row => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => Show(row.GetValue(i)))));
            lines.Sort(StringComparer.Ordinal);
            text.Append(table).Append('\n').AppendJoin('\n', lines).Append('\n');
        }

        return text.ToString();
    }

    private static string? Show(object value) => value is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture);
}

/// <summary>A clock that goes on by a millisecond whenever it is looked at, and further when told; its timers are real.</summary>
internal sealed class SteppingClock : TimeProvider
{
    private long _milliseconds = 1_800_000_000_000;

    public void Wait(TimeSpan time) => Interlocked.Add(ref _milliseconds, (long)time.TotalMilliseconds);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Increment(ref _milliseconds));
}
