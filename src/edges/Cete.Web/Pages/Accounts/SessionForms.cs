using Cete.Accounts;
using Cete.Core;
using Cete.Web.Accounts;
using Cete.Web.Security;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Pages.Accounts;

/// <summary>Pages and forms for those who are logged in with a password, which programs with a token are not.</summary>
internal sealed class SessionForms(AccountsParts parts, PageWriter writer)
{
    /// <summary>Answers whoever is logged in; who is not is asked to.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">Where it goes on from there.</param>
    /// <param name="answer">Answers.</param>
    public Task WithSessionAsync(HttpContext context, string next, Func<HttpContext, SessionFacts, Task> answer)
    {
        switch (context.Visitor().Session)
        {
            case null:
                Answering.GoTo(context, AccountAddresses.LogInFor(next));
                return Task.CompletedTask;
            case { Kind: SessionKind.Token } or { Grants.Count: > 0 }:
                return writer.WriteAsync(context, new Failure(FailureKind.Forbidden, "a token is for programs, and does nothing with the account itself"));
            case var own:
                return answer(context, own);
        }
    }

    /// <summary>The same for a form, which must be one of the session's own.</summary>
    public Task WithFormAsync(HttpContext context, string next, Func<HttpContext, SessionFacts, PageForm, Task> answer) =>
        WithSessionAsync(context, next, async (_, own) =>
        {
            var form = await PageForm.ReadAsync(context);
            var failure = form.Succeeded ? parts.Guard.CheckForm(own.Session, form.Value[CrossSiteGuard.Field]) : form.Failure;
            await (failure is null ? answer(context, own, form.Value) : writer.WriteAsync(context, failure));
        });

    /// <summary>For whom a browser signs that is not logged in yet.</summary>
    public SignerFacts Newcomer(HttpContext context) => new(parts.Community.ToString(), string.Empty, [], NameOf(context));

    /// <summary>For whom a browser signs.</summary>
    public SignerFacts Signer(HttpContext context, AccountId account, IEnumerable<DeviceRecord> devices) => new(
        parts.Community.ToString(), account.ToString(), [.. devices.Where(device => device.RemovedAt is null).Select(device => device.Id.ToString())],
        NameOf(context));

    private static string NameOf(HttpContext context) => BrowserName.Of(context.Request.Headers.UserAgent);
}
