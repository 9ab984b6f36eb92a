using System.Net;
using System.Security.Cryptography;
using Cete.Accounts;
using Cete.App.Compose.Caching;
using Cete.App.Output;
using Cete.Bank;
using Cete.Cluster;
using Cete.Cluster.Health;
using Cete.Cluster.Membership;
using Cete.Cluster.Placement;
using Cete.Cluster.Rosters;
using Cete.Configuration;
using Cete.Core;
using Cete.Described;
using Cete.Groups;
using Cete.Index;
using Cete.Index.Moderation;
using Cete.Index.Swarms;
using Cete.Membership;
using Cete.Net.Fabric;
using Cete.Net.Fabric.Reach;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Ports.Payments;
using Cete.Storage;
using Cete.Tracker;
using Cete.Tracker.Joining;
using Cete.Trust;
using Cete.Trust.Tickets;

namespace Cete.App.Compose.Community;

/// <summary>A node's part in its community: the fabric, the membership, the roster; on a node that keeps the roster, the desk that lets others in.</summary>
internal sealed class NodeCluster : IAsyncDisposable
{
    private static readonly TimeSpan LeaveDeadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan TicketDeadline = TimeSpan.FromSeconds(3);
    private readonly Node _node;
    private readonly ISettings<PlacementSettings> _placement;
    private readonly TrustFolder _folder;
    private readonly TlsFabric _fabric;
    private readonly RosterKeeper _roster;
    private readonly IdentityHolder _identity;
    private readonly FabricRouterDesk _desk;
    private readonly Renewing _renewing;
    private readonly RosterNews _news;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Meeting _meeting;
    private readonly List<Task> _tasks = [];

    /// <summary>Where news of what was taken down was lost, it is looked at again after so long.</summary>
    private static readonly TimeSpan TakenDownWait = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan TakenDownPause = TimeSpan.FromSeconds(1);

    private NodeCluster(
        Node node, ISettings<PlacementSettings> placement, TrustFolder folder, TlsFabric fabric, RosterKeeper roster, IdentityHolder identity,
        ClusterMembership membership, FabricRouterDesk desk,
        CertificateVerifier verifier)
    {
        (_folder, _fabric, _roster, _identity, Membership, _desk) = (folder, fabric, roster, identity, membership, desk);
        (_node, _placement) = (node, placement);
        _news = new RosterNews(membership, identity.Current.Facts.Roles.Contains(RosterKeeper.SignerRole));
        PeerDoor = new PeerTlsDoor(verifier.Community, () => identity.Current, verifier, roster.Refuses);
        Tickets = new TicketVerifier(verifier, id => Membership.View.Find(id)?.Certificate, roster.Refuses, TimeProvider.System);
        _renewing = new Renewing(new RenewingParts(folder, fabric, membership, identity, roster, verifier, desk));
        _meeting = new Meeting(folder, fabric, membership, _renewing.OnRefused);
    }

    /// <summary>Who is there.</summary>
    public ClusterMembership Membership { get; }

    /// <summary>Contents that moderators took down, as this node knows it.</summary>
    public Blocklist TakenDown { get; } = new();

    /// <summary>Where the fabric listens.</summary>
    public string Address => _fabric.Address!.ToString();

    public NodeIdentity Identity => _identity.Current;

    /// <summary>The way into the http port for other nodes and for agents.</summary>
    public PeerTlsDoor PeerDoor { get; }

    /// <summary>Tells which tickets count here.</summary>
    public TicketVerifier Tickets { get; }

    /// <summary>Signs as this node.</summary>
    public ISigner Signer => new CurrentSigner(_identity);

    /// <summary>Connections with other nodes.</summary>
    public int Connections => _fabric.Connections;

    /// <summary>The newest roster that is known here.</summary>
    public long RosterVersion => _roster.Facts?.Version ?? 0;

    /// <summary>Whether a key is that of a node which is, or was, one of the community, as far as this one knows.</summary>
    public bool IsNode(KeyId key) =>
        key == Identity.Id || (_roster.Facts is { } facts && (facts.Roles.ContainsKey(key) || facts.Removed.ContainsKey(key)));

