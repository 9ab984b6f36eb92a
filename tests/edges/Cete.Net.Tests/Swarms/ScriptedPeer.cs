using System.Collections.Concurrent;
using System.Net;
using Cete.Net.Tests.Payments;
using Cete.Net.Tls;
using Cete.Swarm;
using Cete.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cete.Net.Tests.Swarms;

/// <summary>A peer with a good key that answers by a script.</summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly NodeIdentity _identity;
    private readonly WebApplication _app;

    private ScriptedPeer(PaidWorld world, Func<HttpContext, Task> script)
    {
        _identity = world.Community.NewNode("share");
        var verifier = new CertificateVerifier(world.Community.Id, TimeProvider.System);
        var peers = new PeerTlsDoor(world.Community.Id, () => _identity, verifier, _ => null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(
            IPAddress.Loopback, 0, listen => listen.UseTls([peers], TimeSpan.FromMinutes(1), isPlainToo: true)));
        _app = builder.Build();
        _app.Run(context =>
        {
            Requests.Enqueue($"{context.Request.Path}{context.Request.QueryString}");
            return script(context);
        });
    }

    /// <summary>What was asked for.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public Uri Address { get; private set; } = null!;

    public static async Task<ScriptedPeer> StartAsync(PaidWorld world, Func<HttpContext, Task> script)
    {
        var peer = new ScriptedPeer(world, script);
        await peer._app.StartAsync(TestContext.Current.CancellationToken);
        peer.Address = new PeerAddress("127.0.0.1", new Uri(peer._app.Urls.Single()).Port, peer._identity.Id, world.Community.Id).ToUri();
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _identity.Dispose();
    }
}
