using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Cete.Net.Tls;
using Cete.Testing;

namespace Cete.Net.Tests.Tls;

/// <summary>What comes through the door of a port with TLS, and what does not.</summary>
public sealed class TlsPortTests
{
    private const string Request = "GET /api/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    /// <summary>Far longer than any test needs; a test that fails ends by it.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task BothVersionsAreSpokenAndHttp2IsOffered(SslProtocols version)
    {
        await using var node = await TlsNode.StartAsync();
        await using var stream = await HandshakeAsync(node, "localhost", version);
        Assert.Equal((version, SslApplicationProtocol.Http2), (stream.SslProtocol, stream.NegotiatedApplicationProtocol));
        Assert.Null(stream.LocalCertificate);
    }

    [Fact]
    public async Task PlainHttpIsAnsweredBesideItOrToldWhatToUse()
    {
        await using (var both = await TlsNode.StartAsync())
        {
            Assert.StartsWith("HTTP/1.1 200 OK", await RawHttp.AskAsync(both.Address, Request), StringComparison.Ordinal);
        }

        await using var only = await TlsNode.StartAsync(isPlainToo: false);
        var answer = await RawHttp.AskAsync(only.Address, Request);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("use https", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0016")]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000")]
    public async Task AHandshakeThatNeverEndsIsDropped(string beginning)
    {
        await using var node = await TlsNode.StartAsync(handshakeTimeout: TimeSpan.FromSeconds(1));
        await RawHttp.AskAsync(node.Address, beginning).WaitAsync(Bound, TimeProvider.System, Cancel);
        using var other = new HttpClient(Handler()) { BaseAddress = node.Address };
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/api/status", Cancel)).StatusCode);
    }

    [Fact]
    public async Task GarbageAndEarlyEndsHurtNobody()
    {
        await using var node = await TlsNode.StartAsync();
        string[] beginnings = ["\u0016\u0003\u0001\u0000\u0005hello", "\u0016garbage that is no record", "\u0016", string.Empty, "\0\0\0\0"];
        foreach (var beginning in beginnings)
        {
            await RawHttp.AskAsync(node.Address, beginning, closeEarly: true).WaitAsync(Bound, TimeProvider.System, Cancel);
        }

        using var other = new HttpClient(Handler()) { BaseAddress = node.Address };
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/api/status", Cancel)).StatusCode);
    }

    [Fact]
    public async Task TheNameThatIsAskedForChoosesTheDoor()
    {
        var folder = Directory.CreateTempSubdirectory("cete-tls-").FullName;
        using var others = new Certificates("Others");
        var other = new NamedDoor("peer.x.invalid", TlsNode.Read(folder, others.Issue("peer.x.invalid")));
        await using var node = await TlsNode.StartAsync(before: other);
        await using var web = await HandshakeAsync(node, "localhost");
        await using var peer = await HandshakeAsync(node, "peer.x.invalid");
        await using var nameless = await HandshakeAsync(node, string.Empty);
        Assert.Equal("CN=127.0.0.1", web.RemoteCertificate!.Subject);
        Assert.Equal("CN=peer.x.invalid", peer.RemoteCertificate!.Subject);
        Assert.Equal("CN=127.0.0.1", nameless.RemoteCertificate!.Subject);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task AnotherCertificateIsShownFromTheNextHandshakeOn()
    {
        await using var node = await TlsNode.StartAsync();
        await using var before = await HandshakeAsync(node, "localhost");
        node.Show(node.Authority.Issue("later.example"));
        await using var after = await HandshakeAsync(node, "localhost");
        Assert.Equal(("CN=127.0.0.1", "CN=later.example"), (before.RemoteCertificate!.Subject, after.RemoteCertificate!.Subject));
        await before.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), Cancel);
        Assert.NotEqual(0, await before.ReadAsync(new byte[9], Cancel));
    }

    [Fact]
    public async Task WhatANodeSaysOfItselfIsSaidByTheSchemeItWasAskedBy()
    {
        await using var node = await TlsNode.StartAsync();
        var content = node.Node.Put(600_000);
        var id = await node.Node.FileAsync("/a/b", content);
        using var http = new HttpClient(Handler());
        string[] names = [$"/entries/{id}/b.cete", $"/entries/{id}/b.meta4", "/feeds/atom?folder=%2Fa", "/feeds/rss?folder=%2Fa", "/as/a.meta4?folder=%2Fa"];
        foreach (var name in names)
        {
            var secure = await http.GetStringAsync(new Uri(node.Address, name), Cancel);
            var plain = await http.GetStringAsync(new Uri(new UriBuilder(node.Address) { Scheme = "http" }.Uri, name), Cancel);
            Assert.Contains($"https://127.0.0.1:{node.Address.Port}/", secure, StringComparison.Ordinal);
            Assert.DoesNotContain($"http://127.0.0.1:{node.Address.Port}", secure, StringComparison.Ordinal);
            Assert.Contains($"http://127.0.0.1:{node.Address.Port}/", plain, StringComparison.Ordinal);
        }

        var torrent = await http.GetByteArrayAsync(new Uri(node.Address, $"/entries/{id}/b.torrent"), Cancel);
        Assert.Contains($"https://127.0.0.1:{node.Address.Port}/", System.Text.Encoding.Latin1.GetString(torrent), StringComparison.Ordinal);
    }

    private static SocketsHttpHandler Handler() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null },
    };

    private static async Task<SslStream> HandshakeAsync(TlsNode node, string name, SslProtocols version = SslProtocols.None)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, node.Address.Port, Cancel);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = name,
                EnabledSslProtocols = version,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
            },
            Cancel);
        return stream;
    }

    private sealed class NamedDoor(string name, TlsCertificate certificate) : TlsDoor
    {
        public override SslServerAuthenticationOptions Handshake { get; } = new WebTlsDoor(certificate).Handshake;

        public override bool IsFor(string serverName) => serverName == name;
    }
}