    /// <summary>Why the last try to renew the certificate failed; null when it did not.</summary>
    public Failure? RenewalFailure => _renewing.Failure;

    /// <summary>Why this node meets nobody; null when it does, or when nobody is there.</summary>
    public Failure? MeetingRefusal => _meeting.Refusal;

    /// <summary>Starts it: from then on others see this node.</summary>
    /// <param name="folder">Keys and certificates.</param>
    /// <param name="node">Where its actors live.</param>
    /// <param name="identity">Who it is; becomes this one's.</param>
    /// <param name="settings">Of its fabric port.</param>
    /// <param name="placement">How its groups are placed.</param>
    /// <param name="facts">What it says of itself, but for where its fabric is.</param>
    /// <param name="fail">Is told why this node must stop.</param>
    public static Outcome<NodeCluster> Start(
        TrustFolder folder, Node node, IdentityHolder identity, FabricSettings settings, ISettings<PlacementSettings> placement,
        Cete.Cluster.Membership.NodeFacts facts, Action<Failure> fail)
    {
        var clock = TimeProvider.System;
        var verifier = new CertificateVerifier(identity.Current.Community, clock);
        var signatures = new RecordSignatures();
        var roster = new RosterKeeper(new RosterParts
        {
            Identity = () => identity.Current,
            Verifier = verifier,
            Signatures = signatures,
            Read = TrackerRoster.Read,
            Save = bytes => Say(folder.Write(TrustFolder.Roster, bytes.Span)),
        });
        var router = new FabricRouter();
        var desk = new FabricRouterDesk();
        ClusterMembership? membership = null;

        // Before the fabric listens: what comes earlier than the membership is there is let go, as if it had been lost.
        router.OnMessage(FabricTopic.Membership, (peer, body) => membership?.Take(peer, body));
        router.OnRequest(FabricTopic.Roster, (request, _) => new(roster.Answer(request.Body)));
        router.OnMessage(FabricTopic.Consensus, node.Replicas.Take);
        router.OnRequest(FabricTopic.Group, node.Replicas.AnswerAsync);
        router.OnRequest(FabricTopic.Echo, (request, _) => new(Outcome.Of(request.Body)));
        router.OnRequest(FabricTopic.Clock, (_, _) => new(ClockSurvey.Answer(clock)));
        desk.Map(router, () => membership?.View ?? new ClusterView(identity.Current.Id, []));
        var options = new FabricOptions
        {
            Self = identity.Current.Id,
            Listen = settings.Listen,
            Identity = () => identity.Current,
            Verifier = verifier,
            Refuses = roster.Refuses,
            AddressesOf = id => membership?.View.Find(id)?.Facts.Fabric ?? [],
            RelaysOf = id => membership?.View.Find(id)?.Facts is { Reachability: Reachability.None } known ? known.Via : [],
            Router = router,
            Clock = clock,
            Version = facts.Version,
            ConnectionsMax = settings.ConnectionsMax,
        };
        router.OnRequest(FabricTopic.Reachability, new ReachDesk(options).AnswerAsync);
        var fabric = Listen(options, settings);
        if (!fabric.Succeeded)
        {
            return fabric.Failure;
        }

        var instance = (ulong)Instant.From(clock.GetUtcNow()).Microseconds;
        membership = new ClusterMembership(node.Actors, new MembershipParts
        {
            Settings = Preset(settings.Preset),
            Signer = new CurrentSigner(identity),
            Certificate = () => identity.Current.Issued.Node,
            Records = new RecordCodec(identity.Current.Community, signatures, roster.Verify),
            Fabric = fabric.Value,
            Facts = facts with { Fabric = settings.Advertise.Count > 0 ? settings.Advertise : LocalAddresses.Of(fabric.Value.Address!) },
            Instance = instance,
            Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
            OnRemembered = known => Remember(node.Replicas, known),
            OnExchanged = node.Replicas.Vouch,
            OnClash = other => Clash(identity.Current.Id, isLater: instance > other, fail),
        });
        router.Watcher = new ConnectionNews(membership, node.Replicas);
        node.Replicas.Attach(fabric.Value, group => ReplicasOf(group, membership.View));
        var cluster = new NodeCluster(node, placement, folder, fabric.Value, roster, identity, membership, desk, verifier);
        cluster.Begin();
        return cluster;
    }

