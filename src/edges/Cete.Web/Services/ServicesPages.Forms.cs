using System.Globalization;
using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Web.Pages.Accounts;
using Cete.Web.Pages.Services;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Services;

/// <content>Forms: records are made and changed, actions done.</content>
internal sealed partial class ServicesPages
{
    private async Task<Failure?> NewAsync(HttpContext context)
    {
        var opened = await OpenKindAsync(context);
        if (!opened.Succeeded)
        {
            return opened.Failure;
        }

        var (scene, kind) = opened.Value;
        if (kind.Rules.Create.IsClosed)
        {
            return new Failure(FailureKind.Forbidden, $"nobody makes {scene.Say(kind.Title)} by hand");
        }

        return await ShowAsync(context, WithTyped(context, NewForm(scene, kind)), null);
    }

    /// <summary>A form in which stands what its address says: what a button beside a record knows already.</summary>
    private static FormModel WithTyped(HttpContext context, FormModel form)
    {
        const int TypedMax = 200;
        return form with
        {
            Fields =
            [
                .. form.Fields.Select(input => Field(context, input.Name) is { Length: <= TypedMax } text && input.Field.Type != FieldType.MultiSelect
                    ? input with { Text = text }
                    : input),
            ],
        };
    }

    private static FormModel NewForm(ServiceScene scene, RecordKind kind) => new(
        scene, $"Add to {scene.Say(kind.Title)}", ServiceAddresses.New(scene.Name, kind.Name), "Add",
        [.. FieldForm.Editable(kind, null).Select(field => FieldForm.Begin(field, null))], NewRequest())
    {
        Kind = kind,
    };

    private async Task<Failure?> CreateAsync(HttpContext context, ServiceScene scene, PageForm form)
    {
        var kind = KindOf(context, scene);
        if (!kind.Succeeded)
        {
            return kind.Failure;
        }

        var typed = NewForm(scene, kind.Value);
        typed = typed with { Fields = [.. typed.Fields.Select(input => FieldForm.Read(input.Field, form, scene))] };
        if (typed.Fields.Any(input => input.Error is not null))
        {
            return await ShowAsync(context, typed, Corrected);
        }

        var values = typed.Fields.Where(input => input.Text.Length > 0).Select(input => KeyValuePair.Create(input.Field.Name, FieldForm.InputOf(input)));
        var paid = await PayAsync(context, form, typed);
        var made = paid.Succeeded
            ? await services.CreateAsync(
                scene.Name, kind.Value.Name, values, context.Asker(), RequestOf(context, form), paid.Value, context.RequestAborted)
            : paid.Failure;
        if (made.Succeeded && BackOf(scene, form) is { } back)
        {
            Answering.GoTo(context, back);
            return null;
        }

        return made.Succeeded
            ? await GoToRecordAsync(context, scene, kind.Value.Name, made.Value.Id, "created")
            : await ShowAsync(context, typed, made.Failure);
    }

    /// <summary>Where a form says that one comes to: within its service; null where it says nothing.</summary>
    private static string? BackOf(ServiceScene scene, PageForm form)
    {
        const int LengthMax = 2_000;
        var back = form["back"];
        return back.Length is > 0 and <= LengthMax && back.StartsWith(ServiceAddresses.Of(scene.Name) + "/", StringComparison.Ordinal)
            && back.All(c => c is > ' ' and < (char)127 and not '\\') && !back.Contains("/.", StringComparison.Ordinal)
            ? back
            : null;
    }

    private async Task<Failure?> EditAsync(HttpContext context)
    {
        var opened = await OpenKindAsync(context);
        if (!opened.Succeeded)
        {
            return opened.Failure;
        }

        var (scene, kind) = opened.Value;
        var (id, stop) = (IdOf(context), context.RequestAborted);
        var record = await services.GetAsync(scene.Name, kind.Name, id, scene.Asker, stop);
        var rights = record.Succeeded
            ? await services.RightsAsync(scene.Name, [new RightsAsked(kind.Name) { Records = [id] }], scene.Asker, stop)
            : record.Failure;
        return rights.Succeeded ? await ShowAsync(context, EditForm(scene with { Rights = rights.Value }, kind, record.Value), null) : rights.Failure;
    }

    private static FormModel EditForm(ServiceScene scene, RecordKind kind, RecordView record) => new(
        scene, $"Change {scene.LabelOf(record)}", ServiceAddresses.Edit(scene.Name, kind.Name, record.Id), "Save",
        [
            .. FieldForm.Editable(kind, record).Where(field => !scene.RightsOn(record).Locked.Contains(field.Name))
                .Select(field => FieldForm.Begin(field, record)),
        ],
        NewRequest())
    {
        Kind = kind,
        Record = record,
        Revision = record.Revision,
    };

