using Cete.Api;
using Cete.Cluster.Servers;
using Cete.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Community;

/// <summary>On a node without a replica of the file index: whoever asks for it is sent to a node that has one.</summary>
internal static class IndexElsewhere
{
    /// <summary>Takes every address that the application has not.</summary>
    public static void Map(WebApplication app, Func<ServerList> servers)
    {
        app.MapGet("/healthz", () => Results.Text("alive\n"));
        app.MapGet("/readyz", () => Results.Text("ready\n"));
        app.MapFallback(context =>
        {
            var there = servers().Services.Where(service => service.Service == "index").SelectMany(service => service.Servers)
                .SelectMany(server => server.Http).FirstOrDefault();
            if (there is null)
            {
                var failure = new Failure(FailureKind.Unavailable, "no node with the file index is to be reached now; try again in a moment");
                return Answers.WriteAsync(context, failure);
            }

            // 307 keeps method and body.
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = there.TrimEnd('/') + context.Request.PathBase + context.Request.Path + context.Request.QueryString;
            return Task.CompletedTask;
        });
    }
}
