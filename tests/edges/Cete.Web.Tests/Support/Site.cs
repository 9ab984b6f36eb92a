using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Cete.Actors;
using Cete.Core;
using Cete.Groups;
using Cete.Index;
using Cete.Net;
using Cete.Ports;
using Cete.Storage;
using Cete.Storage.Contents;
using Cete.Storage.Log;
using Cete.Storage.State;
using Cete.Swarm;
using Cete.Transfer.Digests;
using Cete.Web.Accounts;
using Cete.Web.Bank;
using Cete.Web.Community;
using Cete.Web.Security;
using Cete.Web.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cete.Web.Tests.Support;

/// <summary>A node's web door over real files and a real socket, as a program would put it together.</summary>
internal sealed class Site : IAsyncDisposable
{
    public const string Community = "Badgers <& \"friends\">";
    public const string Node = "n-1";

    public static readonly NodeFacts Facts = new(Community, Node, "1.2.3");

    private static int _count;

    private readonly string _folder;
    private readonly ActorSystem _system;
    private readonly SegmentLog _log;
    private WebApplication? _app;

    private Site(IGroup? group, IAskers askers)
    {
        _folder = Path.Combine(
            Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"cete-web-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}"));
        Directory.CreateDirectory(_folder);
        var files = new PhysicalFiles();
        _log = SegmentLog.Open(files, Path.Combine(_folder, "log")).Value;
        _system = new ActorSystem("node", new ActorSystemOptions { Clock = TimeProvider.System });
        var stores = new SqliteStateStores(Path.Combine(_folder, "groups"));
        group ??= new NodeGroups(_system, _log, stores, KeyId.Of("n-1"u8), new GroupSettings()) { Askers = askers }
            .Start(IndexService.Name, new IndexMachine());
        Index = new IndexService(group);
        Contents = new ContentStore(files, _folder);
    }

    public IndexService Index { get; }

    public ContentStore Contents { get; }

    /// <summary>All that it answers.</summary>
    public IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)_app!).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>What pages threw.</summary>
    public ConcurrentQueue<string> Bugs { get; } = new();

    /// <summary>Follows no redirect, decodes nothing.</summary>
    public HttpClient Client { get; private set; } = new();

    /// <summary>How far the clock of the pages is ahead of the one by which entries are stamped.</summary>
    public static TimeSpan Later { get; } = TimeSpan.FromHours(3.5);

    public static async Task<Site> StartAsync(
        IGroup? group = null, Func<IContentStore, IContentStore>? behind = null, INodeReport? report = null,
        Action<WebApplication>? more = null, AccountsParts? accounts = null, BankParts? bank = null,
        ServicesParts? services = null)
    {
        var site = new Site(group, accounts is null ? NodeAskers.Instance : accounts.Book);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(new LaterTime());
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        site._app = builder.Build();
        SecurityHeaders.Use(site._app);
        if (accounts is not null)
        {
            CrossSiteGuard.Use(site._app, accounts.Cookie);
            accounts.Door.Map(site._app);
        }

        var kept = new DigestStore(site._folder);
        var served = new ContentServer(site.Contents, kept, TimeProvider.System);
        served.Map(site._app);
        new FileServer(served, async (path, stop) => (await site.Index.EntryAsync(path, stop)).Then(entry => entry.Root)).Map(site._app);
        var contents = behind?.Invoke(site.Contents) ?? site.Contents;
        var digests = new Digester(site._system, contents, kept);
        more?.Invoke(site._app);
        WebDoor.Map(site._app, new WebParts(site.Index, contents, digests, new byte[32], Facts, site.Report, report, accounts)
        {
            Bank = bank,
            Services = services,
        });
        await site._app.StartAsync();
        site.Client.Dispose();
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        site.Client = new HttpClient(handler) { BaseAddress = new Uri(site._app.Urls.First()) };

        // The first answer of a group comes when it is ready; the pages would say that it is starting.
        if (group is null)
        {
            var ready = await site.Index.FolderAsync(EntryPath.Top, CancellationToken.None);
            Assert.True(ready.Succeeded, ready.Failure?.Message);
        }

        return site;
    }

    /// <summary>A small content of this node under a path.</summary>
    public NewEntry Entry(string path, string description = "", params string[] tags) =>
        Entry(path, Encoding.UTF8.GetBytes("content of " + path), description, tags);

    public NewEntry Entry(string path, byte[] data, string description, params string[] tags)
    {
        var root = Contents.PutSmall(data).Value;
        var modified = Instant.From(new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero));
        return new NewEntry(EntryPath.Parse(path).Value, root, data.Length, PieceLengths.For(data.Length), root, modified, description, tags);
    }

    /// <summary>An entry whose content is elsewhere.</summary>
    public static NewEntry Elsewhere(string path, long length)
    {
        var root = Hash256.Of(Encoding.UTF8.GetBytes(path));
        return new NewEntry(EntryPath.Parse(path).Value, root, length, PieceLengths.For(length), root, null, string.Empty, []);
    }

    public async Task<IReadOnlyList<long>> FileAsync(params NewEntry[] entries)
    {
        var filed = await Index.FileAsync(entries, Node, Asker.Local, null, CancellationToken.None);
        Assert.True(filed.Succeeded, filed.Failure?.Message);
        return filed.Value.Ids;
    }

    public async Task<Page> GetAsync(string address)
    {
        using var response = await Client.GetAsync(new Uri(address, UriKind.Relative));
        return new Page(response, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
        await _system.StopAsync();
        _log.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Report(HttpContext context, Exception bug) => Bugs.Enqueue($"{context.Request.Path}: {bug.Message}");

    private sealed class LaterTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Later;
    }
}
