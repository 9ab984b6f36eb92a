using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Cete.Accounts;
using Cete.Accounts.Passkeys;
using Cete.Api;
using Cete.Core;
using Cete.Web.Accounts;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Pages.Accounts;

/// <summary>The pages by which a browser comes in: to log in, to make an account, to recover one. Their forms are sent to their own addresses.</summary>
internal sealed class EntrancePages(AccountsParts parts, PageWriter writer)
{
    private readonly SessionForms _forms = new(parts, writer);

    private readonly byte[] _decoys = RandomNumberGenerator.GetBytes(32);

    private static readonly Failure NoPasskey = new(
        FailureKind.Invalid, "no passkey came with the form; load the page again, or log in with the password");

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>How long somebody stays logged in who asks for it, and who does not.</summary>
    private static readonly TimeSpan LongLife = TimeSpan.FromDays(30);
    private static readonly TimeSpan ShortLife = TimeSpan.FromHours(12);

    /// <summary>A browser that signs with a recovery code does not show it.</summary>
    private static readonly Failure NotShown = new(FailureKind.Invalid, "the code was not shown");

    private static readonly Failure NotTheSame = new(FailureKind.Invalid, "the two passwords are not the same; type them again");

    /// <summary>What the page for logging in says first, by what led to it.</summary>
    private static readonly Dictionary<string, string> Done = new(StringComparer.Ordinal)
    {
        ["out"] = "You are logged out.",
        ["closed"] = "The account is closed.",
        ["recovered"] = "The new password is set. Log in with it.",
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(AccountAddresses.LogIn, Reading, ShowLogInAsync);
        routes.MapPost(AccountAddresses.LogIn, context => WithFormAsync(context, LogInAsync));
        routes.MapPost(AccountAddresses.PasskeyLogIn, context => WithFormAsync(context, LogInByPasskeyAsync));
        routes.MapMethods(AccountAddresses.Register, Reading, ShowRegisterAsync);
        routes.MapPost(AccountAddresses.Register, context => WithFormAsync(context, RegisterAsync));
        routes.MapMethods(AccountAddresses.Recover, Reading, context => WriteRecoverAsync(context, string.Empty, null));
        routes.MapPost(AccountAddresses.Recover, context => WithFormAsync(context, RecoverAsync));
    }

    private Task ShowLogInAsync(HttpContext context)
    {
        var next = AccountAddresses.Next(context.Request.Query["next"]);
        if (context.Visitor().Session is not null)
        {
            Answering.GoTo(context, next);
            return Task.CompletedTask;
        }

        var done = Done.GetValueOrDefault(context.Request.Query["done"].ToString());
        return WriteLogInAsync(context, string.Empty, next, asksCode: false, done is null ? null : new Notice(done, IsFault: false), StatusCodes.Status200OK);
    }

    private async Task LogInAsync(HttpContext context, PageForm form)
    {
        var (name, next, code) = (form["name"], AccountAddresses.Next(form["next"]), form["code"]);
        if (form["way"] == "passkey")
        {
            await WriteLogInAsync(context, name, next, asksCode: false, null, StatusCodes.Status200OK, isByName: true);
            return;
        }

        var opened = await OpenAsync(context, name, form["password"], code, form["stay"] == "yes" ? LongLife : ShortLife);
        if (opened.Succeeded)
        {
            Answering.GoTo(context, next);
            return;
        }

        var asksCode = code.Length > 0 || opened.Failure == AccountsService.SecondFactorNeeded;
        var notice = opened.Failure == AccountsService.SecondFactorNeeded
            ? new Notice("This account has a second factor: give its code, and the password once more.", IsFault: false)
            : Answering.Fault(context, opened.Failure);
        await WriteLogInAsync(context, name, next, asksCode, notice, Problems.StatusOf(opened.Failure.Kind));
    }

