using Cete.Api;
using Cete.Core;
using Cete.Groups;
using Cete.Tracker;
using Cete.Web.Api;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Community;

/// <summary>Makes a join token in somebody's name.</summary>
internal delegate Task<Outcome<TokenAnswer>> MakeJoinToken(TokenRequest request, Asker asker, RequestId? id, CancellationToken stop);

/// <summary>
/// What members do about nodes of their own, in their sessions: the roster's group knows the rule, and what each account has. Unlike the
/// administrator's key, a session is what its account may do.
/// </summary>
/// <param name="tracker">The roster.</param>
/// <param name="make">Makes the token.</param>
internal sealed class OwnNodesApi(TrackerService tracker, MakeJoinToken make)
{
    private const string Heading = "Community";

    private static readonly Failure NoAccounts = new(FailureKind.Unauthenticated, "this is for members; this community has no accounts");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.SelfService, async (HttpContext context, CancellationToken stop) =>
                ApiAnswers.Of(await TellAsync(context.Visitor(), stop), ApiJson.Default.SelfServiceAnswer))
            .NeedsAccount().Tells(Heading, "Which node roles members take by themselves, and what you have").Gives<SelfServiceAnswer>();
        routes.MapPut(Routes.SelfService, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<SelfServiceRequest, ChangeAnswer>(
                context, ApiJson.Default.SelfServiceRequest, ApiJson.Default.ChangeAnswer, (body, id) => SetAsync(context.Visitor(), body, id, stop)))
            .Needs(Actions.TrackerGovern).Tells(Heading, "Say which node roles members take by themselves").Takes<SelfServiceRequest>()
            .Gives<ChangeAnswer>().IsCommand();
        routes.MapPost(Routes.OwnTokens, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<TokenRequest, TokenAnswer>(
                context, ApiJson.Default.TokenRequest, ApiJson.Default.TokenAnswer, (body, id) => CreateAsync(context.Visitor(), body, id, stop)))
            .Needs(Actions.TrackerOwnNode).Tells(Heading, "Make a token by which a node of yours joins").Takes<TokenRequest>().Gives<TokenAnswer>()
            .IsCommand();
        routes.MapGet(Routes.OwnTokens, async (HttpContext context, CancellationToken stop) =>
                ApiAnswers.Of(await ListAsync(context.Visitor(), stop), ApiJson.Default.TokenList))
            .Needs(Actions.TrackerOwnNode).Tells(Heading, "Your tokens for nodes, without their secrets").Gives<TokenList>();
        routes.MapDelete(Routes.OwnTokens + "/{token}", async (HttpContext context, string token, CancellationToken stop) =>
                ApiAnswers.Of(await RevokeAsync(context.Visitor(), token, stop), ApiJson.Default.ChangeAnswer))
            .Needs(Actions.TrackerOwnNode).Tells(Heading, "Revoke a token of yours").Gives<ChangeAnswer>();
    }

    private async Task<Outcome<SelfServiceAnswer>> TellAsync(Visitor visitor, CancellationToken stop)
    {
        if (visitor.Account is not { } own)
        {
            return NoAccounts;
        }

        var has = await tracker.OwnNodesAsync(own.ToString(), stop);
        return has.Then(nodes => new SelfServiceAnswer(nodes.Rule.Roles, nodes.Rule.PerAccount, nodes.Nodes, nodes.Awaited));
    }

    private async Task<Outcome<ChangeAnswer>> SetAsync(Visitor visitor, SelfServiceRequest body, RequestId? id, CancellationToken stop)
    {
        if (visitor.Account is null)
        {
            return NoAccounts;
        }

        var roles = body.Roles is { } named ? RoleSet.From(named) : new Failure(FailureKind.Invalid, "'roles' is missing; none at all are an empty list");
        return roles.Succeeded
            ? (await tracker.SetSelfServiceAsync(
                new SelfService([.. roles.Value], body.PerAccount ?? TrackerLimits.OwnNodesDefault), visitor.Asker, id, stop))
                .Then(changed => new ChangeAnswer(changed))
            : roles.Failure;
    }

    private async Task<Outcome<TokenAnswer>> CreateAsync(Visitor visitor, TokenRequest body, RequestId? id, CancellationToken stop)
    {
        if (visitor.Account is not { } own)
        {
            return NoAccounts;
        }

        return body.Owner is { Length: > 0 } owner && owner != own.ToString()
            ? new Failure(FailureKind.Forbidden, "a token of your own is for nodes of your account; leave 'owner' out")
            : await make(body with { Owner = own.ToString() }, visitor.Asker, id, stop);
    }

    private async Task<Outcome<TokenList>> ListAsync(Visitor visitor, CancellationToken stop) => visitor.Account is { } own
        ? (await tracker.TokensOfAsync(own.ToString(), stop)).Then(tokens => new TokenList([.. tokens.Select(TrackerApi.Info)], null))
        : NoAccounts;

    private async Task<Outcome<ChangeAnswer>> RevokeAsync(Visitor visitor, string token, CancellationToken stop) =>
        visitor.Account is null ? NoAccounts
        : TokenId.TryParse(token, out var id) ? (await tracker.RevokeTokenAsync(id, visitor.Asker, null, stop)).Then(changed => new ChangeAnswer(changed))
        : new Failure(FailureKind.Invalid, "a token is named by 16 hexadecimal digits; 'cete token list' shows them");
}
