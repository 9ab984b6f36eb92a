using System.Collections.Concurrent;
using System.Net;
using Cete.Actors;
using Cete.Api;
using Cete.Core;
using Cete.Groups;
using Cete.Index;
using Cete.Ports;
using Cete.Storage;
using Cete.Storage.Contents;
using Cete.Storage.Log;
using Cete.Storage.State;
using Cete.Transfer.Digests;
using Cete.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cete.Net.Tests;

/// <summary>The http port of a node on a real Kestrel, with everything behind it in a folder of its own.</summary>
public sealed class TestNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ActorSystem _system;
    private readonly SegmentLog _log;

    private TestNode(WebApplication app, ActorSystem system, SegmentLog log, ContentStore contents, IndexService index, string folder)
    {
        (_app, _system, _log, Contents, Index, Folder) = (app, system, log, contents, index, folder);
        Address = new Uri(app.Urls.Single());
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public string Folder { get; }

    public ContentStore Contents { get; }

    public IndexService Index { get; }

    public HttpClient Http { get; }

    /// <summary>What requests ran into that is no answer: a bug, each of them.</summary>
    public ConcurrentQueue<Exception> Bugs { get; private init; } = [];

    /// <summary>Done once an answer with content was broken off, by either side.</summary>
    public Task ContentAborted { get; private init; } = Task.CompletedTask;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TestNode> StartAsync(
        TimeProvider? clock = null, Action<KestrelServerOptions>? limits = null, Func<IDigestStore, IDigestStore>? digestsBehind = null,
        Action<ListenOptions>? tls = null)
    {
        var folder = Directory.CreateTempSubdirectory("cete-net-").FullName;
        var system = new ActorSystem("test", new ActorSystemOptions());
        var log = SegmentLog.Open(new PhysicalFiles(), Path.Combine(folder, "log")).Value;
        var stores = new SqliteStateStores(Path.Combine(folder, "state"));
        var index = new IndexService(new NodeGroups(system, log, stores, KeyId.Of("node-1"u8), new GroupSettings())
            .Start(IndexService.Name, new IndexMachine()));
        var contents = new ContentStore(new PhysicalFiles(), folder);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, listen => tls?.Invoke(listen));
            limits?.Invoke(options);
        });
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        var app = builder.Build();
        ConcurrentQueue<Exception> bugs = [];
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Use(async (context, next) =>
        {
            try
            {
                if (context.Request.Path.StartsWithSegments(Routes.Content) || context.Request.Path.StartsWithSegments(Routes.Files))
                {
                    context.RequestAborted.Register(() => aborted.TrySetResult());
                }

                await next(context);
            }
            catch (Exception error) when (error is not (OperationCanceledException or Microsoft.AspNetCore.Http.BadHttpRequestException or IOException))
            {
                bugs.Enqueue(error);
                throw;
            }
        });
        var kept = digestsBehind?.Invoke(new DigestStore(folder)) ?? new DigestStore(folder);
        var digests = new Digester(system, contents, kept);
        var served = new ContentServer(contents, kept, clock ?? TimeProvider.System);
        served.Map(app);
        new FileServer(served, async (path, cancel) => (await index.EntryAsync(path, cancel)).Then(entry => entry.Root)).Map(app);
        new BundleServer(contents).Map(app);
        new UploadServer(
            contents,
            async (length, first, cancel) => await index.MayKnowAsync(length, first, cancel) is { Succeeded: true, Value: true },
            (root, length) => digests.Prepare(root, length)).Map(app);
        WebDoor.Map(app, new WebParts(index, contents, digests, new byte[32], new NodeFacts("test", "node-1", "0.0"))
        {
            Manifests = new ManifestStore(folder, Limits.ManifestBytesMax, TimeProvider.System),
        });

        // Until the first apply level is applied there are no tables to read from.
        while (!(await index.FolderAsync(EntryPath.Top, Cancel)).Succeeded)
        {
        }

        await app.StartAsync(Cancel);
        return new TestNode(app, system, log, contents, index, folder) { Bugs = bugs, ContentAborted = aborted.Task };
    }

    /// <summary>Puts whole content in, as an upload does.</summary>
    public TestContent Put(int length, ulong seed = 1)
    {
        var content = TestContent.Make(length, seed);
        using (var upload = Contents.BeginUpload($"put-{seed}", length).Value)
        {
            for (var piece = 0; piece < content.Manifest.PieceCount; piece++)
            {
                Assert.True(upload.Write(piece, content.Piece(piece).Span).Succeeded);
            }

            Assert.True(upload.Attach(content.Manifest).Succeeded);
        }

        Assert.Equal(content.Root, Contents.Finish($"put-{seed}").Value);
        return content;
    }

    /// <summary>Puts an entry for a content in the index; its number.</summary>
    public async Task<long> FileAsync(string path, TestContent content)
    {
        var entry = new NewEntry(
            EntryPath.Parse(path).Value, content.Root, content.Bytes.Length, TestContent.PieceLength, content.Manifest.Pieces[0], null, string.Empty, []);
        var filed = await Index.FileAsync([entry], "node-1", Asker.Local, null, Cancel);
        Assert.True(filed.Succeeded, filed.Failure?.Message);
        return filed.Value.Ids.Single();
    }

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in fields)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _system.StopAsync();
        _log.Dispose();
        Directory.Delete(Folder, recursive: true);
        Assert.True(Bugs.IsEmpty, string.Join('\n', Bugs));
    }
}