    private async Task<Failure?> UpdateAsync(HttpContext context, ServiceScene scene, PageForm form)
    {
        var kind = KindOf(context, scene);
        var record = kind.Succeeded
            ? await services.GetAsync(scene.Name, kind.Value.Name, IdOf(context), scene.Asker, context.RequestAborted)
            : kind.Failure;
        if (!record.Succeeded)
        {
            return record.Failure;
        }

        var (now, request) = (EditForm(scene, kind.Value, record.Value), RequestOf(context, form));
        var typed = now with { Fields = [.. now.Fields.Select(input => FieldForm.Read(input.Field, form, scene))] };
        var changed = typed.Fields.Zip(now.Fields).Where(pair => FieldForm.Differs(pair.First, pair.Second)).Select(pair => pair.First).ToArray();

        // Sent twice, the first did it: what stands there is what is wanted, whatever the revision.
        if (changed.Length == 0)
        {
            Answering.GoTo(context, WithNotice(ServiceAddresses.Record(scene.Name, kind.Value.Name, record.Value.Id), "updated"));
            return null;
        }

        if (FieldForm.RevisionIn(form) != now.Revision)
        {
            return await ShowAsync(context, Beside(typed, now), Meanwhile(now));
        }

        // What stood there before the description was changed may stay.
        if (changed.Any(input => input.Error is not null))
        {
            return await ShowAsync(context, typed, Corrected);
        }

        FieldEdit[] edits = [.. changed.Select(input => new FieldEdit(input.Field.Name, EditKind.Set, FieldForm.InputOf(input)))];
        var done = await services.UpdateAsync(
            scene.Name, kind.Value.Name, record.Value.Id, edits, now.Revision, context.Asker(), request, context.RequestAborted);
        return done.Succeeded
            ? await GoToRecordAsync(context, scene, kind.Value.Name, record.Value.Id, "updated")
            : await ShowAsync(context, typed, done.Failure);
    }

    /// <summary>What was typed, with what others have made of it meanwhile. Sent once more it counts.</summary>
    private static FormModel Beside(FormModel typed, FormModel now) => typed with
    {
        Fields =
        [
            .. typed.Fields.Zip(now.Fields).Select(pair => !FieldForm.Differs(pair.First, pair.Second) ? pair.First : pair.First with
            {
                Theirs = ValueText.Short(now.Scene, pair.Second.Field, now.Record!) is { Length: > 0 } theirs ? theirs : "nothing",
            }),
        ],
    };

    private static Failure Meanwhile(FormModel now) => new(
        FailureKind.Conflict,
        $"somebody has changed it meanwhile ({Pages.Times.Ago(now.Record!.Updated, now.Scene.Now)}); "
        + "look at what stands there now, and save again what you want to stand");

    private static Failure Corrected { get; } = new(FailureKind.Invalid, "something is to be corrected; nothing was saved yet");

    private async Task<Failure?> ActionAsync(HttpContext context)
    {
        var scene = await OpenAsync(context);
        if (!scene.Succeeded)
        {
            return scene.Failure;
        }

        var form = await ActionFormAsync(context, scene.Value);
        return form.Succeeded ? await ShowAsync(context, form.Value, null) : form.Failure;
    }

