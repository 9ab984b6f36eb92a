using Cete.Api;
using Cete.Core;
using Cete.Ports;
using Cete.Web.Pages;
using Cete.Web.Pages.Accounts;
using Cete.Web.Pages.Downloads;
using Cete.Web.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cete.Web.Downloads;

/// <summary>The page of a user's downloads: what they do, and buttons for what can be done with them.</summary>
public sealed class DownloadsDoor
{
    /// <summary>Those that ended and are shown; the terminal lists all.</summary>
    private const int EndedMax = 100;

    private static readonly HashSet<string> Actions = ["pause", "resume", "cancel", "first", "up", "down", "low", "normal", "high"];

    private static readonly string[] Styles = ["site.css", "files.css", "figures.css", "downloads.css"];

    private readonly IDownloadsDesk _desk;
    private readonly DownloadsGuard _guard;
    private readonly TimeProvider _clock;
    private readonly IServiceProvider _services;
    private readonly Assets _assets = new();

    private DownloadsDoor(IDownloadsDesk desk, DownloadsGuard guard, TimeProvider clock, IServiceProvider services) =>
        (_desk, _guard, _clock, _services) = (desk, guard, clock, services);

    /// <summary>Adds it to an application that has nothing else but what this guard judges too.</summary>
    public static void Map(WebApplication app, IDownloadsDesk desk, DownloadsGuard guard, TimeProvider clock)
    {
        var door = new DownloadsDoor(desk, guard, clock, app.Services);
        SecurityHeaders.Use(app);
        app.Use(door.JudgeAsync);
        app.MapGet(Addresses.Assets + "/{name}", (HttpContext context, CancellationToken _) => door._assets.ServeAsync(context));
        app.MapGet(DownloadAddresses.Open + "/{secret}", (HttpContext context, string secret, CancellationToken _) => door.LetInAsync(context, secret));
        app.MapGet(DownloadAddresses.All, (HttpContext context, CancellationToken _) => door.ListAsync(context));
        app.MapGet("/downloads/{id:long}", (HttpContext context, long id, CancellationToken _) => door.ShowAsync(context, id));
        app.MapGet("/downloads/{id:long}/files/{number:int}", (HttpContext context, long id, int number, CancellationToken _) =>
            door.ShowFileAsync(context, id, number));
        app.MapPost("/downloads/{id:long}", (HttpContext context, long id, CancellationToken _) => door.ChangeAsync(context, id));
        app.MapPost(DownloadAddresses.Clear, (HttpContext context, CancellationToken _) => door.ClearAsync(context));
        app.MapFallback((HttpContext context, CancellationToken _) =>
            door.RefuseAsync(context, new Failure(FailureKind.NotFound, "there is no such page; begin with the list of all downloads")));
    }

    private Task JudgeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        context.Response.Headers.CacheControl = "no-store";
        if (_guard.CheckHost(request) is { } wrong)
        {
            return RefuseAsync(context, wrong);
        }

