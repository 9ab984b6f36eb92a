using Cete.Actors;
using Cete.Core;
using Cete.Groups;
using Cete.Index;
using Cete.Storage;
using Cete.Storage.Log;
using Cete.Storage.State;

namespace Cete.Benchmarks.Index;

/// <summary>An index as a node has it, over a log and a store in a folder on disk that goes away with it.</summary>
internal sealed class IndexHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cete-bench-index-").FullName;
    private readonly ActorSystem _system;
    private readonly SegmentLog _log;

    public IndexHost()
    {
        _system = new ActorSystem("bench", new ActorSystemOptions());
        _log = SegmentLog.Open(new PhysicalFiles(), Path.Combine(_folder, "log")).Value;
        var stores = new SqliteStateStores(Path.Combine(_folder, "groups"));
        var groups = new NodeGroups(_system, _log, stores, KeyId.Of("node-1"u8), new GroupSettings());
        Service = new IndexService(groups.Start(IndexService.Name, new IndexMachine()));
    }

    public IndexService Service { get; }

    /// <summary>Bytes of the store.</summary>
    public long StoreBytes => new DirectoryInfo(Path.Combine(_folder, "groups")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public async ValueTask DisposeAsync()
    {
        await _system.StopAsync();
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
