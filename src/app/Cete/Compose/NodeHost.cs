using System.Reflection;
using System.Security.Cryptography;
using Cete.Accounts;
using Cete.Actors;
using Cete.App.Compose.Caching;
using Cete.App.Compose.Community;
using Cete.App.Compose.Operations;
using Cete.App.Output;
using Cete.Bank;
using Cete.Cluster;
using Cete.Cluster.Placement;
using Cete.Configuration;
using Cete.Consensus;
using Cete.Core;
using Cete.Described;
using Cete.Groups;
using Cete.Index;
using Cete.Ports;
using Cete.Storage;
using Cete.Storage.Contents;
using Cete.Storage.Log;
using Cete.Storage.State;
using Cete.Tracker;
using Cete.Transfer.Payments;
using Microsoft.AspNetCore.Builder;

namespace Cete.App.Compose;

/// <summary>The services that a node has replicas of.</summary>
/// <param name="Tracker">The roster; null where it has none.</param>
/// <param name="Index">The file index; null where it has none.</param>
/// <param name="Accounts">The accounts, of which every node knows something.</param>
/// <param name="Bank">The bank; null where it has none.</param>
/// <param name="Described">Services that are described; null where it has none.</param>
internal sealed record NodeServices(TrackerService? Tracker, IndexService? Index, NodeAccounts Accounts, BankService? Bank, DescribedService? Described);

