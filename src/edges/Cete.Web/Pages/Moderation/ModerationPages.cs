using System.Globalization;
using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Index;
using Cete.Index.Moderation;
using Cete.Web.Api;
using Cete.Web.Pages.Accounts;
using Cete.Web.Security;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Pages.Moderation;

/// <summary>The page of moderation, and the forms about contents on it and on pages of entries.</summary>
/// <param name="index">The file index.</param>
/// <param name="guard">Against pages of strangers.</param>
/// <param name="book">What accounts are called; null where there are none.</param>
/// <param name="writer">Writes pages.</param>
internal sealed class ModerationPages(IndexService index, CrossSiteGuard guard, StandingBook? book, PageWriter writer)
{
    public const string Address = Addresses.Moderation;
    public const string Report = "report";
    public const string TakeDown = "take-down";
    public const string PutBack = "put-back";
    public const string Dismiss = "dismiss";
    public const string Appeal = "appeal";
    public const string Uphold = "uphold";
    public const string Reject = "reject";

    private const int ActsAPage = 50;
    private const int OpenShown = 50;
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Address, Reading, context => ShowAsync(context));
        routes.MapPost(Address, ActAsync);
    }

    /// <summary>What whoever looks at an entry can say of its content.</summary>
    public EntryModeration Of(HttpContext context)
    {
        var visitor = context.Visitor();
        return new EntryModeration(
            SessionOf(visitor) is { } own ? guard.TokenFor(own.Session) : null, ModerationApi.SeesAll(visitor), NoticeOf(context));
    }

    /// <summary>An act in the words of pages.</summary>
    public static string WordsOf(ModerationAct act) => act.Act switch
    {
        ModerationActs.Report => $"reported as {act.Kind}",
        ModerationActs.TakeDown => "taken down",
        ModerationActs.PutBack => "put back",
        ModerationActs.Dismiss => "reports closed",
        ModerationActs.Appeal => "appealed",
        ModerationActs.Uphold => "appeal upheld, put back",
        ModerationActs.Reject => "appeal rejected",
        _ => EntryName.Show(act.Act),
    };

    private async Task ShowAsync(HttpContext context)
    {
        string? cursor = context.Request.Query["cursor"] is [{ Length: > 0 } value, ..] ? value : null;
        var visitor = context.Visitor();
        var isModerator = ModerationApi.SeesAll(visitor);
        var log = await index.ModerationLogAsync(isModerator, cursor, ActsAPage, context.RequestAborted);
        var work = !log.Succeeded ? log.Failure : isModerator && cursor is null ? await WorkAsync(visitor, context.RequestAborted) : (ModerationWork?)null;
        if (!work.Succeeded)
        {
            await writer.WriteAsync(context, work.Failure);
            return;
        }

        Answering.KeepToSelf(context);
        var model = new ModerationModel(
            [.. log.Value.Items.Select(act => (act, NameOf(act.By)))], log.Value.Next, cursor is null, work.Value, NoticeOf(context));
        await writer.WriteAsync<ModerationPage>(context, model);
    }

    private async Task<Outcome<ModerationWork?>> WorkAsync(Visitor visitor, CancellationToken stop)
    {
        var reports = await index.ReportsAsync(null, OpenShown, stop);
        var appeals = reports.Succeeded ? await index.AppealsAsync(null, OpenShown, stop) : reports.Failure;
        var token = SessionOf(visitor) is { } own ? guard.TokenFor(own.Session) : string.Empty;
        return appeals.Then(open => (ModerationWork?)new ModerationWork(
            token, [.. reports.Value.Items.Select(report => (report, NameOf(report.By)))], [.. open.Items.Select(appeal => (appeal, NameOf(appeal.By)))]));
    }

    private async Task ActAsync(HttpContext context)
    {
        if (SessionOf(context.Visitor()) is not { } own)
        {
            Answering.GoTo(context, AccountAddresses.LogInFor(Address));
            return;
        }

        var form = await PageForm.ReadAsync(context);
        var unsound = form.Succeeded ? guard.CheckForm(own.Session, form.Value[CrossSiteGuard.Field]) : form.Failure;
        var done = unsound ?? (await RunAsync(context, form.Value)).Failure;
        if (done is { } failure)
        {
            var problem = Problems.Of(failure);
            await writer.WriteAsync(context, new ProblemModel(problem.Status, problem.Title, failure.Message, "Go back to the form.", Retries: false));
            return;
        }

        var back = long.TryParse(form.Value["entry"], NumberStyles.None, CultureInfo.InvariantCulture, out var entry) ? Addresses.Entry(entry) : Address;
        Answering.GoTo(context, $"{back}?done={form.Value["action"]}");
    }

    private Task<Outcome<long>> RunAsync(HttpContext context, PageForm form)
    {
        var (action, text, asker, stop) = (form["action"], form["text"].Trim(), context.Asker(), context.RequestAborted);
        if (action is Uphold or Reject)
        {
            return long.TryParse(form["appeal"], NumberStyles.None, CultureInfo.InvariantCulture, out var appeal)
                ? index.DecideAsync(appeal, action == Uphold, text, asker, null, stop)
                : Bad("an appeal has a number");
        }

        if (!Hash256.TryParse(form["root"], out var root))
        {
            return Bad("the form names no content");
        }

        return action switch
        {
            Report => index.ReportAsync(root, form["kind"], text, asker, null, stop),
            Appeal => index.AppealAsync(root, text, asker, null, stop),
            TakeDown => index.TakeDownAsync(root, text, asker, null, stop),
            PutBack => index.PutBackAsync(root, text, asker, null, stop),
            Dismiss => index.DismissAsync(root, text, asker, null, stop),
            _ => Bad("the form is none of this page"),
        };
    }

    private static Task<Outcome<long>> Bad(string message) => Task.FromResult<Outcome<long>>(new Failure(FailureKind.Invalid, message));

    /// <summary>Who can send a form: a program with a token has no page.</summary>
    private static SessionFacts? SessionOf(Visitor visitor) =>
        visitor.Session is { Kind: not SessionKind.Token, Grants.Count: 0 } own ? own : null;

    private static Notice? NoticeOf(HttpContext context) => context.Request.Query["done"].ToString() switch
    {
        Report => new Notice("Thank you; moderators see it.", IsFault: false),
        Appeal => new Notice("Moderators will decide; the log tells how.", IsFault: false),
        TakeDown => new Notice("It is taken down; nodes refuse it within seconds.", IsFault: false),
        PutBack or Uphold => new Notice("It is back.", IsFault: false),
        Dismiss => new Notice("Its reports are closed.", IsFault: false),
        Reject => new Notice("The appeal is rejected.", IsFault: false),
        _ => null,
    };

    private string NameOf(string account) => EntryName.Show(book?.NameOf(account) ?? account);
}
