using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Cete.Trust;

namespace Cete.Benchmarks.Fabric;

/// <summary>The limit: the same bytes in the same sizes over an SslStream with the same certificates, with nothing around it.</summary>
internal static class RawTls
{
    private const byte Pong = 1;
    private const byte Sink = 2;

    /// <summary>Serves calls to their end, one after the other.</summary>
    public static async Task ServeAsync(Socket listener, NodeIdentity identity)
    {
        while (true)
        {
            using var socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsServerAsync(new NodeHandshake(identity, Verifier(identity)).AsServer());
            var order = new byte[13];
            await tls.ReadExactlyAsync(order);
            var size = BinaryPrimitives.ReadInt32LittleEndian(order.AsSpan(1));
            var frames = BinaryPrimitives.ReadInt64LittleEndian(order.AsSpan(5));
            await (order[0] == Pong ? PongAsync(tls, new byte[size], frames) : SinkAsync(tls, size * frames));
        }
    }

    /// <summary>Microseconds of each round trip, one after the other.</summary>
    public static async Task<double[]> PingAsync(IPEndPoint to, NodeIdentity identity, int size, int rounds)
    {
        await using var tls = await ConnectAsync(to, identity, Pong, size, rounds);
        var (frame, times) = (new byte[size], new double[rounds]);
        for (var i = 0; i < rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await tls.WriteAsync(frame);
            await tls.ReadExactlyAsync(frame);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        return times;
    }

    /// <summary>Frames a second, counted until the other side has them all.</summary>
    /// <param name="to">Where the other side is.</param>
    /// <param name="identity">Who this one is.</param>
    /// <param name="size">Of a frame.</param>
    /// <param name="frames">How many are sent.</param>
    /// <param name="together">How many go out by one write.</param>
    public static async Task<double> WriteAsync(IPEndPoint to, NodeIdentity identity, int size, int frames, int together)
    {
        await using var tls = await ConnectAsync(to, identity, Sink, size, frames);
        var (block, answer) = (new byte[size * together], new byte[1]);
        var start = Stopwatch.GetTimestamp();
        for (var left = frames; left > 0; left -= together)
        {
            await tls.WriteAsync(block.AsMemory(0, size * Math.Min(left, together)));
        }

        await tls.ReadExactlyAsync(answer);
        return frames / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<SslStream> ConnectAsync(IPEndPoint to, NodeIdentity identity, byte kind, int size, long frames)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(new NodeHandshake(identity, Verifier(identity)).AsClient());
        var order = new byte[13];
        order[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(order.AsSpan(1), size);
        BinaryPrimitives.WriteInt64LittleEndian(order.AsSpan(5), frames);
        await tls.WriteAsync(order);
        return tls;
    }

    private static CertificateVerifier Verifier(NodeIdentity identity) => new(identity.Community, TimeProvider.System);

    private static async Task PongAsync(SslStream tls, byte[] frame, long rounds)
    {
        for (var i = 0L; i < rounds; i++)
        {
            await tls.ReadExactlyAsync(frame);
            await tls.WriteAsync(frame);
        }
    }

    private static async Task SinkAsync(SslStream tls, long bytes)
    {
        var buffer = new byte[64 * 1024];
        while (bytes > 0)
        {
            bytes -= await tls.ReadAsync(buffer);
        }

        await tls.WriteAsync(buffer.AsMemory(0, 1));
    }
}
