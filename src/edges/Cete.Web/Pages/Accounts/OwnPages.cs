using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Web.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Pages.Accounts;

/// <summary>
/// The page of one's own account. Each of its forms names what it does; what was done is said by the page that is opened next, what failed by this one,
/// beside the form.
/// </summary>
internal sealed partial class OwnPages
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    private static readonly Failure NotSure = new(FailureKind.Invalid, "an account is closed only when you say that you want it");
    private static readonly Failure NoKeys = new(
        FailureKind.Invalid, "this browser signed nothing: keys are made and used by a script; turn scripts on, or use the program 'cete' in a terminal");
    private static readonly Failure NotTheSame = new(FailureKind.Invalid, "the two new passwords are not the same; type them again");

    /// <summary>What the page says of what was done, and where.</summary>
    private static readonly Dictionary<string, (string Section, string Text)> Done = new(StringComparer.Ordinal)
    {
        ["password"] = ("password", "The password is changed. All other sessions have ended."),
        ["session"] = ("sessions", "The session has ended."),
        ["sessions"] = ("sessions", "All other sessions have ended."),
        ["factor-on"] = ("factor", "The second factor is on."),
        ["factor-off"] = ("factor", "The second factor is off."),
        ["device"] = ("devices", "This browser is a device of your account."),
        ["approved"] = ("devices", "The device may sign for your account."),
        ["removed"] = ("devices", "The device may not sign for your account any more."),
        ["passkey"] = ("passkeys", "The passkey is made: you can log in with it."),
        ["passkey-renamed"] = ("passkeys", "The passkey has another name."),
        ["passkey-removed"] = ("passkeys", "Nobody logs in with that passkey any more. Take it out of your browser or key, too."),
        ["delegate"] = ("delegates", "This node may pay for you, up to what you said."),
        ["delegate-removed"] = ("delegates", "The node may not pay for you any more."),
    };

    private const string Here = AccountAddresses.Account;

    private readonly AccountsParts _parts;
    private readonly SessionForms _forms;
    private readonly PageWriter _writer;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, Func<HttpContext, SessionFacts, PageForm, Task>> _acts;

    public OwnPages(AccountsParts parts, PageWriter writer, TimeProvider clock)
    {
        (_parts, _writer, _clock, _forms) = (parts, writer, clock, new SessionForms(parts, writer));
        _acts = new(StringComparer.Ordinal)
        {
            ["password"] = ChangePasswordAsync,
            ["session-end"] = EndSessionAsync,
            ["sessions-end"] = EndSessionsAsync,
            ["factor-begin"] = BeginFactorAsync,
            ["factor-confirm"] = ConfirmFactorAsync,
            ["factor-remove"] = RemoveFactorAsync,
            ["device-first"] = AddFirstDeviceAsync,
            ["device-ask"] = AskAsync,
            ["device-read"] = ReadDeviceAsync,
            ["add"] = AddDeviceAsync,
            ["remove"] = RemoveDeviceAsync,
            ["close"] = CloseAsync,
            ["passkey-add"] = AddPasskeyAsync,
            ["passkey-rename"] = RenamePasskeyAsync,
            ["passkey-remove"] = RemovePasskeyAsync,
            ["delegate-begin"] = BeginDelegateAsync,
            ["add-delegate"] = AddDelegateAsync,
            ["delegate-remove"] = RemoveDelegateAsync,
        };
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(
            AccountAddresses.Account, Reading, context => _forms.WithSessionAsync(context, Here, (c, own) => ShowAsync(c, own, string.Empty, null)));
        routes.MapPost(AccountAddresses.Account, context => _forms.WithFormAsync(context, Here, ActAsync));
        routes.MapPost(AccountAddresses.LogOut, context => _forms.WithFormAsync(context, Here, LogOutAsync));
        routes.MapMethods(AccountAddresses.Export, Reading, context => _forms.WithSessionAsync(context, Here, ExportAsync));
    }

    private Task ActAsync(HttpContext context, SessionFacts own, PageForm form) => _acts.TryGetValue(form["action"], out var act)
        ? act(context, own, form)
        : _writer.WriteAsync(context, new Failure(FailureKind.Invalid, "the form asks for something that there is not"));

    private async Task ChangePasswordAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var changed = form["password"] != form["again"] ? NotTheSame
            : await _parts.Service.ChangePasswordAsync(own.Account, form["old"], form["password"], own.Session, context.RequestAborted);
        await AnswerAsync(context, own, changed, "password", "password");
    }

    private async Task EndSessionAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var session = form["session"];
        var ended = await _parts.Service.EndSessionAsync(own.Account, session, context.RequestAborted);
        _parts.Door.Forget(session);
        await AnswerAsync(context, own, ended, "session", "sessions");
    }

    private async Task EndSessionsAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var ended = await _parts.Service.EndSessionsAsync(own.Account, own.Session, context.RequestAborted);
        await AnswerAsync(context, own, ended, "sessions", "sessions");
    }

    private async Task BeginFactorAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var begun = await _parts.Service.BeginSecondFactorAsync(own.Account, _parts.Facts.Community, context.RequestAborted);
        if (!begun.Succeeded)
        {
            await ShowAsync(context, own, "factor", begun.Failure);
            return;
        }

        Answering.KeepToSelf(context);
        await _writer.WriteAsync<SecondFactorPage>(context, new SecondFactorModel(begun.Value, _parts.Guard.TokenFor(own.Session), null));
    }

    private async Task ConfirmFactorAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var confirmed = await _parts.Service.ConfirmSecondFactorAsync(own.Account, form["code"].Trim(), context.RequestAborted);
        if (confirmed.Succeeded)
        {
            GoBack(context, "factor-on", "factor");
            return;
        }

        // What was scanned stays; only the code is asked for once more.
        Answering.KeepToSelf(context);
        var model = new SecondFactorModel(null, _parts.Guard.TokenFor(own.Session), Answering.Fault(context, confirmed.Failure));
        await _writer.WriteAsync<SecondFactorPage>(context, model, status: Problems.StatusOf(confirmed.Failure.Kind));
    }

    private async Task RemoveFactorAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var removed = await _parts.Service.RemoveSecondFactorAsync(own.Account, form["code"].Trim(), context.RequestAborted);
        await AnswerAsync(context, own, removed, "factor-off", "factor");
    }

    private async Task AddFirstDeviceAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var device = DeviceFields.Read(form);
        var added = !device.Succeeded ? device.Failure
            : device.Value is null ? NoKeys
            : await _parts.Service.AddFirstDeviceAsync(own.Account, device.Value, form["proof"], context.RequestAborted);
        await AnswerAsync(context, own, added, "device", "devices");
    }

    private async Task AskAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var device = DeviceFields.Read(form);
        if ((device.Failure ?? (device.Value is null ? NoKeys : DeviceFields.Check(device.Value, _parts.Community))) is { } failure)
        {
            await ShowAsync(context, own, "devices", failure);
            return;
        }

        Answering.KeepToSelf(context);
        await _writer.WriteAsync<DeviceAskPage>(context, new DeviceAskModel(device.Value!, PendingDevice.ToText(device.Value!)));
    }

    private async Task ReadDeviceAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var device = PendingDevice.Parse(form["request"], _parts.Community);
        var devices = device.Succeeded ? await _parts.Service.DevicesAsync(own.Account, context.RequestAborted) : device.Failure;
        if (!devices.Succeeded)
        {
            await ShowAsync(context, own, "devices", devices.Failure);
            return;
        }

        Answering.KeepToSelf(context);
        await _writer.WriteAsync<DeviceReadPage>(
            context, new DeviceReadModel(device.Value, _parts.Guard.TokenFor(own.Session), _forms.Signer(context, own.Account, devices.Value)));
    }

    private async Task AddDeviceAsync(HttpContext context, SessionFacts own, PageForm form) => await AnswerAsync(
        context, own, await SignedAsync(form, statement => _parts.Service.AddDeviceAsync(statement, null, context.RequestAborted)), "approved", "devices");

    private async Task RemoveDeviceAsync(HttpContext context, SessionFacts own, PageForm form) => await AnswerAsync(
        context, own, await SignedAsync(form, statement => _parts.Service.RemoveDeviceAsync(statement, null, context.RequestAborted)), "removed", "devices");

    private static async Task<Outcome<bool>> SignedAsync(PageForm form, Func<ReadOnlyMemory<byte>, Task<Outcome<bool>>> change)
    {
        var statement = DeviceFields.Statement(form);
        return !statement.Succeeded ? statement.Failure : statement.Value.Length == 0 ? NoKeys : await change(statement.Value);
    }

    private async Task CloseAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var statement = DeviceFields.Statement(form);
        var closed = form["sure"] != "yes" ? NotSure
            : !statement.Succeeded ? statement.Failure
            : await _parts.Service.CloseAsync(own.Account, form["closing"], statement.Value, context.RequestAborted);
        if (!closed.Succeeded)
        {
            await ShowAsync(context, own, "close", closed.Failure);
            return;
        }

        _parts.Door.Forget(own.Session);
        _parts.Cookie.Remove(context);
        Answering.GoTo(context, AccountAddresses.LogIn + "?done=closed");
    }

    private async Task LogOutAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var ended = await _parts.Service.EndSessionAsync(own.Account, own.Session, context.RequestAborted);
        if (!ended.Succeeded)
        {
            await ShowAsync(context, own, string.Empty, ended.Failure);
            return;
        }

        _parts.Door.Forget(own.Session);
        _parts.Cookie.Remove(context);
        Answering.GoTo(context, AccountAddresses.LogIn + "?done=out");
    }

    private async Task ExportAsync(HttpContext context, SessionFacts own)
    {
        var export = await _parts.Service.ExportAsync(own.Account, context.RequestAborted);
        if (!export.Succeeded)
        {
            await _writer.WriteAsync(context, export.Failure);
            return;
        }

        Answering.KeepToSelf(context);
        context.Response.GetTypedHeaders().ContentDisposition = MediaTypes.Disposition("account.json", isShown: false);
        await Results.Text(AccountExports.ToJson(export.Value), "application/json").ExecuteAsync(context);
    }

    private Task AnswerAsync(HttpContext context, SessionFacts own, Outcome<bool> outcome, string done, string section)
    {
        if (!outcome.Succeeded)
        {
            return ShowAsync(context, own, section, outcome.Failure);
        }

        GoBack(context, done, section);
        return Task.CompletedTask;
    }

    private static void GoBack(HttpContext context, string done, string section) =>
        Answering.GoTo(context, $"{AccountAddresses.Account}?done={done}#{section}");

    private async Task ShowAsync(HttpContext context, SessionFacts own, string section, Failure? failure)
    {
        var stop = context.RequestAborted;
        var account = await _parts.Service.AccountAsync(own.Account, stop);
        var sessions = account.Succeeded ? await _parts.Service.SessionsAsync(own.Account, stop) : account.Failure;
        var devices = sessions.Succeeded ? await _parts.Service.DevicesAsync(own.Account, stop) : sessions.Failure;
        var passkeys = devices.Succeeded ? await _parts.Service.PasskeysAsync(own.Account, stop) : devices.Failure;
        var delegates = passkeys.Succeeded ? await _parts.Service.DelegatesAsync(own.Account, stop) : passkeys.Failure;
        if (!delegates.Succeeded)
        {
            await _writer.WriteAsync(context, delegates.Failure);
            return;
        }

        Notice? notice = null;
        if (failure is not null)
        {
            notice = Answering.Fault(context, failure);
        }
        else if (Done.TryGetValue(context.Request.Query["done"].ToString(), out var done))
        {
            (section, notice) = (done.Section, new Notice(done.Text, IsFault: false));
        }

        var now = Instant.From(_clock.GetUtcNow());
        var model = new AccountModel(
            account.Value, own.Session,
            [.. sessions.Value.Where(session => session.EndedAt is null && session.ExpiresAt > now).OrderByDescending(session => session.CreatedAt)],
            [.. devices.Value.Where(device => device.RemovedAt is null)], _parts.Guard.TokenFor(own.Session), section, notice,
            _forms.Signer(context, own.Account, devices.Value))
        {
            Community = _parts.Facts.Community,
            Passkeys = passkeys.Value,
            Passkey = PasskeyToMake(context, own, passkeys.Value),
            Delegates = [.. delegates.Value.Where(one => one.Counts(now))],
            Node = _parts.Delegates?.Node.ToString() ?? string.Empty,
            CanSend = _parts.Bank is not null,
        };
        Answering.KeepToSelf(context);
        await _writer.WriteAsync<AccountPage>(context, model, status: failure is null ? StatusCodes.Status200OK : Problems.StatusOf(failure.Kind));
    }
}
