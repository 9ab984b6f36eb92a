using System.Text;
using Cete.Core;
using Cete.Ports;
using Cete.Testing;

namespace Cete.Net.Tests.Fabric;

public sealed class FabricTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly TestCommunity _community = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _community.DisposeAsync();

    [Fact]
    public async Task Messages_come_in_order_and_over_one_connection()
    {
        var (a, b) = (_community.Start(), _community.Start());
        for (var i = 0; i < 1_000; i++)
        {
            Assert.True(a.Fabric.Post(b.Id, FabricTopic.Membership, BitConverter.GetBytes(i)));
        }

        await Eventually.TrueAsync(() => b.Heard.Count == 1_000, "all messages came");
        Assert.Equal(Enumerable.Range(0, 1_000), b.Heard.Select(heard => BitConverter.ToInt32(heard.Body)));
        Assert.All(b.Heard, heard => Assert.Equal(a.Id, heard.From));
        Assert.Equal(1, b.Fabric.Connections);
        b.Fabric.Post(a.Id, FabricTopic.Membership, "back"u8);
        await Eventually.TrueAsync(() => !a.Heard.IsEmpty, "the answer came the same way");
        Assert.Equal(1, a.Fabric.Connections);
    }

    [Fact]
    public async Task Requests_are_answered_or_refused_in_words()
    {
        var (a, b) = (_community.Start(), _community.Start());
        var large = new byte[900_000];
        new Prng(4).Fill(large);
        Assert.Equal(large, (await AskAsync(a, b, FabricTopic.Echo, large)).Value.ToArray());
        Assert.Equal(new Failure(FailureKind.Expired, "too old to tell"), (await AskAsync(a, b, FabricTopic.Roster)).Failure);
        Assert.Contains("does not know requests of topic 6", (await AskAsync(a, b, FabricTopic.Tunnel)).Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("does not know requests of topic 999", (await AskAsync(a, b, (FabricTopic)999)).Failure!.Message, StringComparison.Ordinal);
        b.Fabric.Post(a.Id, (FabricTopic)999, "nobody listens"u8);
        Assert.True((await AskAsync(a, b, FabricTopic.Echo)).Succeeded);
    }

    [Fact]
    public async Task Many_requests_at_once_get_each_its_own_answer()
    {
        var (a, b) = (_community.Start(), _community.Start());
        var answers = await Task.WhenAll(Enumerable.Range(0, 900).Select(async i =>
        {
            // Several after each other: some go alone, others share a record.
            var body = BitConverter.GetBytes(i);
            return (await AskAsync(a, b, FabricTopic.Echo, body)).Value.Span.SequenceEqual(body)
                && (await AskAsync(b, a, FabricTopic.Echo, body)).Value.Span.SequenceEqual(body);
        }));
        Assert.DoesNotContain(false, answers);
    }

    [Fact]
    public async Task A_request_that_is_never_answered_ends_at_its_deadline_or_with_the_connection()
    {
        var (a, b) = (_community.Start(), _community.Start());
        var late = await a.Fabric.AskAsync(b.Id, FabricTopic.Reachability, default, TimeSpan.FromMilliseconds(50), Cancel);
        Assert.Equal(FailureKind.Unavailable, late.Failure!.Kind);
        var asking = a.Fabric.AskAsync(b.Id, FabricTopic.Reachability, default, Deadline, Cancel);
        await b.Fabric.DisposeAsync();
        Assert.Equal(FailureKind.Unavailable, (await asking).Failure!.Kind);
        await Eventually.TrueAsync(() => a.Events.Any(e => e.What == "disconnected" && e.Peer == b.Id), "the end was noticed");
    }

    [Fact]
    public async Task Large_messages_take_a_connection_of_their_own()
    {
        var (a, b) = (_community.Start(), _community.Start());
        var bulk = new byte[5_000_000];
        var echoed = await a.Fabric.AskAsync(b.Id, FabricTopic.Echo, bulk, Deadline, Cancel, FabricLane.Bulk);
        Assert.Equal(bulk.Length, echoed.Value.Length);
        Assert.True((await AskAsync(a, b, FabricTopic.Echo)).Succeeded);
        Assert.Equal(2, b.Fabric.Connections);
    }

    [Fact]
    public async Task Both_sides_that_begin_at_once_end_with_the_same_connection()
    {
        for (var round = 0; round < 3; round++)
        {
            var (a, b) = (_community.Start(), _community.Start());
            var both = Enumerable.Range(0, 20).SelectMany(_ => new[] { AskAsync(a, b, FabricTopic.Echo), AskAsync(b, a, FabricTopic.Echo) });
            Assert.All(await Task.WhenAll(both), answer => Assert.True(answer.Succeeded, answer.Failure?.Message));
            await Eventually.TrueAsync(() => a.Fabric.Connections == 1 && b.Fabric.Connections == 1, "one connection is left");
            Assert.True((await AskAsync(a, b, FabricTopic.Echo)).Succeeded);
            Assert.DoesNotContain(a.Events.Concat(b.Events), e => e.What == "disconnected");
        }
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_told_as_such_and_tried_again_later()
    {
        var (a, b) = (_community.Start(), _community.Start());
        await b.Fabric.DisposeAsync();
        Assert.Equal(FailureKind.Unavailable, (await AskAsync(a, b, FabricTopic.Echo)).Failure!.Kind);
        await Eventually.TrueAsync(() => a.Events.Any(e => e.What == "unreachable" && e.Peer == b.Id), "the node was found to be gone");
        var again = _community.Start();
        _community.Addresses[b.Id] = again.Address;
        Outcome<ReadOnlyMemory<byte>> answer = default;
        await Eventually.TrueAsync(
            () =>
            {
                answer = AskAsync(a, b, FabricTopic.Echo).GetAwaiter().GetResult();
                return answer.Failure!.Kind == FailureKind.Forbidden;
            },
            "another node at its address was noticed");
        Assert.Contains(again.Id.ToString(), answer.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_at_an_address_is_identified()
    {
        var (a, b) = (_community.Start(), _community.Start(_community.NewNode("index", "bank")));
        var met = await a.Fabric.ConnectAsync(b.Address, Cancel);
        Assert.Equal(b.Id, met.Value.Id);
        Assert.Equal("bank,index", met.Value.Roles.ToString());
        Assert.Equal(FailureKind.Conflict, (await a.Fabric.ConnectAsync(a.Address, Cancel)).Failure!.Kind);
        Assert.Equal(FailureKind.Invalid, (await a.Fabric.ConnectAsync("nowhere", Cancel)).Failure!.Kind);
    }

    [Fact]
    public async Task A_node_of_another_community_is_refused_by_both_sides()
    {
        await using var others = new TestCommunity();
        var (a, stranger) = (_community.Start(), others.Start());
        var refused = await a.Fabric.ConnectAsync(stranger.Address, Cancel);
        Assert.Equal(FailureKind.Forbidden, refused.Failure!.Kind);
        Assert.Empty(stranger.Events);
        Assert.Equal(0, stranger.Fabric.Connections);
    }

    [Fact]
    public async Task A_node_that_the_roster_removed_is_refused_and_told_why()
    {
        var removed = new HashSet<KeyId>();
        Func<KeyId, bool> isRemoved = node => removed.Contains(node);
        var guarded = _community.Start(with: options => options with
        {
            Refuses = peer => isRemoved(peer.Node) ? new Failure(FailureKind.Forbidden, "this node was removed from the community") : null,
        });
        var other = _community.Start();
        Assert.True((await AskAsync(other, guarded, FabricTopic.Echo)).Succeeded);
        removed.Add(other.Id);
        guarded.Fabric.Disconnect(other.Id, new Failure(FailureKind.Forbidden, "this node was removed from the community"));
        await Eventually.TrueAsync(
            () => other.Events.Any(e => e.What == "disconnected" && e.Why == "this node was removed from the community"), "it was told why");
        Assert.Contains("removed from the community", (await AskAsync(other, guarded, FabricTopic.Echo)).Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Forbidden, (await AskAsync(guarded, other, FabricTopic.Echo)).Failure!.Kind);
    }

    [Fact]
    public async Task The_bound_of_connections_holds()
    {
        var narrow = _community.Start(with: options => options with { ConnectionsMax = 3 });
        var others = Enumerable.Range(0, 6).Select(_ => _community.Start()).ToList();
        var answers = await Task.WhenAll(others.Select(other => AskAsync(other, narrow, FabricTopic.Echo)));
        Assert.InRange(answers.Count(answer => answer.Succeeded), 1, 4);
        Assert.Contains(answers, answer => !answer.Succeeded);
    }

    private static Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(TestFabric from, TestFabric to, FabricTopic topic, byte[]? body = null) =>
        from.Fabric.AskAsync(to.Id, topic, body ?? Encoding.UTF8.GetBytes("hello"), Deadline, Cancel);
}