        // Style and script are no secret; a link and the address of a file carry their own.
        var isOpen = request.Path.StartsWithSegments(Addresses.Assets) || request.Path.StartsWithSegments(DownloadAddresses.Open)
            || request.Path.StartsWithSegments(DownloadAddresses.Watch);
        return !isOpen && _guard.Check(request) is { } refused ? RefuseAsync(context, refused) : next(context);
    }

    private Task LetInAsync(HttpContext context, string secret)
    {
        if (_guard.LetIn(context, secret) is { } refused)
        {
            return RefuseAsync(context, refused);
        }

        var to = long.TryParse(context.Request.Query["download"], out var id) ? DownloadAddresses.Of(id) : DownloadAddresses.All;
        return RedirectAsync(context, to);
    }

    private Task ListAsync(HttpContext context)
    {
        var jobs = _desk.All();
        return WriteAsync<DownloadsPage>(context, new DownloadsModel(
            [.. jobs.Where(job => !job.HasEnded).Select(job => (job, job.State == JobState.Running ? LookAt(job.Id) : null))],
            [.. jobs.Where(job => job.HasEnded).OrderByDescending(job => job.Ended).ThenByDescending(job => job.Id).Take(EndedMax)]));
    }

    private JobDetails? LookAt(long id) => _desk.Look(id) is { Succeeded: true } look ? look.Value : null;

    private Task ShowAsync(HttpContext context, long id)
    {
        var (job, details) = (_desk.Find(id), _desk.Look(id));
        if ((job.Failure ?? details.Failure) is { } failure)
        {
            return RefuseAsync(context, failure);
        }

        Dictionary<int, string> previews = [];
        foreach (var file in details.Value.Files)
        {
            if (_desk.PreviewOf(id, file) is { } address)
            {
                // What a page cannot show is left to the browser.
                previews[file.Number] = FileKind.PreviewOf(Path.GetFileName(file.Path), file.Length) is null ? address : DownloadAddresses.Of(id, file.Number);
            }
        }

        return WriteAsync<DownloadPage>(context, new DownloadModel(job.Value, details.Value, previews));
    }

    private Task ShowFileAsync(HttpContext context, long id, int number)
    {
        var (job, details) = (_desk.Find(id), _desk.Look(id));
        var file = details.Succeeded ? details.Value.Files.FirstOrDefault(one => one.Number == number) : null;
        return job.Failure is { } failure ? RefuseAsync(context, failure)
            : file is not null && _desk.PreviewOf(id, file) is { } address
                ? WriteAsync<DownloadFilePage>(context, new DownloadFileModel(job.Value, file, address))
            : RefuseAsync(context, new Failure(FailureKind.NotFound, $"download {id} has no file {number} that comes now"));
    }

    private async Task ChangeAsync(HttpContext context, long id)
    {
        var form = await ReadAsync(context);
        if (!form.Succeeded)
        {
            await RefuseAsync(context, form.Failure);
            return;
        }

        var action = form.Value["action"];
        var changed = Actions.Contains(action)
            ? _desk.Change(id, action)
            : new Failure(FailureKind.Invalid, "a download cannot be told that; open the page again");
        await (changed.Failure is { } failure
            ? RefuseAsync(context, failure)
            : RedirectAsync(context, form.Value["back"] == "one" ? DownloadAddresses.Of(id) : DownloadAddresses.All));
    }

    private async Task ClearAsync(HttpContext context)
    {
        var form = await ReadAsync(context);
        if (form.Succeeded)
        {
            _desk.Clear();
        }

        await (form.Failure is { } failure ? RefuseAsync(context, failure) : RedirectAsync(context, DownloadAddresses.All));
    }

    private async Task<Outcome<PageForm>> ReadAsync(HttpContext context)
    {
        var form = await PageForm.ReadAsync(context);
        return form.Succeeded && _guard.CheckForm(form.Value[CrossSiteGuard.Field]) is { } refused ? refused : form;
    }

    private static Task RedirectAsync(HttpContext context, string to)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = to;
        return Task.CompletedTask;
    }

    private Task RefuseAsync(HttpContext context, Failure failure)
    {
        var status = Problems.Of(failure).Status;
        context.Response.StatusCode = status;
        return WriteAsync<DownloadsProblemPage>(context, new DownloadsProblem(status, failure.Message));
    }

    private async Task WriteAsync<TPage>(HttpContext context, object model)
        where TPage : IComponent
    {
        var response = context.Response;
        response.ContentType = "text/html; charset=utf-8";
        var frame = new DownloadsFrame(
            Instant.From(_clock.GetUtcNow()), [.. Styles.Select(_assets.AddressOf)], _assets.AddressOf("downloads.js"), _assets.AddressOf("icon.svg"),
            _guard.Token);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["Frame"] = frame, ["Model"] = model });
        await using var renderer = new HtmlRenderer(_services, _services.GetRequiredService<ILoggerFactory>());
        response.ContentLength = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<TPage>(parameters);
            await using var text = new Utf8Writer(response.BodyWriter);
            page.WriteHtmlTo(text);
            return text.Count;
        });
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
