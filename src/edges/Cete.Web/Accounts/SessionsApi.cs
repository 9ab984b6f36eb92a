using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Web.Api;
using Cete.Web.Security;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Accounts;

/// <summary>Logging in and out, and what a session is worth, over HTTP.</summary>
internal sealed class SessionsApi(AccountsParts parts)
{
    private const string Heading = "Sessions";
    private const int HoursDefault = 30 * 24;

    /// <summary>Fields of an address that name this client, for those who are slowed down; loopback has many clients behind one address.</summary>
    public static string AddressOf(HttpContext context) => ClientAddress.Of(context.Connection.RemoteIpAddress).ToString();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.Sessions, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<LogInRequest, LogInAnswer>(
                context, ApiJson.Default.LogInRequest, ApiJson.Default.LogInAnswer, (body, _) => LogInAsync(context, body, stop)))
            .Tells(Heading, "Log in").Takes<LogInRequest>().Gives<LogInAnswer>();
        routes.MapGet(Routes.Sessions, async (HttpContext context, CancellationToken stop) =>
                ApiAnswers.Of(await ListAsync(context.Visitor(), stop), ApiJson.Default.SessionList))
            .NeedsAccount().Tells(Heading, "Your sessions and tokens").Gives<SessionList>();
        routes.MapDelete(Routes.Sessions + "/{session}", async (HttpContext context, string session, CancellationToken stop) =>
                ApiAnswers.Of(await EndAsync(context.Visitor(), session, stop), ApiJson.Default.ChangeAnswer))
            .NeedsAccount().Tells(Heading, "End one of your sessions or tokens; 'current' for this one").Gives<ChangeAnswer>();
        routes.MapPost(Routes.ApiTokens, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<ApiTokenRequest, ApiTokenAnswer>(
                context, ApiJson.Default.ApiTokenRequest, ApiJson.Default.ApiTokenAnswer, (body, _) => MakeTokenAsync(context.Visitor(), body, stop)))
            .NeedsAccount().Tells(Heading, "Make a token by which a program acts for you").Takes<ApiTokenRequest>().Gives<ApiTokenAnswer>();
        routes.MapGet(Routes.Me, async (HttpContext context, CancellationToken stop) =>
                ApiAnswers.Of(await TellAsync(context.Visitor(), stop), ApiJson.Default.WhoAmI))
            .Tells(Heading, "Who asks, and what it may do").Gives<WhoAmI>();
    }

    private async Task<Outcome<LogInAnswer>> LogInAsync(HttpContext context, LogInRequest body, CancellationToken stop)
    {
        if (body.Name is null || body.Password is null)
        {
            return new Failure(FailureKind.Invalid, "'name' and 'password' are needed");
        }

        var life = AccountsMapping.ToLife(body.Hours ?? HoursDefault, AccountsLimits.SessionLifeMax);
        if (!life.Succeeded)
        {
            return life.Failure;
        }

        if (body.Device is not null && !KeyId.TryParse(body.Device, out _))
        {
            return new Failure(FailureKind.Invalid, "'device' is the id of a device's key");
        }

        var device = KeyId.TryParse(body.Device, out var key) ? key : (KeyId?)null;
        var opened = await parts.Service.LogInAsync(
            new LogIn(body.Name, body.Password, body.SecondFactor, SessionKind.Terminal, body.Label ?? string.Empty, life.Value, device, AddressOf(context)),
            parts.NodeAsker, stop);
        return opened.Then(session => new LogInAnswer(
            session.Secret, session.Session.Id, session.Session.ExpiresAt.ToDateTimeOffset(), session.Account.ToInfo(), parts.Facts.Community,
            parts.Community.ToString()));
    }

    private async Task<Outcome<SessionList>> ListAsync(Visitor visitor, CancellationToken stop)
    {
        if (visitor.Session is not { } own)
        {
            return NoAccount;
        }

        var sessions = await parts.Service.SessionsAsync(own.Account, stop);
        return sessions.Then(all => new SessionList([.. all.Where(session => session.EndedAt is null).Select(session => session.ToInfo(own.Session))]));
    }

    private async Task<Outcome<ChangeAnswer>> EndAsync(Visitor visitor, string session, CancellationToken stop)
    {
        if (visitor.Session is not { } own)
        {
            return NoAccount;
        }

        var id = session == "current" ? own.Session : session;
        var ended = await parts.Service.EndSessionAsync(own.Account, id, stop);
        parts.Door.Forget(id);
        return ended.Then(changed => new ChangeAnswer(changed));
    }

    private async Task<Outcome<ApiTokenAnswer>> MakeTokenAsync(Visitor visitor, ApiTokenRequest body, CancellationToken stop)
    {
        if (visitor.Session is not { } own)
        {
            return NoAccount;
        }

        // A token that could make tokens would outlive its own end, and its own rights.
        if (own.Kind == SessionKind.Token)
        {
            return new Failure(FailureKind.Forbidden, "a token makes no tokens; log in with the password");
        }

        var (life, grants) = (AccountsMapping.ToLife(body.Hours, AccountsLimits.TokenLifeMax), AccountsMapping.ToGrants(body.Rights));
        if ((life.Failure ?? grants.Failure) is { } wrong)
        {
            return wrong;
        }

        var secret = await parts.Service.CreateTokenAsync(own.Account, body.Label ?? string.Empty, grants.Value, life.Value, stop);
        var made = secret.Succeeded ? await parts.Service.SessionAsync(secret.Value, stop, Groups.ReadLevel.Linearizable) : secret.Failure;
        return made.Then(session => new ApiTokenAnswer(secret.Value, session.Session, session.ExpiresAt.ToDateTimeOffset()));
    }

    private async Task<Outcome<WhoAmI>> TellAsync(Visitor visitor, CancellationToken stop)
    {
        List<string> rights = [.. visitor.Standing.Grants.Select(grant => grant.Text)];
        if (visitor.Session is not { } own)
        {
            return new WhoAmI(null, rights, null, null, false, false, 0, parts.Facts.Community, parts.Community.ToString());
        }

        var account = await parts.Service.AccountAsync(own.Account, stop);
        return account.Then(known => new WhoAmI(
            known.ToInfo(), rights, own.Session, own.ExpiresAt.ToDateTimeOffset(), known.HasPassword, known.HasSecondFactor, known.RecoveryKeysLeft,
            parts.Facts.Community, parts.Community.ToString()));
    }

    internal static Failure NoAccount { get; } = new(FailureKind.Unauthenticated, "nobody is logged in");
}
