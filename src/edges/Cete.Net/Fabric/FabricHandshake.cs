using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Net.Fabric.Proto;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Net.Fabric;

/// <summary>What two nodes do before the first message: TLS 1.3 with certificates on both sides (RFC 8446), then a greeting with versions.</summary>
internal static class FabricHandshake
{
    private static readonly SslApplicationProtocol Protocol = new("cete/1");

    /// <summary>The side that made the connection.</summary>
    public static async Task<Outcome<(FabricConnection Connection, FrameReader Reader)>> ConnectAsync(
        Socket socket, FabricOptions options, FabricLane lane, CancellationToken cancellation)
    {
        Outcome<FabricPeer>? verified = null;
        var context = options.Certificate();
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var client = new SslClientAuthenticationOptions
        {
            TargetHost = options.ServerName,
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [Protocol],
            ClientCertificateContext = context,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => (verified = Verify(options, certificate, chain)) is { Succeeded: true },
        };
        var secured = await SecureAsync(tls, () => tls.AuthenticateAsClientAsync(client, cancellation), () => verified);
        if (secured is not null)
        {
            return secured;
        }

        return await GreetAsync(tls, verified!.Value.Value, lane, isInitiator: true, options, cancellation);
    }

    /// <summary>The side that was called.</summary>
    public static async Task<Outcome<(FabricConnection Connection, FrameReader Reader)>> AcceptAsync(
        Socket socket, FabricOptions options, CancellationToken cancellation)
    {
        Outcome<FabricPeer>? verified = null;
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var server = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = options.Certificate(),
            EnabledSslProtocols = SslProtocols.Tls13,
            ApplicationProtocols = [Protocol],
            ClientCertificateRequired = true,
            AllowRenegotiation = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,

            // Whoever wants to join has none yet; it may ask for that and nothing else.
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                certificate is null || (verified = Verify(options, certificate, chain)) is { Succeeded: true },
        };
        var secured = await SecureAsync(tls, () => tls.AuthenticateAsServerAsync(server, cancellation), () => verified);
        if (secured is not null)
        {
            return secured;
        }

        return await GreetAsync(tls, verified?.Value, FabricLane.Control, isInitiator: false, options, cancellation);
    }

    /// <summary>Sends this side's greeting and reads the other's, whose lane counts where it made the connection.</summary>
    public static async Task<Outcome<(FabricConnection Connection, FrameReader Reader)>> GreetAsync(
        Stream stream, FabricPeer? peer, FabricLane lane, bool isInitiator, FabricOptions options, CancellationToken cancellation)
    {
        var reader = new FrameReader();
        try
        {
            var hello = new Hello
            {
                ProtocolMin = FabricLimits.ProtocolMin,
                ProtocolMax = FabricLimits.ProtocolMax,
                Version = options.Version,
                Lane = (uint)lane,
            };
            var greeting = new Envelope { Topic = (uint)FabricTopic.Hello, Body = hello.ToByteString() };
            await WriteAsync(stream, greeting, cancellation);
            var failure = await reader.FillAsync(stream, FabricLimits.AnonymousFrameMax, cancellation);
            if (failure is null && reader.TryTake(out var answer))
            {
                var theirs = Read(answer);
                if (theirs.Succeeded)
                {
                    var used = isInitiator ? lane : (FabricLane)theirs.Value.Lane;
                    var initiator = isInitiator ? options.Self : peer?.Id;
                    return (new FabricConnection(stream, peer, used, initiator, options.Router, options.Clock), reader);
                }

                failure = theirs.Failure;
                await WriteAsync(
                    stream,
                    new Envelope { Kind = Envelope.Types.Kind.Goodbye, Text = failure.Message, Failure = (uint)failure.Kind + 1 },
                    cancellation);
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
            var hello = Hello.Parser.ParseFrom(answer.Body);
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
        catch (InvalidProtocolBufferException)
        {
            return new Failure(FailureKind.Invalid, "it greeted with nothing that a node says");
        }
    }

    private static Outcome<FabricPeer> Verify(FabricOptions options, X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            return new Failure(FailureKind.Forbidden, "it showed no certificate");
        }

        var presented = new X509Certificate2Collection();
        foreach (var further in chain?.ChainPolicy.ExtraStore ?? [])
        {
            presented.Add(further);
        }

        return options.Verify(leaf, presented);
    }

    /// <summary>Runs a TLS handshake; tells why it failed, by what the verification said where it said something.</summary>
    private static async Task<Failure?> SecureAsync(SslStream tls, Func<Task> handshake, Func<Outcome<FabricPeer>?> verified)
    {
        try
        {
            await handshake();
            return null;
        }
        catch (Exception error) when (error is AuthenticationException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            await tls.DisposeAsync();
            return verified() is { Succeeded: false, Failure: var refused }
                ? refused
                : new Failure(FailureKind.Unavailable, error is OperationCanceledException ? "the handshake took too long" : (error.InnerException ?? error).Message);
        }
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
