using Cete.Core;
using Cete.Web.Pages.Accounts;
using Cete.Web.Pages.Services;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Services;

/// <content>Views: what stands in them is asked for here, how it looks their components say.</content>
internal sealed partial class ServicesPages
{
    private async Task<Failure?> ViewAsync(HttpContext context, string? name)
    {
        var opened = await OpenAsync(context);
        if (!opened.Succeeded)
        {
            return opened.Failure;
        }

        var scene = opened.Value;
        var view = name is null ? scene.Service.Views is [var first, ..] ? first : null : scene.Service.Views.FirstOrDefault(each => each.Name == name);
        if (view is null)
        {
            var names = string.Join(", ", scene.Service.Views.Select(each => each.Name));
            return new Failure(FailureKind.NotFound, $"{scene.Title} has no such view; there are {names}");
        }

        var loader = new ViewLoader(services, context);
        var loaded = await loader.LoadAsync(scene, view, IsRequested(context));
        var part = loaded.Succeeded ? await loader.WithRightsAsync(loaded.Value) : loaded;
        if (!part.Succeeded)
        {
            return part.Failure;
        }

        var complete = await WithFormAsync(context, await loader.WithChoicesAsync(part.Value));
        await writer.WriteAsync<ServicePage>(context, new ServiceModel(complete, NoticeOf(context, scene)));
        return null;
    }

    private static bool IsRequested(HttpContext context) => context.Request.Query.Count > 0;

    /// <summary>Forms carry what makes them happen once, which is not for the loader of views to know.</summary>
    private async Task<ViewPart> WithFormAsync(HttpContext context, ViewPart part)
    {
        if (part is not { Kind: { } kind, IsAlone: true, Fault: null } || ViewKinds.Of(part.View) is not ("form" or "chat"))
        {
            return part;
        }

        Answering.KeepToSelf(context);
        var form = WithTyped(context, NewForm(part.Scene, kind));
        return part with { Form = await WithChoicesAsync(context, ViewKinds.Of(part.View) == "form" ? form : ChatForm(part, form)) };
    }

    /// <summary>What one says in a chat, and what must be said beside it: in which room, where there are several.</summary>
    private static FormModel ChatForm(ViewPart part, FormModel form)
    {
        var text = part.Key("text")?.Name;
        var fields = form.Fields.Where(input => input.Field.Name == text || input.IsNeeded).Select(input =>
            part.Address.Typed(RecordFilter.Is + input.Field.Name) is { Length: > 0 } here ? input with { Text = here } : input);
        return form with
        {
            Button = "Send",
            Fields = [.. fields.OrderBy(input => input.Field.Name == text)],
            BackTo = (part.Address with { Cursor = null }).ToString(),
        };
    }
}