    private async Task LogInByPasskeyAsync(HttpContext context, PageForm form)
    {
        var next = AccountAddresses.Next(form["next"]);
        var fields = ((string[])["passkey", "client", "data", "signature", "user"]).Select(name => DeviceFields.Bytes(form[name])).ToList();
        var opened = parts.PartyOf(context) is not { } party || fields.Contains(null) ? NoPasskey
            : Enter(context, await EndFormerAsync(context, await parts.Service.LogInAsync(
                new PasskeyShown(fields[0], fields[1], fields[2], fields[3], fields[4]), party, OwnPages.PageOf(context),
                LoginOf(context, string.Empty, string.Empty, string.Empty, form["stay"] == "yes" ? LongLife : ShortLife), parts.NodeAsker,
                context.RequestAborted)));
        if (opened.Succeeded)
        {
            Answering.GoTo(context, next);
            return;
        }

        await WriteLogInAsync(
            context, string.Empty, next, asksCode: false, Answering.Fault(context, opened.Failure), Problems.StatusOf(opened.Failure.Kind));
    }

    private async Task ShowRegisterAsync(HttpContext context)
    {
        var rules = await parts.Service.RulesAsync(context.RequestAborted);
        if (!rules.Succeeded)
        {
            await writer.WriteAsync(context, rules.Failure);
            return;
        }

        var next = AccountAddresses.Next(context.Request.Query["next"]);
        var invitation = context.Request.Query["invitation"].ToString();
        Answering.KeepToSelf(context);
        await writer.WriteAsync<RegisterPage>(
            context, new RegisterModel(string.Empty, string.Empty, invitation, next, rules.Value.Registration, null, _forms.Newcomer(context)));
    }

    private async Task RegisterAsync(HttpContext context, PageForm form)
    {
        var (name, next, invitation) = (form["name"].Trim(), AccountAddresses.Next(form["next"]), form["invitation"].Trim());
        List<RecoveryCode> codes = [.. Enumerable.Range(0, RecoveryCode.CountDefault).Select(_ => RecoveryCode.Create())];
        IReadOnlyList<ReadOnlyMemory<byte>> keys = [.. codes.Select(code => (ReadOnlyMemory<byte>)code.PublicKey())];
        var device = DeviceFields.Read(form);
        var made = form["password"] != form["again"] ? NotTheSame : !device.Succeeded ? device.Failure : await parts.Service.RegisterAsync(
            new NewAccount(name, form["password"], device.Value, keys, invitation.Length > 0 ? invitation : null, form["display"])
            {
                Address = parts.CountedAddress(context),
            },
            null, context.RequestAborted);
        if (!made.Succeeded)
        {
            var rules = await parts.Service.RulesAsync(context.RequestAborted);
            Answering.KeepToSelf(context);
            await writer.WriteAsync<RegisterPage>(
                context,
                new RegisterModel(
                    name, form["display"], invitation, next, rules.Succeeded ? rules.Value.Registration : Registration.Open,
                    Answering.Fault(context, made.Failure), _forms.Newcomer(context)),
                status: Problems.StatusOf(made.Failure.Kind));
            return;
        }

        // Should that fail now, for a queue that is full or a root that went, the account is there nevertheless.
        var opened = await OpenAsync(context, name, form["password"], string.Empty, ShortLife);
        Answering.KeepToSelf(context);
        var signer = _forms.Newcomer(context) with { Account = made.Value.Id.ToString(), Devices = [.. IdOf(device.Value)] };
        var model = new WelcomeModel(made.Value.Name, [.. codes.Select(code => code.ToString())], next, opened.Succeeded, signer);
        await writer.WriteAsync<WelcomePage>(context, model);
    }

    private static IEnumerable<string> IdOf(NewDevice? device) => device is null ? [] : [KeyId.Of(device.SigningKey.Span).ToString()];

    private async Task RecoverAsync(HttpContext context, PageForm form)
    {
        var statement = DeviceFields.Statement(form);
        var code = statement is { Succeeded: true, Value.Length: 0 } ? RecoveryCode.Parse(form["code"]) : NotShown;
        var device = DeviceFields.Read(form);
        var recovered = form["password"] != form["again"] ? NotTheSame
            : statement is { Succeeded: true, Value.Length: > 0 }
                ? await parts.Service.RecoverAsync(
                    form["name"], statement.Value, form["password"], SessionsApi.AddressOf(context), context.RequestAborted)
            : (statement.Failure ?? code.Failure ?? device.Failure) is { } wrong ? wrong
            : await parts.Service.RecoverAsync(
                form["name"], code.Value, device.Value, form["password"], SessionsApi.AddressOf(context), context.RequestAborted);
        if (recovered.Succeeded)
        {
            parts.Cookie.Remove(context);
            Answering.GoTo(context, AccountAddresses.LogIn + "?done=recovered");
            return;
        }

        await WriteRecoverAsync(context, form["name"], recovered.Failure);
    }

