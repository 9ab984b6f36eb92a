using System.Diagnostics;
using System.Net;
using Cete.Core;
using Cete.Net;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Storage;
using Cete.Storage.Contents;
using Cete.Swarm;
using Cete.Trust;
using Cete.Trust.Tickets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cete.Benchmarks.Transfer;

/// <summary>A peer that serves contents at its door, and somebody with tickets who fetches them, in this process.</summary>
internal sealed class PeerPair : ITicketSource, IAsyncDisposable
{
    private readonly CommunityKey _community;
    private readonly IssuingAuthority _authority;
    private readonly NodeIdentity _issuing;
    private readonly NodeIdentity _node;
    private readonly TicketIssuer _tickets;
    private readonly PeerTransport _peers;
    private readonly WebApplication _app;

    private PeerPair(string folder, Func<bool> knowsLeaves)
    {
        var now = Instant.From(TimeProvider.System.GetUtcNow());
        _community = CommunityKey.Create("bench", now).Value;
        _authority = _community.CreateAuthority(_community.Id, now).Value;
        (_issuing, _node) = (NewNode("accounts", now), NewNode("share", now));
        _tickets = new TicketIssuer(_issuing.Key, () => _issuing.Issued, _community.Id, TimeProvider.System);
        _peers = new PeerTransport(this, TimeProvider.System);
        Contents = new ContentStore(new PhysicalFiles(), folder);
        var verifier = new CertificateVerifier(_community.Id, TimeProvider.System);
        var door = new PeerTlsDoor(_community.Id, () => _node, verifier, _ => null);
        var judge = new TicketDoor(new TicketVerifier(verifier, _ => null, _ => null, TimeProvider.System), new CapabilityMeter(TimeProvider.System));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(
            IPAddress.Loopback, 0, listen => listen.UseTls([door], TimeSpan.FromMinutes(1), isPlainToo: true)));
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            if (!knowsLeaves() && context.Request.Path.StartsWithSegments("/swarm"))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            var isPeer = context.Features.Get<ITlsHandshakeFeature>() is not null;
            return isPeer && judge.Judge(context, door.Judge(context.Connection.ClientCertificate!).Value.Key) is { } failure
                ? throw new InvalidOperationException(failure.Message)
                : next(context);
        });
        new ContentServer(Contents, new DigestStore(folder), TimeProvider.System).Map(_app);
    }

    public ContentStore Contents { get; }

    /// <summary>Where the peer is.</summary>
    public Uri Address => new PeerAddress("127.0.0.1", new Uri(_app.Urls.Single()).Port, _node.Id, _community.Id).ToUri();

    public static async Task<PeerPair> StartAsync(string folder, Func<bool> knowsLeaves)
    {
        var pair = new PeerPair(folder, knowsLeaves);
        await pair._app.StartAsync();
        return pair;
    }

    /// <summary>Fetches all of a content into a file of its own: seconds, seconds of processors, and bytes that were allocated.</summary>
    public async Task<(double Seconds, double Processors, double Allocated)> FetchAsync(Manifest manifest, string path)
    {
        using var client = new HttpContentClient(TimeSpan.FromMinutes(1), TimeProvider.System, TlsTrust.OfSystem, null, _peers);
        using var target = ContentFile.Open(new PhysicalFiles(), path, path + ".have", manifest.Length, manifest.PieceLength, manifest).Value;
        using var self = Process.GetCurrentProcess();
        var (start, processors, allocated) = (Stopwatch.GetTimestamp(), self.TotalProcessorTime, GC.GetTotalAllocatedBytes());
        var result = await client.FetchAsync(new PieceRun(Address, manifest, 0, manifest.PieceCount), target, _ => { }, CancellationToken.None);
        self.Refresh();
        var figures = (
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            (self.TotalProcessorTime - processors).TotalSeconds,
            (double)(GC.GetTotalAllocatedBytes() - allocated));
        return result.How == RunEnd.Completed && target.IsWhole ? figures : throw new InvalidOperationException($"{result}");
    }

    public Task<Outcome<string>> FindAsync(KeyId community, Hash256 content, KeyId key, CancellationToken cancellation) =>
        Task.FromResult<Outcome<string>>(_tickets.ForKey(content, key).ToString());

    public async ValueTask DisposeAsync()
    {
        _peers.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _node.Dispose();
        _issuing.Dispose();
        _authority.Dispose();
        _community.Dispose();
    }

    private NodeIdentity NewNode(string role, Instant now)
    {
        var key = NodeKey.Create();
        return NodeIdentity.Accept(key, _community.Id, _authority.Issue(key.CreateSigningRequest(), RoleSet.From([role]).Value, now).Value, now).Value;
    }
}
