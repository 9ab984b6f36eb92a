using Cete.Index;
using Cete.Ports;
using Cete.Web.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cete.Web;

/// <summary>The web door of a node: API and pages on one application.</summary>
public static class WebDoor
{
    /// <summary>Adds everything to an application.</summary>
    public static void Map(WebApplication app, IndexService index, IContentStore contents, NodeFacts facts)
    {
        new IndexApi(index, contents, facts).Map(app);
        new SourcesApi(index, contents).Map(app);
        app.MapGet("/healthz", () => Results.Text("alive\n"));
        app.MapGet("/readyz", () => index.Status is { IsRoot: true, Failure: null } ? Results.Text("ready\n") : Results.Text("starting\n", statusCode: 503));
    }
}