    private static IReadOnlyList<KeyId> ReplicasOf(GroupId group, ClusterView view) =>
    [
        .. view.Present
            .Where(member => member.Certificate.Roles.Contains(group.Name) && member.Facts.Groups.Any(claim => claim.Group == group.Name))
            .Select(member => member.Id),
    ];

    private static Outcome<TlsFabric> Listen(FabricOptions options, FabricSettings settings)
    {
        var fabric = TlsFabric.Start(options);

        // Another node of this machine has it. Nobody asked for this port, and others learn of any.
        return fabric.Failure is { Kind: FailureKind.Conflict } && settings.Listen.Equals(FabricSettings.DefaultListen)
            ? TlsFabric.Start(options with { Listen = new IPEndPoint(settings.Listen.Address, 0) })
            : fabric;
    }

    /// <summary>Goes on with what needs the node's groups to be ready.</summary>
    public async Task<Outcome<bool>> OpenAsync(TrackerService? tracker, IssuingAuthority? authority, CancellationToken cancellation)
    {
        if (tracker is not null)
        {
            var self = new Asker(Identity.Id.ToString(), [RosterKeeper.SignerRole]);
            var keys = new IssuingKeys(new IssuingParts(
                _folder, _identity, tracker, () => _node.Groups.First(group => group.Id == TrackerService.Name).Status, () => Membership.View, _fabric,
                mine => _desk.Desk = new JoinDesk(tracker, mine, self, () => _roster.SignedBytes, TimeProvider.System)));
            _desk.Keys = keys;
            _desk.Groups = new GroupDesk(tracker);
            keys.Begin(authority);
            _tasks.Add(keys.RunAsync(_stopping.Token));
            var pruning = new Cete.Tracker.Pruning(tracker, self, TimeProvider.System, failure => NodeLog.PruningFailed(NodeLog.Log, failure.Message));
            _tasks.Add(pruning.RunAsync(_stopping.Token));
            var publisher = new RosterPublisher(tracker, _roster);
            var published = await publisher.PublishAsync(cancellation);
            if (published.Failure is { Kind: not FailureKind.Unavailable })
            {
                return published.Failure;
            }

            _tasks.Add(publisher.RunAsync(_stopping.Token));
        }

        var placement = new PlacementDriver(
            _node, () => Membership.View, () => _roster.Facts?.Removed.Keys.ToHashSet() ?? [], OwnerOf, () => _placement.Current, TimeProvider.System,
            SayPlacement);
        _tasks.Add(placement.RunAsync(_stopping.Token));
        _tasks.Add(new LateFounding(_node, () => Membership.View, () => Identity.Facts.Roles, _fabric, tracker).RunAsync(_stopping.Token));
        _tasks.Add(_renewing.RunAsync(_stopping.Token));
        _tasks.Add(_news.RunAsync(_stopping.Token));
        _tasks.Add(new Reaching(_fabric, Membership).RunAsync(_stopping.Token));
        return true;
    }

    /// <summary>Has a node follow the community's accounts, and answer others about them where it keeps them.</summary>
    public void Serve(NodeAccounts accounts)
    {
        var name = AccountsService.Name;
        if (accounts.Service is { } service)
        {
            var self = new Asker(Identity.Id.ToString(), [AccountsMachine.AccountsRole]);
            _desk.Accounts = new AccountsDesk(service, TimeProvider.System);
            _tasks.Add(new Cete.Accounts.Pruning(service, self, TimeProvider.System, SayPruning).RunAsync(_stopping.Token));
        }

        accounts.Follow(
            _fabric, () => ReplicasOf(name, Membership.View), () => _roster.Facts?.Roles.Values.Any(roles => roles.Contains(name.Name)) == true);
    }

