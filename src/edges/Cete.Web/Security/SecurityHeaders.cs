using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Security;

/// <summary>
/// The fields by which browsers are told how little an answer may do. Every answer has them, those of failures too; a route that has set one
/// itself keeps its own, as strangers' contents do, which may do less still.
/// </summary>
public static class SecurityHeaders
{
    /// <summary>
    /// Nothing runs and nothing loads but what this node serves: a name or description that slipped through encoding would still do nothing.
    /// </summary>
    public const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>What pages never ask a browser for. Names that some browser does not know yet would be warned of by it.</summary>
    private const string Permissions =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

    /// <summary>For a year: as long as the preload lists of browsers want it at least.</summary>
    private const string TransportSecurity = "max-age=31536000";

    /// <summary>Adds them to every answer of an application; comes before all that may answer.</summary>
    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        // At the last moment, since whoever turns a failure into an answer takes away what was set before.
        context.Response.OnStarting(static state => Complete((HttpContext)state), context);
        return next(context);
    });

    private static Task Complete(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = Permissions;
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = ContentPolicy;
        }

        if (context.Request.IsHttps && IsName(context.Request.Host.Host))
        {
            headers.StrictTransportSecurity = TransportSecurity;
        }

        return Task.CompletedTask;
    }

    /// <summary>An address cannot be remembered in this way, and localhost belongs to every program of a machine.</summary>
    private static bool IsName(string host) =>
        host.Length > 0 && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        && !host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) && !IPAddress.TryParse(host.Trim('[', ']'), out _);
}
