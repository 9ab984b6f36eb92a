using Cete.Actors;
using Cete.Core;
using Cete.Groups;
using Cete.Storage;
using Cete.Storage.Log;
using Cete.Storage.State;

namespace Cete.Index.Tests;

/// <summary>An index as a node has it: a group over a real log and a real store in a folder of its own.</summary>
internal sealed class IndexWorld : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly SegmentLog _log;
    private bool _isStopped;
    private bool _isHandedOn;

    private IndexWorld(string folder, SteppingClock clock, IndexMachine? machine = null)
    {
        Folder = folder;
        Clock = clock;
        _system = new ActorSystem("test", new ActorSystemOptions { Clock = clock });
        _log = SegmentLog.Open(new PhysicalFiles(), LogFolder).Value;
        Group = new NodeGroups(_system, _log, new SqliteStateStores(Path.Combine(folder, "state")), KeyId.Of("node-1"u8), new GroupSettings())
            .Start(IndexService.Name, machine ?? new IndexMachine());
        Service = new IndexService(Group);
    }

    public string Folder { get; }

    public SteppingClock Clock { get; }

    public IGroup Group { get; }

    public IndexService Service { get; }

    public string LogFolder => Path.Combine(Folder, "log");

    public string Database => Path.Combine(Folder, "state", "index", "store.db");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static IndexWorld Start(IndexMachine? machine = null) =>
        new(Directory.CreateTempSubdirectory("cete-index-").FullName, new SteppingClock(), machine);

    /// <summary>The same folder, opened by the newest program after another one has stopped.</summary>
    public static async Task<IndexWorld> ReopenAsync(IndexWorld other)
    {
        await other.StopAsync();
        var world = new IndexWorld(other.Folder, other.Clock);
        other._isHandedOn = true;
        return world;
    }

    /// <summary>A replica that starts from the log of another, with an empty store: it applies in one go what the other applied command by command.</summary>
    public static IndexWorld Replay(IndexWorld other)
    {
        var folder = Directory.CreateTempSubdirectory("cete-index-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "log"));
        foreach (var file in Directory.EnumerateFiles(other.LogFolder))
        {
            File.Copy(file, Path.Combine(folder, "log", Path.GetFileName(file)));
        }

        return new IndexWorld(folder, other.Clock);
    }

    public static EntryPath At(string path) => EntryPath.Parse(path).Value;

    public static Hash256 Root(string content) => Hash256.Of(System.Text.Encoding.UTF8.GetBytes(content));

    public static NewEntry New(string path, string content = "content", long? length = null, string description = "", params string[] tags) =>
        new(At(path), Root(content), length ?? content.Length, 262_144, Root(content), null, description, tags);

    public Task<Outcome<Filed>> FileAsync(params NewEntry[] entries) => Service.FileAsync(entries, "node-1", Asker.Local, null, Cancel);

    public Task<Outcome<Filed>> FileAsync(string path, string content = "content") => FileAsync(New(path, content));

    public Task<Outcome<FolderRecord>> MakeAsync(string path) => Service.MakeFolderAsync(At(path), Asker.Local, null, Cancel);

    public Task<Outcome<bool>> MoveAsync(string from, string to) => Service.MoveAsync(At(from), At(to), Asker.Local, null, Cancel);

    public Task<Outcome<(long Removal, long Entries)>> RemoveAsync(string path) => Service.RemoveAsync(At(path), Asker.Local, null, Cancel);

    public Task<Outcome<long>> RestoreAsync(long removal) => Service.RestoreAsync(removal, Asker.Local, null, Cancel);

    public Task<Outcome<EntryRecord>> EntryAsync(string path) => Service.EntryAsync(At(path), Cancel);

    public Task<Outcome<FolderRecord>> FolderAsync(string path) => Service.FolderAsync(At(path), Cancel);

    public Task<Outcome<EntryRecord>> DescribeAsync(long id, string? description, params string[]? tags) =>
        Service.DescribeAsync(id, description, tags, Asker.Local, null, Cancel);

    public Task<Outcome<Page<EntryRecord>>> ListAsync(EntryQuery query) => Service.ListAsync(query, Cancel);

    /// <summary>Paths of what a search finds, in the order of names.</summary>
    public async Task<List<string>> FindAsync(string words, string folder = "/")
    {
        var query = new EntryQuery { Folder = At(folder), Below = true, Words = words, Limit = Limits.PageItemsMax };
        List<string> byName = [.. (await ListAsync(query)).Value.Items.Select(e => e.Path).Order(StringComparer.Ordinal)];
        List<string> byFit = [.. (await ListAsync(query with { Sort = EntrySort.Relevance })).Value.Items.Select(e => e.Path).Order(StringComparer.Ordinal)];
        Assert.Equal(byName, byFit);
        return byName;
    }

    /// <summary>All that is in sight: folders end with '/'.</summary>
    public async Task<List<string>> TreeAsync()
    {
        List<string> found = [];
        Queue<string> folders = new(["/"]);
        while (folders.TryDequeue(out var folder))
        {
            foreach (var below in (await Service.FoldersAsync(At(folder), null, Limits.PageItemsMax, Cancel)).Value.Items)
            {
                found.Add(below.Path + "/");
                folders.Enqueue(below.Path);
            }

            var entries = await ListAsync(new EntryQuery { Folder = At(folder), Limit = Limits.PageItemsMax });
            found.AddRange(entries.Value.Items.Select(e => $"{e.Path}={e.Root.ToString()[..8]}"));
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (!_isHandedOn)
        {
            Directory.Delete(Folder, recursive: true);
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

/// <summary>A clock that goes on by a millisecond whenever it is looked at; its timers are real.</summary>
internal sealed class SteppingClock : TimeProvider
{
    private long _milliseconds = 1_800_000_000_000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Increment(ref _milliseconds));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _milliseconds, (long)time.TotalMilliseconds);
}

/// <summary>Short forms of what tests say often.</summary>
internal static class Outcomes
{
    public static FailureKind? Kind<T>(this Outcome<T> outcome) => outcome.Failure?.Kind;

    public static async Task<FailureKind?> KindAsync<T>(this Task<Outcome<T>> outcome) => (await outcome).Failure?.Kind;
}