/// <summary>A whole node with its real edges: the only place that knows them all. Disposing stops it in order.</summary>
internal sealed class NodeHost : IAsyncDisposable
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromMinutes(5);

    private readonly NodeFolder _folder;
    private readonly Node _node;
    private readonly NodeCluster _cluster;
    private readonly NodeAccounts _accounts;
    private readonly WebApplication _web;
    private readonly WebCertificate? _certificate;
    private readonly NodeTill _till;
    private readonly PaidPasses _passes;
    private readonly NodeOperations _operations;
    private readonly GroupClaims _claims;
    private readonly IDisposable? _telemetry;
    private readonly TaskCompletionSource<Failure> _failed;

    private NodeHost(
        NodeFolder folder, Node node, NodeAccounts accounts, NodeCluster cluster, WebApplication web, WebCertificate? certificate, NodeTill till,
        PaidPasses passes, NodeOperations operations, IDisposable? telemetry, TaskCompletionSource<Failure> failed)
    {
        (_folder, _node, _cluster, _web, _certificate, _till, _operations, _failed, Address) =
            (folder, node, cluster, web, certificate, till, operations, failed, NodeWeb.AddressOf(web, hasCertificate: certificate is not null));
        _claims = new GroupClaims(cluster.Membership, () => node.Groups, operations.Load);
        (_telemetry, _accounts, _passes) = (telemetry, accounts, passes);
    }

    /// <summary>What it keeps for others; null for nothing.</summary>
    private NodeCache? Cache { get; init; }

    public DataFolderFacts Facts => _folder.Data.Facts;

    /// <summary>Set when the community was just made.</summary>
    public Founded? Founded => _folder.Founded;

    /// <summary>Where its http port really listens.</summary>
    public Uri Address { get; }

    /// <summary>Of the certificate that it shows at the web door; null where that speaks no TLS.</summary>
    public string? Fingerprint => _certificate?.Door.Fingerprint;

    /// <summary>Where its fabric port is.</summary>
    public string FabricAddress => _cluster.Address;

    public static string Version { get; } =
        typeof(NodeHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Where its actors live.</summary>
    public ActorSystem Actors => _node.Actors;

    /// <summary>Completes when the node must stop, with why.</summary>
    public Task<Failure> Failed => _failed.Task;

    /// <summary>Starts a node in a folder.</summary>
    public static async Task<Outcome<NodeHost>> StartAsync(
        string path, NodeOpening opening, ISettings<EffectiveSettings> settings, ISessionBook? logins, CancellationToken cancellation)
    {
        var folder = await NodeFolder.OpenAsync(path, opening, cancellation);
        if (!folder.Succeeded)
        {
            return folder.Failure;
        }

        var started = await StartAsync(folder.Value, settings, logins, cancellation);
        if (!started.Succeeded)
        {
            folder.Value.Dispose();
        }

        return started;
    }

    /// <summary>Has the files of its certificate read again now.</summary>
    public void ReloadCertificate() => _certificate?.Reload();

    public async ValueTask DisposeAsync()
    {
        _claims.TellLast();
        await (Cache?.DisposeAsync() ?? default);
        await _cluster.LeaveAsync();
        await _web.DisposeAsync();
        await _passes.DisposeAsync();
        await _till.DisposeAsync();
        await _claims.DisposeAsync();
        _operations.Dispose();
        await _cluster.DisposeAsync();
        await _accounts.DisposeAsync();
        await _node.DisposeAsync();
        _telemetry?.Dispose();
        _folder.Dispose();
    }

    private static async Task<Outcome<NodeHost>> StartAsync(
        NodeFolder folder, ISettings<EffectiveSettings> settings, ISessionBook? logins, CancellationToken cancellation)
    {
        var data = folder.Data;
        var files = new PhysicalFiles();
        var log = SegmentLog.Open(files, Path.Combine(data.Path, "log"));
        if (!log.Succeeded)
        {
            return log.Failure;
        }

        var contents = new ContentStore(files, data.Path);
        contents.SweepIncoming(TimeProvider.System.GetUtcNow() - settings.Current.Values.Content.IncomingKept);
        var actors = new ActorSystemOptions { Failures = SayFailure };
        var stores = new SqliteStateStores(DataFolder.GroupsIn(data.Path));
        var groups = settings.Select(ToGroupSettings);
        var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        var roles = folder.Identity.Current.Facts.Roles;
        var accounts = new NodeAccounts(roles.Contains(AccountsService.Name.Name));
        var node = new Node(new NodeParts(folder.Identity.Current.Id, log.Value, stores, actors, () => groups.Current, seed)
        {
            AwaitsWord = true,
            Askers = accounts.Book,
        });

        // What is to begin later, somebody else may have begun: LateFounding asks.
        var roster = folder.Founds ? GroupOrigin.Founding : GroupOrigin.Joining;
        var origin = folder.IsFirst ? GroupOrigin.Founding : GroupOrigin.Joining;
        var tracker = roles.Contains(TrackerService.Name.Name)
            ? new TrackerService(node.Host(TrackerService.Name, new TrackerMachine(), roster), TimeProvider.System) : null;
        var index = roles.Contains(IndexService.Name.Name) ? new IndexService(node.Host(IndexService.Name, new IndexMachine(), origin)) : null;
        accounts.Host(node, origin, folder.Identity.Current.Community);
        var bank = roles.Contains(BankService.Name.Name)
            ? new BankService(node.Host(BankService.Name, new BankMachine(), origin), folder.Identity.Current.Community) : null;
        var described = roles.Contains(DescribedService.Name.Name)
            ? new DescribedService(node.Host(DescribedService.Name, new DescribedMachine(), origin), TimeProvider.System) : null;
        var ready = await node.WaitUntilReadyAsync(ReadyDeadline, cancellation);
        var opened = ready.Succeeded
            ? await OpenAsync(folder, node, new NodeServices(tracker, index, accounts, bank, described), contents, settings, logins, cancellation)
            : ready.Failure;
        if (!opened.Succeeded)
        {
            await accounts.DisposeAsync();
            await node.DisposeAsync();
        }

        return opened;
    }

    private static async Task<Outcome<NodeHost>> OpenAsync(
        NodeFolder folder, Node node, NodeServices services, ContentStore contents, ISettings<EffectiveSettings> settings, ISessionBook? logins,
        CancellationToken cancellation)
    {
        var (tracker, accounts) = (services.Tracker, services.Accounts);
        var failed = new TaskCompletionSource<Failure>(TaskCreationOptions.RunContinuationsAsynchronously);
        var facts = new Cete.Cluster.Membership.NodeFacts { Name = folder.Name, Version = Version, IsDraining = Draining.IsOn(folder.Data) };
        var started = NodeCluster.Start(
            folder.Trust, node, folder.Identity, settings.Current.Values.Fabric, settings.Select(ToPlacement), facts,
            failure => failed.TrySetResult(failure));
        if (!started.Succeeded)
        {
            return started.Failure;
        }

        var cluster = started.Value;
        cluster.Serve(accounts);
        cluster.FollowTakenDown(services.Index);
        var bank = cluster.Serve(services.Bank);
        cluster.Serve(services.Described, bank);
        var till = NodeTill.Open(
            bank, new TillOptions(folder.Identity.Current.Community, folder.Identity.Current.Id), folder.Data.Path);
        if (!till.Succeeded)
        {
            await cluster.LeaveAsync();
            await cluster.DisposeAsync();
            return till.Failure;
        }

        if (await BeginAsync(folder, services, cluster, logins, cancellation) is { } unfounded)
        {
            await cluster.LeaveAsync();
            await cluster.DisposeAsync();
            return unfounded;
        }

        var certificate = WebCertificate.Open(node.Actors, folder.Data.Path, settings.Current.Values.Http.Tls, SayCertificate);
        if (!certificate.Succeeded)
        {
            await cluster.LeaveAsync();
            await cluster.DisposeAsync();
            return certificate.Failure;
        }

        var cache = NodeCache.Open(folder.Data, node, cluster, contents, settings.Current.Values.Cache);
        var operations = new NodeOperations(folder.Data, node, cluster, settings, certificate.Value, () => cache?.Info);
        var passes = new PaidPasses(till.Value, folder.Identity.Current.Id, TimeProvider.System);
        var web = await NodeWeb.ListenAsync(
            new NodeWebParts(folder.Data, node, services, contents, cluster, operations, till.Value, passes) { Cache = cache }, settings,
            certificate.Value);
        var joined = web.Succeeded ? await cluster.OpenAsync(tracker, folder.Authority, cancellation) : web.Failure;
        if (!joined.Succeeded)
        {
            operations.Dispose();
            await (cache?.DisposeAsync() ?? default);
            await cluster.LeaveAsync();
            await cluster.DisposeAsync();
            return joined.Failure;
        }

        var address = NodeWeb.AddressOf(web.Value, hasCertificate: certificate.Value is not null);
        cluster.Membership.Change(known => known with { Http = NodeWeb.AddressesOf(web.Value, address) });
        if (cache is not null)
        {
            cluster.Run(cache.RunAsync);
        }

        var telemetry = Send(settings.Current.Values.Telemetry, folder.Data.Facts.Node);
        return new NodeHost(folder, node, accounts, cluster, web.Value, certificate.Value, till.Value, passes, operations, telemetry, failed) { Cache = cache };
    }

    /// <summary>What the node that made the community sees to: that the roster and the accounts know what stands in its folder.</summary>
    private static async Task<Failure?> BeginAsync(
        NodeFolder folder, NodeServices services, NodeCluster cluster, ISessionBook? logins, CancellationToken cancellation)
    {
        if (services.Tracker is { } tracker && folder.Founds && await RosterBeginning.EnterAsync(folder, tracker, cancellation) is { } unfounded)
        {
            return unfounded;
        }

        if (services.Accounts.Service is { } accounts && folder.Trust.Has(TrustFolder.Administrator))
        {
            var beginning = new AccountsBeginning(folder, accounts, logins);
            var failure = await beginning.EnterAsync(cancellation);
            if (failure is { Kind: not FailureKind.Unavailable } || (failure is not null && folder.Founded is not null))
            {
                return failure;
            }

            if (failure is not null)
            {
                // The accounts of a community that is older than they are begin when their group does.
                cluster.Run(beginning.RunAsync);
            }
        }

        return null;
    }

    private static IDisposable? Send(TelemetrySettings settings, string node)
    {
        var telemetry = Telemetry.Start(settings, node);
        if (telemetry is not null)
        {
            NodeLog.TelemetryOn(NodeLog.Log, settings.Otlp);
        }

        return telemetry;
    }

    private static GroupSettings ToGroupSettings(EffectiveSettings settings) => new()
    {
        CheckpointBytes = settings.Values.Groups.CheckpointBytes,
        Readers = settings.Values.Groups.Readers,
        AnswerDeadline = settings.Values.Groups.AnswerDeadline,
        RetryDelay = settings.Values.Groups.RetryDelay,
        Raft = new RaftSettings { HeartbeatInterval = settings.Values.Groups.Heartbeat, ElectionTimeout = settings.Values.Groups.ElectionTimeout },
    };

    private static PlacementSettings ToPlacement(EffectiveSettings settings) => new()
    {
        Voters = settings.Values.Groups.Voters,
        ReplaceAfter = settings.Values.Groups.ReplaceAfter,
    };

    private static void SayFailure(ActorFailure failure) =>
        NodeLog.ActorFailed(NodeLog.Log, failure.Actor?.Path ?? "shutdown", failure.Answer.ToString(), failure.Cause.Message);

    private static void SayCertificate(string text) => NodeLog.WebCertificateSaid(NodeLog.Log, text);
}
