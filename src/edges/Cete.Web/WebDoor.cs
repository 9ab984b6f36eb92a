using System.Buffers.Binary;
using Cete.Cluster.Servers;
using Cete.Core;
using Cete.Formats.Tracking;
using Cete.Index;
using Cete.Ports;
using Cete.Swarm;
using Cete.Transfer.Digests;
using Cete.Web.Accounts;
using Cete.Web.Api;
using Cete.Web.Api.Document;
using Cete.Web.Bank;
using Cete.Web.Community;
using Cete.Web.Formats;
using Cete.Web.Pages;
using Cete.Web.Pages.Accounts;
using Cete.Web.Pages.Bank;
using Cete.Web.Pages.Moderation;
using Cete.Web.Pages.Payments;
using Cete.Web.Searching;
using Cete.Web.Security;
using Cete.Web.Services;
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
/// <param name="Report">What the node tells those who run it; null where no more is known than the index.</param>
/// <param name="Accounts">The community's accounts; null where there are none.</param>
public sealed record WebParts(
    IndexService Index, IContentStore Contents, Digester Digests, byte[] Secret, NodeFacts Facts, Action<HttpContext, Exception>? ReportBug = null,
    INodeReport? Report = null, AccountsParts? Accounts = null)
{
    /// <summary>Which nodes have what, for those who ask for what this one has not; null where it has all there is.</summary>
    public Func<ServerList>? Servers { get; init; }

    /// <summary>The community's bank; null where nothing is known of one.</summary>
    public BankParts? Bank { get; init; }

    /// <summary>Described services; null where nothing is known of any.</summary>
    public ServicesParts? Services { get; init; }

    /// <summary>Plans swarms; null where there is nobody to ask for tickets.</summary>
    public SwarmParts? Swarms { get; init; }

    /// <summary>Manifests of contents that agents share; null where none are taken.</summary>
    public IManifestStore? Manifests { get; init; }

    /// <summary>Peers that are known to have all of a content now, by the address that whoever asks came from.</summary>
    public Func<Hash256, string, IReadOnlyList<PeerAddress>> Holders { get; init; } = (_, _) => [];

    /// <summary>Where other peers reach this node, and by which key they know it; null where that takes no tickets.</summary>
    public Func<string, PeerAddress?>? Peer { get; init; }
}

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
        var (index, contents, digests, secret, facts, reportBug, report, accounts) = parts;
        var clock = ClockOf(app);
        if (accounts is null && parts.Servers is { } servers)
        {
            new Elsewhere(servers).MapAccounts(app, AccountAddresses.All);
        }

        var assets = new Assets();
        var writer = MapOperators(app, facts, report ?? new IndexReport(index, facts, clock), assets, reportBug, accounts, parts.Bank, parts.Services);
        new IndexApi(index, contents, facts, clock, parts.Manifests).Map(app);
        if (parts.Manifests is { } manifests)
        {
            new ManifestsApi(index, manifests).Map(app);
        }

        new ChangesApi(index.ChangesBy(clock)).Map(app);
        new SuggestionsApi(index).Map(app);
        new ModerationApi(index).Map(app);
        new SourcesApi(index, contents, parts.Manifests, parts.Peer, parts.Holders).Map(app);
        if (parts.Swarms is { } swarms)
        {
            new SwarmApi(swarms, contents).Map(app);
        }

        var moderation = new ModerationPages(index, accounts?.Guard ?? new CrossSiteGuard(secret), accounts?.Book, writer);
        moderation.Map(app);
        var desk = MapSearch(app, index, parts.Services, clock);
        var everywhere = parts.Services is { } described ? new FoundPages(desk, described, writer, clock) : null;
        new PagesDoor(index, contents, writer, clock, accounts?.Paid?.Till, moderation, everywhere).Map(app);
        var key = new TrackerKey(secret);
        new FormatsDoor(new DigestedEntries(index, contents, digests, clock), key, facts).Map(app);
        new FeedsDoor(index, facts, assets.AddressOf("icon.svg"), clock).Map(app);
        new TrackerDoor(key, new TrackerSwarms(BinaryPrimitives.ReadUInt64LittleEndian(secret)), clock).Map(app);
        app.MapGet("/healthz", () => Results.Text("alive\n"));
        app.MapGet("/readyz", () => index.Status is { IsRoot: true, Failure: null } ? Results.Text("ready\n") : Results.Text("starting\n", statusCode: 503));
    }

    /// <summary>As <see cref="Map"/>, on a node without a replica of the file index: whoever asks for that is sent to a node that has one.</summary>
    /// <param name="app">The application.</param>
    /// <param name="facts">Shown on every page.</param>
    /// <param name="report">What the node tells those who run it.</param>
    /// <param name="servers">Who has the index.</param>
    /// <param name="reportBug">Is told of what a page threw.</param>
    /// <param name="accounts">The community's accounts; null where there are none.</param>
    /// <param name="bank">The community's bank; null where nothing is known of one.</param>
    /// <param name="services">Described services; null where nothing is known of any.</param>
    public static void MapWithoutIndex(
        WebApplication app, NodeFacts facts, INodeReport report, Func<ServerList> servers, Action<HttpContext, Exception> reportBug,
        AccountsParts? accounts = null, BankParts? bank = null, ServicesParts? services = null)
    {
        MapOperators(app, facts, report, new Assets(), reportBug, accounts, bank, services);
        var elsewhere = new Elsewhere(servers);
        if (accounts is null)
        {
            elsewhere.MapAccounts(app, AccountAddresses.All);
        }

        if (services?.Service is not null)
        {
            MapSearch(app, null, services, ClockOf(app));
        }

        elsewhere.MapIndex(app);
    }

    private static SearchDesk MapSearch(WebApplication app, IndexService? index, ServicesParts? services, TimeProvider clock)
    {
        var desk = new SearchDesk(index, services?.Service, services?.Exists ?? (() => false), clock);
        new SearchApi(desk).Map(app);
        return desk;
    }

    private static PageWriter MapOperators(
        WebApplication app, NodeFacts facts, INodeReport report, Assets assets, Action<HttpContext, Exception>? reportBug, AccountsParts? accounts,
        BankParts? bank, ServicesParts? services)
    {
        var logs = app.Services.GetRequiredService<ILoggerFactory>();
        var log = logs.CreateLogger("Cete.Web");
        var writer = new PageWriter(app.Services, logs, facts, assets, ClockOf(app), accounts?.Book, bank?.Exists, services?.Exists);
        new StatusPages(writer, reportBug ?? ((context, bug) => WebLog.RequestFailed(log, bug, context.Request.Method, context.Request.Path))).Use(app);
        OperatorsApi.Map(app, report);
        new ApiDocument(app, facts).Map();
        new NodesDoor(report, writer, assets, ClockOf(app)).Map(app);
        if (accounts is not null)
        {
            new EntrancePages(accounts, writer).Map(app);
            new OwnPages(accounts, writer, ClockOf(app)).Map(app);
            new GovernPages(accounts, writer).Map(app);
            MapPayments(app, accounts, writer);
        }

        if (bank?.Service is { } kept)
        {
            new BankPages(kept, bank.Book, writer, ClockOf(app), canSend: accounts?.Bank is not null).Map(app);
        }

        if (services?.Service is { } described)
        {
            new ServicesPages(described, services, writer, ClockOf(app)).Map(app);
        }

        return writer;
    }

    private static void MapPayments(WebApplication app, AccountsParts accounts, PageWriter writer)
    {
        if (accounts.Bank is not { } bank)
        {
            return;
        }

        new SendPages(accounts, bank, writer).Map(app);
        if (accounts.Paid is { } paid)
        {
            new PaidPages(accounts, bank, paid, writer).Map(app);
        }
    }

    private static TimeProvider ClockOf(WebApplication app) => app.Services.GetService<TimeProvider>() ?? TimeProvider.System;
}
