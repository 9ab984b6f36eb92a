using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Groups;
using Cete.Web.Api;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Accounts;

/// <summary>Accounts over HTTP: to make one, what its owner does with it, and what those do who keep order.</summary>
internal sealed class AccountsApi(AccountsParts parts)
{
    private const string Heading = "Accounts";

    private AccountsService Service => parts.Service;

    public void Map(IEndpointRouteBuilder routes)
    {
        MapOwn(routes);
        MapOthers(routes);
        MapInvitations(routes);
    }

    private void MapOwn(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.Accounts, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<RegisterRequest, AccountInfo>(
                context, ApiJson.Default.RegisterRequest, ApiJson.Default.AccountInfo, (body, id) => RegisterAsync(context, body, id, stop)))
            .Tells(Heading, "Make an account").Takes<RegisterRequest>().Gives<AccountInfo>().IsCommand();
        routes.MapPut(Routes.Me + "/password", (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<PasswordRequest, ChangeAnswer>(
                context, ApiJson.Default.PasswordRequest, ApiJson.Default.ChangeAnswer, (body, _) => ChangePasswordAsync(context.Visitor(), body, stop)))
            .NeedsAccount().Tells(Heading, "Change your password; all other sessions end").Takes<PasswordRequest>().Gives<ChangeAnswer>();
        routes.MapPost(Routes.Me + "/close", (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<CloseRequest, ChangeAnswer>(
                context, ApiJson.Default.CloseRequest, ApiJson.Default.ChangeAnswer, (body, _) => CloseAsync(context.Visitor(), body, stop)))
            .NeedsAccount().Tells(Heading, "Close your account: what is personal is erased; signed where you have a device")
            .Takes<CloseRequest>().Gives<ChangeAnswer>();
        routes.MapGet(Routes.Me + "/export", async (HttpContext context, CancellationToken stop) => OwnOf(context.Visitor()) is { } own
                ? ExportAnswer(await Service.ExportAsync(own, stop))
                : ApiAnswers.Of(SessionsApi.NoAccount))
            .NeedsAccount().Tells(Heading, "All that is kept of your account").GivesBytes("application/json");
    }

    private void MapOthers(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Accounts, async (HttpContext context, string? cursor, string? limit, CancellationToken stop) =>
            {
                var count = ApiAnswers.ReadNumber(limit, "limit", 100);
                var page = count.Succeeded ? await Service.AccountsAsync(cursor, count.Value, stop) : count.Failure;
                return ApiAnswers.Of(
                    page.Then(found => new AccountList([.. found.Items.Select(account => account.ToInfo())], found.Next)), ApiJson.Default.AccountList);
            })
            .Needs(Actions.AccountsRead).Tells(Heading, "Who has an account").Gives<AccountList>().IsPaged();
        routes.MapGet(Routes.Accounts + "/{name}", async (string name, CancellationToken stop) => ApiAnswers.Of(
                (AccountId.TryParse(name, out var id) ? await Service.AccountAsync(id, stop) : await Service.ByNameAsync(name, stop))
                    .Then(account => account.ToInfo()),
                ApiJson.Default.AccountInfo))
            .Needs(Actions.AccountsRead).Tells(Heading, "One account, by name or id").Gives<AccountInfo>();
        routes.MapGet(Routes.AccountRoles, async (CancellationToken stop) =>
            {
                var (roles, rules) = (await Service.RolesAsync(stop), await Service.RulesAsync(stop));
                return ApiAnswers.Of(
                    roles.Failure ?? rules.Then(known => new RolesAnswer(
                        [.. roles.Value.Select(role => new RoleInfo(role.Name, [.. role.Grants.Select(grant => grant.Text)]))],
                        AccountsMapping.TextOf(known.Registration))),
                    ApiJson.Default.RolesAnswer);
            })
            .Tells(Heading, "The roles of accounts, what they mean, and who may register").Gives<RolesAnswer>();
        routes.MapPost(Routes.Acts, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<StatementRequest, ChangeAnswer>(
                context, ApiJson.Default.StatementRequest, ApiJson.Default.ChangeAnswer, async (body, id) => body.Statement is { Length: > 0 } statement
                    ? (await Service.SubmitGovernAsync(statement, id, stop)).Then(changed => new ChangeAnswer(changed))
                    : new Failure(FailureKind.Invalid, "'statement' is missing")))
            .NeedsAccount().Tells(Heading, "A signed act of somebody who keeps order").Takes<StatementRequest>().Gives<ChangeAnswer>().IsCommand();
        routes.MapGet(Routes.Acts, async (string? cursor, string? limit, CancellationToken stop) =>
            {
                var count = ApiAnswers.ReadNumber(limit, "limit", 100);
                var page = count.Succeeded ? await Service.AuditAsync(cursor, count.Value, stop) : count.Failure;
                return ApiAnswers.Of(page.Then(acts => new AuditList([.. acts.Items.Select(act => act.ToInfo())], acts.Next)), ApiJson.Default.AuditList);
            })
            .Needs(Actions.AccountsAudit).Tells(Heading, "What moderators and administrators did, the newest first").Gives<AuditList>().IsPaged();
    }

