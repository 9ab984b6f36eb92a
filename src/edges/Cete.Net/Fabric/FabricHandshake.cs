using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using Cete.Core;
using Cete.Net.Fabric.Proto;
using Cete.Net.Fabric.Tunnels;
using Cete.Ports;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Net.Fabric;

/// <summary>What two nodes do before the first message: TLS 1.3 with certificates on both sides (RFC 8446), then a greeting with versions.</summary>
internal static class FabricHandshake
{
    /// <summary>Told by the handshake (ALPN), so that a port may serve others beside.</summary>
    public static readonly SslApplicationProtocol Protocol = new("cete/1");

    /// <summary>The side that made the connection.</summary>
    public static async Task<Outcome<(FabricConnection Connection, FrameReader Reader)>> ConnectAsync(
        Stream carrier, KeyId? expected, FabricOptions options, FabricLane lane, CancellationToken cancellation)
    {
        var handshake = new NodeHandshake(options.Identity(), options.Verifier, expected);
        var client = handshake.AsClient();
        client.ApplicationProtocols = [Protocol];
        var tls = new SslStream(carrier);
        var peer = await SecureAsync(tls, () => tls.AuthenticateAsClientAsync(client, cancellation), handshake, options);
        if (!peer.Succeeded)
        {
            await SayGoodbyeAsync(tls, peer.Failure, cancellation);
            return peer.Failure;
        }

        return await GreetAsync(
            tls, peer.Value, lane, options.Self, options.Router, options.Clock, options.Version, cancellation, (carrier as TunnelStream)?.Leg.Peer?.Id);
    }

    /// <summary>Finds out whether a node answers at the other end, and hangs up before it is greeted: it hears nothing of a connection.</summary>
    public static async Task<Failure?> TryAsync(Stream carrier, KeyId expected, FabricOptions options, CancellationToken cancellation)
    {
        var handshake = new NodeHandshake(options.Identity(), options.Verifier, expected);
        var client = handshake.AsClient();
        client.ApplicationProtocols = [Protocol];
        await using var tls = new SslStream(carrier);
        var peer = await SecureAsync(tls, () => tls.AuthenticateAsClientAsync(client, cancellation), handshake, options);
        return peer.Failure;
    }

    /// <summary>The side that was called.</summary>
    [SuppressMessage("Security", "CA5359", Justification = "A refusal is carried out after the handshake, so that it can be given its reason.")]
    public static async Task<Outcome<(FabricConnection Connection, FrameReader Reader)>> AcceptAsync(
        Stream carrier, FabricOptions options, CancellationToken cancellation)
    {
        var handshake = new NodeHandshake(options.Identity(), options.Verifier);
        var server = handshake.AsServer();
        server.ApplicationProtocols = [Protocol];
        var judge = server.RemoteCertificateValidationCallback!;

        // Whoever wants to join has no certificate yet; it may ask for one and for nothing else. Whoever shows a wrong one is told what is wrong
        // with it, which an alert of TLS cannot.
        var isAnonymous = false;
        server.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            isAnonymous = certificate is null;
            _ = isAnonymous || judge(sender, certificate, chain, errors);
            return true;
        };
        var tls = new SslStream(carrier);
        var peer = await SecureAsync(tls, () => tls.AuthenticateAsServerAsync(server, cancellation), handshake, options);
        if (!peer.Succeeded && !(isAnonymous && tls.IsAuthenticated))
        {
            await SayGoodbyeAsync(tls, peer.Failure, cancellation);
            return peer.Failure;
        }

