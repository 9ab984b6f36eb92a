using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Cete.Core;

namespace Cete.Net.Fabric;

/// <summary>Sockets as the fabric wants them: no delay, and broken soon when the other side is silent.</summary>
internal static class FabricSockets
{
    /// <summary>TCP_USER_TIMEOUT of Linux (RFC 5482), in milliseconds.</summary>
    private const int TcpUserTimeout = 18;

    /// <summary>Connects to the first address of <c>HOST:PORT</c> that answers.</summary>
    public static async Task<Outcome<Socket>> ConnectAsync(
        string address, TimeSpan each, TimeSpan userTimeout, TimeProvider clock, CancellationToken cancellation)
    {
        if (!TrySplit(address, out var host, out var port))
        {
            return new Failure(FailureKind.Invalid, $"'{EntryName.Show(address)}' is no address; it is HOST:PORT, or [IPV6]:PORT");
        }

        Failure? last = null;
        foreach (var resolved in await ResolveAsync(host, cancellation))
        {
            var socket = new Socket(resolved.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            using var limit = new CancellationTokenSource(each, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            try
            {
                Prepare(socket, userTimeout);
                await socket.ConnectAsync(new IPEndPoint(resolved, port), both.Token);
                return socket;
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
                socket.Dispose();
                last = new Failure(
                    FailureKind.Unavailable,
                    $"{address}: {(error is SocketException ? error.Message : $"no answer in {each.TotalSeconds:0.#} s")}");
            }
        }

        return last ?? new Failure(FailureKind.Unavailable, $"{address}: there is no host of that name");
    }

    public static void Prepare(Socket socket, TimeSpan userTimeout)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        if (OperatingSystem.IsLinux())
        {
            var milliseconds = (int)userTimeout.TotalMilliseconds;
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in milliseconds)));
        }
    }

    /// <summary>Takes <c>HOST:PORT</c> apart, an IPv6 address in brackets.</summary>
    public static bool TrySplit(string address, out string host, out int port)
    {
        var colon = address.LastIndexOf(':');
        (host, port) = (string.Empty, 0);
        if (colon <= 0 || address.Length > 260
            || !int.TryParse(address.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out port)
            || port is < 1 or > 65_535)
        {
            return false;
        }

        host = address[..colon];
        if (host is ['[', .., ']'])
        {
            host = host[1..^1];
            return IPAddress.TryParse(host, out _);
        }

        return Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4;
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        try
        {
            var found = await System.Net.Dns.GetHostAddressesAsync(host, cancellation);
            return found.Length > 4 ? found[..4] : found;
        }
        catch (SocketException)
        {
            return [];
        }
    }
}
