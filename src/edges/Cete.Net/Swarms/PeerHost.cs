using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Cete.Api;
using Cete.Core;
using Cete.Formats;
using Cete.Net.Rates;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Trust;
using Cete.Trust.Tickets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cete.Net.Swarms;

/// <summary>An agent's port: other peers get what it has, whole or in part.</summary>
public sealed class PeerHost : IAsyncDisposable
{
    /// <summary>Connections at a time: each neighbour makes a few.</summary>
    private const int ConnectionsMax = 1_000;

    private const int CommunitiesMax = 64;
    private static readonly TimeSpan HandshakeMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<KeyId, TicketDoor> _doors = new();
    private readonly CapabilityMeter _meter;
    private readonly ICommunityContents _contents;
    private readonly TimeProvider _clock;
    private readonly Pacer? _pace;
    private WebApplication? _app;

    private PeerHost(ICommunityContents contents, Pacer? pace, TimeProvider clock) =>
        (_contents, _pace, _clock, _meter, Uploads) = (contents, pace, clock, new CapabilityMeter(clock), new UploadTally(clock));

    /// <summary>Bytes of contents that this process sent.</summary>
    public static long Sent => ContentMetrics.Total;

    /// <summary>Who was sent how much.</summary>
    public UploadTally Uploads { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Starts to listen.</summary>
    /// <param name="listen">Where; port 0 for any that is free.</param>
    /// <param name="key">Its key; stays the caller's.</param>
    /// <param name="contents">What it has.</param>
    /// <param name="slots">How much it sends at a time; stays the caller's.</param>
    /// <param name="rooms">Who listens to what comes.</param>
    /// <param name="clock">The time here.</param>
    /// <param name="pace">How fast it sends; stays the caller's, null for as fast as it can.</param>
    public static async Task<Outcome<PeerHost>> StartAsync(
        IPEndPoint listen, OwnKey key, ICommunityContents contents, UploadSlots slots, UploadRooms rooms, TimeProvider clock, Pacer? pace = null)
    {
        var host = new PeerHost(contents, pace, clock);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = ConnectionsMax;
            options.Limits.MaxRequestBodySize = 0;
            options.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
            options.Limits.RequestHeadersTimeout = HandshakeMax;
            options.Listen(listen, port => port.UseTls([new AgentTlsDoor(key)], HandshakeMax, isPlainToo: false));
        });
        var app = builder.Build();
        app.Use(host.JudgeAsync);
        app.Use(new UploadGate(slots, rooms).HoldAsync);
        new HaveServer(contents, rooms, clock).Map(app);
        new ContentServer(contents, NoDigests.Instance, clock).Map(app);
        try
        {
            await app.StartAsync();
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await app.DisposeAsync();
            return new Failure(FailureKind.Conflict, $"cannot listen at {listen}: {error.Message}");
        }

        host._app = app;
        host.Address = new IPEndPoint(listen.Address, new Uri(app.Urls.First()).Port);
        return host;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_app is { } app)
        {
            using var brief = new CancellationTokenSource(StopMax, _clock);
            await app.StopAsync(brief.Token);
            await app.DisposeAsync();
        }
    }

    private Task JudgeAsync(HttpContext context, RequestDelegate next) =>
        Judge(context) is { } failure ? Answers.WriteAsync(context, failure) : next(context);

    private Failure? Judge(HttpContext context)
    {
        var name = context.Features.Get<ITlsHandshakeFeature>()?.HostName;
        var visit = PeerVisit.Of(context);
        visit.Key ??= context.Connection.ClientCertificate is { } shown ? OwnKey.Of(shown) : null;
        if (name is null || PeerNames.CommunityOf(name) is not { } community || visit.Key is not { } key)
        {
            return new Failure(FailureKind.Forbidden, "peers show keys here");
        }

        // A community that somebody made up could sign tickets for anything: what is here is its own communities' alone.
        if (TicketDoor.ContentOf(context.Request.Path) is not { } root || !_contents.IsOf(community, root))
        {
            return new Failure(FailureKind.NotFound, "that is not here");
        }

        var address = context.Connection.RemoteIpAddress;
        PeerKey.Set(context, key, _pace, bytes => Uploads.Add(root, key, address, bytes));
        return DoorOf(community).Judge(context, key);
    }

    private TicketDoor DoorOf(KeyId community)
    {
        if (_doors.Count >= CommunitiesMax)
        {
            _doors.Clear();
        }

        return _doors.GetOrAdd(
            community, known => new TicketDoor(new TicketVerifier(new CertificateVerifier(known, _clock), _ => null, _ => null, _clock), _meter));
    }

    /// <summary>Whoever wants those of an agent's contents asks a node.</summary>
    private sealed class NoDigests : IDigestStore
    {
        public static readonly NoDigests Instance = new();

        public ContentDigests? Find(in Hash256 root, int pieceLength) => null;

        public Hash256? FindSha256(in Hash256 root, int pieceLength) => null;

        public Failure? Keep(in Hash256 root, ContentDigests digests) => null;
    }
}
