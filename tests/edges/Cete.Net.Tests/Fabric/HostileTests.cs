using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Cete.Core;
using Cete.Net.Fabric;
using Cete.Net.Fabric.Proto;
using Cete.Ports;
using Cete.Testing;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Net.Tests.Fabric;

/// <summary>What strangers, and members that mean harm, may send to the fabric port.</summary>
public sealed class HostileTests : IAsyncDisposable
{
    private readonly TestCommunity _community = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _community.DisposeAsync();

    [Fact]
    public async Task Whoever_speaks_http_is_told_that_this_is_not_the_place()
    {
        using var socket = await DialAsync(_community.Start());
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancel);
        Assert.Contains("This is the port for nodes", Encoding.ASCII.GetString(await ReadToEndAsync(new NetworkStream(socket))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Noise_is_closed_and_harms_nobody()
    {
        var node = _community.Start();
        var prng = new Prng(5);
        for (var i = 0; i < 50; i++)
        {
            using var socket = await DialAsync(node);
            var noise = new byte[1 + prng.Next(500)];
            prng.Fill(noise);
            noise[0] = i % 2 == 0 ? (byte)0x16 : noise[0];
            await using var stream = new NetworkStream(socket);
            await socket.SendAsync(noise, Cancel);
            await ReadToEndAsync(stream);
        }

        await AnswersAsync(node);
    }

    [Fact]
    public async Task Who_never_finishes_a_handshake_is_dropped()
    {
        var node = _community.Start(with: options => options with { HandshakeMax = TimeSpan.FromSeconds(5) });
        using var silent = await DialAsync(node);
        using var slow = await DialAsync(node);
        await slow.SendAsync(new byte[] { 0x16, 3 }, Cancel);
        await ReadToEndAsync(new NetworkStream(silent));
        await ReadToEndAsync(new NetworkStream(slow));
        await AnswersAsync(node);
    }

    [Fact]
    public async Task Who_sends_a_message_byte_by_byte_is_dropped()
    {
        var node = _community.Start(with: options => options with { IdleMax = TimeSpan.FromSeconds(2), ConnectionsKept = 0 });
        await using var tls = await SecureAsync(node);
        await SendAsync(tls, HelloEnvelope());
        var head = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(head, 10_000);
        await tls.WriteAsync(head, Cancel);
        var ended = ReadToEndAsync(tls);
        await Eventually.TrueAsync(
            () =>
            {
                try
                {
                    tls.Write([7]);
                    return ended.IsCompleted;
                }
                catch (IOException)
                {
                    return true;
                }
            },
            "it is dropped although it goes on");
        await AnswersAsync(node);
    }

    [Fact]
    public async Task Ten_thousand_connections_leave_room_for_members()
    {
        var node = _community.Start(with: options => options with { HandshakeMax = TimeSpan.FromSeconds(5) });
        List<Socket> flood = [];
        try
        {
            for (var i = 0; i < 10_000; i++)
            {
                try
                {
                    flood.Add(await DialAsync(node));
                }
                catch (SocketException)
                {
                    // It was turned away before the call returned.
                }
            }

            // Those that say nothing are dropped in time, and then there is room, though all the others are still held.
            var asker = _community.Start();
            Task<Outcome<ReadOnlyMemory<byte>>> AskAsync() =>
                asker.Fabric.AskAsync(node.Id, FabricTopic.Echo, "room?"u8.ToArray(), TimeSpan.FromSeconds(5), Cancel);
            await Eventually.TrueAsync(() => AskAsync().Result.Succeeded, "a member comes in");
        }
        finally
        {
            flood.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Handshakes_at_once_are_bounded()
    {
        var node = _community.Start(with: options => options with { HandshakesMax = 2 });
        using var first = await DialAsync(node);
        using var second = await DialAsync(node);
        await Eventually.TrueAsync(() => IsTurnedAwayAsync(node).Result, "one more is turned away");
        first.Dispose();
        second.Dispose();
        await AnswersAsync(node);
    }

    [Fact]
    public async Task Who_has_no_certificate_may_ask_to_join_and_nothing_else()
    {
        var node = _community.Start();
        var verifier = new CertificateVerifier(_community.Id, TimeProvider.System);
        using var stranger = (await StrangerCall.ConnectAsync(node.Address, verifier, TimeProvider.System, Cancel)).Value;
        Assert.Equal("welcome", Encoding.UTF8.GetString((await stranger.AskAsync(FabricTopic.Join, "let me in"u8.ToArray(), Cancel)).Value.Span));

        await using var tls = await SecureAsync(node);
        await SendAsync(tls, HelloEnvelope());
        await SendAsync(tls, new Envelope { Topic = (uint)FabricTopic.Membership, Body = ByteString.CopyFromUtf8("gossip") });
        await SendAsync(tls, new Envelope { Kind = Envelope.Types.Kind.Request, Topic = (uint)FabricTopic.Echo, Call = 1 });
        using var reader = new FrameReader();
        var answer = await NextAsync(reader, tls, skipHello: true);
        Assert.Equal(Envelope.Types.Kind.Failure, answer!.Kind);
        Assert.Empty(node.Heard);
    }

    [Fact]
    public async Task A_joiner_notices_that_it_speaks_with_another_community()
    {
        await using var others = new TestCommunity();
        var node = others.Start();
        var verifier = new CertificateVerifier(_community.Id, TimeProvider.System);
        var refused = await StrangerCall.ConnectAsync(node.Address, verifier, TimeProvider.System, Cancel);
        Assert.Equal(FailureKind.Forbidden, refused.Failure!.Kind);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(64 * 1024 + 1)]
    public async Task A_frame_that_is_too_large_ends_the_connection(int length)
    {
        var node = _community.Start();
        await using var tls = await SecureAsync(node);
        await SendAsync(tls, HelloEnvelope());
        var head = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(head, length);
        await tls.WriteAsync(head, Cancel);
        await ReadToEndAsync(tls);
        await AnswersAsync(node);
    }

    [Fact]
    public async Task A_frame_of_noise_or_cut_off_ends_the_connection()
    {
        var node = _community.Start();
        await using (var tls = await SecureAsync(node))
        {
            await SendAsync(tls, HelloEnvelope());
            await tls.WriteAsync(new byte[] { 4, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, Cancel);
            await ReadToEndAsync(tls);
        }

        await using (var tls = await SecureAsync(node))
        {
            await SendAsync(tls, HelloEnvelope());
            await tls.WriteAsync(new byte[] { 100, 0, 0, 0, 1 }, Cancel);
        }

        await AnswersAsync(node);
    }

    [Theory]
    [InlineData(2u, 9u, "newer")]
    [InlineData(0u, 0u, "older")]
    public async Task A_node_of_another_protocol_is_told_which_one_is_spoken(uint min, uint max, string says)
    {
        var node = _community.Start();
        await using var tls = await SecureAsync(node);
        await SendAsync(tls, new Envelope { Topic = (uint)FabricTopic.Hello, Body = new Hello { ProtocolMin = min, ProtocolMax = max }.ToByteString() });
        using var reader = new FrameReader();
        var goodbye = await NextAsync(reader, tls, skipHello: true);
        Assert.Equal(Envelope.Types.Kind.Goodbye, goodbye!.Kind);
        Assert.Contains(says, goodbye.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_who_changes_bytes_on_the_way_ends_the_connection_and_is_not_heard()
    {
        var (a, b) = (_community.Start(), _community.Start());
        using var proxy = new FlippingProxy(b.Fabric.Address!);
        _community.Addresses[b.Id] = proxy.Address;
        Assert.True((await a.Fabric.AskAsync(b.Id, FabricTopic.Echo, "hello"u8.ToArray(), TimeSpan.FromSeconds(60), Cancel)).Succeeded);
        proxy.Flips = true;
        for (var i = 0; i < 10; i++)
        {
            a.Fabric.Post(b.Id, FabricTopic.Membership, "changed on the way"u8);
        }

        await Eventually.TrueAsync(() => a.Events.Any(e => e.What == "disconnected"), "the connection ended");
        Assert.Empty(b.Heard);
    }

    private static async Task<bool> IsTurnedAwayAsync(TestFabric node)
    {
        try
        {
            using var socket = await DialAsync(node);
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
            return await socket.ReceiveAsync(new byte[1], soon.Token) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<Socket> DialAsync(TestFabric node)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPEndPoint.Parse(node.Address), Cancel);
        return socket;
    }

    private async Task<SslStream> SecureAsync(TestFabric node)
    {
        var tls = new SslStream(new NetworkStream(await DialAsync(node), ownsSocket: true));
        var verifier = new CertificateVerifier(_community.Id, TimeProvider.System);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "x.invalid",
                ApplicationProtocols = [FabricHandshake.Protocol],
                RemoteCertificateValidationCallback = (_, certificate, chain, _) => verifier.Verify(certificate, chain).Succeeded,
            },
            Cancel);
        return tls;
    }

    private static Envelope HelloEnvelope() => new()
    {
        Topic = (uint)FabricTopic.Hello,
        Body = new Hello { ProtocolMin = FabricLimits.ProtocolMin, ProtocolMax = FabricLimits.ProtocolMax }.ToByteString(),
    };

    private static async Task SendAsync(Stream stream, Envelope envelope)
    {
        var frame = new byte[sizeof(int) + envelope.CalculateSize()];
        BinaryPrimitives.WriteInt32LittleEndian(frame, envelope.CalculateSize());
        envelope.WriteTo(frame.AsSpan(sizeof(int)));
        await stream.WriteAsync(frame, Cancel);
    }

    private static async Task<Envelope?> NextAsync(FrameReader reader, Stream stream, bool skipHello)
    {
        while (true)
        {
            while (reader.TryTake(out var envelope))
            {
                if (!skipHello || envelope.Topic != (uint)FabricTopic.Hello)
                {
                    return envelope;
                }
            }

            if (await reader.FillAsync(stream, FabricLimits.ControlFrameMax, Cancel) is not null)
            {
                return null;
            }
        }
    }

    /// <summary>Reads until the other side ends it, however it does that.</summary>
    private static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        using var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all, Cancel);
        }
        catch (IOException)
        {
            // A reset ends it, too.
        }

        return all.ToArray();
    }

    private async Task AnswersAsync(TestFabric node)
    {
        var asker = _community.Start();
        var answer = await asker.Fabric.AskAsync(node.Id, FabricTopic.Echo, "still there?"u8.ToArray(), TimeSpan.FromSeconds(60), Cancel);
        Assert.True(answer.Succeeded, answer.Failure?.Message);
    }
}
