using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Cete.Core;
using Cete.Testing;
using Cete.Trust;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>The door of the http port at which nodes of a community get contents from each other.</summary>
public sealed class PeerDoorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NodesGetContentsAndNothingElse()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var second = await JoinAsync(first, _folder, "second");
        await SameListAsync(2, first, second);
        var file = _folder.Write("in/file", 100_000, 1);
        (await first.CeteAsync("put", file)).Ended(0);
        var listed = (await first.CeteAsync("ls", "-r", "--json", "/")).Ended(0).Lines;
        var root = listed.Single(line => line.TryGetProperty("root", out _)).GetProperty("root").GetString()!;

        var (community, identity) = Identity(second);
        using var own = identity;
        using var peer = Client(first, community, identity);
        Assert.Equal(File.ReadAllBytes(file), await peer.GetByteArrayAsync(new Uri($"content/{root}", UriKind.Relative), Cancel));
        foreach (var path in (string[])["", "api/entries?folder=/", "api/tokens", "search?q=x"])
        {
            using var refused = await peer.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        using var put = await peer.PutAsync(new Uri($"content/{root}", UriKind.Relative), new ByteArrayContent([1]), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, put.StatusCode);

        // Removed while its connection stands, it is refused on it, and gets no other.
        (await AdministerAsync(first, "community", "remove", identity.Id.ToString())).Ended(0);
        await Eventually.TrueAsync(() => AliveAsync(first).Result.Count == 1, "the removal is known");
        using var late = await peer.GetAsync(new Uri($"content/{root}", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        using var again = Client(first, community, identity);
        await Assert.ThrowsAsync<HttpRequestException>(() => again.GetAsync(new Uri($"content/{root}", UriKind.Relative), Cancel));
    }

    [Fact]
    [SuppressMessage("Security", "CA5359", Justification = "It is the server that is to refuse.")]
    public async Task StrangersDoNotComeIn()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var other = await TestNode.CreateAsync(_folder.At("other"), Local);
        var (community, identity) = Identity(first);
        var (_, foreign) = Identity(other);
        using var own = identity;
        using var others = foreign;

        // Without a certificate, with one of another community, and by another name.
        await Assert.ThrowsAnyAsync<Exception>(() => SayAsync(first, new SslClientAuthenticationOptions
        {
            TargetHost = $"peer.{community}.invalid",
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        }));
        var wrong = new NodeHandshake(foreign, new CertificateVerifier(community, TimeProvider.System)).AsClient();
        wrong.TargetHost = $"peer.{community}.invalid";
        await Assert.ThrowsAnyAsync<Exception>(() => SayAsync(first, wrong));
        var elsewhere = new NodeHandshake(identity, new CertificateVerifier(community, TimeProvider.System)).AsClient();
        elsewhere.TargetHost = "peer.example.org";
        await Assert.ThrowsAnyAsync<Exception>(() => SayAsync(first, elsewhere));
    }

    [Fact]
    public async Task WhoeverComesFromElsewhereIsToldThatTheWebDoorIsShut()
    {
        Assert.SkipUnless(Networks.Missing is null, Networks.Missing ?? string.Empty);
        using var networks = Networks.Make(2);
        await using var node = CeteProcess.Start(
            ["node", "--create", "cooks", "--data", _folder.At("node"), "--json", "--http", "0.0.0.0:2383", .. Local], network: networks.NameOf(0));
        Assert.Contains("http://127.0.0.1:2383/", await node.FirstLine, StringComparison.Ordinal);
        (await CeteProcess.RunAsync(["ls"], network: networks.NameOf(0))).Ended(0);
        var said = (await CeteProcess.RunAsync(["ls", "--node", $"http://{Networks.AddressOf(0)}:2383"], network: networks.NameOf(1))).Error;
        Assert.Contains("its own machine alone", said, StringComparison.Ordinal);
    }

    /// <summary>The identity of a node, as its folder has it.</summary>
    private static (KeyId Community, NodeIdentity Identity) Identity(TestNode node)
    {
        using var facts = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(node.Data, "cete.json")));
        var text = facts.RootElement.EnumerateObject().Single(p => p.Name.Equals("communityId", StringComparison.OrdinalIgnoreCase)).Value.GetString();
        Assert.True(KeyId.TryParse(text, out var community));
        return (community, NodeIdentity.FromPem(File.ReadAllText(Path.Combine(node.Data, "trust", "node.pem")), community).Value);
    }

    private static HttpClient Client(TestNode node, KeyId community, NodeIdentity identity)
    {
        var options = new NodeHandshake(identity, new CertificateVerifier(community, TimeProvider.System)).AsClient();
        options.TargetHost = $"peer.{community}.invalid";
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, node.Address.Port, cancel);
                var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
                await tls.AuthenticateAsClientAsync(options, cancel);
                return tls;
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri($"http://peer.{community}.invalid/") };
    }

    /// <summary>Says a request behind a handshake; throws where either fails.</summary>
    private static async Task SayAsync(TestNode node, SslClientAuthenticationOptions options)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, node.Address.Port, Cancel);
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(options, Cancel);
        await tls.WriteAsync("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancel);
        if (await tls.ReadAsync(new byte[1], Cancel) == 0)
        {
            throw new AuthenticationException("the connection was ended");
        }
    }
}
