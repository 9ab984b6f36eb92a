using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Membership;
using Cete.Ports;
using Cete.Testing;
using Google.Protobuf;

namespace Cete.Cluster.Tests;

public sealed class ClusterMembershipTests : IAsyncDisposable
{
    private readonly TestCommunity _community = new();

    public ValueTask DisposeAsync() => _community.DisposeAsync();

    [Fact]
    public async Task Sixteen_nodes_meet_by_one_and_see_one_go()
    {
        for (var i = 0; i < 16; i++)
        {
            await _community.StartAsync();
        }

        await EverybodySeesAsync(16);
        var gone = _community.Members[5];
        await gone.DisposeAsync();
        await Eventually.TrueAsync(
            () => _community.Members.Where(member => member != gone).All(member => member.Membership.View.Find(gone.Id)!.State == MemberState.Dead),
            "all see that one is gone");
        Assert.All(
            _community.Members.Where(member => member != gone),
            member => Assert.Equal(15, member.Present.Count()));
    }

    [Fact]
    public async Task A_node_that_leaves_says_so()
    {
        for (var i = 0; i < 4; i++)
        {
            await _community.StartAsync();
        }

        await EverybodySeesAsync(4);
        var leaving = _community.Members[2];
        await leaving.Membership.LeaveAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        await Eventually.TrueAsync(
            () => _community.Members.Where(member => member != leaving).All(member => member.Membership.View.Find(leaving.Id)!.State == MemberState.Left),
            "all see that it left");
    }

    [Fact]
    public async Task What_a_node_says_of_itself_reaches_all_and_makes_one_list_of_servers()
    {
        for (var i = 0; i < 5; i++)
        {
            await _community.StartAsync();
        }

        await EverybodySeesAsync(5);
        var (root, busy) = (_community.Members[3], _community.Members[0]);
        foreach (var member in _community.Members)
        {
            var isRoot = member == root;
            member.Membership.Change(facts => facts with
            {
                Load = member == busy ? 900 : 100,
                Groups =
                [
                    new GroupClaim("index", 3, isRoot, 10, 1) { Votes = true, Follows = root.Id },
                    new GroupClaim("bank", 99, true, 1, 1) { Votes = true, Follows = member.Id },
                ],
            });
        }

        await Eventually.TrueAsync(
            () => _community.Members.Select(member => member.Servers.Version).Distinct().Count() == 1
                && _community.Members[0].Servers.Services.Count == 1 && _community.Members[0].Servers.Services[0].Servers.Count == 5
                && _community.Members[0].Servers.Services[0].Servers[0].IsRoot,
            "all have the same list");
        var servers = Assert.Single(_community.Members[1].Servers.Services);

        // Nobody has the role "bank", so nobody is believed to serve it.
        Assert.Equal("index", servers.Service);
        Assert.Equal(root.Id, servers.Servers[0].Node);
        Assert.Equal(busy.Id, servers.Servers[^1].Node);
        Assert.True(servers.Servers[^1].IsOverloaded);
    }

    [Fact]
    public async Task A_removed_node_is_seen_no_more()
    {
        for (var i = 0; i < 3; i++)
        {
            await _community.StartAsync();
        }

        await EverybodySeesAsync(3);
        var removed = _community.Members[2];
        foreach (var member in _community.Members.Where(member => member != removed))
        {
            member.Membership.Remove(new HashSet<KeyId> { removed.Id });
            member.Fabric.Disconnect(removed.Id, new Failure(FailureKind.Forbidden, "removed"));
        }

        await Eventually.TrueAsync(
            () => _community.Members.Where(member => member != removed).All(member => member.Membership.View.Find(removed.Id) is null), "it is gone");
    }

    [Fact]
    public async Task Two_processes_with_one_key_find_out_which_is_the_later()
    {
        var identity = _community.NewNode("index");
        await _community.StartAsync();
        await _community.StartAsync();
        var earlier = await _community.StartAsync(identity);
        await EverybodySeesAsync(3);
        var later = await _community.StartAsync(identity);
        await Eventually.TrueAsync(() => earlier.Clash is not null || later.Clash is not null, "the clash was found");
        Assert.True(earlier.Clash is null or 4);
        Assert.True(later.Clash is null or 3);
    }

