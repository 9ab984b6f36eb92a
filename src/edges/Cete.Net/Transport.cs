using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Cete.Net.Tls;
using Cete.Ports;

namespace Cete.Net;

/// <summary>How connections to nodes and peers are made: no proxy, no cookies, no redirects, no compression; what comes is what was sent.</summary>
internal static class Transport
{
    /// <param name="trust">Whom it believes.</param>
    /// <param name="sessions">What the user is logged in to; null for one that asks as a guest.</param>
    /// <param name="from">The address of this machine that its connections come from; null for any.</param>
    public static HttpClient NewClient(TlsTrust trust, ISessionBook? sessions = null, IPAddress? from = null)
    {
        HttpMessageHandler handler = NewHandler((context, cancellation) => ConnectAsync(context, trust, from, cancellation));
        return new HttpClient(sessions is null ? handler : new SessionHandler(sessions, handler), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Why TLS with a server failed, if that is what an error is about.</summary>
    public static string? Refusal(Exception error) => error is TlsFailedException ? error.Message : error.InnerException is { } inner ? Refusal(inner) : null;

    /// <summary>A handler of requests over connections that are made in one way.</summary>
    public static SocketsHttpHandler NewHandler(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        MaxConnectionsPerServer = 16,
        ActivityHeadersPropagator = null,
        ConnectCallback = connect,
    };

    /// <summary>A connection without TLS.</summary>
    public static async Task<NetworkStream> DialAsync(DnsEndPoint address, IPAddress? from, CancellationToken cancellation)
    {
        var socket = from is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(from.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (from is not null)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(address, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, TlsTrust trust, IPAddress? from, CancellationToken cancellation)
    {
        var plain = await DialAsync(context.DnsEndPoint, from, cancellation);
        return context.InitialRequestMessage.RequestUri is { Scheme: "https", IdnHost: var host }
            ? await SecureAsync(plain, host, trust, cancellation)
            : plain;
    }

    private static async Task<SslStream> SecureAsync(Stream plain, string host, TlsTrust trust, CancellationToken cancellation)
    {
        string? doubt = null;
        var secure = new SslStream(new ReadAhead(plain));
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                    RemoteCertificateValidationCallback = (_, shown, chain, errors) => (doubt = trust.Doubt(host, shown, chain, errors)) is null,
                },
                cancellation);
            return secure;
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            await secure.DisposeAsync();
            throw new TlsFailedException(doubt ?? $"it does not speak TLS with this program ({error.Message}); is its address http://?");
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }
}

/// <summary>TLS with a server failed, with why, for people.</summary>
internal sealed class TlsFailedException(string message) : IOException(message);
