using Cete.Accounts;
using Cete.Api;
using Cete.Core;
using Cete.Web.Pages.Accounts;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Cete.Web.Pages;

/// <summary>Renders a component as a whole page and sends it with the headers that every page has.</summary>
internal sealed class PageWriter(
    IServiceProvider services, ILoggerFactory logs, NodeFacts facts, Assets assets, TimeProvider clock, StandingBook? accounts = null,
    Func<bool>? hasBank = null, Func<bool>? hasServices = null)
{
    /// <summary>Seconds after which a browser asks again while the node starts.</summary>
    private const string RetrySeconds = "2";

    /// <summary>Sends a page whose component takes a <paramref name="model"/>.</summary>
    public async Task WriteAsync<TPage>(HttpContext context, object model, string words = "", int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        if (accounts is not null)
        {
            // Every page says who is logged in.
            response.Headers.Vary = StringValues.Concat(response.Headers.Vary, "Cookie");
        }

        if (response.Headers.CacheControl.Count == 0)
        {
            response.Headers.CacheControl = context.Visitor().Session is null ? "no-cache" : "private, no-cache";
        }

        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["Frame"] = NewFrame(context, words), ["Model"] = model });
        await using var renderer = new HtmlRenderer(services, logs);
        response.ContentLength = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            // All of it is rendered before the first byte is written: what fails can still become an error page.
            var page = await renderer.RenderComponentAsync<TPage>(parameters);
            await using var text = new Utf8Writer(response.BodyWriter);
            page.WriteHtmlTo(text);
            return text.Count;
        });
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Sends a failure as a page.</summary>
    public Task WriteAsync(HttpContext context, Failure failure)
    {
        var problem = Problems.Of(failure);
        var isStarting = failure.Kind == FailureKind.Unavailable;
        if (isStarting)
        {
            context.Response.Headers.RetryAfter = RetrySeconds;
        }

        return WriteAsync(context, new ProblemModel(problem.Status, problem.Title, failure.Message, AdviceFor(failure.Kind), isStarting));
    }

    public Task WriteAsync(HttpContext context, ProblemModel problem)
    {
        if (problem.Retries && HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Headers["Refresh"] = RetrySeconds;
        }

        return WriteAsync<ProblemPage>(context, problem, status: problem.Status);
    }

    private static string AdviceFor(FailureKind kind) => kind switch
    {
        FailureKind.NotFound => "It may have been moved, renamed or removed. Look for it by its name, or begin at the top.",
        FailureKind.Invalid or FailureKind.TooLarge => "The address is not one that a link of this site leads to. Correct it, or begin at the top.",
        FailureKind.Forbidden => "Ask those who run this community for the right to it.",
        FailureKind.Unavailable => "The node is starting, busy or stopping. This page tries again by itself.",
        _ => "Go back and try again. If it stays, tell those who run this node.",
    };

    private Frame NewFrame(HttpContext context, string words) => new(
        facts, Instant.From(clock.GetUtcNow()), context.Request.Path.Value ?? "/", words,
        assets.AddressOf("site.css"), assets.AddressOf("site.js"), assets.AddressOf("icon.svg"), EntranceOf(context))
    {
        AssetOf = assets.AddressOf,
        Devices = assets.AddressOf("devices.js"),
        Passkeys = assets.AddressOf("passkeys.js"),
        HasServices = hasServices?.Invoke() == true,
    };

    private Entrance? EntranceOf(HttpContext context)
    {
        if (accounts is not { HasAccounts: true })
        {
            return null;
        }

        // A form that was sent has no address that one could come back to.
        var here = HttpMethods.IsPost(context.Request.Method) ? "/" : context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
        return context.Visitor() is { Session: not null } visitor
            ? new Entrance(visitor.Name, AccountAddresses.Account, visitor.Standing.MayAnywhere(Actions.AccountsRead))
            {
                SeesBank = hasBank?.Invoke() == true && visitor.Standing.MayAnywhere(Actions.BankRead),
            }
            : new Entrance(null, AccountAddresses.LogInFor(here));
    }
}
