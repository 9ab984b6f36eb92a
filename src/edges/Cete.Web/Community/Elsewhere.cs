using Cete.Api;
using Cete.Cluster.Servers;
using Cete.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Community;

/// <summary>On a node without a replica of a service: whoever asks for that is sent to a node that has one.</summary>
/// <param name="servers">Who has which.</param>
internal sealed class Elsewhere(Func<ServerList> servers)
{
    /// <summary>Every address that the application has not is one of the file index.</summary>
    public void MapIndex(WebApplication app)
    {
        app.MapGet("/healthz", () => Results.Text("alive\n"));
        app.MapGet("/readyz", () => Results.Text("ready\n"));
        app.MapFallback(context => SendAsync(context, "index", "the file index"));
    }

    /// <summary>What the accounts answer.</summary>
    /// <param name="app">The application.</param>
    /// <param name="pages">Addresses of pages that are theirs.</param>
    public void MapAccounts(WebApplication app, IEnumerable<string> pages)
    {
        string[] api =
        [
            Routes.Accounts, Routes.Sessions, Routes.Me, Routes.Acts, Routes.Invitations, Routes.AccountRoles, Routes.Tickets, Routes.Capabilities,
        ];
        foreach (var path in api.Concat(pages))
        {
            app.Map(path + "/{**rest}", context => SendAsync(context, "accounts", "accounts")).ExcludeFromDescription();
        }
    }

    /// <summary>What the bank answers.</summary>
    /// <param name="app">The application.</param>
    /// <param name="pages">Addresses of pages that are its.</param>
    public void MapBank(WebApplication app, IEnumerable<string> pages)
    {
        foreach (var path in pages.Append(Routes.Bank))
        {
            app.Map(path + "/{**rest}", context => servers().Services.Any(known => known.Service == "bank")
                ? SendAsync(context, "bank", "the bank")
                : Answers.WriteAsync(context, new Failure(FailureKind.NotFound, "this community has no bank"))).ExcludeFromDescription();
        }
    }

    /// <summary>What described services answer.</summary>
    /// <param name="app">The application.</param>
    /// <param name="pages">Addresses of pages that are theirs.</param>
    public void MapServices(WebApplication app, IEnumerable<string> pages)
    {
        foreach (var path in pages.Append(Routes.Services))
        {
            app.Map(path + "/{**rest}", context => servers().Services.Any(known => known.Service == "services")
                ? SendAsync(context, "services", "described services")
                : Answers.WriteAsync(context, new Failure(FailureKind.NotFound, "no node of this community has the role 'services'"))).ExcludeFromDescription();
        }
    }

    private Task SendAsync(HttpContext context, string service, string shown)
    {
        var there = servers().Services.Where(known => known.Service == service).SelectMany(known => known.Servers)
            .SelectMany(server => server.Http).FirstOrDefault();
        if (there is null)
        {
            var failure = new Failure(FailureKind.Unavailable, $"no node with {shown} is to be reached now; try again in a moment");
            return Answers.WriteAsync(context, failure);
        }

        // 307 keeps method and body.
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = there.TrimEnd('/') + context.Request.PathBase + context.Request.Path + context.Request.QueryString;
        return Task.CompletedTask;
    }
}
