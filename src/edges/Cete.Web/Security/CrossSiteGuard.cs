using System.Security.Cryptography;
using System.Text;
using Cete.Api;
using Cete.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Security;

/// <summary>
/// Refuses what pages of strangers have a browser do in the name of whoever is logged in (cross-site request forgery), in two ways that do not rest
/// on each other: by what the browser says of the page that asks, and by a token in each form that only pages of this node know.
/// </summary>
/// <param name="secret">Makes the tokens: at least 16 bytes, the same after a restart, so that forms that are open then can still be sent.</param>
public sealed class CrossSiteGuard(ReadOnlyMemory<byte> secret)
{
    /// <summary>Name of the field of a form that holds the token.</summary>
    public const string Field = "form-token";

    private const string Purpose = "cete-form-1";
    private const string Bearer = "Bearer ";
    private static readonly Failure Foreign = new(FailureKind.Forbidden, "the request comes from a page of another site; open this node's own page and try again");
    private static readonly Failure Stale = new(
        FailureKind.Forbidden, "the form is not one of this session: it was opened before you logged in, or by somebody else; open the page again and repeat it");

    /// <summary>Judges every request of an application before it is carried out.</summary>
    /// <param name="app">The application.</param>
    /// <param name="cookie">Shows sessions.</param>
    public static void Use(IApplicationBuilder app, SessionCookie cookie) => app.Use((context, next) =>
        Check(context.Request, hasSession: cookie.Read(context.Request) is not null) is { } failure ? Answers.WriteAsync(context, failure) : next(context));

    /// <summary>Judges a request by its fields alone: the reason to refuse it, or null.</summary>
    /// <param name="request">The request.</param>
    /// <param name="hasSession">It comes with a cookie that says who asks, which a browser adds whoever made it ask.</param>
    public static Failure? Check(HttpRequest request, bool hasSession)
    {
        // What only reads changes nothing, and no browser adds a bearer's token by itself.
        if (IsReading(request.Method) || (!hasSession && IsByToken(request)))
        {
            return null;
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is "same-origin" or "none" ? null : Foreign;
        }

        // Browsers of before 2020 say less. Whoever says nothing is none, and then has no cookie of one either.
        var origin = request.Headers.Origin.ToString();
        var isOurs = origin.Length == 0 ? !hasSession : origin == $"{request.Scheme}://{request.Host.Value}";
        return isOurs ? null : Foreign;
    }

    /// <summary>The token that forms of a session carry.</summary>
    /// <param name="session">Id of the session.</param>
    public string TokenFor(string session) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(secret.Span, Encoding.UTF8.GetBytes($"{Purpose}\0{session}")).AsSpan(0, 16));

    /// <summary>The reason to refuse a form, or null when it was made for this session.</summary>
    /// <param name="session">Id of the session that sends it.</param>
    /// <param name="token">What came in its <see cref="Field"/>.</param>
    public Failure? CheckForm(string session, string? token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(TokenFor(session)), Encoding.UTF8.GetBytes(token ?? string.Empty)) ? null : Stale;

    private static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool IsByToken(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);
}
