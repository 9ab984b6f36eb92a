using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Cete.Trust.Tests.Support;

namespace Cete.Trust.Tests;

public sealed class HandshakeTests : IDisposable
{
    private readonly Community _community = new();

    public void Dispose() => _community.Dispose();

    [Fact]
    public async Task Two_nodes_that_know_the_id_of_their_community_only_meet_over_TLS_1_3()
    {
        using var a = _community.Admit("index", "bank");
        using var b = _community.Admit("cache");
        var (called, calling) = Pair(a, b, a.Id);

        var (protocol, _) = await MeetAsync(called, calling);

        Assert.Equal(SslProtocols.Tls13, protocol);
        Assert.Equal(b.Id, called.Peer.Value.Node);
        Assert.Equal(["cache"], called.Peer.Value.Roles);
        Assert.Equal(a.Id, calling.Peer.Value.Node);
        Assert.Equal(["bank", "index"], calling.Peer.Value.Roles);
        Assert.Equal(_community.Authority.Id, calling.Peer.Value.Issuer);
        Assert.Equal(a.Key.PublicKey.ToArray(), calling.Peer.Value.PublicKey.ToArray());
    }

    [Fact]
    public async Task A_node_of_a_community_of_the_same_name_is_refused_by_both_sides()
    {
        using var other = new Community();
        using var a = _community.Admit();
        using var b = other.Admit();
        var called = new NodeHandshake(a, _community.Verifier);
        var calling = new NodeHandshake(b, other.Verifier);

        var (_, error) = await MeetAsync(called, calling);

        Assert.NotNull(error);
        Refused.With(calling.Peer, "another community", _community.Root.Id.ToString());
    }

    [Fact]
    public async Task The_called_side_refuses_who_is_not_of_its_community()
    {
        using var other = new Community();
        using var a = _community.Admit();
        using var b = other.Admit();
        var called = new NodeHandshake(a, _community.Verifier);
        var calling = new NodeHandshake(b, _community.Verifier);

        var (_, error) = await MeetAsync(called, calling);

        Assert.NotNull(error);
        Refused.With(called.Peer, "another community", other.Root.Id.ToString());
    }

    [Fact]
    public async Task Who_shows_no_certificate_is_refused()
    {
        using var a = _community.Admit();
        using var b = _community.Admit();
        var (called, calling) = Pair(a, b, null);
        var bare = calling.AsClient();
        bare.ClientCertificateContext = null;

        var (_, error) = await MeetAsync(called.AsServer(), bare);

        Assert.NotNull(error);
        Refused.With(called.Peer, "showed no certificate");
    }

    [Fact]
    public async Task Another_node_than_the_expected_one_is_refused()
    {
        using var a = _community.Admit();
        using var b = _community.Admit();
        var (called, calling) = Pair(a, b, b.Id);

        var (_, error) = await MeetAsync(called, calling);

        Assert.NotNull(error);
        Refused.With(calling.Peer, $"node {a.Id} answered where node {b.Id} was expected");
    }

    [Fact]
    public async Task An_expired_certificate_is_told_as_such()
    {
        using var a = _community.Admit();
        using var b = _community.Admit();
        var (called, calling) = Pair(a, b, null);
        _community.Clock.Now += TimeSpan.FromDays(91);

        var (_, error) = await MeetAsync(called, calling);

        Assert.NotNull(error);
        Refused.With(calling.Peer, a.Id.ToString(), "expired", "clock");
    }

    private (NodeHandshake Called, NodeHandshake Calling) Pair(NodeIdentity a, NodeIdentity b, Core.KeyId? expected) =>
        (new NodeHandshake(a, _community.Verifier), new NodeHandshake(b, _community.Verifier, expected));

    private static Task<(SslProtocols, Exception?)> MeetAsync(NodeHandshake called, NodeHandshake calling) =>
        MeetAsync(called.AsServer(), calling.AsClient());

    /// <summary>Both sides over loopback, with a byte each way, since a client learns of a refusal only then.</summary>
    private static async Task<(SslProtocols Protocol, Exception? Error)> MeetAsync(
        SslServerAuthenticationOptions called, SslClientAuthenticationOptions calling)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var near = new TcpClient();
        var accepting = listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask();
        await near.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port, TestContext.Current.CancellationToken);
        using var far = await accepting;
        await using var server = new SslStream(far.GetStream());
        await using var client = new SslStream(near.GetStream());
        var serving = ServeAsync(server, far, called);
        try
        {
            await client.AuthenticateAsClientAsync(calling, TestContext.Current.CancellationToken);
            await client.WriteAsync(new byte[] { 1 }, TestContext.Current.CancellationToken);
            Assert.Equal(1, await client.ReadAtLeastAsync(new byte[1], 1, cancellationToken: TestContext.Current.CancellationToken));
            await serving;
            return (client.SslProtocol, null);
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            near.Close();
            await serving;
            return (SslProtocols.None, error);
        }
    }

    private static async Task ServeAsync(SslStream server, TcpClient connection, SslServerAuthenticationOptions options)
    {
        try
        {
            await server.AuthenticateAsServerAsync(options, TestContext.Current.CancellationToken);
            var buffer = new byte[1];
            await server.ReadExactlyAsync(buffer, TestContext.Current.CancellationToken);
            await server.WriteAsync(buffer, TestContext.Current.CancellationToken);
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            connection.Close();
        }
    }
}
