using System.Net;
using System.Net.Sockets;

namespace Cete.Net.Tests.Fabric;

/// <summary>Stands between two nodes and changes a bit of what the first one sends, when it is told to.</summary>
internal sealed class FlippingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private volatile bool _flips;

    public FlippingProxy(IPEndPoint target)
    {
        _target = target;
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public bool Flips
    {
        get => _flips;
        set => _flips = value;
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(_target);
                _ = PumpAsync(client, server, mayFlip: true);
                _ = PumpAsync(server, client, mayFlip: false);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool mayFlip)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            for (var read = await from.ReceiveAsync(buffer); read > 0; read = await from.ReceiveAsync(buffer))
            {
                if (mayFlip && _flips)
                {
                    buffer[read / 2] ^= 1;
                }

                await to.SendAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Either side ended it.
        }

        from.Dispose();
        to.Dispose();
    }
}
