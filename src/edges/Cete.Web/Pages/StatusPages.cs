using Cete.Api;
using Cete.Core;
using Cete.Web.Pages.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Pages;

/// <summary>Gives a body to what ended without one: unknown addresses, wrong methods, bugs. Programs get problem details, people get a page.</summary>
/// <param name="writer">Writes pages.</param>
/// <param name="report">Is told of a bug that a page met. What an address for programs meets is left to whoever stands around this.</param>
internal sealed class StatusPages(PageWriter writer, Action<HttpContext, Exception> report)
{
    private static readonly string[] ForPrograms = ["/api", Routes.Content, Routes.Swarm, "/healthz", "/readyz", Addresses.Assets];

    public void Use(IApplicationBuilder app) => app.Use(InvokeAsync);

    /// <summary>A request that was refused further out: nothing is carried out for it any more, and whoever sent it gets a page that says why.</summary>
    public static void LeaveToPage(HttpContext context, Failure refusal)
    {
        context.SetEndpoint(null);
        context.Features.Set(refusal);
    }

    /// <summary>Somebody looks at what comes: browsers alone ask for pages by name.</summary>
    public static bool IsForPerson(HttpContext context) =>
        !IsForPrograms(context) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static bool IsForPrograms(HttpContext context) =>
        ForPrograms.Any(start => context.Request.Path.StartsWithSegments(start, StringComparison.Ordinal));

    private async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Failure>() is { } refusal)
        {
            await RefuseAsync(context, refusal);
            return;
        }

        var response = context.Response;
        var isForPrograms = IsForPrograms(context);
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left who would read an answer.
            return;
        }
        catch (BadHttpRequestException error) when (!isForPrograms && !response.HasStarted)
        {
            response.StatusCode = error.StatusCode;
        }
        catch (Exception bug) when (!isForPrograms && !response.HasStarted)
        {
            report(context, bug);
            response.Clear();
            response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        if (response is { StatusCode: >= 400, HasStarted: false, ContentType: null, ContentLength: null })
        {
            await WriteAsync(context, isForPrograms);
        }
    }

    private Task WriteAsync(HttpContext context, bool isForPrograms)
    {
        var problem = Describe(context.Response.StatusCode);
        if (!isForPrograms)
        {
            return writer.WriteAsync(context, problem);
        }

        var code = problem.Title.ToLowerInvariant().Replace(' ', '-');
        var details = new Problem($"urn:cete:problem:{code}", problem.Title, problem.Status, problem.Message, code);
        return Results.Json(details, ApiJson.Default.Problem, Problems.MediaType, problem.Status).ExecuteAsync(context);
    }

    /// <summary>Who is not logged in is asked to, and comes back by that.</summary>
    private Task RefuseAsync(HttpContext context, Failure refusal)
    {
        if (refusal.Kind != FailureKind.Unauthenticated || !HttpMethods.IsGet(context.Request.Method))
        {
            return writer.WriteAsync(context, refusal);
        }

        Answering.GoTo(context, AccountAddresses.LogInFor(context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent()));
        return Task.CompletedTask;
    }

    private static ProblemModel Describe(int status) => status switch
    {
        StatusCodes.Status404NotFound => new ProblemModel(
            status, "Not found", "There is nothing at this address.", "Check the address, look for what you want by its name, or begin at the top.", false),
        StatusCodes.Status405MethodNotAllowed => new ProblemModel(
            status, "Not allowed", "This address cannot be asked in this way.", "Go back and follow a link instead.", false),
        >= 500 => new ProblemModel(
            status, "Internal error", "This node made a mistake. It is written down in the node's log.",
            "Try again. If it stays, tell those who run this node when it happened.", false),
        _ => new ProblemModel(
            status, "Invalid", "The request cannot be understood.", "The address is not one that a link of this site leads to. Begin at the top.", false),
    };
}
