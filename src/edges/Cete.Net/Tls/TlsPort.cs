using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Cete.Net.Tls;

/// <summary>TLS in front of HTTP on one port.</summary>
public static class TlsPort
{
    /// <summary>The first byte of every TLS connection: a record of the kind "handshake". No request of HTTP begins with it.</summary>
    private const byte HandshakeRecord = 0x16;

    private static readonly byte[] UseHttps =
        [.. "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\nThis port speaks TLS: use https.\n"u8];

    /// <summary>Puts doors in front of a port.</summary>
    /// <param name="listen">The port.</param>
    /// <param name="doors">Of them the first counts that is for a name.</param>
    /// <param name="handshakeTimeout">A client that has not finished its handshake by then is dropped.</param>
    /// <param name="isPlainToo">Whether HTTP without TLS is answered as well; if not, it is told that this is the wrong protocol.</param>
    public static void UseTls(this ListenOptions listen, IReadOnlyList<TlsDoor> doors, TimeSpan handshakeTimeout, bool isPlainToo)
    {
        ConnectionDelegate? plain = null;
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.Use(tls => connection => TellApartAsync(connection, tls, isPlainToo ? plain! : RefuseAsync, handshakeTimeout));
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = handshakeTimeout,
            OnConnection = hello => ValueTask.FromResult(TlsDoor.Choose(doors, hello.ClientHelloInfo.ServerName).Handshake),
        });
        listen.Use(http => plain = http);
    }

    private static async Task TellApartAsync(ConnectionContext connection, ConnectionDelegate tls, ConnectionDelegate plain, TimeSpan timeout)
    {
        var first = await FirstByteAsync(connection, timeout);
        if (first is not null)
        {
            await (first == HandshakeRecord ? tls : plain)(connection);
        }
    }

    /// <summary>The byte that a connection begins with, which is left in it; null when none came, or not in time.</summary>
    private static async Task<byte?> FirstByteAsync(ConnectionContext connection, TimeSpan timeout)
    {
        // A node that stops does not wait for those who have said nothing yet.
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var late = new CancellationTokenSource(timeout, TimeProvider.System);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(late.Token, connection.ConnectionClosed, stopping);
        try
        {
            var input = connection.Transport.Input;
            var read = await input.ReadAsync(any.Token);
            byte? first = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0];
            input.AdvanceTo(read.Buffer.Start);
            return first;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private static async Task RefuseAsync(ConnectionContext connection)
    {
        try
        {
            await connection.Transport.Output.WriteAsync(UseHttps, connection.ConnectionClosed);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return;
        }
    }
}
