using Cete.Api;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Groups;
using Cete.Tracker;
using Cete.Trust;
using Cete.Web.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Community;

/// <summary>
/// What the administrator does with the roster; <see cref="AdministratorDoor"/> lets nobody else come here, so whoever does acts as
/// <see cref="Asker.Local"/>.
/// </summary>
/// <param name="tracker">The roster.</param>
/// <param name="community">Its community.</param>
/// <param name="view">Who is there: tokens name their addresses.</param>
/// <param name="clock">What time it is.</param>
public sealed class TrackerApi(TrackerService tracker, KeyId community, Func<ClusterView> view, TimeProvider clock)
{
    private const int HoursMax = 365 * 24;
    private const string Heading = "Community";

    public void Map(IEndpointRouteBuilder routes)
    {
        new OwnNodesApi(tracker, CreateAsync).Map(routes);
        MapTokens(routes);
        MapIssuers(routes);
        routes.MapPost(Routes.Nodes + "/{node}/removal", (HttpContext context, string node, CancellationToken stop) =>
            ApiAnswers.CommandAsync<RemoveNodeRequest, ChangeAnswer>(
                context, ApiJson.Default.RemoveNodeRequest, ApiJson.Default.ChangeAnswer,
                (body, id) => ChangeAsync("a node", node, known => tracker.RemoveNodeAsync(known, body.Reason ?? string.Empty, Asker.Local, id, stop))))
            .Tells(Heading, "Remove a node from the community").Takes<RemoveNodeRequest>().Gives<ChangeAnswer>().IsCommand();
        routes.MapDelete(Routes.Nodes + "/{node}/removal", async (string node, CancellationToken stop) => ApiAnswers.Of(
            await ChangeAsync("a node", node, known => tracker.ReadmitNodeAsync(known, Asker.Local, null, stop)), ApiJson.Default.ChangeAnswer))
            .Tells(Heading, "Let a removed node come back").Gives<ChangeAnswer>();
    }

