using System.Text;
using Cete.Core;
using Cete.Web.Pages.Accounts;
using Cete.Web.Pages.Services;
using Cete.Web.Services.Feeds;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Services;

/// <content>Files of other programs, taken in by a form.</content>
internal sealed partial class ServicesPages
{
    private async Task<Failure?> ImportAsync(HttpContext context, ServiceScene scene, PageForm form)
    {
        var (name, text, isDryRun) = (form["feed"], form["file"], form["dry-run"] == "true");
        if (scene.Service.Feed(name) is not { } feed)
        {
            return new Failure(FailureKind.NotFound, $"{scene.Title} has no such feed");
        }

        var import = new FeedImport(services, scene.Service, feed, context.Asker(), scene.Asker, isDryRun);
        var report = await import.TakeAsync(Encoding.UTF8.GetBytes(text), new Dictionary<string, string>(), context.RequestAborted);
        var notice = report.Succeeded ? null : new Notice(Pages.Texts.Show(report.Failure.Message), IsFault: true);
        return await AboutAsync(context, notice, model => model with
        {
            Import = report.Succeeded ? report.Value : null,
            Feed = name,
            Text = isDryRun || !report.Succeeded ? text : string.Empty,
        });
    }
}
