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

        var part = await new ViewLoader(services, context).LoadAsync(scene, view, IsRequested(context));
        if (!part.Succeeded)
        {
            return part.Failure;
        }

        await writer.WriteAsync<ServicePage>(context, new ServiceModel(await WithFormAsync(context, part.Value), NoticeOf(context, scene)));
        return null;
    }

    private static bool IsRequested(HttpContext context) => context.Request.Query.Count > 0;

    /// <summary>Forms carry what makes them happen once, which is not for the loader of views to know.</summary>
    private async Task<ViewPart> WithFormAsync(HttpContext context, ViewPart part)
    {
        if (part is not { Kind: { } kind, IsAlone: true, Fault: null } || ViewKinds.Of(part.View) != "form")
        {
            return part;
        }

        Answering.KeepToSelf(context);
        return part with { Form = await WithChoicesAsync(context, NewForm(part.Scene, kind)) };
    }
}