    /// <summary>Has a node answer others about the community's bank, and look after it, where it keeps it; and know what it asks of it elsewhere.</summary>
    public NodeBank Serve(BankService? bank)
    {
        if (bank is not null)
        {
            _desk.Bank = new BankDesk(bank, Identity.Id);
            _tasks.Add(new BankKeeper(
                bank, Identity.Key, TimeProvider.System, failure => NodeLog.BankNotKept(NodeLog.Log, failure.Message)).RunAsync(_stopping.Token));
        }

        var remote = new RemoteBank(_fabric, () => ReplicasOf(BankService.Name, Membership.View));
        var kept = new NodeBank(bank, remote, Identity.Id, Identity.Community, () => OwnerOf(Identity.Id));
        _tasks.Add(kept.RunAsync(() => _roster.Facts?.Roles.Values.Any(roles => roles.Contains(BankService.Name.Name)) == true, _stopping.Token));
        return kept;
    }

    /// <summary>Has a node see to what described services have to do by themselves, where it keeps them.</summary>
    public void Serve(DescribedService? services, IServiceBank bank)
    {
        if (services is not null)
        {
            services.Bank = bank;
            _tasks.Add(new ServicesKeeper(
                services, Identity.Id, TimeProvider.System, failure => NodeLog.ServicesNotKept(NodeLog.Log, failure.Message)).RunAsync(_stopping.Token));
        }
    }

    /// <summary>Has a node that keeps the index plan swarms, or pass on to the one that does.</summary>
    public SwarmService Serve(IndexService index)
    {
        var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        return _desk.Swarms = new SwarmService(
            index, new SwarmRegistry(Identity.Community, TimeProvider.System, seed), _fabric, Identity.Community, OthersWithIndex,
            root => TakenDown.Refuse(root));
    }

    /// <summary>Has a node know which contents were taken down, and tell others where it keeps the index.</summary>
    public void FollowTakenDown(IndexService? index)
    {
        if (index is not null)
        {
            _desk.TakenDown = new TakenDownDesk(index, TimeProvider.System);
            _tasks.Add(TakenDown.FollowAsync(
                index.Local.TakenDownSinceAsync, stop => TakenDownDesk.WaitAsync(index, TimeProvider.System, TakenDownWait, stop), _stopping.Token));
            return;
        }

        // Whoever is asked waits for news itself; the pause is for when nobody answers.
        var remote = new RemoteTakenDown(_fabric, () => ReplicasOf(IndexService.Name, Membership.View));
        _tasks.Add(TakenDown.FollowAsync(remote.SinceAsync, stop => Task.Delay(TakenDownPause, TimeProvider.System, stop), _stopping.Token));
    }

    /// <summary>The swarms as this node takes part in them.</summary>
    public RemoteSwarms Swarms => new(_fabric, OthersWithIndex, Identity.Community, () => _desk.Swarms);

    private IReadOnlyList<KeyId> OthersWithIndex() => [.. ReplicasOf(IndexService.Name, Membership.View).Where(node => node != Identity.Id)];

    /// <summary>Has a node that keeps the index tell caches what people ask for.</summary>
    public void Serve(WantedDesk desk) => _desk.Wanted = desk;

    /// <summary>Has a node that keeps the accounts make tickets for caches.</summary>
    public void Serve(TicketDesk desk) => _desk.Tickets = desk;

    /// <summary>A ticket for this node's key.</summary>
    public async Task<Outcome<string>> TicketAsync(Hash256 content, CancellationToken cancellation)
    {
        if (_desk.Tickets is { } here)
        {
            return here.Issue(content, Identity.Id).ToString();
        }

        var failure = new Failure(FailureKind.Unavailable, "no node that keeps the accounts is to be reached for a ticket");
        foreach (var node in ReplicasOf(AccountsService.Name, Membership.View).Where(node => node != Identity.Id).Take(3))
        {
            var answer = await _fabric.AskAsync(node, FabricTopic.Ticket, content.ToArray(), TicketDeadline, cancellation);
            if (answer.Succeeded)
            {
                return System.Text.Encoding.ASCII.GetString(answer.Value.Span);
            }

            failure = answer.Failure;
        }

        return failure;
    }

    /// <summary>Whether a key is that of a node which the community has as a cache now.</summary>
    public bool IsCache(KeyId key) =>
        _roster.Facts is { } facts && !facts.Removed.ContainsKey(key) && facts.Roles.TryGetValue(key, out var roles) && roles.Contains(RemoteSwarms.CacheRole);