        return await GreetAsync(
            tls, isAnonymous ? null : peer.Value, null, null, options.Router, options.Clock, options.Version, cancellation,
            (carrier as TunnelStream)?.Leg.Peer?.Id);
    }

    /// <summary>Sends this side's greeting and reads the other's.</summary>
    /// <param name="stream">What was made secure.</param>
    /// <param name="peer">Who is at the other end; null for one without a certificate.</param>
    /// <param name="lane">What the connection is for; null where the other side, which made it, says so.</param>
    /// <param name="self">This node, where it made the connection.</param>
    /// <param name="router">Hears what comes.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="version">Of this program.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="relay">Who carries it, where it runs through a tunnel.</param>
    public static async Task<Outcome<(FabricConnection Connection, FrameReader Reader)>> GreetAsync(
        Stream stream, FabricPeer? peer, FabricLane? lane, KeyId? self, FabricRouter router, TimeProvider clock, string version,
        CancellationToken cancellation, KeyId? relay = null)
    {
        var reader = new FrameReader();
        try
        {
            var hello = new Hello
            {
                ProtocolMin = FabricLimits.ProtocolMin,
                ProtocolMax = FabricLimits.ProtocolMax,
                Version = version,
                Lane = (uint)(lane ?? FabricLane.Control),
            };
            var greeting = new Envelope { Topic = (uint)FabricTopic.Hello, Body = hello.ToByteString() };
            await WriteAsync(stream, greeting, cancellation);
            var failure = await reader.FillAsync(stream, FabricLimits.AnonymousFrameMax, cancellation);
            if (failure is null && reader.TryTake(out var answer))
            {
                var theirs = Read(answer);
                if (theirs.Succeeded)
                {
                    var connection = new FabricConnection(stream, peer, lane ?? (FabricLane)theirs.Value.Lane, self ?? peer?.Id, router, clock)
                    {
                        Relay = relay,
                    };
                    return (connection, reader);
                }

                failure = theirs.Failure;
                await SayGoodbyeAsync(stream, failure, cancellation);
            }

            reader.Dispose();
            await stream.DisposeAsync();
            return failure ?? new Failure(FailureKind.Invalid, "it greeted with nothing that a node says");
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            reader.Dispose();
            await stream.DisposeAsync();
            return new Failure(FailureKind.Unavailable, error is OperationCanceledException ? "the greeting took too long" : error.Message);
        }
    }

    private static Outcome<Hello> Read(Envelope answer)
    {
        if (answer.Kind == Envelope.Types.Kind.Goodbye)
        {
            return new Failure(FailureKind.Forbidden, EntryName.Show(answer.Text.Length > 500 ? answer.Text[..500] : answer.Text));
        }

        try
        {
            var hello = ProtobufBytes.Read(Hello.Parser, answer.Body);
            if (answer.Topic != (uint)FabricTopic.Hello || hello.Lane > (uint)FabricLane.Bulk)
            {
                return new Failure(FailureKind.Invalid, "it greeted with nothing that a node says");
            }

            if (hello.ProtocolMin > FabricLimits.ProtocolMax || hello.ProtocolMax < FabricLimits.ProtocolMin)
            {
                var who = hello.ProtocolMin > FabricLimits.ProtocolMax ? "that node is newer than this one" : "that node is older than this one";
                return new Failure(
                    FailureKind.Conflict,
                    $"{who}: it speaks protocol {hello.ProtocolMin} to {hello.ProtocolMax}, this one "
                    + $"{FabricLimits.ProtocolMin} to {FabricLimits.ProtocolMax}; bring the older one up to date");
            }

            return hello;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, "it greeted with nothing that a node says");
        }
    }

    /// <summary>Runs a TLS handshake; tells who is at the other end, or why it failed, by what the verification said where it said something.</summary>
    private static async Task<Outcome<FabricPeer>> SecureAsync(SslStream tls, Func<Task> authenticate, NodeHandshake handshake, FabricOptions options)
    {
        try
        {
            await authenticate();
            if (!handshake.Peer.Succeeded)
            {
                return handshake.Peer.Failure;
            }

            var peer = handshake.Peer.Value;
            return options.Refuses(peer) is { } refusal ? refusal : new FabricPeer(peer.Node, peer.Roles);
        }
        catch (Exception error) when (error is AuthenticationException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            await tls.DisposeAsync();
            return handshake.Peer is { Failure: { Kind: not FailureKind.Unavailable } refused }
                ? refused
                : new Failure(
                    FailureKind.Unavailable, error is OperationCanceledException ? "the handshake took too long" : (error.InnerException ?? error).Message);
        }
    }

    private static async Task SayGoodbyeAsync(Stream stream, Failure reason, CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(stream, FabricConnection.Goodbye(reason), cancellation);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // It is told for its own good; that it does not listen changes nothing.
        }

        await stream.DisposeAsync();
    }

    private static async Task WriteAsync(Stream stream, Envelope envelope, CancellationToken cancellation)
    {
        var size = envelope.CalculateSize();
        var frame = new byte[sizeof(int) + size];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(frame, size);
        envelope.WriteTo(frame.AsSpan(sizeof(int)));
        await stream.WriteAsync(frame, cancellation);
    }
}
