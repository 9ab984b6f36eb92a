using System.Net;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Cete.Api;
using Cete.Core;
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

    private static readonly byte[] HereOnly = MakeHereOnly();

    /// <summary>Puts doors in front of a port.</summary>
    /// <param name="listen">The port.</param>
    /// <param name="doors">Of them the first counts that is for a name.</param>
    /// <param name="handshakeTimeout">A client that has not finished its handshake by then is dropped.</param>
    /// <param name="isPlainToo">
    /// Whether this machine itself is answered without TLS as well; whoever is not answered so is told that this is the wrong protocol.
    /// </param>
    public static void UseTls(this ListenOptions listen, IReadOnlyList<TlsDoor> doors, TimeSpan handshakeTimeout, bool isPlainToo)
    {
        ConnectionDelegate? plain = null;
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.Use(tls => connection => TellApartAsync(
            connection, tls, isPlainToo && IsHere(connection) ? plain! : refused => RefuseAsync(refused, isPlainToo ? HereOnly : UseHttps), handshakeTimeout));
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = handshakeTimeout,
            OnConnection = hello => ValueTask.FromResult(
                TlsDoor.Choose(doors, hello.ClientHelloInfo.ServerName)?.Handshake ?? throw new AuthenticationException("there is no door for that name")),
        });
        listen.Use(http => plain = http);
    }

    private static bool IsHere(ConnectionContext connection) =>
        connection.RemoteEndPoint is IPEndPoint { Address: var address } && IPAddress.IsLoopback(address);

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

    /// <summary>An answer of HTTP to one who comes from elsewhere without TLS.</summary>
    private static byte[] MakeHereOnly()
    {
        var problem = JsonSerializer.SerializeToUtf8Bytes(
            Problems.Of(new Failure(FailureKind.Forbidden, "this node speaks TLS with other machines, and plain HTTP with its own alone: use https; cete.http.tls says how it gets a certificate")),
            ApiJson.Default.Problem);
        var head = $"HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: {Problems.MediaType}\r\nContent-Length: {problem.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. problem];
    }

    private static async Task RefuseAsync(ConnectionContext connection, byte[] answer)
    {
        try
        {
            await connection.Transport.Output.WriteAsync(answer, connection.ConnectionClosed);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return;
        }
    }
}
