using System.Net;
using Cete.Actors;
using Cete.Cluster.Membership;
using Cete.Cluster.Servers;
using Cete.Core;
using Cete.Membership;
using Cete.Net.Fabric;
using Cete.Ports;
using Cete.Trust;

namespace Cete.Cluster.Tests;

/// <summary>A community of nodes with real keys that meet over real sockets.</summary>
internal sealed class TestCommunity : IAsyncDisposable
{
    private readonly CommunityKey _key;
    private readonly IssuingAuthority _authority;
    private readonly List<TestMember> _members = [];
    private ulong _instances;

    public TestCommunity()
    {
        var now = Instant.From(TimeProvider.System.GetUtcNow());
        _key = CommunityKey.Create("tests", now).Value;
        _authority = _key.CreateAuthority(_key.Id, now).Value;
    }

    public KeyId Id => _key.Id;

    public IReadOnlyList<TestMember> Members => _members;

    public NodeIdentity NewNode(params string[] roles)
    {
        var (key, now) = (NodeKey.Create(), Instant.From(TimeProvider.System.GetUtcNow()));
        return NodeIdentity.Accept(key, Id, _authority.Issue(key.CreateSigningRequest(), RoleSet.From(roles).Value, now).Value, now).Value;
    }

    /// <summary>Starts a node; all but the first join by the first.</summary>
    public async Task<TestMember> StartAsync(NodeIdentity? identity = null, NodeFacts? facts = null)
    {
        var member = new TestMember(this, identity ?? NewNode("index"), facts ?? new NodeFacts { Name = $"node {_members.Count}" }, ++_instances);
        if (_members.FirstOrDefault() is { } first)
        {
            await member.JoinAsync(first);
        }

        _members.Add(member);
        return member;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        _authority.Dispose();
        _key.Dispose();
    }
}

/// <summary>One node's fabric and membership.</summary>
internal sealed class TestMember : IAsyncDisposable
{
    private readonly ActorSystem _system = new("test", new ActorSystemOptions());
    private readonly TlsFabric _fabric;

    public TestMember(TestCommunity community, NodeIdentity identity, NodeFacts facts, ulong instance)
    {
        Identity = identity;
        var verifier = new CertificateVerifier(community.Id, TimeProvider.System);
        var router = new FabricRouter();
        router.OnMessage(FabricTopic.Membership, (peer, body) => Membership?.Take(peer, body));
        _fabric = TlsFabric.Start(new FabricOptions
        {
            Self = identity.Id,
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Identity = () => identity,
            Verifier = verifier,
            AddressesOf = node => Membership?.View.Find(node)?.Facts.Fabric ?? [],
            Router = router,
            Clock = TimeProvider.System,
        }).Value;
        Records = new RecordCodec(community.Id, new RecordSignatures(), leaf => verifier.Verify(leaf, [identity.Issued.Issuing]));
        Membership = new ClusterMembership(_system, new MembershipParts
        {
            Settings = MembershipSettings.Local,
            Signer = identity.Key,
            Certificate = () => identity.Issued.Node,
            Records = Records,
            Fabric = _fabric,
            Facts = facts with { Fabric = [_fabric.Address!.ToString()] },
            Instance = instance,
            Seed = instance,
            OnClash = other => Clash = other,
        });
        router.Watcher = Membership;
    }

    public NodeIdentity Identity { get; }

    public KeyId Id => Identity.Id;

    public RecordCodec Records { get; }

    public ClusterMembership Membership { get; }

    public TlsFabric Fabric => _fabric;

    public ulong? Clash { get; private set; }

    public IEnumerable<KeyId> Present => Membership.View.Present.Select(member => member.Id);

    public ServerList Servers => ServerList.Make(Membership.View);

    public async Task JoinAsync(TestMember other)
    {
        var met = await _fabric.ConnectAsync(other._fabric.Address!.ToString(), TestContext.Current.CancellationToken);
        Membership.Join(met.Value.Id);
    }

    public async ValueTask DisposeAsync()
    {
        await _fabric.DisposeAsync();
        await _system.StopAsync();
    }
}
