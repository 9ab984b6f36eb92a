using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using Cete.Actors;
using Cete.App.Output;
using Cete.Cluster;
using Cete.Configuration;
using Cete.Core;
using Cete.Groups;
using Cete.Hocon;
using Cete.Index;
using Cete.Net;
using Cete.Storage;
using Cete.Storage.Contents;
using Cete.Storage.Log;
using Cete.Storage.State;
using Cete.Transfer.Digests;
using Cete.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Cete.App.Compose;

/// <summary>A whole node with its real edges: the only place that knows them all. Disposing stops it in order.</summary>
internal sealed class NodeHost : IAsyncDisposable
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromMinutes(5);

    private readonly DataFolder _folder;
    private readonly Node _node;
    private readonly WebApplication _web;
    private readonly WebCertificate? _certificate;

    private NodeHost(DataFolder folder, Node node, WebApplication web, WebCertificate? certificate) =>
        (_folder, _node, _web, _certificate, Address) = (folder, node, web, certificate, new Uri(web.Urls.First() + "/"));

    public DataFolderFacts Facts => _folder.Facts;

    /// <summary>Where it really listens.</summary>
    public Uri Address { get; }

    public static string Version { get; } =
        typeof(NodeHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Where its actors live.</summary>
    public ActorSystem Actors => _node.Actors;

    /// <summary>Makes a node in a folder; <paramref name="community"/> null opens the one that is there.</summary>
    public static async Task<Outcome<NodeHost>> StartAsync(
        string path, string? community, ISettings<EffectiveSettings> settings, CancellationToken cancellation)
    {
        var folder = community is null
            ? DataFolder.Open(path)
            : DataFolder.Create(path, community, "node-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5)));
        if (!folder.Succeeded)
        {
            return folder.Failure;
        }

        var started = await StartAsync(folder.Value, settings, cancellation);
        if (!started.Succeeded)
        {
            folder.Value.Dispose();
        }

        return started;
    }

    /// <summary>Has the files of its certificate read again now.</summary>
    public void ReloadCertificate() => _certificate?.Reload();

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<Outcome<NodeHost>> StartAsync(DataFolder folder, ISettings<EffectiveSettings> settings, CancellationToken cancellation)
    {
        var files = new PhysicalFiles();
        var log = SegmentLog.Open(files, Path.Combine(folder.Path, "log"));
        if (!log.Succeeded)
        {
            return log.Failure;
        }

        var contents = new ContentStore(files, folder.Path);
        contents.SweepIncoming(TimeProvider.System.GetUtcNow() - settings.Current.Values.Content.IncomingKept);
        var actors = new ActorSystemOptions { Failures = SayFailure };
        var stores = new SqliteStateStores(Path.Combine(folder.Path, "groups"));
        var groups = settings.Select(ToGroupSettings);
        var node = new Node(new NodeParts(folder.Facts.Node, log.Value, stores, actors, () => groups.Current));
        var index = new IndexService(node.Host(IndexService.Name, new IndexMachine()));
        var ready = await node.WaitUntilReadyAsync(ReadyDeadline, cancellation);
        var tls = settings.Current.Values.Http.Tls;
        var certificate = ready.Succeeded ? WebCertificate.Open(node.Actors, folder.Path, tls, SettingsOutput.Line) : ready.Failure;
        var web = certificate.Succeeded ? await ListenAsync(folder, node, index, contents, settings, certificate.Value) : certificate.Failure;
        if (!web.Succeeded)
        {
            await node.DisposeAsync();
            return web.Failure;
        }

        return new NodeHost(folder, node, web.Value, certificate.Value);
    }

    private static async Task<Outcome<WebApplication>> ListenAsync(
        DataFolder folder, Node node, IndexService index, ContentStore contents, ISettings<EffectiveSettings> settings, WebCertificate? certificate)
    {
        var listen = settings.Current.Values.Http.Listen;
        var secret = NodeSecret.Open(folder.Path, "tracker");
        if (!secret.Succeeded)
        {
            return secret.Failure;
        }

        // The content root is set because the default, the current folder, would be searched for settings that are not ours.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddHocon(settings.Select(Own));
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => HttpLimits.Apply(options, settings, certificate is null ? [] : [certificate.Door]));
        var app = builder.Build();
        app.Use(HttpFaults.AnswerAsync);
        app.Use(HostCheck.AnswerAsync);
        var facts = new NodeFacts(folder.Facts.Community, folder.Facts.Node, Version);
        var kept = new DigestStore(folder.Path);
        var digests = new Digester(node.Actors, contents, kept);
        MapContents(app, index, contents, kept, digests);
        WebDoor.Map(app, new WebParts(index, contents, digests, secret.Value, facts, HttpFaults.Report));
        try
        {
            await app.StartAsync();
            return app;
        }
        catch (IOException)
        {
            await app.DisposeAsync();
            return new Failure(FailureKind.Conflict, $"the port {listen} is in use by another program; stop it, or choose another with --http HOST:PORT");
        }
        catch (SocketException error)
        {
            await app.DisposeAsync();
            return new Failure(FailureKind.Forbidden, $"cannot listen at {listen}: {error.Message}; choose another with --http HOST:PORT");
        }
    }

    private static void MapContents(WebApplication app, IndexService index, ContentStore contents, DigestStore kept, Digester digests)
    {
        var served = new ContentServer(contents, kept, TimeProvider.System);
        served.Map(app);
        new FileServer(served, async (path, stop) => (await index.EntryAsync(path, stop)).Then(entry => entry.Root)).Map(app);
        new BundleServer(contents).Map(app);
        new UploadServer(
            contents,
            async (length, first, stop) => await index.MayKnowAsync(length, first, stop) is { Succeeded: true, Value: true },
            (root, length) => digests.Prepare(root, length)).Map(app);
    }

    /// <summary>What is ours: other keys of the user's files would be orders to the web server, such as to listen elsewhere.</summary>
    private static HoconObject Own(EffectiveSettings settings) => HoconObject.Of([new("cete", settings.Tree["cete"])]);

    private static GroupSettings ToGroupSettings(EffectiveSettings settings) => new()
    {
        CheckpointBytes = settings.Values.Groups.CheckpointBytes,
        Readers = settings.Values.Groups.Readers,
        AnswerDeadline = settings.Values.Groups.AnswerDeadline,
        RetryDelay = settings.Values.Groups.RetryDelay,
    };

    private static void SayFailure(ActorFailure failure) =>
        SettingsOutput.Line($"{failure.Actor?.Path ?? "shutdown"} failed ({failure.Answer}): {failure.Cause.Message}");
}
