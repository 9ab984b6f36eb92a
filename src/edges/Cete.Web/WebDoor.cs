using Cete.Index;
using Cete.Ports;
using Cete.Web.Api;
using Cete.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cete.Web;

/// <summary>The web door of a node: API and pages on one application.</summary>
public static class WebDoor
{
    /// <summary>
    /// Adds everything to an application. Pages need no services but logging, which every builder adds; the time is taken from a
    /// <see cref="TimeProvider"/> among the services when there is one.
    /// </summary>
    /// <param name="app">The application; what it shall do around all of this stands in it already.</param>
    /// <param name="index">The file index.</param>
    /// <param name="contents">Contents of this node.</param>
    /// <param name="facts">Shown on every page.</param>
    /// <param name="reportBug">Is told of what a page threw, since whoever asked gets a page without details; null to have it logged.</param>
    public static void Map(
        WebApplication app, IndexService index, IContentStore contents, NodeFacts facts, Action<HttpContext, Exception>? reportBug = null)
    {
        var logs = app.Services.GetRequiredService<ILoggerFactory>();
        var assets = new Assets();
        var clock = app.Services.GetService<TimeProvider>() ?? TimeProvider.System;
        var writer = new PageWriter(app.Services, logs, facts, assets, clock);
        var log = logs.CreateLogger("Cete.Web");
        new StatusPages(writer, reportBug ?? ((context, bug) => WebLog.RequestFailed(log, bug, context.Request.Method, context.Request.Path))).Use(app);
        new IndexApi(index, contents, facts, clock).Map(app);
        new SuggestionsApi(index, facts).Map(app);
        new SourcesApi(index, contents).Map(app);
        new PagesDoor(index, contents, writer, assets, clock).Map(app);
        app.MapGet("/healthz", () => Results.Text("alive\n"));
        app.MapGet("/readyz", () => index.Status is { IsRoot: true, Failure: null } ? Results.Text("ready\n") : Results.Text("starting\n", statusCode: 503));
    }
}
