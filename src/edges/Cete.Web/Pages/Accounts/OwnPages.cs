using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Web.Accounts;
using Cete.Web.Security;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Pages.Accounts;

/// <summary>
/// The page of one's own account. Each of its forms names what it does; what was done is said by the page that is opened next, what failed by this one,
/// beside the form.
/// </summary>
internal sealed class OwnPages
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    private static readonly Failure NotSure = new(FailureKind.Invalid, "an account is closed only when you say that you want it");
    private static readonly Failure NotTheSame = new(FailureKind.Invalid, "the two new passwords are not the same; type them again");

    /// <summary>What the page says of what was done, and where.</summary>
    private static readonly Dictionary<string, (string Section, string Text)> Done = new(StringComparer.Ordinal)
    {
        ["password"] = ("password", "The password is changed. All other sessions have ended."),
        ["session"] = ("sessions", "The session has ended."),
        ["sessions"] = ("sessions", "All other sessions have ended."),
        ["factor-on"] = ("factor", "The second factor is on."),
        ["factor-off"] = ("factor", "The second factor is off."),
    };

    private readonly AccountsParts _parts;
    private readonly PageWriter _writer;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, Func<HttpContext, SessionFacts, PageForm, Task>> _acts;

    public OwnPages(AccountsParts parts, PageWriter writer, TimeProvider clock)
    {
        (_parts, _writer, _clock) = (parts, writer, clock);
        _acts = new(StringComparer.Ordinal)
        {
            ["password"] = ChangePasswordAsync,
            ["session-end"] = EndSessionAsync,
            ["sessions-end"] = EndSessionsAsync,
            ["factor-begin"] = BeginFactorAsync,
            ["factor-confirm"] = ConfirmFactorAsync,
            ["factor-remove"] = RemoveFactorAsync,
            ["close"] = CloseAsync,
        };
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(AccountAddresses.Account, Reading, context => WithSessionAsync(context, (c, own) => ShowAsync(c, own, string.Empty, null)));
        routes.MapPost(AccountAddresses.Account, context => WithFormAsync(context, ActAsync));
        routes.MapPost(AccountAddresses.LogOut, context => WithFormAsync(context, LogOutAsync));
        routes.MapMethods(AccountAddresses.Export, Reading, context => WithSessionAsync(context, ExportAsync));
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

    private async Task CloseAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var closed = form["sure"] == "yes" ? await _parts.Service.CloseAsync(own.Account, form["closing"], context.RequestAborted) : NotSure;
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
        if (!devices.Succeeded)
        {
            await _writer.WriteAsync(context, devices.Failure);
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
            [.. devices.Value.Where(device => device.RemovedAt is null)], _parts.Guard.TokenFor(own.Session), section, notice);
        Answering.KeepToSelf(context);
        await _writer.WriteAsync<AccountPage>(context, model, status: failure is null ? StatusCodes.Status200OK : Problems.StatusOf(failure.Kind));
    }

    private Task WithSessionAsync(HttpContext context, Func<HttpContext, SessionFacts, Task> answer)
    {
        switch (context.Visitor().Session)
        {
            case null:
                Answering.GoTo(context, AccountAddresses.LogInFor(AccountAddresses.Account));
                return Task.CompletedTask;
            case { Kind: SessionKind.Token } or { Grants.Count: > 0 }:
                return _writer.WriteAsync(context, new Failure(FailureKind.Forbidden, "a token is for programs, and does nothing with the account itself"));
            case var own:
                return answer(context, own);
        }
    }

    private Task WithFormAsync(HttpContext context, Func<HttpContext, SessionFacts, PageForm, Task> answer) => WithSessionAsync(context, async (_, own) =>
    {
        var form = await PageForm.ReadAsync(context);
        var failure = form.Succeeded ? _parts.Guard.CheckForm(own.Session, form.Value[CrossSiteGuard.Field]) : form.Failure;
        await (failure is null ? answer(context, own, form.Value) : _writer.WriteAsync(context, failure));
    });
}