    private async Task<Outcome<FormModel>> ActionFormAsync(HttpContext context, ServiceScene scene)
    {
        if (scene.Service.Action(Route(context, "name")) is not { } action)
        {
            return new Failure(FailureKind.NotFound, $"{scene.Title} knows no such action");
        }

        RecordView? record = null;
        if (action.On is { } on)
        {
            if (!long.TryParse(Field(context, "record"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == 0)
            {
                return new Failure(FailureKind.Invalid, $"'{scene.Say(action.Title)}' is done to a record: begin at its page");
            }

            var found = await services.GetAsync(scene.Name, on, id, scene.Asker, context.RequestAborted);
            if (!found.Succeeded)
            {
                return found.Failure;
            }

            record = found.Value;
        }

        var title = scene.Say(action.Title);
        return new FormModel(
            scene, record is null ? title : $"{title}: {scene.LabelOf(record)}", ServiceAddresses.Do(scene.Name, action.Name, record?.Id ?? 0), title,
            [.. action.Input.Select(field => FieldForm.Begin(field, null))], NewRequest())
        {
            Kind = action.On is { } kind ? scene.Service.Record(kind) : null,
            Record = record,
            Deed = action,
            Confirm = scene.Say(action.Confirm),
        };
    }

    private async Task<Failure?> DoAsync(HttpContext context, ServiceScene scene, PageForm form)
    {
        var found = await ActionFormAsync(context, scene);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var typed = found.Value with { Fields = [.. found.Value.Fields.Select(input => FieldForm.Read(input.Field, form, scene))] };
        if (typed.Fields.Any(input => input.Error is not null))
        {
            return await ShowAsync(context, typed, Corrected);
        }

        var (name, record) = (Route(context, "name"), typed.Record);
        var input = typed.Fields.Where(field => field.Text.Length > 0).Select(field => KeyValuePair.Create(field.Field.Name, FieldForm.InputOf(field)));
        var paid = await PayAsync(context, form, typed);
        var done = paid.Succeeded
            ? await services.ActAsync(
                scene.Name, name, record?.Id ?? 0, input, context.Asker(), RequestOf(context, form), paid.Value, context.RequestAborted)
            : paid.Failure;
        if (!done.Succeeded)
        {
            return await ShowAsync(context, typed, done.Failure);
        }

        if (record is not null)
        {
            return await GoToRecordAsync(context, scene, record.Kind, record.Id, name);
        }

        Answering.GoTo(context, WithNotice(ServiceAddresses.Of(scene.Name), name));
        return null;
    }

    /// <summary>To the record, or where its like are listed: it may be gone, or not for whoever made it to see.</summary>
    private async Task<Failure?> GoToRecordAsync(HttpContext context, ServiceScene scene, string kind, long id, string done)
    {
        var found = await services.GetAsync(scene.Name, kind, id, scene.Asker, context.RequestAborted);
        Answering.GoTo(context, WithNotice(found.Succeeded ? ServiceAddresses.Record(scene.Name, kind, id) : ListOf(scene, kind), done));
        return null;
    }

    private async Task<Failure?> ShowAsync(HttpContext context, FormModel form, Failure? failure)
    {
        var (fields, isNamed) = failure is null ? (form.Fields, false) : FieldForm.Blame(form.Fields, failure, form.Scene);
        var complete = await WithChoicesAsync(context, form with { Fields = fields, Offer = await OfferAsync(context, form) });
        Answering.KeepToSelf(context);
        var notice = failure is null ? null : Answering.Fault(context, isNamed ? Corrected : failure);
        await writer.WriteAsync<FormPage>(
            context, complete with { Notice = notice }, status: failure is null ? StatusCodes.Status200OK : Problems.StatusOf(failure.Kind));
        return null;
    }

    private async Task<FormModel> WithChoicesAsync(HttpContext context, FormModel form)
    {
        List<FieldInput> complete = [];
        foreach (var input in form.Fields)
        {
            complete.Add(await WithChoicesAsync(context, form, input));
        }

        return form with { Fields = complete };
    }

    /// <summary>Relations are chosen among what whoever asks may see; states among those that can be reached.</summary>
    private async Task<FieldInput> WithChoicesAsync(HttpContext context, FormModel form, FieldInput input)
    {
        var (scene, field) = (form.Scene, input.Field);
        if (field.Type is FieldType.Select or FieldType.MultiSelect)
        {
            var states = form.Kind?.States is { } machine && machine.Field == field.Name ? machine : null;
            var was = form.Record?.Get(field.Name).AsText ?? string.Empty;
            var reached = states?.Moves.GetValueOrDefault(was)?.Append(was).ToHashSet();
            return input with
            {
                Choices =
                [
                    .. field.Options.Where(option => reached?.Contains(option.Name) != false)
                        .Select(option => KeyValuePair.Create(option.Name, scene.Say(option.Title))),
                ],
            };
        }

        if (field.Type != FieldType.Relation || scene.Service.Record(field.To ?? string.Empty) is not { } to)
        {
            return input;
        }

        const int ChoicesMax = 100;
        string[] sort = to.Label is { Read: null } label && RecordFilter.IsSortable(label) ? [label.Name] : [];
        var page = await services.ListAsync(
            new RecordQuery(scene.Name, to.Name) { Sort = sort, Limit = ChoicesMax }, scene.Asker, context.RequestAborted);
        return !page.Succeeded ? input : input with
        {
            Choices = [.. page.Value.Items.Select(record => KeyValuePair.Create(record.Id.ToString(CultureInfo.InvariantCulture), scene.LabelOf(record)))],
            HasMore = page.Value.Next is not null,
        };
    }
}
