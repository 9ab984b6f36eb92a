using Cete.Actors;
using Cete.Benchmarks.Fabric;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Membership;
using Cete.Net.Fabric;
using Cete.Ports;
using Cete.Trust;

namespace Cete.Benchmarks.Cluster;

/// <summary>One member without services: the product's membership over a fabric, which hands most of its messages over in memory.</summary>
internal sealed class LightMember : IFabric, IAsyncDisposable
{
    private readonly NodeIdentity _identity;
    private readonly Func<KeyId, KeyId, ReadOnlyMemory<byte>, bool?> _deliver;
    private readonly ActorSystem _actors = new("light", new ActorSystemOptions());
    private readonly TlsFabric _fabric;

    /// <summary>Starts it.</summary>
    /// <param name="identity">Who it is; becomes this one's.</param>
    /// <param name="name">What it calls itself.</param>
    /// <param name="addressesOf">Where real nodes are.</param>
    /// <param name="deliver">Hands a message from one over to another; null where that is a real node.</param>
    public LightMember(
        NodeIdentity identity, string name, Func<KeyId, IReadOnlyList<string>> addressesOf,
        Func<KeyId, KeyId, ReadOnlyMemory<byte>, bool?> deliver)
    {
        (_identity, _deliver) = (identity, deliver);
        var router = new FabricRouter();
        router.OnMessage(FabricTopic.Membership, (peer, body) => Membership?.Take(peer, body));
        var options = EchoPeer.Options(identity, router, addressesOf);
        _fabric = TlsFabric.Start(options).Value;
        Membership = new ClusterMembership(_actors, new MembershipParts
        {
            Settings = MembershipSettings.Lan,
            Signer = identity.Key,
            Certificate = () => identity.Issued.Node,
            Records = new RecordCodec(identity.Community, new RecordSignatures(), leaf => options.Verifier.Verify(leaf, [identity.Issued.Issuing])),
            Fabric = this,
            Facts = new NodeFacts { Name = name, Version = "0", Fabric = [_fabric.Address!.ToString()] },
            Instance = (ulong)Instant.From(TimeProvider.System.GetUtcNow()).Microseconds,
            Seed = BitConverter.ToUInt64(identity.Id.ToArray()),
        });
        router.Watcher = Membership;
    }

    public ClusterMembership Membership { get; }

    public KeyId Self => _identity.Id;

    /// <summary>Meets the community at an address.</summary>
    public async Task JoinAsync(string address)
    {
        Outcome<FabricPeer> met;
        do
        {
            met = await ConnectAsync(address, CancellationToken.None);
        }
        while (met.Failure is { Kind: FailureKind.Unavailable });
        Membership.Join(met.Value.Id);
    }

    public bool Post(KeyId to, FabricTopic topic, ReadOnlySpan<byte> body, FabricLane lane = FabricLane.Control) =>
        _deliver(Self, to, body.ToArray()) ?? _fabric.Post(to, topic, body, lane);

    public Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(
        KeyId to, FabricTopic topic, ReadOnlyMemory<byte> body, TimeSpan deadline, CancellationToken cancellation, FabricLane lane = FabricLane.Control) =>
        _fabric.AskAsync(to, topic, body, deadline, cancellation, lane);

    public Task<Outcome<FabricPeer>> ConnectAsync(string address, CancellationToken cancellation) => _fabric.ConnectAsync(address, cancellation);

    public void Disconnect(KeyId peer, Failure reason) => _fabric.Disconnect(peer, reason);

    public async ValueTask DisposeAsync()
    {
        await _actors.DisposeAsync();
        await _fabric.DisposeAsync();
        _identity.Dispose();
    }
}
