using Cete.Configuration;
using Cete.Core;
using Cete.Net.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Cete.App.Compose;

/// <summary>What strangers may cost the http port.</summary>
internal static class HttpLimits
{
    /// <param name="options">Takes them.</param>
    /// <param name="settings">What the operator says of them.</param>
    /// <param name="doors">Ways in behind TLS.</param>
    public static void Apply(KestrelServerOptions options, ISettings<EffectiveSettings> settings, IReadOnlyList<TlsDoor> doors)
    {
        options.AddServerHeader = false;
        options.AllowSynchronousIO = false;

        // Bodies of commands; routes that take content say so themselves.
        options.Limits.MaxRequestBodySize = Limits.CommandBytesMax;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.MaxRequestHeaderCount = 64;
        options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);

        var http = settings.Current.Values.Http;
        options.Limits.MaxConcurrentConnections = http.ConnectionsMax;
        options.Listen(http.Listen, listen => listen.UseTls(doors, http.Tls.HandshakeTimeout, isPlainToo: true));
        ApplyLive(options.Limits, http);
        settings.OnChange(changed => ApplyLive(options.Limits, changed.Values.Http));
    }

    /// <summary>Limits that the server looks up for each request, so that a change counts from the next one on.</summary>
    private static void ApplyLive(KestrelServerLimits limits, HttpSettings http)
    {
        // Slow senders of headers hold a connection for this long at most (slowloris).
        limits.RequestHeadersTimeout = http.HeaderTimeout;

        // One byte a second is not a client: after the grace time each direction must move at this rate.
        limits.MinRequestBodyDataRate = http.RateMin == 0 ? null : new MinDataRate(http.RateMin, TimeSpan.FromSeconds(10));
        limits.MinResponseDataRate = http.RateMin == 0 ? null : new MinDataRate(http.RateMin, TimeSpan.FromSeconds(20));
    }
}