    private void MapTokens(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.Tokens, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<TokenRequest, TokenAnswer>(
            context, ApiJson.Default.TokenRequest, ApiJson.Default.TokenAnswer, (body, id) => CreateAsync(body, Asker.Local, id, stop)))
            .Tells(Heading, "Make a token by which nodes join").Takes<TokenRequest>().Gives<TokenAnswer>().IsCommand();
        routes.MapGet(Routes.Tokens, ListAsync).Tells(Heading, "Tokens, without their secrets").Gives<TokenList>().IsPaged();
        routes.MapDelete(Routes.Tokens + "/{token}", async (string token, CancellationToken stop) => ApiAnswers.Of(
            TokenId.TryParse(token, out var id)
                ? (await tracker.RevokeTokenAsync(id, Asker.Local, null, stop)).Then(changed => new ChangeAnswer(changed))
                : new Failure(FailureKind.Invalid, "a token is named by 16 hexadecimal digits; 'cete token list' shows them"),
            ApiJson.Default.ChangeAnswer))
            .Tells(Heading, "Revoke a token").Gives<ChangeAnswer>();
    }

    private void MapIssuers(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Issuers, async (CancellationToken stop) => ApiAnswers.Of(
            (await tracker.IssuersAsync(stop)).Then(issuers => new IssuerList(
                [.. issuers.Select(issuer => new IssuerInfo(issuer.Id.ToString(), issuer.Node.ToString(), issuer.RemovedAt?.ToDateTimeOffset()))])),
            ApiJson.Default.IssuerList))
            .Tells(Heading, "The keys that issue certificates").Gives<IssuerList>();
        routes.MapDelete(Routes.Issuers + "/{issuer}", async (string issuer, CancellationToken stop) => ApiAnswers.Of(
            await ChangeAsync("an issuing key", issuer, known => tracker.RemoveIssuerAsync(known, Asker.Local, null, stop)), ApiJson.Default.ChangeAnswer))
            .Tells(Heading, "Have certificates by an issuing key count no longer").Gives<ChangeAnswer>();
        routes.MapPut(Routes.Nodes + "/{node}/roles", (HttpContext context, string node, CancellationToken stop) =>
                ApiAnswers.CommandAsync<RolesRequest, ChangeAnswer>(
                    context, ApiJson.Default.RolesRequest, ApiJson.Default.ChangeAnswer, (body, id) => SetRolesAsync(node, body, id, stop)))
            .Tells(Heading, "Give a node these roles and no others").Takes<RolesRequest>().Gives<ChangeAnswer>().IsCommand();
    }

    private static async Task<Outcome<ChangeAnswer>> ChangeAsync(string what, string name, Func<KeyId, Task<Outcome<bool>>> change) =>
        KeyId.TryParse(name, out var id)
            ? (await change(id)).Then(changed => new ChangeAnswer(changed))
            : new Failure(FailureKind.Invalid, $"{what} is named by 32 letters and digits, as 'cete servers' and 'cete community issuers' show them");

    private async Task<Outcome<ChangeAnswer>> SetRolesAsync(string node, RolesRequest request, RequestId? id, CancellationToken stop)
    {
        var roles = request.Roles is { } named ? RoleSet.From(named) : new Failure(FailureKind.Invalid, "'roles' is missing; none at all are an empty list");
        return roles.Succeeded
            ? await ChangeAsync("a node", node, known => tracker.SetRolesAsync(known, roles.Value, Asker.Local, id, stop))
            : roles.Failure;
    }

    private async Task<Outcome<TokenAnswer>> CreateAsync(TokenRequest request, Asker asker, RequestId? id, CancellationToken stop)
    {
        if (request.Seconds is null ? request.Hours is < 1 or > HoursMax : request.Seconds is < 1 or > HoursMax * 3_600)
        {
            return new Failure(FailureKind.Invalid, $"a token counts for 1 to {HoursMax} hours, or 1 to {HoursMax * 3_600} seconds");
        }

        var roles = RoleSet.From(request.Roles ?? []);
        if (!roles.Succeeded)
        {
            return roles.Failure;
        }

        // Those that can let a node in come first.
        var addresses = view().Present.OrderByDescending(member => member.Certificate.Roles.Contains("tracker"))
            .SelectMany(member => member.Facts.Fabric).Select(NodeAddress.Parse).Where(address => address.Succeeded)
            .Select(address => address.Value).Take(JoinToken.AddressesMax).ToList();
        var life = request.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromHours(request.Hours);
        var expires = Instant.From(clock.GetUtcNow()) + life;
        var made = JoinToken.Create(community, expires, addresses, request.Owner is { Length: > 0 } owner ? owner : null, roles.Value);
        if (!made.Succeeded)
        {
            return made.Failure;
        }

        var token = made.Value;
        var created = await tracker.CreateTokenAsync(
            new NewToken(
                new TokenId(Convert.FromHexString(token.Id)), token.SecretHash, [.. roles.Value], request.Owner ?? string.Empty, expires,
                request.Uses == 0 ? 1 : request.Uses, request.Note ?? string.Empty),
            asker, id, stop);
        return created.Then(_ => new TokenAnswer(
            token.Id, token.ToLine(), token.ToLink(), [.. addresses.Select(address => address.ToString())], expires.ToDateTimeOffset()));
    }

    private async Task<IResult> ListAsync(HttpContext context, CancellationToken stop)
    {
        var limit = ApiAnswers.ReadNumber(context.Request.Query["limit"], "limit", absent: 100);
        if (!limit.Succeeded)
        {
            return ApiAnswers.Of(limit.Failure);
        }

        var page = await tracker.TokensAsync(context.Request.Query["cursor"].FirstOrDefault(), limit.Value, stop);
        return ApiAnswers.Of(page.Then(tokens => new TokenList([.. tokens.Items.Select(Info)], tokens.Next)), ApiJson.Default.TokenList);
    }

    /// <summary>A token as the API shows it.</summary>
    internal static TokenInfo Info(TokenRecord token) => new(
        token.Id.ToString(),
        token.State switch
        {
            TokenState.UsedUp => "usedUp",
            TokenState.Expired => "expired",
            TokenState.Revoked => "revoked",
            _ => "usable",
        },
        token.UsesLeft, token.Roles, token.CreatedAt.ToDateTimeOffset(), token.ExpiresAt.ToDateTimeOffset(), token.Note);
}
