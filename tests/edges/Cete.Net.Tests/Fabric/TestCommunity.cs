using System.Collections.Concurrent;
using System.Net;
using Cete.Core;
using Cete.Net.Fabric;
using Cete.Net.Fabric.Tunnels;
using Cete.Ports;
using Cete.Testing;
using Cete.Trust;

namespace Cete.Net.Tests.Fabric;

/// <summary>A community with real keys, whose nodes know each other's addresses.</summary>
internal sealed class TestCommunity : IAsyncDisposable
{
    private readonly CommunityKey _key;
    private readonly IssuingAuthority _authority;
    private readonly List<TestFabric> _fabrics = [];

    public TestCommunity()
    {
        var now = Instant.From(TimeProvider.System.GetUtcNow());
        _key = CommunityKey.Create("tests", now).Value;
        _authority = _key.CreateAuthority(_key.Id, now).Value;
    }

    public KeyId Id => _key.Id;

    public ConcurrentDictionary<KeyId, string> Addresses { get; } = new();

    /// <summary>Who carries tunnels to a node.</summary>
    public ConcurrentDictionary<KeyId, IReadOnlyList<KeyId>> Relays { get; } = new();

    /// <summary>Starts a node that nobody reaches, which keeps connections with its relays.</summary>
    public async Task<TestFabric> StartHiddenAsync(NodeIdentity? identity = null, params TestFabric[] relays)
    {
        var node = Start(identity);
        Addresses[node.Id] = "127.0.0.1:1";
        Relays[node.Id] = [.. relays.Select(relay => relay.Id)];
        node.Fabric.Keep(Relays[node.Id]);
        await Eventually.TrueAsync(
            () => relays.All(relay => relay.HasDirect(node, FabricLane.Control) && relay.HasDirect(node, FabricLane.Bulk)), "it keeps its connections");
        return node;
    }

    public NodeIdentity NewNode(params string[] roles)
    {
        var (key, now) = (NodeKey.Create(), Instant.From(TimeProvider.System.GetUtcNow()));
        var issued = _authority.Issue(key.CreateSigningRequest(), RoleSet.From(roles).Value, now).Value;
        return NodeIdentity.Accept(key, Id, issued, now).Value;
    }

    public TestFabric Start(NodeIdentity? identity = null, Func<FabricOptions, FabricOptions>? with = null)
    {
        var fabric = new TestFabric(this, identity ?? NewNode("share"), with ?? (options => options));
        Addresses[fabric.Id] = fabric.Address;
        _fabrics.Add(fabric);
        return fabric;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var fabric in _fabrics)
        {
            await fabric.DisposeAsync();
        }

        _authority.Dispose();
        _key.Dispose();
    }
}

/// <summary>A fabric on loopback, and what it heard.</summary>
internal sealed class TestFabric : IFabricWatcher, IAsyncDisposable
{
    private readonly TlsFabric _fabric;

    public TestFabric(TestCommunity community, NodeIdentity identity, Func<FabricOptions, FabricOptions> with)
    {
        Id = identity.Id;
        Router.Watcher = this;
        Router.OnMessage(FabricTopic.Membership, (peer, body) => Heard.Enqueue((peer.Id, body.ToArray())));
        Router.OnRequest(FabricTopic.Echo, (request, _) => new(Outcome.Of(request.Body)));
        Router.OnRequest(FabricTopic.Roster, (_, _) => new(new Failure(FailureKind.Expired, "too old to tell")));
        Router.OnRequest(FabricTopic.Join, (request, _) =>
            new(Outcome.Of<ReadOnlyMemory<byte>>(request.Peer is null ? "welcome"u8.ToArray() : "known"u8.ToArray())));
        Router.OnRequest(FabricTopic.Reachability, async (_, stop) => await new TaskCompletionSource<Outcome<ReadOnlyMemory<byte>>>().Task.WaitAsync(stop));
        Options = with(new FabricOptions
        {
            Self = Id,
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Identity = () => identity,
            Verifier = new CertificateVerifier(community.Id, TimeProvider.System),
            AddressesOf = node => community.Addresses.TryGetValue(node, out var address) ? [address] : [],
            RelaysOf = node => community.Relays.GetValueOrDefault(node, []),
            Router = Router,
            Clock = TimeProvider.System,
        });
        _fabric = TlsFabric.Start(Options).Value;
    }

    public KeyId Id { get; }

    public FabricRouter Router { get; } = new();

    public FabricOptions Options { get; }

    public TlsFabric Fabric => _fabric;

    public string Address => _fabric.Address!.ToString();

    /// <summary>There is a connection with another node that runs through no third.</summary>
    public bool HasDirect(TestFabric other, FabricLane lane) => Direct(other, lane) is not null;

    public FabricConnection? Direct(TestFabric other, FabricLane lane) => ((ITunnelHost)_fabric).Direct(other.Id, lane);

    public ConcurrentQueue<(KeyId From, byte[] Body)> Heard { get; } = new();

    public ConcurrentQueue<(string What, KeyId Peer, string? Why)> Events { get; } = new();

    public void OnConnected(FabricPeer peer) => Events.Enqueue(("connected", peer.Id, null));

    public void OnDisconnected(KeyId peer, Failure? failure) => Events.Enqueue(("disconnected", peer, failure?.Message));

    public void OnUnreachable(KeyId peer, Failure failure) => Events.Enqueue(("unreachable", peer, failure.Message));

    public ValueTask DisposeAsync() => _fabric.DisposeAsync();
}
