using Cete.Core;
using Cete.Described;
using Cete.Web.Pages.Accounts;
using Cete.Web.Pages.Services;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Services;

/// <content>Records: one with all there is to it, those that were deleted, and what a service is.</content>
internal sealed partial class ServicesPages
{
    /// <summary>Relations whose records are listed below one.</summary>
    private const int PointingMax = 12;

    private const int DeletedAPage = 50;

    private async Task<Failure?> RecordAsync(HttpContext context)
    {
        var opened = await OpenKindAsync(context);
        if (!opened.Succeeded)
        {
            return opened.Failure;
        }

        var ((scene, kind), id) = (opened.Value, IdOf(context));
        var record = await services.GetAsync(scene.Name, kind.Name, id, scene.Asker, context.RequestAborted);
        if (record.Failure is { Kind: FailureKind.NotFound } gone && scene.CanSend && scene.Asker.May(Actions.ServicesModerate))
        {
            await writer.WriteAsync<GonePage>(context, new GoneModel(scene, kind, id, gone.Message), status: StatusCodes.Status404NotFound);
            return null;
        }

        var history = record.Succeeded && kind.KeepsHistory
            ? await services.HistoryAsync(scene.Name, kind.Name, id, scene.Asker, context.RequestAborted)
            : record.Succeeded ? Outcome.Of<IReadOnlyList<RecordChange>>([]) : record.Failure;
        if (!history.Succeeded)
        {
            return history.Failure;
        }

        List<ViewPart> pointing = [];
        var loader = new ViewLoader(services, context);
        foreach (var (from, field) in PointingTo(scene, kind).Take(PointingMax))
        {
            pointing.Add(await loader.PointingAsync(scene, from, field, id));
        }

        var others = pointing.Select(part => part.View.Records).Where(name => name != kind.Name).Distinct().Select(name => new RightsAsked(name));
        var rights = await services.RightsAsync(
            scene.Name, [new RightsAsked(kind.Name) { Records = [id] }, .. others], scene.Asker, context.RequestAborted);
        if (!rights.Succeeded)
        {
            return rights.Failure;
        }

        await writer.WriteAsync<RecordPageView>(
            context,
            new RecordModel(scene with { Rights = rights.Value }, kind, record.Value, pointing, history.Value, NoticeOf(context, scene)));
        return null;
    }

    /// <summary>Relations to a kind by which everybody may search who sees their records, and lists of which somebody may see.</summary>
    private static IEnumerable<(RecordKind Kind, FieldDescriptor Field)> PointingTo(ServiceScene scene, RecordKind to) =>
        from kind in scene.Service.Records
        where !kind.Rules.List.IsClosed
        from field in kind.Fields
        where field.Type == FieldType.Relation && field.To == to.Name && field.Read is null
        select (kind, field);

    private async Task<Failure?> DeletedAsync(HttpContext context)
    {
        var opened = await OpenKindAsync(context);
        if (!opened.Succeeded)
        {
            return opened.Failure;
        }

        var (scene, kind) = opened.Value;
        var cursor = Field(context, "cursor");
        var page = await services.ListAsync(
            new RecordQuery(scene.Name, kind.Name) { IsDeleted = true, Sort = ["-updated"], Cursor = cursor, Limit = DeletedAPage }, scene.Asker,
            context.RequestAborted);
        if (!page.Succeeded)
        {
            return page.Failure;
        }

        Answering.KeepToSelf(context);
        await writer.WriteAsync<DeletedPage>(context, new DeletedModel(scene, kind, page.Value, cursor is null, NoticeOf(context, scene)));
        return null;
    }

    /// <summary>Deletes a record, brings it back, hides or shows it.</summary>
    private async Task<Failure?> ChangeRecordAsync(HttpContext context, ServiceScene scene, PageForm form)
    {
        var kind = KindOf(context, scene);
        if (!kind.Succeeded)
        {
            return kind.Failure;
        }

        var (id, name, request, asker, stop) = (IdOf(context), kind.Value.Name, RequestOf(context, form), context.Asker(), context.RequestAborted);
        var act = form["action"];
        if (act is "report" or "dismiss")
        {
            return await ReportAsync(context, scene, kind.Value, form);
        }

        var done = act switch
        {
            "move" => await MoveAsync(context, scene, kind.Value, form),
            "delete" => await services.DeleteAsync(scene.Name, name, id, FieldForm.RevisionIn(form), asker, request, stop),
            "restore" => await services.RestoreAsync(scene.Name, name, id, asker, request, stop),
            "hide" or "show" => await services.ModerateAsync(scene.Name, name, id, act == "hide", form["reason"].Trim(), asker, request, stop),
            _ => new Failure(FailureKind.Invalid, "the form is none of this page"),
        };
        if (!done.Succeeded)
        {
            return done.Failure;
        }

        var (list, record) = (ListOf(scene, name), ServiceAddresses.Record(scene.Name, name, id));
        Answering.GoTo(context, act switch
        {
            "delete" => WithNotice(list, "deleted"),
            "restore" => WithNotice(record, "restored"),
            "move" => BackOf(scene, form) ?? list,
            "hide" or "show" when form["queue"].Length > 0 => $"{ServiceAddresses.Moderation}?done={act}",
            "hide" => WithNotice(list, "hidden"),
            _ => WithNotice(record, "shown"),
        });
        return null;
    }

    private Task<Failure?> AboutAsync(HttpContext context) => AboutAsync(context, null, model => model);

    /// <summary>What a service is, with what else is to be told there.</summary>
    private async Task<Failure?> AboutAsync(HttpContext context, Notice? notice, Func<AboutModel, AboutModel> with)
    {
        var scene = await OpenAsync(context);
        var editions = scene.Succeeded ? await services.EditionsAsync(scene.Value.Name, context.RequestAborted) : scene.Failure;
        if (!editions.Succeeded)
        {
            return editions.Failure;
        }

        var mayPublish = scene.Value.CanSend && scene.Value.Asker.May(Actions.ServicesPublish);
        await writer.WriteAsync<AboutPage>(
            context, with(new AboutModel(scene.Value, editions.Value, mayPublish, NewRequest(), notice ?? NoticeOf(context, scene.Value))));
        return null;
    }

    /// <summary>Takes a service out of use, or goes back to an edition of it.</summary>
    private async Task<Failure?> GovernAsync(HttpContext context, ServiceScene scene, PageForm form)
    {
        var (request, asker, stop) = (RequestOf(context, form), context.Asker(), context.RequestAborted);
        var replaces = FieldForm.RevisionIn(form);
        switch (form["action"])
        {
            case "import":
                return await ImportAsync(context, scene, form);
            case "withdraw":
                var withdrawn = await services.WithdrawAsync(scene.Name, replaces, asker, request, stop);
                if (withdrawn.Succeeded)
                {
                    Answering.GoTo(context, Address);
                }

                return withdrawn.Failure;
            case "back":
                if (!long.TryParse(form["edition"], System.Globalization.NumberStyles.None, null, out var edition) || edition == 0)
                {
                    return new Failure(FailureKind.Invalid, "the form names no edition");
                }

                var json = await services.DescriptionAsync(scene.Name, edition, stop);
                var published = json.Succeeded ? await services.PublishAsync(json.Value, replaces, asker, request, stop) : json.Failure;
                if (published.Succeeded)
                {
                    Answering.GoTo(context, WithNotice(ServiceAddresses.About(scene.Name), "back"));
                }

                return published.Failure;
            default:
                return new Failure(FailureKind.Invalid, "the form is none of this page");
        }
    }
}
