using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Trust;
using Cete.Web.Api;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Accounts;

/// <summary>By what an account is known, for its owner over HTTP: devices, recovery codes, the second factor.</summary>
internal sealed class CredentialsApi(AccountsParts parts)
{
    private const string Heading = "Accounts";

    private static readonly Failure NotByToken = new(FailureKind.Forbidden, "a token is for programs, and does nothing with the account itself; log in");

    private AccountsService Service => parts.Service;

    public void Map(IEndpointRouteBuilder routes)
    {
        MapDevices(routes);
        MapPasskeys(routes);
        MapRecovery(routes);
        MapSecondFactor(routes);
    }

    private void MapDevices(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Devices, async (HttpContext context, CancellationToken stop) =>
                ApiAnswers.Of(await ListAsync(context.Visitor(), stop), ApiJson.Default.DeviceList))
            .NeedsAccount().Tells(Heading, "Devices that may sign for your account").Gives<DeviceList>();
        routes.MapPost(Routes.Devices, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<StatementRequest, ChangeAnswer>(
                context, ApiJson.Default.StatementRequest, ApiJson.Default.ChangeAnswer,
                (body, id) => ChangeAsync(context.Visitor(), body, statement => Service.AddDeviceAsync(statement, id, stop))))
            .NeedsAccount().Tells(Heading, "Add a device, by the statement of another device of yours").Takes<StatementRequest>().Gives<ChangeAnswer>()
            .IsCommand();
        routes.MapPost(Routes.FirstDevice, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<FirstDeviceRequest, ChangeAnswer>(
                context, ApiJson.Default.FirstDeviceRequest, ApiJson.Default.ChangeAnswer, (body, _) => AddFirstAsync(context.Visitor(), body, stop)))
            .NeedsAccount().Tells(Heading, "Add the first device, by the password").Takes<FirstDeviceRequest>().Gives<ChangeAnswer>();
        routes.MapDelete(Routes.Devices, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<StatementRequest, ChangeAnswer>(
                context, ApiJson.Default.StatementRequest, ApiJson.Default.ChangeAnswer,
                (body, id) => ChangeAsync(context.Visitor(), body, statement => Service.RemoveDeviceAsync(statement, id, stop))))
            .NeedsAccount().Tells(Heading, "Remove a device, by the statement of another one; its sessions end").Takes<StatementRequest>()
            .Gives<ChangeAnswer>().IsCommand();
    }

    private void MapPasskeys(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Passkeys, async (HttpContext context, CancellationToken stop) =>
                ApiAnswers.Of(await ListPasskeysAsync(context.Visitor(), stop), ApiJson.Default.PasskeyList))
            .NeedsAccount().Tells(Heading, "Passkeys by which you log in; they are made in a browser").Gives<PasskeyList>();
        routes.MapDelete(Routes.Passkeys + "/{passkey}", async (HttpContext context, string passkey, CancellationToken stop) =>
                ApiAnswers.Of(await RemovePasskeyAsync(context.Visitor(), passkey, stop), ApiJson.Default.ChangeAnswer))
            .NeedsAccount().Tells(Heading, "Remove one of your passkeys").Gives<ChangeAnswer>();
    }

    private void MapRecovery(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.RecoveryKeys, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<RecoveryKeysRequest, ChangeAnswer>(
                context, ApiJson.Default.RecoveryKeysRequest, ApiJson.Default.ChangeAnswer, (body, _) => SetKeysAsync(context.Visitor(), body, stop)))
            .NeedsAccount().Tells(Heading, "Replace your recovery codes; signed where you have a device").Takes<RecoveryKeysRequest>().Gives<ChangeAnswer>();
        routes.MapPost(Routes.Recoveries, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<RecoveryRequest, AccountInfo>(
                context, ApiJson.Default.RecoveryRequest, ApiJson.Default.AccountInfo, (body, _) => RecoverAsync(context, body, stop)))
            .Tells(Heading, "Bring your account back by a recovery code, with a new password").Takes<RecoveryRequest>().Gives<AccountInfo>();
    }

    private void MapSecondFactor(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.SecondFactor, async (HttpContext context, CancellationToken stop) =>
            {
                context.Response.Headers.CacheControl = "no-store";
                return ApiAnswers.Of(await BeginFactorAsync(context.Visitor(), stop), ApiJson.Default.SecondFactorAnswer);
            })
            .NeedsAccount().Tells(Heading, "Begin a second factor; it counts once it is confirmed").Gives<SecondFactorAnswer>();
        routes.MapPut(Routes.SecondFactor, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<CodeRequest, ChangeAnswer>(
                context, ApiJson.Default.CodeRequest, ApiJson.Default.ChangeAnswer,
                (body, _) => WithCodeAsync(context.Visitor(), body, (own, code) => Service.ConfirmSecondFactorAsync(own, code, stop))))
            .NeedsAccount().Tells(Heading, "Confirm the second factor by a code of it").Takes<CodeRequest>().Gives<ChangeAnswer>();
        routes.MapDelete(Routes.SecondFactor, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<CodeRequest, ChangeAnswer>(
                context, ApiJson.Default.CodeRequest, ApiJson.Default.ChangeAnswer,
                (body, _) => WithCodeAsync(context.Visitor(), body, (own, code) => Service.RemoveSecondFactorAsync(own, code, stop))))
            .NeedsAccount().Tells(Heading, "Remove the second factor by a code of it").Takes<CodeRequest>().Gives<ChangeAnswer>();
    }

    /// <summary>The session of a person; what is stolen of a program is not to change how its owner comes in.</summary>
    private static Outcome<SessionFacts> OwnOf(Visitor visitor) => visitor.Session switch
    {
        null => SessionsApi.NoAccount,
        { Kind: SessionKind.Token } or { Grants.Count: > 0 } => NotByToken,
        var own => own,
    };

    private static Failure Missing(string member) => new(FailureKind.Invalid, $"'{member}' is missing");

    private async Task<Outcome<DeviceList>> ListAsync(Visitor visitor, CancellationToken stop)
    {
        if (visitor.Session is not { } own)
        {
            return SessionsApi.NoAccount;
        }

        var devices = await Service.DevicesAsync(own.Account, stop);
        return devices.Then(all => new DeviceList([.. all.Select(device => device.ToInfo(own.Device))]));
    }

    private async Task<Outcome<PasskeyList>> ListPasskeysAsync(Visitor visitor, CancellationToken stop) => visitor.Session is { } own
        ? (await Service.PasskeysAsync(own.Account, stop)).Then(all => new PasskeyList([.. all.Select(passkey => passkey.ToInfo())]))
        : SessionsApi.NoAccount;

    private async Task<Outcome<ChangeAnswer>> RemovePasskeyAsync(Visitor visitor, string passkey, CancellationToken stop)
    {
        var own = OwnOf(visitor);
        return own.Succeeded
            ? (await Service.RemovePasskeyAsync(own.Value.Account, passkey, stop)).Then(changed => new ChangeAnswer(changed))
            : own.Failure;
    }

    private async Task<Outcome<ChangeAnswer>> AddFirstAsync(Visitor visitor, FirstDeviceRequest body, CancellationToken stop)
    {
        var own = OwnOf(visitor);
        var device = AccountsMapping.ToDevice(body.Device);
        return (own.Failure ?? device.Failure) is { } wrong ? wrong
            : device.Value is not { } added ? Missing("device")
            : (await Service.AddFirstDeviceAsync(own.Value.Account, added, body.Password, stop)).Then(changed => new ChangeAnswer(changed));
    }

    private static async Task<Outcome<ChangeAnswer>> ChangeAsync(
        Visitor visitor, StatementRequest body, Func<ReadOnlyMemory<byte>, Task<Outcome<bool>>> change)
    {
        var own = OwnOf(visitor);
        if (!own.Succeeded)
        {
            return own.Failure;
        }

        if (body.Statement is not { Length: > 0 } bytes)
        {
            return Missing("statement");
        }

        // The signature alone would do; who asks here is to be told of his own account, and of no other.
        var statement = SignedStatement.Parse(bytes);
        return !statement.Succeeded ? statement.Failure
            : statement.Value.Account != own.Value.Account ? new Failure(FailureKind.Forbidden, "the statement is of another account than the session's")
            : (await change(bytes)).Then(changed => new ChangeAnswer(changed));
    }

    private async Task<Outcome<ChangeAnswer>> SetKeysAsync(Visitor visitor, RecoveryKeysRequest body, CancellationToken stop)
    {
        var own = OwnOf(visitor);
        if (!own.Succeeded)
        {
            return own.Failure;
        }

        var keys = AccountsMapping.ToKeys(body.Keys, "keys");
        return !keys.Succeeded ? keys.Failure
            : keys.Value.Count == 0 ? Missing("keys")
            : (await Service.SetRecoveryKeysAsync(own.Value.Account, keys.Value, body.Statement ?? [], body.Password, stop))
                .Then(changed => new ChangeAnswer(changed));
    }

    private async Task<Outcome<AccountInfo>> RecoverAsync(HttpContext context, RecoveryRequest body, CancellationToken stop)
    {
        if (body.Name is not { } name || body.Password is not { } password)
        {
            return new Failure(FailureKind.Invalid, "'name' and 'password' are needed");
        }

        var address = SessionsApi.AddressOf(context);
        if (body.Statement is { Length: > 0 } statement)
        {
            return (await Service.RecoverAsync(name, statement, password, address, stop)).Then(account => account.ToInfo());
        }

        var code = body.Code is { } text ? RecoveryCode.Parse(text) : new Failure(FailureKind.Invalid, "'statement' or 'code' is needed");
        return code.Succeeded
            ? (await Service.RecoverAsync(name, code.Value, password, address, stop)).Then(account => account.ToInfo())
            : code.Failure;
    }

    private async Task<Outcome<SecondFactorAnswer>> BeginFactorAsync(Visitor visitor, CancellationToken stop)
    {
        var own = OwnOf(visitor);
        return own.Succeeded
            ? (await Service.BeginSecondFactorAsync(own.Value.Account, parts.Facts.Community, stop))
                .Then(begun => new SecondFactorAnswer(begun.Secret, begun.Uri))
            : own.Failure;
    }

    private static async Task<Outcome<ChangeAnswer>> WithCodeAsync(
        Visitor visitor, CodeRequest body, Func<AccountId, string, Task<Outcome<bool>>> run)
    {
        var own = OwnOf(visitor);
        return !own.Succeeded ? own.Failure
            : body.Code is not { } code ? Missing("code")
            : (await run(own.Value.Account, code.Trim())).Then(changed => new ChangeAnswer(changed));
    }
}
