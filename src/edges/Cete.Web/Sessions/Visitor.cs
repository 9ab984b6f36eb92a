using Cete.Accounts;
using Cete.Core;
using Cete.Groups;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Sessions;

/// <summary>Who asks by HTTP, found out before anything is answered.</summary>
/// <param name="Standing">What it may do.</param>
/// <param name="Name">What people call it; empty for a guest.</param>
/// <param name="Session">The session that it asks in; null for a guest, and where there are no accounts.</param>
public sealed record Visitor(Standing Standing, string Name, SessionFacts? Session)
{
    /// <summary>Whoever is at this node, in a community without accounts.</summary>
    public static Visitor Local { get; } = new(Asker.Local.Standing, string.Empty, null);

    /// <summary>The session came as a cookie, which browsers send along unasked.</summary>
    public bool IsByCookie { get; init; }

    /// <summary>Whose account it is; null for a guest, and where there are no accounts.</summary>
    public AccountId? Account => Session?.Account;

    /// <summary>There are no accounts here.</summary>
    public bool IsLocal => ReferenceEquals(this, Local);

    /// <summary>In whose name its commands are handed in; the root finds out itself what that one may do.</summary>
    public Asker Asker => IsLocal ? Asker.Local
        : Session is { } session ? Asker.Of(session.Account) with { Grants = session.Grants }
        : new Asker(string.Empty, []);
}

/// <summary>Who asks, within a request.</summary>
internal static class VisitorOfRequest
{
    /// <summary>Who asks. Where no <see cref="SessionDoor"/> stands in front there are no accounts.</summary>
    public static Visitor Visitor(this HttpContext context) => context.Features.Get<Visitor>() ?? Sessions.Visitor.Local;

    /// <summary>In whose name the commands of this request are handed in.</summary>
    public static Asker Asker(this HttpContext context) => context.Visitor().Asker;
}
