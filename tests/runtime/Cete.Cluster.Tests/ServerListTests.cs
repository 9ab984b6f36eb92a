using Cete.Cluster.Membership;
using Cete.Cluster.Servers;
using Cete.Core;
using Cete.Membership;
using Cete.Trust;

namespace Cete.Cluster.Tests;

/// <summary>The server list as it is made of what nodes say of themselves, some of which may lie.</summary>
public sealed class ServerListTests
{
    [Fact]
    public void A_node_serves_only_what_its_certificate_allows()
    {
        var list = List(
            Member(1, ["index"], Votes(3, 1)),
            Member(2, ["share"], Votes(9, 2), new GroupClaim("bank", 1, IsRoot: true, 1, 1)));
        var service = Assert.Single(list.Services);
        Assert.Equal(("index", Key(1), true), (service.Service, Assert.Single(service.Servers).Node, service.Servers[0].IsRoot));
    }

    [Fact]
    public void Of_two_roots_the_one_of_the_newest_term_is()
    {
        // The third voter has heard of the new one, the first not of its end.
        var list = List(
            Member(1, ["index"], Votes(3, 1)), Member(2, ["index"], Votes(4, 2)), Member(3, ["index"], Votes(4, 2)),
            Member(4, ["index"], new GroupClaim("index", 5, IsRoot: false, 9, 1)));
        Assert.Equal([Key(2)], Roots(list));
        Assert.Equal(Key(2), list.Services[0].Servers[0].Node);
    }

    [Fact]
    public void Nobody_is_the_root_by_its_own_word()
    {
        // One that votes and one that does not say that they are, in terms that nobody else knows of, and name each other.
        var list = List(
            Member(1, ["index"], Votes(3, 1)), Member(2, ["index"], Votes(3, 1) with { IsRoot = false }),
            Member(3, ["index"], Votes(9, 3) with { Follows = Key(4) }),
            Member(4, ["index"], Votes(9, 4) with { Votes = false }), Member(5, ["index"], Votes(3, 1)));
        Assert.Equal([Key(1)], Roots(list));

        // Too few follow it still: it was cut off from the others, who know nobody yet.
        Assert.Empty(Roots(List(Member(1, ["index"], Votes(3, 1)), Member(2, ["index"], Votes(4, 0)), Member(3, ["index"], Votes(4, 0)))));

        // Those who are gone have no say.
        var gone = Member(2, ["index"], Votes(3, 0)) with { State = MemberState.Dead };
        Assert.Equal([Key(1)], Roots(List(Member(1, ["index"], Votes(3, 1)), gone)));
    }

    [Fact]
    public void The_overloaded_come_last_and_the_gone_not_at_all()
    {
        var claim = new GroupClaim("index", 3, IsRoot: false, 10, 1);
        var busy = Member(1, ["index"], claim);
        busy = busy with { Facts = busy.Facts with { Load = ServerList.OverloadedFrom } };
        var gone = Member(2, ["index"], claim) with { State = MemberState.Dead };
        var list = List(busy, gone, Member(3, ["index"], claim), Member(4, ["index"], claim) with { State = MemberState.Left });
        Assert.Equal([Key(3), Key(1)], list.Services[0].Servers.Select(server => server.Node));
    }

    [Fact]
    public void The_version_says_what_the_list_says_whoever_makes_it()
    {
        var claim = Votes(3, 1);
        var (one, other) = (Member(1, ["index"], claim), Member(2, ["share"]));
        var version = List(one, other).Version;

        // How it is measured from here, how far a replica is and how busy a node is say nothing of where to go.
        Assert.Equal(version, List(one with { RoundTrip = TimeSpan.FromSeconds(1), Incarnation = 9 }, other).Version);
        Assert.Equal(version, List(one with { Facts = one.Facts with { Load = 100, Groups = [claim with { Applied = 99 }] } }, other).Version);

        // Every node is a way back into the community, those that serve nothing too.
        Assert.NotEqual(version, List(one).Version);
        Assert.NotEqual(version, List(one, other with { Facts = other.Facts with { Http = ["http://b/"] } }).Version);
        Assert.NotEqual(version, List(one with { Facts = one.Facts with { Groups = [claim with { IsRoot = false }] } }, other).Version);
    }

    private static IEnumerable<KeyId> Roots(ServerList list) => list.Services[0].Servers.Where(server => server.IsRoot).Select(server => server.Node);

    private static GroupClaim Votes(long term, int root) =>
        new("index", term, IsRoot: true, 10, 1) { Votes = true, Follows = root == 0 ? null : Key(root) };

    private static KeyId Key(int number)
    {
        var bytes = new byte[KeyId.Size];
        bytes[0] = (byte)number;
        return new KeyId(bytes);
    }

    private static ClusterMember Member(int number, string[] roles, params GroupClaim[] claims) => new(
        Key(number), MemberState.Alive, new NodeFacts { Name = $"n{number}", Http = [$"http://{number}/"], Groups = claims },
        new PeerCertificate(Key(number), new byte[] { 1 }, RoleSet.From(roles).Value, default, default, Key(0), "00"), null, 1, 1);

    private static ServerList List(params ClusterMember[] members) => ServerList.Make(new ClusterView(Key(1), members));
}
