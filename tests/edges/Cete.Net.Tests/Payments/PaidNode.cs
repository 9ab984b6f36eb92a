using System.Net;
using Cete.Api;
using Cete.Core;
using Cete.Net.Payments;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Cete.Ports.Payments;
using Cete.Storage;
using Cete.Storage.Contents;
using Cete.Storage.Payments;
using Cete.Swarm;
using Cete.Transfer.Payments;
using Cete.Trust;
using Cete.Trust.Tickets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cete.Net.Tests.Payments;

/// <summary>A provider that is paid: contents, a till with a book on disk, and a port with the peer door and, for this machine, a web door.</summary>
internal sealed class PaidNode : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cete-paid-").FullName;
    private readonly NodeIdentity _identity;
    private readonly MemoryBank? _bank;
    private readonly WebApplication _app;
    private LaneBook _book;
    private Till _till;

    private PaidNode(PaidWorld world, MemoryBank? bank)
    {
        (_identity, _bank) = (world.Community.NewNode("share"), bank);
        Contents = new ContentStore(new PhysicalFiles(), _folder);
        (_book, _till) = OpenTill(world);
        var verifier = new CertificateVerifier(world.Community.Id, TimeProvider.System);
        var peers = new PeerTlsDoor(world.Community.Id, () => _identity, verifier, _ => null);
        var tickets = new TicketDoor(new TicketVerifier(verifier, _ => null, _ => null, TimeProvider.System), new CapabilityMeter(TimeProvider.System));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(
            IPAddress.Loopback, 0, listen => listen.UseTls([peers], TimeSpan.FromMinutes(1), isPlainToo: true)));
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            var isPeer = context.Features.Get<ITlsHandshakeFeature>() is not null;
            return isPeer && tickets.Judge(context, peers.Judge(context.Connection.ClientCertificate!).Value.Key) is { } failure
                ? Answers.WriteAsync(context, failure)
                : next(context);
        });
        _app.Use((context, next) =>
        {
            context.Features.Set(Visit?.Invoke(context));
            return next(context);
        });
        var toll = bank is null ? null : new ContentToll(
            new LateTill(() => _till), context => context.Request.Headers.ContainsKey("Test-Free"), TimeProvider.System);
        new ContentServer(Contents, new DigestStore(_folder), TimeProvider.System, toll).Map(_app);
        new BundleServer(Contents, toll).Map(_app);
    }

    public KeyId Id => _identity.Id;

    public ContentStore Contents { get; }

    /// <summary>Where it is paid.</summary>
    public ITill Till => new LateTill(() => _till);

    /// <summary>Tells who asks with a browser; null where nobody does.</summary>
    public Func<HttpContext, IPaidVisit?>? Visit { get; set; }

    public Uri Web => new UriBuilder(_app.Urls.Single()) { Scheme = "http" }.Uri;

    public PeerAddress Peer(PaidWorld world) => new("127.0.0.1", Web.Port, Id, world.Community.Id);

    public static async Task<PaidNode> StartAsync(PaidWorld world, MemoryBank? bank, params TestContent[] contents)
    {
        var node = new PaidNode(world, bank);
        foreach (var content in contents)
        {
            using var file = node.Contents.Begin(content.Manifest).Value;
            for (var piece = 0; piece < content.Manifest.PieceCount; piece++)
            {
                Assert.True(file.Write(piece, content.Piece(piece).Span).Succeeded);
            }
        }

        await node._app.StartAsync(TestContext.Current.CancellationToken);
        return node;
    }

    /// <summary>The till stops, with or without time to say so, and another one begins with its book.</summary>
    public async Task RestartTillAsync(PaidWorld world, bool isCrash)
    {
        var (till, book) = (_till, _book);
        if (isCrash)
        {
            // What was not written is gone; what was stays.
            var copy = Path.Combine(_folder, "copy.db");
            foreach (var ending in (string[])["", "-wal"])
            {
                File.Copy(Path.Combine(_folder, "lanes.db") + ending, copy + ending, overwrite: true);
            }

            (_book, _till) = OpenTill(world, copy);
        }

        await till.DisposeAsync();
        book.Dispose();
        if (!isCrash)
        {
            (_book, _till) = OpenTill(world);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _till.DisposeAsync();
        _book.Dispose();
        _identity.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private (LaneBook Book, Till Till) OpenTill(PaidWorld world, string? path = null)
    {
        var book = LaneBook.Open(path ?? Path.Combine(_folder, "lanes.db")).Value;
        var options = new TillOptions(world.Community.Id, Id) { RedeemEvery = TimeSpan.FromMilliseconds(20) };
        return (book, new Till((_bank ?? world.Bank).For(Id), book, options, TimeProvider.System));
    }

    private sealed class LateTill(Func<Till> till) : ITill
    {
        public long PricePerMebibyte => till().PricePerMebibyte;

        public bool ServesUnpaid => till().ServesUnpaid;

        public ValueTask<Admission> AdmitAsync(PaidRequest request, CancellationToken cancellation) => till().AdmitAsync(request, cancellation);
    }
}
