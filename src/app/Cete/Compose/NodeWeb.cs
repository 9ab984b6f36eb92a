using System.Net;
using System.Net.Sockets;
using Cete.Accounts.Passkeys;
using Cete.App.Compose.Caching;
using Cete.App.Compose.Community;
using Cete.Bank;
using Cete.Cluster;
using Cete.Cluster.Servers;
using Cete.Configuration;
using Cete.Core;
using Cete.Described;
using Cete.Hocon;
using Cete.Index;
using Cete.Index.Swarms;
using Cete.Net;
using Cete.Net.Payments;
using Cete.Net.Swarms;
using Cete.Net.Tickets;
using Cete.Ports;
using Cete.Ports.Payments;
using Cete.Ports.Swarms;
using Cete.Storage;
using Cete.Storage.Contents;
using Cete.Storage.Payments;
using Cete.Swarm;
using Cete.Transfer.Digests;
using Cete.Transfer.Payments;
using Cete.Transfer.Swarms;
using Cete.Trust.Tickets;
using Cete.Web;
using Cete.Web.Accounts;
using Cete.Web.Api;
using Cete.Web.Bank;
using Cete.Web.Community;
using Cete.Web.Security;
using Cete.Web.Services;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cete.App.Compose;

/// <summary>What the http port of a node shows.</summary>
/// <param name="Folder">The node's folder.</param>
/// <param name="Node">Where its actors live.</param>
/// <param name="Services">Of what it has replicas.</param>
/// <param name="Contents">Its contents.</param>
/// <param name="Cluster">Its part in the community.</param>
/// <param name="Report">What it tells those who run it.</param>
/// <param name="Till">Where it is paid for what it sends.</param>
/// <param name="Passes">Downloads that it pays for in somebody's name.</param>
internal sealed record NodeWebParts(
    DataFolder Folder, Node Node, NodeServices Services, ContentStore Contents, NodeCluster Cluster, INodeReport Report, ITill Till, PaidPasses Passes)
{
    /// <summary>What it keeps for others beside its own; null for nothing.</summary>
    public NodeCache? Cache { get; init; }

    /// <summary>All contents that it has.</summary>
    public IContents Served => (IContents?)Cache ?? Contents;
}