    [Fact]
    public async Task Messages_and_records_of_any_bytes_are_no_harm()
    {
        var member = await _community.StartAsync();
        var peer = new FabricPeer(_community.NewNode("index").Id, RoleSet.Empty);
        var prng = new Prng(11);
        var record = member.Records.Sign(member.Identity.Key, member.Identity.Issued.Node, 9, 9, false, new NodeFacts());
        var good = MembershipCodec.Write(new MembershipMessage.Gossip([new MemberUpdate(record, MemberState.Alive, member.Id)]));
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = i % 2 == 0 ? new byte[prng.Next(200)] : (byte[])good.Clone();
            if (i % 2 == 0)
            {
                prng.Fill(bytes);
            }
            else
            {
                bytes[prng.Next(bytes.Length)] ^= (byte)(1 << prng.Next(8));
            }

            member.Membership.Take(peer, bytes);
        }

        await _community.StartAsync();
        await EverybodySeesAsync(2);
    }

    [Fact]
    public void A_record_that_another_signed_or_that_says_too_much_is_refused()
    {
        var (one, other) = (_community.NewNode("index"), _community.NewNode("index"));
        var verifier = new Trust.CertificateVerifier(_community.Id, TimeProvider.System);
        var records = new RecordCodec(_community.Id, new Trust.RecordSignatures(), leaf => verifier.Verify(leaf, [one.Issued.Issuing]));

        Assert.True(Read(records.Sign(one.Key, one.Issued.Node, 1, 1, false, new NodeFacts())).Count == 1);
        Assert.Empty(Read(records.Sign(one.Key, other.Issued.Node, 1, 1, false, new NodeFacts())));
        Assert.Empty(Read(records.Sign(one.Key, one.Issued.Node, 1, 1, false, new NodeFacts { Name = new string('x', 65) })));
        Assert.Empty(Read(records.Sign(one.Key, one.Issued.Node, 1, 1, false, new NodeFacts { Fabric = ["a:1", "b:1", "c:1", "d:1", "e:1"] })));
        Assert.Empty(Read(records.Sign(one.Key, one.Issued.Node, 1, 1, false, new NodeFacts { Via = [one.Id, one.Id, one.Id, one.Id] })));
        Assert.Empty(Read(records.Sign(one.Key, one.Issued.Node, 1, 1, false, new NodeFacts { Groups = [new GroupClaim("../x", 1, true, 1, 1)] })));
        var facts = records.Facts(Read(records.Sign(one.Key, one.Issued.Node, 1, 1, false, new NodeFacts
        {
            Name = "a\u202eb",
            Http = ["javascript:alert(1)", "http://10.0.0.1:1/", "https://user:pw@host/"],
            Reachability = Reachability.None,
            Via = [other.Id, one.Id],
        }))[0].Record).Value.Facts;
        Assert.Equal((Reachability.None, 2, other.Id), (facts.Reachability, facts.Via.Count, facts.Via[0]));
        Assert.Equal("http://10.0.0.1:1/", Assert.Single(facts.Http));
        Assert.DoesNotContain('\u202e', facts.Name);

        IReadOnlyList<MemberUpdate> Read(MemberRecord record) => MembershipCodec.Read(
            MembershipCodec.Write(new MembershipMessage.Gossip([new MemberUpdate(record, MemberState.Alive, one.Id)])),
            new RecordCodec(_community.Id, new Trust.RecordSignatures(), leaf => verifier.Verify(leaf, [one.Issued.Issuing]))).Value.Updates;
    }

    [Fact]
    public void A_record_of_an_older_or_newer_node_says_nothing_of_being_reached()
    {
        var identity = _community.NewNode("index");
        var verifier = new Trust.CertificateVerifier(_community.Id, TimeProvider.System);
        foreach (var record in new[] { new Proto.NodeRecord(), new Proto.NodeRecord { Reachability = 77 } })
        {
            record.Node = ByteString.CopyFrom(identity.Id.ToArray());
            var bytes = record.ToByteArray();
            var records = new RecordCodec(_community.Id, new Trust.RecordSignatures(), leaf => verifier.Verify(leaf, [identity.Issued.Issuing]));
            var read = records.Read(new Proto.SignedRecord
            {
                Record = ByteString.CopyFrom(bytes),
                Signature = ByteString.CopyFrom(identity.Key.Sign("member-record", _community.Id, bytes)),
                Certificate = ByteString.CopyFrom(identity.Issued.Node.Span),
            });
            var facts = records.Facts(read.Value).Value.Facts;
            Assert.Equal(Reachability.Unknown, facts.Reachability);
            Assert.Empty(facts.Via);
        }
    }

    private Task EverybodySeesAsync(int count) => Eventually.TrueAsync(
        () => _community.Members.All(member => member.Present.Count() == count), $"all see {count} members");
}