    private void MapInvitations(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.Invitations, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<InvitationRequest, InvitationAnswer>(
                context, ApiJson.Default.InvitationRequest, ApiJson.Default.InvitationAnswer, (body, _) => InviteAsync(context.Visitor(), body, stop)))
            .Needs(Actions.AccountsInvite).Tells(Heading, "Invite somebody").Takes<InvitationRequest>().Gives<InvitationAnswer>();
        routes.MapGet(Routes.Invitations, async (HttpContext context, CancellationToken stop) => OwnOf(context.Visitor()) is { } own
                ? ApiAnswers.Of(
                    (await Service.InvitationsAsync(own, null, Limits.PageItemsMax, stop))
                        .Then(page => new InvitationList([.. page.Items.Select(one => one.ToInfo())])),
                    ApiJson.Default.InvitationList)
                : ApiAnswers.Of(SessionsApi.NoAccount))
            .Needs(Actions.AccountsInvite).Tells(Heading, "Your invitations").Gives<InvitationList>();
        routes.MapDelete(Routes.Invitations + "/{invitation}", async (HttpContext context, string invitation, CancellationToken stop) =>
                OwnOf(context.Visitor()) is { } own
                    ? ApiAnswers.Of(
                        (await Service.RevokeInvitationAsync(own, invitation, stop)).Then(changed => new ChangeAnswer(changed)), ApiJson.Default.ChangeAnswer)
                    : ApiAnswers.Of(SessionsApi.NoAccount))
            .Needs(Actions.AccountsInvite).Tells(Heading, "Take an invitation back").Gives<ChangeAnswer>();
    }

    private static AccountId? OwnOf(Visitor visitor) => visitor.Account;

    private static IResult ExportAnswer(Outcome<AccountExport> export) => export.Succeeded
        ? Results.Text(AccountExports.ToJson(export.Value), "application/json")
        : ApiAnswers.Of(export.Failure);

    private async Task<Outcome<AccountInfo>> RegisterAsync(HttpContext context, RegisterRequest body, RequestId? id, CancellationToken stop)
    {
        if (body.Name is null || body.Password is null)
        {
            return new Failure(FailureKind.Invalid, "'name' and 'password' are needed");
        }

        var (device, keys) = (AccountsMapping.ToDevice(body.Device), AccountsMapping.ToKeys(body.RecoveryKeys, "recoveryKeys"));
        if ((device.Failure ?? keys.Failure) is { } wrong)
        {
            return wrong;
        }

        var account = new NewAccount(body.Name, body.Password, device.Value, keys.Value, body.Invitation, body.DisplayName ?? string.Empty)
        {
            Address = parts.CountedAddress(context),
        };
        return (await Service.RegisterAsync(account, id, stop)).Then(made => made.ToInfo());
    }

    private async Task<Outcome<ChangeAnswer>> ChangePasswordAsync(Visitor visitor, PasswordRequest body, CancellationToken stop)
    {
        if (visitor.Session is not { } own)
        {
            return SessionsApi.NoAccount;
        }

        return body.New is not { } wanted
            ? new Failure(FailureKind.Invalid, "'new' is missing")
            : own.Kind == SessionKind.Token ? new Failure(FailureKind.Forbidden, "a token changes no password; log in with it")
            : (await Service.ChangePasswordAsync(own.Account, body.Old ?? string.Empty, wanted, own.Session, stop)).Then(changed => new ChangeAnswer(changed));
    }

    private async Task<Outcome<ChangeAnswer>> CloseAsync(Visitor visitor, CloseRequest body, CancellationToken stop)
    {
        if (visitor.Session is not { } own)
        {
            return SessionsApi.NoAccount;
        }

        if (own.Kind == SessionKind.Token)
        {
            return new Failure(FailureKind.Forbidden, "a token closes no account; log in with the password");
        }

        var closed = await Service.CloseAsync(own.Account, body.Old, body.Statement ?? [], stop);
        parts.Door.Forget(own.Session);
        return closed.Then(changed => new ChangeAnswer(changed));
    }

    private async Task<Outcome<InvitationAnswer>> InviteAsync(Visitor visitor, InvitationRequest body, CancellationToken stop)
    {
        if (visitor.Session is not { } own)
        {
            return SessionsApi.NoAccount;
        }

        var life = AccountsMapping.ToLife(body.Hours, AccountsLimits.InvitationLifeMax);
        if (body.Roles is { Count: > 0 })
        {
            return new Failure(FailureKind.Invalid, "an invitation that brings roles is a signed act; see /api/acts");
        }

        var made = life.Succeeded ? await Service.CreateInvitationAsync(own.Account, body.Uses, life.Value, body.Note ?? string.Empty, stop) : life.Failure;
        return made.Then(invitation => new InvitationAnswer(
            Convert.ToHexStringLower(invitation.Id.Span), invitation.Text, $"/register?invitation={invitation.Text}", parts.Now + life.Value));
    }
}
