using System.Net;

namespace Cete.Net;

/// <summary>How connections to nodes and peers are made: no proxy, no cookies, no redirects, no compression; what comes is what was sent.</summary>
internal static class Transport
{
    public static SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        MaxConnectionsPerServer = 16,
        ActivityHeadersPropagator = null,
    };
}