    private async Task<Outcome<OpenedSession>> OpenAsync(HttpContext context, string name, string password, string code, TimeSpan life)
    {
        var opened = await parts.Service.LogInAsync(LoginOf(context, name, password, code, life), parts.NodeAsker, context.RequestAborted);
        return Enter(context, await EndFormerAsync(context, opened));
    }

    private static LogIn LoginOf(HttpContext context, string name, string password, string code, TimeSpan life) => new(
        name, password, code.Length > 0 ? code.Trim() : null, SessionKind.Browser, BrowserName.Of(context.Request.Headers.UserAgent), life, null,
        SessionsApi.AddressOf(context));

    /// <summary>The browser shows the session from now on.</summary>
    private Outcome<OpenedSession> Enter(HttpContext context, Outcome<OpenedSession> opened)
    {
        if (opened.Succeeded)
        {
            var (account, session, secret) = opened.Value;
            parts.Cookie.Write(context, secret, session.ExpiresAt);
            var facts = new SessionFacts(session.Account, session.Id, session.Kind, session.Grants, session.ExpiresAt, session.Device);
            context.Features.Set(new Visitor(Standing.Nobody, account.Name, facts) { IsByCookie = true });
        }

        return opened;
    }

    /// <summary>A browser shows one session at a time: the one before would count on with nobody to end it.</summary>
    private async Task<Outcome<OpenedSession>> EndFormerAsync(HttpContext context, Outcome<OpenedSession> opened)
    {
        if (opened.Succeeded && context.Visitor() is { IsByCookie: true, Session: { } former })
        {
            await parts.Service.EndSessionAsync(former.Account, former.Session, context.RequestAborted);
            parts.Door.Forget(former.Session);
        }

        return opened;
    }

    private async Task WriteLogInAsync(
        HttpContext context, string name, string next, bool asksCode, Notice? notice, int status, bool isByName = false)
    {
        var rules = await parts.Service.RulesAsync(context.RequestAborted);
        var mayRegister = rules is { Succeeded: true, Value.Registration: not Registration.Closed };
        Answering.KeepToSelf(context);
        var passkey = await PasskeyAsync(context, isByName ? name : null);
        await writer.WriteAsync<LogInPage>(context, new LogInModel(name, next, asksCode, notice, mayRegister, passkey), status: status);
    }

    /// <summary>
    /// How a passkey is asked for: any that the browser knows, or those of a name, for keys that do not know by themselves what they are for.
    /// </summary>
    private async Task<PasskeyAsked?> PasskeyAsync(HttpContext context, string? name)
    {
        if (parts.PartyOf(context) is not { } party)
        {
            return null;
        }

        var found = name is null ? [] : await parts.Service.PasskeysAsync(name, context.RequestAborted) is { Succeeded: true, Value: var known } ? known : [];
        IReadOnlyList<string> ids = name is null || found.Count > 0 ? [.. found.Select(passkey => passkey.Name)] : [Decoy(name)];
        return new PasskeyAsked(party.Domain, parts.Service.PasskeyChallenge(), ids);
    }

    /// <summary>Whether a name has an account with passkeys is not told: others have one that is nobody's, the same each time.</summary>
    private string Decoy(string name)
    {
        var key = AccountName.Parse(name, mayBeReserved: true) is { Succeeded: true, Value: var parsed } ? parsed.Key : name;
        return Base64Url.EncodeToString(HMACSHA256.HashData(_decoys, Encoding.UTF8.GetBytes(key)));
    }

    private Task WriteRecoverAsync(HttpContext context, string name, Failure? failure)
    {
        Answering.KeepToSelf(context);
        return writer.WriteAsync<RecoverPage>(
            context, new RecoverModel(name, failure is null ? null : Answering.Fault(context, failure), _forms.Newcomer(context)),
            status: failure is null ? StatusCodes.Status200OK : Problems.StatusOf(failure.Kind));
    }

    private async Task WithFormAsync(HttpContext context, Func<HttpContext, PageForm, Task> answer)
    {
        var form = await PageForm.ReadAsync(context);
        await (form.Succeeded ? answer(context, form.Value) : writer.WriteAsync(context, form.Failure));
    }
}
