using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Web.Pages;
using Cete.Web.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Sessions;

/// <summary>Finds out the session of a secret.</summary>
public delegate Task<Outcome<SessionFacts>> FindSession(string secret, CancellationToken cancellation);

/// <summary>
/// Stands in front of everything that the web door answers: finds out who asks, and refuses whoever has no right to a route at all. What the
/// right is for, folders and things of one's own, is decided where the thing is known.
/// </summary>
/// <param name="book">What is known of accounts.</param>
/// <param name="find">Sessions.</param>
/// <param name="cookie">In which browsers show their session.</param>
/// <param name="clock">The time.</param>
/// <param name="admit">
/// Looks at requests of those who may not read: null where it shows another right to what it asks for, else why not; null as a whole where there is no
/// other right.
/// </param>
public sealed class SessionDoor(
    StandingBook book, FindSession find, SessionCookie cookie, TimeProvider clock, Func<HttpContext, Failure?>? admit = null)
{
    private const string Scheme = "Bearer ";

    /// <summary>To read anything below these takes the right to read, which guests have in most communities; other edges answer some of them.</summary>
    private static readonly string[] Readings =
    [
        Routes.Content, Routes.Swarm, Routes.Files, Routes.Seeds, Routes.Contents, Routes.FolderAs, Routes.Folders, Routes.Entries,
        Routes.Changes, Routes.Moderation, Routes.Suggestions, Routes.SuggestionsForBrowsers, Routes.Tickets, Routes.Atom, Routes.Rss, Addresses.Folders,
        Addresses.Entries, Addresses.Search, Addresses.Moderation,
    ];

    private readonly SessionCache _cache = new(clock);

    /// <summary>A session ended: it is not to be known from memory any more.</summary>
    public void Forget(string session) => _cache.Forget(session);

    /// <summary>Looks at every request before it is carried out.</summary>
    public void Map(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (await AdmitAsync(context) is { } failure)
        {
            if (failure.Kind == FailureKind.Unauthenticated)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer realm=\"cete\"";
            }

            if (!StatusPages.IsForPerson(context))
            {
                await Answers.WriteAsync(context, failure);
                return;
            }

            StatusPages.LeaveToPage(context, failure);
        }

        await next(context);
    });

    private Failure? Check(HttpContext context, Visitor visitor, Failure? unknown)
    {
        var standing = visitor.Standing;
        if (context.GetEndpoint()?.Metadata.GetMetadata<NeedsSession>() is { } needs)
        {
            return !standing.IsKnown ? unknown ?? LogIn : needs.Action is { } action && !standing.MayAnywhere(action) ? Lacks(action) : null;
        }

        return !IsReading(context.Request) || standing.MayAnywhere(Actions.IndexRead) ? null
            : admit is not null && context.Request.Query.ContainsKey(Routes.Capability) ? admit(context)
            : standing.IsKnown ? Lacks(Actions.IndexRead)
            : unknown ?? LogIn;
    }

    private static bool IsReading(HttpRequest request) =>
        request.Path.Value == Addresses.Home || Readings.Any(path => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));

    private static Failure LogIn { get; } =
        new(FailureKind.Unauthenticated, "this is for members of the community; log in: 'cete login NAME', or /login in a browser");

    private static Failure Lacks(string action) =>
        new(FailureKind.Forbidden, $"your account does not have the right '{action}'; ask an administrator of the community");

    private async Task<Failure?> AdmitAsync(HttpContext context)
    {
        if (!book.HasAccounts)
        {
            return null;
        }

        // Whoever cannot be recognized now goes on as a guest: what guests may do needs nobody to be known.
        var (visitor, unknown) = await FindAsync(context);
        context.Features.Set(visitor);
        return Check(context, visitor, unknown);
    }

    private async Task<(Visitor Visitor, Failure? Unknown)> FindAsync(HttpContext context)
    {
        var guest = new Visitor(book.Guest, string.Empty, null);
        var header = context.Request.Headers.Authorization.ToString();
        var isBearer = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        var secret = isBearer ? header[Scheme.Length..].Trim() : cookie.Read(context.Request);
        if (string.IsNullOrEmpty(secret))
        {
            return (guest, book.IsKnown ? null : NotYet);
        }

        var session = await _cache.FindAsync(secret, find, context.RequestAborted);
        if (session.Succeeded)
        {
            // An account that was made a moment ago may not be known here; its session counts, and is not to be forgotten for that.
            return book.Find(session.Value.Account) is { } known
                ? (new Visitor(known.Standing.Narrowed(session.Value.Grants), known.Name, session.Value) { IsByCookie = !isBearer }, null)
                : (guest, NotYet);
        }

        if (session.Failure.Kind == FailureKind.Unauthenticated && !isBearer)
        {
            // The browser's next page asks it to log in where that is needed.
            cookie.Remove(context);
        }

        return (guest, session.Failure.Kind == FailureKind.Unauthenticated ? Ended : session.Failure);
    }

    private static Failure NotYet { get; } = new(FailureKind.Unavailable, "this node does not know the community's accounts yet; try again in a moment");

    private static Failure Ended { get; } = new(FailureKind.Unauthenticated, "this session has ended, or never was; log in again: 'cete login NAME'");
}
