using System.Net;
using Cete.Configuration;
using Cete.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Cete.App.Compose;

/// <summary>What strangers may cost the http port.</summary>
internal static class HttpLimits
{
    public static void Apply(KestrelServerOptions options, IPEndPoint listen, NodeSettings settings)
    {
        options.AddServerHeader = false;
        options.AllowSynchronousIO = false;

        // Bodies of commands; routes that take content say so themselves.
        options.Limits.MaxRequestBodySize = Limits.CommandBytesMax;

        // Slow senders of headers hold a connection for this long at most (slowloris).
        options.Limits.RequestHeadersTimeout = settings.HttpHeaderTimeout;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.MaxRequestHeaderCount = 64;
        options.Limits.MaxConcurrentConnections = settings.HttpConnectionsMax;
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);

        // One byte a second is not a client: after the grace time each direction must move at this rate.
        options.Limits.MinRequestBodyDataRate = settings.HttpRateMin == 0 ? null : new MinDataRate(settings.HttpRateMin, TimeSpan.FromSeconds(10));
        options.Limits.MinResponseDataRate = settings.HttpRateMin == 0 ? null : new MinDataRate(settings.HttpRateMin, TimeSpan.FromSeconds(20));
        options.Listen(listen);
    }
}
