using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Web.Accounts;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Pages.Accounts;

/// <summary>The pages of accounts for those who keep order: who has one, what it may do, what was done. Their acts are signed in the browser.</summary>
internal sealed class GovernPages(AccountsParts parts, PageWriter writer)
{
    private const int AccountsAPage = 50;
    private const int ActsAPage = 50;
    private const string Done = "yes";

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    private static readonly Failure Unsigned = new(
        FailureKind.Forbidden, "nothing was signed: acts like this are signed by a key of your account, which takes a script, or the program 'cete' in a terminal");

    private readonly SessionForms _forms = new(parts, writer);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(AccountAddresses.Accounts, Reading, ListAsync).Needs(Actions.AccountsRead);
        routes.MapMethods(AccountAddresses.Audit, Reading, ShowAuditAsync).Needs(Actions.AccountsAudit);
        routes.MapMethods(AccountAddresses.Roles, Reading, context => ShowRolesAsync(context, null));
        routes.MapPost(AccountAddresses.Roles, context => ActAsync(context, AccountAddresses.Roles, ShowRolesAsync));
        routes.MapMethods(AccountAddresses.Accounts + "/{name}", Reading, context => ShowAsync(context, null)).Needs(Actions.AccountsRead);
        routes.MapPost(AccountAddresses.Accounts + "/{name}", context => ActAsync(context, AccountAddresses.Of(NameIn(context)), ShowAsync))
            .Needs(Actions.AccountsRead);
    }

    private static string NameIn(HttpContext context) => context.Request.RouteValues["name"] as string ?? string.Empty;

    private static string? Field(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    private async Task ListAsync(HttpContext context)
    {
        var (beginning, cursor) = (Field(context, "q")?.Trim() ?? string.Empty, Field(context, "cursor"));
        var page = await parts.Service.AccountsByNameAsync(beginning, cursor, AccountsAPage, context.RequestAborted);
        if (!page.Succeeded)
        {
            await writer.WriteAsync(context, page.Failure);
            return;
        }

        await writer.WriteAsync<AccountsPage>(context, new AccountsModel(
            EntryName.Show(beginning), page.Value.Items, page.Value.Next, cursor is null, context.Visitor().Standing.May(Actions.AccountsAudit)));
    }

    private async Task ShowAuditAsync(HttpContext context)
    {
        var cursor = Field(context, "cursor");
        var page = await parts.Service.AuditAsync(cursor, ActsAPage, context.RequestAborted);
        if (!page.Succeeded)
        {
            await writer.WriteAsync(context, page.Failure);
            return;
        }

        List<AuditRow> rows = [.. page.Value.Items.Select(act => new AuditRow(act, parts.Book.Find(act.By)?.Name, parts.Book.NameOf(act.Target)))];
        await writer.WriteAsync<AuditPage>(context, new AuditModel(rows, page.Value.Next, cursor is null));
    }

    private async Task ShowAsync(HttpContext context, Failure? failure)
    {
        var (name, stop) = (NameIn(context), context.RequestAborted);
        var account = AccountId.TryParse(name, out var id) ? await parts.Service.AccountAsync(id, stop) : await parts.Service.ByNameAsync(name, stop);
        var roles = account.Succeeded ? await parts.Service.RolesAsync(stop) : account.Failure;
        var governing = roles.Succeeded ? await GoverningAsync(context) : roles.Failure;
        if (!governing.Succeeded)
        {
            await writer.WriteAsync(context, governing.Failure);
            return;
        }

        IReadOnlyList<string> choices =
            [.. roles.Value.Select(role => role.Name).Where(role => role is not (RoleDefinition.Guest or RoleDefinition.Member))];
        var model = new OneAccountModel(account.Value, choices, governing.Value, NoticeOf(context, failure));
        await writer.WriteAsync<OneAccountPage>(context, model, status: StatusOf(failure));
    }

    private async Task ShowRolesAsync(HttpContext context, Failure? failure)
    {
        var roles = await parts.Service.RolesAsync(context.RequestAborted);
        var rules = roles.Succeeded ? await parts.Service.RulesAsync(context.RequestAborted) : roles.Failure;
        var governing = rules.Succeeded ? await GoverningAsync(context) : rules.Failure;
        if (!governing.Succeeded)
        {
            await writer.WriteAsync(context, governing.Failure);
            return;
        }

        var model = new RolesModel(
            roles.Value, rules.Value.Registration, governing.Value is { MayGovern: true } may ? may : null, NoticeOf(context, failure));
        await writer.WriteAsync<RolesPage>(context, model, status: StatusOf(failure));
    }

    /// <summary>Has a signed act carried out. Whether it may be, the accounts decide by the signature; the page only shows what would be refused.</summary>
    private Task ActAsync(HttpContext context, string page, Func<HttpContext, Failure?, Task> show) => _forms.WithFormAsync(context, page, async (_, _, form) =>
    {
        var statement = DeviceFields.Statement(form);
        var acted = !statement.Succeeded ? statement.Failure
            : statement.Value.Length == 0 ? Unsigned
            : await parts.Service.SubmitGovernAsync(statement.Value, null, context.RequestAborted);
        if (acted.Succeeded)
        {
            Answering.GoTo(context, $"{page}?done={Done}");
            return;
        }

        await show(context, acted.Failure);
    });

    /// <summary>What whoever asks may do to keep order; null for nothing.</summary>
    private async Task<Outcome<Governing?>> GoverningAsync(HttpContext context)
    {
        var visitor = context.Visitor();
        var mayGovern = visitor.Standing.May(Actions.AccountsGovern);
        var maySuspend = mayGovern || visitor.Standing.May(Actions.AccountsSuspend);
        if (visitor.Session is not { Kind: SessionKind.Browser or SessionKind.Terminal } own || !maySuspend)
        {
            return (Governing?)null;
        }

        Answering.KeepToSelf(context);
        var devices = await parts.Service.DevicesAsync(own.Account, context.RequestAborted);
        return devices.Then(known => (Governing?)new Governing(
            parts.Guard.TokenFor(own.Session), _forms.Signer(context, own.Account, known), maySuspend, mayGovern));
    }

    private static Notice? NoticeOf(HttpContext context, Failure? failure) =>
        failure is not null ? Answering.Fault(context, failure)
        : Field(context, "done") == Done ? new Notice("It is done, and written down.", IsFault: false)
        : null;

    private static int StatusOf(Failure? failure) => failure is null ? StatusCodes.Status200OK : Problems.StatusOf(failure.Kind);
}