/// <summary>The http port: the web door and the doors to contents on one server.</summary>
internal static class NodeWeb
{
    /// <summary>Builds it and starts to listen.</summary>
    public static async Task<Outcome<WebApplication>> ListenAsync(
        NodeWebParts parts, ISettings<EffectiveSettings> settings, WebCertificate? certificate)
    {
        var folder = parts.Folder;
        var listen = settings.Current.Values.Http.Listen;
        var secret = NodeSecret.Open(folder.Path, "tracker");
        if (!secret.Succeeded)
        {
            return secret.Failure;
        }

        // The content root is set because the default, the current folder, would be searched for settings that are not ours.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddHocon(settings.Select(Own));
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => HttpLimits.Apply(
            options, settings, certificate is null ? [parts.Cluster.PeerDoor] : [parts.Cluster.PeerDoor, certificate.Door]));
        var tickets = new TicketDoor(parts.Cluster.Tickets, new CapabilityMeter(TimeProvider.System));
        var book = parts.Services.Accounts.Book;
        var doors = new HttpDoors(
            parts.Cluster.PeerDoor,
            tickets,
            () => book.HasAccounts,
            host => settings.Current.Values.Http.Names.Contains(host, StringComparer.OrdinalIgnoreCase)
                || host.Equals(settings.Current.Values.Http.Domain, StringComparison.OrdinalIgnoreCase) || certificate?.Door.Names(host) == true);
        var app = builder.Build();
        SecurityHeaders.Use(app);
        app.Use(HttpFaults.AnswerAsync);
        app.Use(doors.AnswerAsync);
        HttpRates.Use(app, settings.Current.Values.Http, doors.IsNode);
        var cookie = new SessionCookie(folder.Facts.Node);
        CrossSiteGuard.Use(app, cookie);
        var door = new SessionDoor(
            book, parts.Services.Accounts.FindSessionAsync, cookie, TimeProvider.System, context => tickets.Judge(context, holder: null));
        app.UseWhen(context => !doors.IsPeer(context), door.Map);
        TakenDownGuard.Use(app, root => parts.Cluster.TakenDown.Refuse(root));
        var rooms = new UploadRooms(parts.Served, TimeProvider.System);
        parts.Cache?.Attach(rooms);
        bool IsFree(HttpContext context) =>
            doors.IsNode(context) || (doors.IsPeer(context) && PeerKey.Of(context) is { } key && parts.Cluster.IsCache(key));
        var slots = new UploadSlots(settings.Current.Values.Content.UploadSlots, TimeProvider.System);
        app.UseWhen(context => doors.IsPeer(context) && !doors.IsNode(context), peers => peers.Use(new UploadGate(slots, rooms).HoldAsync));
        Map(app, parts, rooms, secret.Value, door, cookie, new ContentToll(parts.Till, IsFree, TimeProvider.System), settings.Current.Values.Http);
        try
        {
            await app.StartAsync();
            return app;
        }
        catch (IOException)
        {
            await app.DisposeAsync();
            return new Failure(FailureKind.Conflict, $"the port {listen} is in use by another program; stop it, or choose another with --http HOST:PORT");
        }
        catch (SocketException error)
        {
            await app.DisposeAsync();
            return new Failure(FailureKind.Forbidden, $"cannot listen at {listen}: {error.Message}; choose another with --http HOST:PORT");
        }
    }

    /// <summary>Where people of this machine find it: the server itself calls every port with TLS https, though only nodes may use that here.</summary>
    public static Uri AddressOf(WebApplication web, bool hasCertificate)
    {
        var listened = new UriBuilder(web.Urls.First()) { Scheme = hasCertificate ? Uri.UriSchemeHttps : Uri.UriSchemeHttp };
        if (IPAddress.TryParse(listened.Host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            listened.Host = address.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]";
        }

        return listened.Uri;
    }

    /// <summary>Where others find it. Without TLS that is this machine alone.</summary>
    /// <param name="web">It.</param>
    /// <param name="here">Where people of this machine find it.</param>
    public static IReadOnlyList<string> AddressesOf(WebApplication web, Uri here)
    {
        var isForAll = IPAddress.TryParse(new Uri(web.Urls.First()).Host.Trim('[', ']'), out var listened)
            && (listened.Equals(IPAddress.Any) || listened.Equals(IPAddress.IPv6Any));
        return isForAll && here.Scheme == Uri.UriSchemeHttps
            ? [.. LocalAddresses.Of(new IPEndPoint(listened!, here.Port)).Select(address => $"{here.Scheme}://{address}/")]
            : [here.ToString()];
    }

    private static void Map(
        WebApplication app, NodeWebParts parts, UploadRooms rooms, byte[] secret, SessionDoor door, SessionCookie cookie, ContentToll toll,
        HttpSettings http)
    {
        var (folder, contents) = (parts.Folder, parts.Contents);
        var facts = new NodeFacts(folder.Facts.Community, folder.Facts.Node, NodeHost.Version);
        var made = new DigestStore(folder.Path);
        var served = new ContentServer(parts.Served, made, TimeProvider.System, toll);
        served.Map(app);
        new HaveServer(parts.Served, rooms, TimeProvider.System).Map(app);
        new BundleServer(contents, toll, root => parts.Cluster.TakenDown.Refuse(root)).Map(app);
        var servers = new ServersApi(parts.Cluster.Membership, facts, parts.Cluster.Identity.Community);
        servers.Map(app);
        new IdentityApi(parts.Cluster.Identity.Community, parts.Cluster.Signer, () => parts.Cluster.Identity.Issued).Map(app);
        new DrainApi(
            parts.Cluster.Identity.Key.PublicKey, parts.Cluster.Identity.Community, TimeProvider.System,
            isDraining => Draining.Set(parts.Folder, parts.Cluster.Membership, isDraining)).Map(app);
        var groups = new GroupsApi(() => parts.Node.Groups, () => parts.Cluster.Membership.View);
        groups.Map(app);
        var accounts = MapAccounts(app, parts, secret, door, cookie, facts, http);
        var credits = new BankParts(
            parts.Services.Bank, parts.Services.Accounts.Book,
            () => parts.Services.Bank is not null || servers.Servers.Services.Any(known => known.Service == BankService.Name.Name));
        if (parts.Services.Bank is { } bank)
        {
            BankDoor.Map(app, bank, parts.Services.Accounts.Book, TimeProvider.System, parts.Cluster.IsNode);
        }
        else
        {
            BankDoor.MapElsewhere(app, () => servers.Servers);
        }

        var described = MapServices(app, parts, secret, accounts, accounts?.Guard ?? new CrossSiteGuard(secret), () => servers.Servers);
        if (parts.Services.Tracker is { } tracker)
        {
            new AdministratorDoor(tracker, parts.Cluster.Identity.Community, TimeProvider.System).Map(app);
            groups.MapMoves(app);
            new BackupApi(() => parts.Node.Groups, parts.Node.Stores).Map(app);
            new TrackerApi(tracker, parts.Cluster.Identity.Community, () => parts.Cluster.Membership.View, TimeProvider.System).Map(app);
        }

        if (parts.Services.Index is not { } index)
        {
            WebDoor.MapWithoutIndex(app, facts, parts.Report, () => servers.Servers, HttpFaults.Report, accounts, credits, described);
            return;
        }

        var digests = new Digester(parts.Node.Actors, contents, made);
        new FileServer(served, async (path, stop) => await RootAtAsync(index, path, stop)).Map(app);
        new UploadServer(
            contents,
            async (length, first, stop) => await index.MayKnowAsync(length, first, stop) is { Succeeded: true, Value: true },
            (root, length) => digests.Prepare(root, length)).Map(app);
        var swarms = parts.Cluster.Serve(index);
        var manifests = new ManifestStore(folder.Path, Limits.ManifestBytesMax, TimeProvider.System);
        FollowManifests(parts, index, manifests);
        parts.Cluster.Serve(new WantedDesk(swarms, (root, stop) => ManifestAsync(parts.Served, index, manifests, root, stop)));
        WebDoor.Map(app, new WebParts(index, contents, digests, secret, facts, HttpFaults.Report, parts.Report, accounts)
        {
            Servers = () => servers.Servers,
            Manifests = manifests,
            Bank = credits,
            Services = described,
            Peer = host => PeerAt(app, parts, host),
            Holders = (root, host) => swarms.HoldersOf(root, new SwarmAsker(host, host)),
            Swarms = new SwarmParts(swarms, (content, host) => ReportOf(app, parts, rooms, content, host), rooms),
        });
    }

    /// <summary>Described services over HTTP, here or on a node that keeps them.</summary>
    private static ServicesParts MapServices(
        WebApplication app, NodeWebParts parts, byte[] secret, AccountsParts? accounts, CrossSiteGuard guard, Func<ServerList> servers)
    {
        var described = new ServicesParts(
            parts.Services.Described, parts.Services.Accounts.Book, guard,
            () => parts.Services.Described is not null || servers().Services.Any(known => known.Service == DescribedService.Name.Name))
        {
            Pays = accounts?.PaysForServices,
        }.With(secret);
        if (described.Service is null)
        {
            ServicesDoor.MapElsewhere(app, servers);
        }
        else
        {
            ServicesDoor.Map(app, described);
        }

        return described;
    }

    /// <summary>The accounts over HTTP, where this node keeps them; null where it does not.</summary>
    private static AccountsParts? MapAccounts(
        WebApplication app, NodeWebParts parts, byte[] secret, SessionDoor door, SessionCookie cookie, NodeFacts facts, HttpSettings http)
    {
        if (parts.Services.Accounts.Service is not { } kept)
        {
            return null;
        }

        var (identity, signer) = (parts.Cluster.Identity, parts.Cluster.Signer);
        var tickets = new TicketIssuer(signer, () => parts.Cluster.Identity.Issued, identity.Community, TimeProvider.System);
        parts.Cluster.Serve(new TicketDesk(tickets));
        var keys = new DelegateKeyFiles(parts.Folder.Path, identity.Id, identity.Community, TimeProvider.System);
        var accounts = new AccountsParts(
            kept, parts.Services.Accounts.Book, door, cookie, new CrossSiteGuard(secret), identity.Id, facts, identity.Community)
        {
            Tickets = tickets,
            Refuse = root => parts.Cluster.TakenDown.Refuse(root),
            CountsLoopback = http.IsLoopbackLimited,
            Party = http.Domain.Length > 0 ? new RelyingParty(http.Domain) : null,
            Delegates = keys,
            Bank = parts.Services.Bank,
            Paid = PaidOf(parts),
        };
        parts.Cluster.Run(stop => keys.RunAsync(kept, stop));
        parts.Cluster.Run(parts.Passes.RunAsync);
        AccountsDoor.Map(app, accounts);
        return accounts;
    }

    private static async Task<Outcome<Hash256>> RootAtAsync(IndexService index, EntryPath path, CancellationToken stop)
    {
        var entry = await index.EntryAsync(path, stop);
        return !entry.Succeeded ? entry.Failure : entry.Value.CheckNotTakenDown() is { } refused ? refused : entry.Value.Root;
    }

    /// <summary>Has this node know the manifest of every content in the index.</summary>
    private static void FollowManifests(NodeWebParts parts, IndexService index, ManifestStore manifests)
    {
        bool IsHere(Hash256 root)
        {
            using var content = parts.Served.Find(root);
            return content?.Manifest is not null || manifests.Find(root) is not null;
        }

        var follower = new ManifestFollower(
            index.LargeContentsAsync, IsHere, manifests.Keep, (root, stop) => parts.Cluster.Swarms.ManifestAsync(root, [], stop), TimeProvider.System);
        parts.Cluster.Run(follower.RunAsync);
    }

    /// <summary>The manifest of a content that is here, or that somebody handed in who has it; of one piece, as its entry says.</summary>
    private static async Task<Manifest?> ManifestAsync(
        IContents contents, IndexService index, ManifestStore manifests, Hash256 root, CancellationToken cancellation)
    {
        using var content = contents.Find(root);
        if ((content?.Manifest ?? manifests.Find(root)) is { } known)
        {
            return known;
        }

        var entries = await index.EntriesOfAsync(root, cancellation);
        return entries is { Succeeded: true, Value: [{ Length: <= PieceLengths.Shortest } entry, ..] } && entry.Length <= entry.PieceLength
            ? Manifest.OfOnePiece(entry.Length, root)
            : null;
    }

    /// <summary>By what browsers pay for contents of this node.</summary>
    private static PaidParts PaidOf(NodeWebParts parts) => new(
        parts.Contents, parts.Till, parts.Passes, account => new PayerBook(Path.Combine(parts.Folder.Path, "paid", account.ToString())))
    {
        Links = new PaidLinkBook(Path.Combine(parts.Folder.Path, "paid-links")),
        Tickets = parts.Cluster.Tickets,
    };

    /// <summary>The peer door at the host by which somebody reached this node; null where there are no accounts, hence no tickets.</summary>
    private static PeerAddress? PeerAt(WebApplication app, NodeWebParts parts, string host) =>
        parts.Services.Accounts.Book.HasAccounts && app.Urls.FirstOrDefault() is { } url && host.Length > 0
            ? new PeerAddress(host, new Uri(url).Port, parts.Cluster.Identity.Id, parts.Cluster.Identity.Community)
            : null;

    /// <summary>This node as a peer of a swarm; null where there are no accounts, hence no tickets.</summary>
    private static SwarmReport? ReportOf(WebApplication app, NodeWebParts parts, UploadRooms rooms, IContentFile content, string host)
    {
        if (PeerAt(app, parts, host) is not { } here)
        {
            return null;
        }

        // Where it listens to all, others find it where its members say.
        IReadOnlyList<string> known =
        [
            .. (parts.Cluster.Membership.View.Find(here.Key)?.Facts.Http ?? []).Select(address => new Uri(address))
                .Where(address => address.Port == here.Port).Select(address => address.Authority),
        ];
        var told = IPAddress.TryParse(host.Trim('[', ']'), out _) ? known.Prepend($"{host}:{here.Port}") : known;
        var listeners = content.Manifest is { } manifest ? rooms.ListenersOf(manifest.Root) : [];
        return new SwarmReport(here.Key, content.Pieces)
        {
            Addresses = [.. told.Where(address => IPEndPoint.TryParse(address, out _)).Distinct().Take(SwarmReport.AddressesMax)],
            Slots = SwarmMember.Slots,
            NeighboursMax = SwarmMember.NeighboursMax,
            Neighbours = [.. listeners.Take(SwarmReport.NeighboursLimit)],
        };
    }

    /// <summary>What is ours: other keys of the user's files would be orders to the web server, such as to listen elsewhere.</summary>
    private static HoconObject Own(EffectiveSettings settings) => HoconObject.Of([new("cete", settings.Tree["cete"])]);
}
