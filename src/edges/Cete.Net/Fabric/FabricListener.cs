using System.Net;
using System.Net.Sockets;
using Cete.Core;

namespace Cete.Net.Fabric;

/// <summary>The fabric port: takes connections, as many as it may, and hands on those whose other end it knows.</summary>
internal sealed class FabricListener : IAsyncDisposable
{
    private static readonly byte[] NoHttpHere =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nThis is the port for nodes. Pages are at the node's http port.\r\n"u8.ToArray();

    private readonly FabricOptions _options;
    private readonly Func<FabricConnection, FrameReader, Task> _take;
    private readonly Func<int> _connections;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stopping = new();
    private Task _accepting = Task.CompletedTask;
    private int _handshakes;
    private int _anonymous;

    private FabricListener(FabricOptions options, Socket socket, Func<int> connections, Func<FabricConnection, FrameReader, Task> take) =>
        (_options, _socket, _connections, _take) = (options, socket, connections, take);

    public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    public static Outcome<FabricListener> Open(
        IPEndPoint at, FabricOptions options, Func<int> connections, Func<FabricConnection, FrameReader, Task> take)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (at.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(at);
            socket.Listen(1_024);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            return error.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? new Failure(FailureKind.Conflict, $"the port {at} is in use by another program; stop it, or choose another with --fabric HOST:PORT")
                : new Failure(FailureKind.Forbidden, $"cannot listen at {at}: {error.Message}; choose another with --fabric HOST:PORT");
        }

        var listener = new FabricListener(options, socket, connections, take);
        listener._accepting = listener.AcceptAsync();
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var accepted = await _socket.AcceptAsync(_stopping.Token);
                var handshakes = Interlocked.Increment(ref _handshakes);
                if (handshakes > _options.HandshakesMax || _connections() + handshakes > _options.ConnectionsMax)
                {
                    Interlocked.Decrement(ref _handshakes);
                    accepted.Close(0);
                    continue;
                }

                _ = ServeAsync(accepted);
            }
            catch (SocketException)
            {
                // Out of descriptors, or the caller was gone before it was taken: neither ends the port.
                await Task.Delay(TimeSpan.FromMilliseconds(10), _options.Clock, CancellationToken.None);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Outcome<(FabricConnection Connection, FrameReader Reader)> greeted;
        try
        {
            using var limit = new CancellationTokenSource(_options.HandshakeMax, _options.Clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
            FabricSockets.Prepare(socket, _options.UserTimeout);
            if (!await SpeaksTlsAsync(socket, both.Token))
            {
                socket.Dispose();
                return;
            }

            greeted = await FabricHandshake.AcceptAsync(new NetworkStream(socket, ownsSocket: true), _options, both.Token);
            FabricMetrics.Handshake(greeted.Failure);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            socket.Dispose();
            return;
        }
        finally
        {
            Interlocked.Decrement(ref _handshakes);
        }

        if (!greeted.Succeeded)
        {
            return;
        }

        var (connection, reader) = greeted.Value;
        if (connection.Peer is not null)
        {
            await _take(connection, reader);
            return;
        }

        await ServeAnonymousAsync(connection, reader);
    }

    private async Task ServeAnonymousAsync(FabricConnection connection, FrameReader reader)
    {
        using (reader)
        {
            if (Interlocked.Increment(ref _anonymous) <= FabricLimits.AnonymousMax)
            {
                using var life = new CancellationTokenSource(FabricLimits.AnonymousLife, _options.Clock);
                await using (life.Token.Register(() => connection.Close(null)))
                await using (_stopping.Token.Register(() => connection.Close(null)))
                {
                    await connection.RunAsync(reader);
                }
            }

            Interlocked.Decrement(ref _anonymous);
            connection.Close(null);
        }
    }

    /// <summary>People point browsers at the wrong port: they are told, rather than left with a broken handshake.</summary>
    private static async Task<bool> SpeaksTlsAsync(Socket socket, CancellationToken cancellation)
    {
        const byte handshakeRecord = 0x16;
        var first = new byte[1];
        if (await socket.ReceiveAsync(first, SocketFlags.Peek, cancellation) == 0 || first[0] == handshakeRecord)
        {
            return first[0] == handshakeRecord;
        }

        if (first[0] is >= (byte)'A' and <= (byte)'Z')
        {
            await socket.SendAsync(NoHttpHere, SocketFlags.None, cancellation);
            socket.Shutdown(SocketShutdown.Send);
        }

        return false;
    }
}
