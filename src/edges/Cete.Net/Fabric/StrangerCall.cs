using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Net.Fabric.Proto;
using Cete.Ports;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Net.Fabric;

/// <summary>A node at an address, spoken to by one who has no certificate yet. It is made sure that it is of the community that is meant.</summary>
public sealed class StrangerCall : IDisposable
{
    private readonly FabricConnection _connection;
    private readonly FrameReader _reader;
    private readonly Task _reading;

    private StrangerCall(FabricConnection connection, FrameReader reader, PeerCertificate peer)
    {
        (_connection, _reader, Peer) = (connection, reader, peer);
        _reading = connection.RunAsync(reader);
    }

    /// <summary>Who answers there.</summary>
    public PeerCertificate Peer { get; }

    /// <summary>Connects.</summary>
    /// <param name="address"><c>HOST:PORT</c>.</param>
    /// <param name="verifier">Knows the community.</param>
    /// <param name="clock">For the bounds of time.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<Outcome<StrangerCall>> ConnectAsync(
        string address, CertificateVerifier verifier, TimeProvider clock, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var socket = await FabricSockets.ConnectAsync(address, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10), clock, both.Token);
            if (!socket.Succeeded)
            {
                return socket.Failure;
            }

            Outcome<PeerCertificate> peer = new Failure(FailureKind.Unavailable, "it showed no certificate");
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = $"{verifier.Community}.invalid",
                EnabledSslProtocols = SslProtocols.Tls13,
                ApplicationProtocols = [FabricHandshake.Protocol],
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = (_, certificate, chain, _) => (peer = verifier.Verify(certificate, chain)).Succeeded,
            };
            var tls = new SslStream(new System.Net.Sockets.NetworkStream(socket.Value, ownsSocket: true));
            try
            {
                await tls.AuthenticateAsClientAsync(options, both.Token);
            }
            catch (Exception error) when (error is AuthenticationException or IOException or OperationCanceledException)
            {
                await tls.DisposeAsync();
                var reason = peer.Succeeded || error is OperationCanceledException
                    ? new Failure(FailureKind.Unavailable, "the handshake failed; is it the fabric port of a node?")
                    : peer.Failure;
                return new Failure(reason.Kind, $"{address}: {reason.Message}");
            }

            var greeted = await FabricHandshake.GreetAsync(
                tls, new FabricPeer(peer.Value.Node, peer.Value.Roles), FabricLane.Control, default, new FabricRouter(), clock, "joining", both.Token);
            return greeted.Succeeded
                ? new StrangerCall(greeted.Value.Connection, greeted.Value.Reader, peer.Value)
                : new Failure(greeted.Failure.Kind, $"{address}: {greeted.Failure.Message}");
        }
        catch (OperationCanceledException)
        {
            return new Failure(cancellation.IsCancellationRequested ? FailureKind.Cancelled : FailureKind.Unavailable, $"{address}: no answer in 10 s");
        }
    }

    /// <summary>Asks for what is answered: being let in (<see cref="FabricTopic.Join"/>), or a new certificate (<see cref="FabricTopic.Renewal"/>).</summary>
    public Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(FabricTopic topic, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var request = new Envelope { Kind = Envelope.Types.Kind.Request, Topic = (uint)topic, Body = UnsafeByteOperations.UnsafeWrap(body) };
        return _connection.AskAsync(request, TimeSpan.FromSeconds(20), cancellation);
    }

    public void Dispose()
    {
        _connection.Close(null);
        _ = _reading.ContinueWith(_ => _reader.Dispose(), TaskScheduler.Default);
    }
}
