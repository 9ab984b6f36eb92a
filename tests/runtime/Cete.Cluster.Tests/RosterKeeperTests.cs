using System.Buffers.Binary;
using Cete.Cluster.Membership;
using Cete.Cluster.Rosters;
using Cete.Core;
using Cete.Membership;
using Cete.Ports;
using Cete.Trust;

namespace Cete.Cluster.Tests;

public sealed class RosterKeeperTests : IAsyncDisposable
{
    private readonly TestCommunity _community = new();

    public ValueTask DisposeAsync() => _community.DisposeAsync();

    [Fact]
    public void A_newer_roster_is_taken_up_and_an_older_one_is_not()
    {
        var (keeper, other) = (Keeper(_community.NewNode("tracker")), Keeper(_community.NewNode("share")));
        Assert.True(keeper.Publish(Roster(3)).Value);
        var third = keeper.SignedBytes.ToArray();
        Assert.True(keeper.Publish(Roster(4)).Value);
        Assert.True(other.Take(keeper.SignedBytes).Value);
        Assert.False(other.Take(third).Value);
        Assert.Equal(4, other.Facts!.Version);
    }

    [Fact]
    public void Only_a_node_that_keeps_the_roster_may_sign_it()
    {
        var liar = Keeper(_community.NewNode("index", "share"));
        Assert.Equal(FailureKind.Forbidden, liar.Publish(Roster(9)).Failure!.Kind);
        Assert.Null(liar.Facts);
    }

    [Fact]
    public async Task A_roster_of_another_community_is_none()
    {
        await using var others = new TestCommunity();
        var foreign = Keeper(others.NewNode("tracker"), others);
        Assert.True(foreign.Publish(Roster(9, others)).Value);
        Assert.False(Keeper(_community.NewNode("share")).Take(foreign.SignedBytes).Succeeded);
    }

    [Fact]
    public void Who_was_removed_is_refused_and_its_roster_too()
    {
        var removed = _community.NewNode("tracker");
        var keeper = Keeper(_community.NewNode("tracker"));
        keeper.Publish(Roster(5, removed: removed.Id));
        Assert.Contains("removed from the community: sold", keeper.Refuses(removed.Facts)!.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Forbidden, keeper.Verify(removed.Issued.Node).Failure!.Kind);

        var its = Keeper(removed);
        its.Publish(Roster(99));
        Assert.Equal(FailureKind.Forbidden, keeper.Take(its.SignedBytes).Failure!.Kind);
        Assert.Equal(5, keeper.Facts!.Version);
    }

