using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Cete.Net.Tls;

/// <summary>TLS in front of HTTP on one port.</summary>
public static class TlsPort
{
    /// <summary>The first byte of every TLS connection: a record of the kind "handshake". No request of HTTP begins with it.</summary>
    private const byte HandshakeRecord = 0x16;

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
        using var late = new CancellationTokenSource(timeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, connection.ConnectionClosed);
        byte? first;
        try
        {
            var input = connection.Transport.Input;
            var read = await input.ReadAsync(either.Token);
            first = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0];
            input.AdvanceTo(read.Buffer.Start);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return;
        }

        if (first == HandshakeRecord)
        {
            await tls(connection);
        }
        else if (first is not null)
        {
            await plain(connection);
        }
    }

    private static async Task RefuseAsync(ConnectionContext connection)
    {
        try
        {
            await connection.Transport.Output.WriteAsync(
                "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\nThis port speaks TLS: use https.\n"u8.ToArray(), connection.ConnectionClosed);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return;
        }
    }
}