    /// <summary>Has something run until the node stops.</summary>
    public void Run(Func<CancellationToken, Task> run) => _tasks.Add(run(_stopping.Token));

    /// <summary>Asks other members what time it is there.</summary>
    public Task<IReadOnlyList<ClockOffset>> CompareClocksAsync(CancellationToken cancellation) =>
        ClockSurvey.AskAsync(Membership.View, _fabric, TimeProvider.System, cancellation);

    /// <summary>Tells the others that this node goes.</summary>
    public Task LeaveAsync() => Membership.LeaveAsync(LeaveDeadline, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_tasks);
        _desk.Keys?.Dispose();
        await _fabric.DisposeAsync();
        _stopping.Dispose();
    }

    private void Begin()
    {
        var saved = _folder.Read(TrustFolder.Roster);
        if (saved is { Succeeded: true, Value: { } bytes } && _roster.Take(bytes) is { Succeeded: false, Failure: var failure })
        {
            NodeLog.RosterRefused(NodeLog.Log, failure.Message);
        }

        _roster.Changed = TakeRoster;
        if (_roster.Facts is { } known)
        {
            TakeRoster(known);
        }

        Membership.Watch(view => _roster.Watch(view, _fabric));
        var news = new MemberNews();
        Membership.Watch(news.Take);
        _tasks.Add(news.RunAsync(_stopping.Token));
        _tasks.Add(new GroupNews(_node, () => Membership.View).RunAsync(_stopping.Token));

        // Beside what else has to start: for others a node is there as soon as it is met.
        _tasks.Add(Task.Run(() => _meeting.RunAsync(_stopping.Token)));
    }

    private void TakeRoster(RosterFacts roster)
    {
        Membership.Remove(roster.Removed.Keys.ToHashSet());
        foreach (var (removed, reason) in roster.Removed)
        {
            _fabric.Disconnect(removed, Removed(reason));
        }

        _news.Take(roster);
        _renewing.Wake();
    }

    /// <summary>What an earlier start of this node said that its replicas hold: should they hold less, its folder is an old copy.</summary>
    private static void Remember(NodeGroups replicas, Cete.Cluster.Membership.NodeFacts known)
    {
        foreach (var claim in known.Groups.Where(claim => claim.DurableTerm > 0))
        {
            replicas.Remember(GroupId.Of(claim.Group), claim.Lineage, claim.DurableTerm, claim.DurableIndex, claim.HasForgotten);
        }
    }

    private string OwnerOf(KeyId node) => _roster.Facts?.Owners.GetValueOrDefault(node) ?? string.Empty;

    /// <summary>That there is no root yet, or no accounts, is nothing to worry about.</summary>
    private static void SayPruning(Failure failure)
    {
        if (failure.Kind != FailureKind.Unavailable)
        {
            NodeLog.PruningFailed(NodeLog.Log, failure.Message);
        }
    }

    private static void SayPlacement(GroupId group, PlacementStep step) =>
        NodeLog.Placed(NodeLog.Log, group.Name, step is PlacementStep.HandOver handOver ? $"handing over to {handOver.To}" : $"the members are to be {((PlacementStep.Change)step).Members}");

    private static Failure Removed(string reason) =>
        new(FailureKind.Forbidden, $"this node was removed from the community{(reason.Length > 0 ? $": {reason}" : string.Empty)}");

    private static MembershipSettings Preset(string name) => name switch
    {
        "local" => MembershipSettings.Local,
        "lan" => MembershipSettings.Lan,
        _ => MembershipSettings.Wan,
    };

    /// <summary>Of two processes with one key the later one stops: the other may have served for months.</summary>
    private static void Clash(KeyId node, bool isLater, Action<Failure> fail)
    {
        if (isLater)
        {
            fail(new Failure(
                FailureKind.Conflict,
                $"another process runs as node {node} since before this one; stop it, or give this one a data folder of its own, made by another token"));
        }
        else
        {
            NodeLog.Twin(NodeLog.Log, node.ToString());
        }
    }

    private static void Say(Failure? failure)
    {
        if (failure is not null)
        {
            NodeLog.TrustFileFailed(NodeLog.Log, failure.Message);
        }
    }
}
