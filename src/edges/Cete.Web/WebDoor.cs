using System.Buffers.Binary;
using Cete.Formats.Tracking;
using Cete.Index;
using Cete.Ports;
using Cete.Transfer.Digests;
using Cete.Web.Api;
using Cete.Web.Formats;
using Cete.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cete.Web;

/// <summary>What the web door shows, and of what it is made.</summary>
/// <param name="Index">The file index.</param>
/// <param name="Contents">Contents of this node.</param>
/// <param name="Digests">Makes the hashes of older formats.</param>
/// <param name="Secret">By which the tracker knows its own torrents: at least 16 bytes, the same after a restart.</param>
/// <param name="Facts">Shown on every page.</param>
/// <param name="ReportBug">Is told of what a page threw, since whoever asked gets a page without details; null to have it logged.</param>
public sealed record WebParts(
    IndexService Index, IContentStore Contents, Digester Digests, byte[] Secret, NodeFacts Facts, Action<HttpContext, Exception>? ReportBug = null);

/// <summary>The web door of a node: API, pages and formats of others on one application.</summary>
public static class WebDoor
{
    /// <summary>
    /// Adds everything to an application. Pages need no services but logging, which every builder adds; the time is taken from a
    /// <see cref="TimeProvider"/> among the services when there is one.
    /// </summary>
    /// <param name="app">The application; what it shall do around all of this stands in it already.</param>
    /// <param name="parts">What it shows.</param>
    public static void Map(WebApplication app, WebParts parts)
    {
        var (index, contents, digests, secret, facts, reportBug) = parts;
        var logs = app.Services.GetRequiredService<ILoggerFactory>();
        var clock = app.Services.GetService<TimeProvider>() ?? TimeProvider.System;
        var assets = new Assets();
        var writer = new PageWriter(app.Services, logs, facts, assets, clock);
        var log = logs.CreateLogger("Cete.Web");
        new StatusPages(writer, reportBug ?? ((context, bug) => WebLog.RequestFailed(log, bug, context.Request.Method, context.Request.Path))).Use(app);
        new IndexApi(index, contents, facts, clock).Map(app);
        new SuggestionsApi(index).Map(app);
        new SourcesApi(index, contents).Map(app);
        new PagesDoor(index, contents, writer, assets, clock).Map(app);
        var key = new TrackerKey(secret);
        new FormatsDoor(new DigestedEntries(index, contents, digests, clock), key, facts).Map(app);
        new FeedsDoor(index, facts, assets.AddressOf("icon.svg"), clock).Map(app);
        new TrackerDoor(key, new TrackerSwarms(BinaryPrimitives.ReadUInt64LittleEndian(secret)), clock).Map(app);
        app.MapGet("/healthz", () => Results.Text("alive\n"));
        app.MapGet("/readyz", () => index.Status is { IsRoot: true, Failure: null } ? Results.Text("ready\n") : Results.Text("starting\n", statusCode: 503));
    }
}