    [Fact]
    public void A_certificate_by_a_key_that_may_issue_no_more_is_refused()
    {
        var keeper = Keeper(_community.NewNode("tracker"));
        var node = _community.NewNode("share");
        Assert.Null(keeper.Refuses(node.Facts));
        keeper.Publish(Roster(5, issuers: false));
        Assert.Contains("may issue none any more", keeper.Refuses(node.Facts)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_bytes_are_never_taken_up()
    {
        var (keeper, other) = (Keeper(_community.NewNode("tracker")), Keeper(_community.NewNode("share")));
        keeper.Publish(Roster(7));
        var prng = new Prng(3);
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = keeper.SignedBytes.ToArray();
            bytes[prng.Next(bytes.Length)] ^= (byte)(1 << prng.Next(8));
            if (other.Take(bytes) is { Succeeded: true, Value: true })
            {
                // A flipped bit in what protobuf skips, or in the encoding of the signature, changes nothing that is said.
                Assert.Equal(7, other.Facts!.Version);
                other = Keeper(_community.NewNode("share"));
            }
        }
    }

    [Fact]
    public void Who_claims_the_greatest_version_and_has_none_keeps_nobody_from_the_newest()
    {
        var keeper = Keeper(_community.NewNode("tracker"));
        keeper.Publish(Roster(7));
        var (self, liar, honest) = (_community.NewNode("share"), _community.NewNode("share"), _community.NewNode("share"));
        var other = Keeper(self);
        var fabric = new RosterFabric(self.Id, to => to == honest.Id ? Outcome.Of(keeper.SignedBytes) : new Failure(FailureKind.Unavailable, "silence"));
        var view = new ClusterView(self.Id, [Member(liar, long.MaxValue), Member(honest, 7)]);
        other.Watch(view, fabric);
        Assert.Equal(7, other.Facts!.Version);
        Assert.Equal([liar.Id, honest.Id], fabric.Asked);

        // The liar is asked again, in case it tells the truth by now, and nobody else is.
        other.Watch(view, fabric);
        Assert.Equal([liar.Id, honest.Id, liar.Id], fabric.Asked);
    }

    private static ClusterMember Member(NodeIdentity node, long version) =>
        new(node.Id, MemberState.Alive, new NodeFacts { RosterVersion = version }, node.Facts, null, 1, 1);

    /// <summary>The version, whether the issuer counts, and who was removed.</summary>
    private byte[] Roster(long version, TestCommunity? community = null, KeyId? removed = null, bool issuers = true)
    {
        var bytes = new byte[9 + KeyId.Size + (removed is null ? 0 : KeyId.Size)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, version);
        bytes[8] = issuers ? (byte)1 : (byte)0;
        (community ?? _community).Id.CopyTo(bytes.AsSpan(9));
        removed?.CopyTo(bytes.AsSpan(9 + KeyId.Size));
        return bytes;
    }

    private RosterKeeper Keeper(NodeIdentity identity, TestCommunity? community = null) => new(new RosterParts
    {
        Identity = () => identity,
        Verifier = new CertificateVerifier((community ?? _community).Id, TimeProvider.System),
        Signatures = new RecordSignatures(),
        Read = bytes => Read(bytes, identity),
        Save = _ => { },
    });

    private static Outcome<RosterFacts> Read(ReadOnlyMemory<byte> bytes, NodeIdentity identity)
    {
        if (bytes.Length < 9 + KeyId.Size)
        {
            return new Failure(FailureKind.Invalid, "it is no roster");
        }

        var removed = new Dictionary<KeyId, string>();
        if (bytes.Length >= 9 + (2 * KeyId.Size))
        {
            removed[new KeyId(bytes.Span.Slice(9 + KeyId.Size, KeyId.Size))] = "sold";
        }

        var issuers = new Dictionary<KeyId, ReadOnlyMemory<byte>>();
        var removedIssuers = new HashSet<KeyId>();
        if (bytes.Span[8] == 1)
        {
            issuers[identity.Facts.Issuer] = identity.Issued.Issuing;
        }
        else
        {
            removedIssuers.Add(identity.Facts.Issuer);
        }

        return new RosterFacts(new KeyId(bytes.Span.Slice(9, KeyId.Size)), BinaryPrimitives.ReadInt64BigEndian(bytes.Span), removed, issuers, removedIssuers);
    }

    /// <summary>Members that answer at once when they are asked for the roster.</summary>
    private sealed class RosterFabric(KeyId self, Func<KeyId, Outcome<ReadOnlyMemory<byte>>> answer) : IFabric
    {
        public KeyId Self => self;

        public List<KeyId> Asked { get; } = [];

        public bool Post(KeyId to, FabricTopic topic, ReadOnlySpan<byte> body, FabricLane lane = FabricLane.Control) => false;

        public Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(
            KeyId to, FabricTopic topic, ReadOnlyMemory<byte> body, TimeSpan deadline, CancellationToken cancellation, FabricLane lane = FabricLane.Control)
        {
            Assert.Equal(FabricTopic.Roster, topic);
            Asked.Add(to);
            return Task.FromResult(answer(to));
        }

        public Task<Outcome<FabricPeer>> ConnectAsync(string address, CancellationToken cancellation) => throw new NotSupportedException();

        public void Disconnect(KeyId peer, Failure reason)
        {
        }
    }
}
