using Cete.Core;
using Cete.Described;
using Cete.Web.Pages.Accounts;
using Cete.Web.Pages.Services;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Services;

/// <content>Moderation of records, and cards that are moved on boards.</content>
internal sealed partial class ServicesPages
{
    private const int OpenShown = 50;

    private async Task<Failure?> ModerationAsync(HttpContext context)
    {
        var (standing, stop) = (context.Visitor().Standing, context.RequestAborted);
        var (reported, hidden, log) = (Field(context, "reports"), Field(context, "hidden"), Field(context, "log"));
        var reports = await services.ReportsAsync(reported, OpenShown, standing, stop);
        var away = reports.Succeeded ? await services.HiddenAsync(hidden, OpenShown, standing, stop) : reports.Failure;
        var acts = away.Succeeded ? await services.ActsAsync(log, OpenShown, standing, stop) : away.Failure;
        var known = acts.Succeeded ? await services.ServicesAsync(stop) : acts.Failure;
        if (!known.Succeeded)
        {
            return known.Failure;
        }

        Answering.KeepToSelf(context);
        var scenes = known.Value.ToDictionary(info => info.Name, info => SceneOf(context, info), StringComparer.Ordinal);
        var notice = Field(context, "done") switch
        {
            "hide" => new Notice("It is hidden from all.", IsFault: false),
            "show" => new Notice("It is shown again.", IsFault: false),
            "dismiss" => new Notice("Its reports are closed.", IsFault: false),
            _ => null,
        };
        await writer.WriteAsync<RecordModerationPage>(context, new RecordModerationModel(
            scenes, reports.Value, away.Value, acts.Value, account => parts.Book?.NameOf(account) ?? account, notice));
        return null;
    }

    private async Task<Failure?> ReportAsync(HttpContext context, ServiceScene scene, RecordKind kind, PageForm form)
    {
        var (id, reason, asker, request, stop) = (IdOf(context), form["reason"].Trim(), context.Asker(), RequestOf(context, form), context.RequestAborted);
        var isReport = form["action"] == "report";
        var done = isReport
            ? await services.ReportAsync(scene.Name, kind.Name, id, reason, asker, request, stop)
            : await services.DismissAsync(scene.Name, kind.Name, id, reason, asker, request, stop);
        if (done.Succeeded)
        {
            Answering.GoTo(
                context, isReport ? WithNotice(ServiceAddresses.Record(scene.Name, kind.Name, id), "reported") : $"{ServiceAddresses.Moderation}?done=dismiss");
        }

        return done.Failure;
    }

    /// <summary>Puts a card into another column: by changing the field, or by the action that does.</summary>
    private async Task<Outcome<Written>> MoveAsync(HttpContext context, ServiceScene scene, RecordKind kind, PageForm form)
    {
        var (id, to, stop) = (IdOf(context), form["to"], context.RequestAborted);
        var view = scene.Service.Views.FirstOrDefault(each => each.Name == form["view"] && each.Records == kind.Name);
        if (view?.Keys.GetValueOrDefault("column") is not { } column)
        {
            return new Failure(FailureKind.NotFound, "there is no such board (any more)");
        }

        var rights = await services.RightsAsync(scene.Name, [new RightsAsked(kind.Name) { Records = [id], Column = column }], scene.Asker, stop);
        if (!rights.Succeeded)
        {
            return rights.Failure;
        }

        var (may, request) = (rights.Value.Records.GetValueOrDefault((kind.Name, id)) ?? Permissions.None, RequestOf(context, form));
        if (may.Moves.Contains(to))
        {
            FieldEdit edit = new(column, EditKind.Set, InputValue.Of(to));
            return await services.UpdateAsync(scene.Name, kind.Name, id, [edit], FieldForm.RevisionIn(form), context.Asker(), request, stop);
        }

        return BoardMoves.ActionTo(scene.Service, kind.Name, column, to, may) is { } action
            ? await services.ActAsync(scene.Name, action, id, [], context.Asker(), request, default, stop)
            : new Failure(FailureKind.Conflict, "it cannot be moved there now; look again how it stands");
    }
}
