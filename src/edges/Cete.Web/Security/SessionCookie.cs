using Cete.Core;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Security;

/// <summary>
/// The cookie by which a browser shows its session. It is named after the node, since browsers share cookies between all ports of a host, and so between
/// nodes on one machine.
/// </summary>
/// <param name="node">Id of the node.</param>
public sealed class SessionCookie(string node)
{
    private const int NodeShown = 8;

    /// <summary>Its name over TLS: browsers take such a one for this host alone and all of its paths, whatever other hosts of the domain set.</summary>
    public string SecureName { get; } = "__Host-cete-" + node[..Math.Min(NodeShown, node.Length)];

    /// <summary>Its name over plain HTTP, which is for the node's own machine.</summary>
    public string PlainName { get; } = "cete-" + node[..Math.Min(NodeShown, node.Length)];

    /// <summary>Its name for a request.</summary>
    public string NameFor(HttpRequest request) => request.IsHttps ? SecureName : PlainName;

    /// <summary>What the browser shows; null when it shows nothing.</summary>
    public string? Read(HttpRequest request) => request.Cookies.TryGetValue(NameFor(request), out var secret) && secret.Length > 0 ? secret : null;

    /// <summary>Has the browser show a session from now on.</summary>
    /// <param name="context">Of the request that opened it.</param>
    /// <param name="secret">The session's.</param>
    /// <param name="expires">When it ends.</param>
    public void Write(HttpContext context, string secret, Instant expires) =>
        context.Response.Cookies.Append(NameFor(context.Request), secret, Options(context.Request, expires.ToDateTimeOffset()));

    /// <summary>Has the browser forget it.</summary>
    public void Remove(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), Options(context.Request, null));

    private static CookieOptions Options(HttpRequest request, DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Expires = expires,
        IsEssential = true,
    };
}
