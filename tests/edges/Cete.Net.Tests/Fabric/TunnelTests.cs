using System.Text;
using Cete.Core;
using Cete.Ports;
using Cete.Testing;

namespace Cete.Net.Tests.Fabric;

/// <summary>Nodes that nobody reaches, and those who carry tunnels to them.</summary>
public sealed class TunnelTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly TestCommunity _community = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _community.DisposeAsync();

    [Theory]
    [InlineData(FabricLane.Control, 900_000)]
    [InlineData(FabricLane.Bulk, 7_000_000)]
    public async Task A_node_that_nobody_reaches_is_asked_through_its_relay(FabricLane lane, int length)
    {
        var (asker, relay) = (_community.Start(), _community.Start());
        var hidden = await _community.StartHiddenAsync(null, relay);
        var large = new byte[length];
        new Prng(7).Fill(large);
        Assert.Equal(large, (await AskAsync(asker, hidden, large, lane)).Value.ToArray());
        Assert.False(asker.HasDirect(hidden, lane));
        Assert.Equal(1, relay.Fabric.RelayedTunnels);

        // What is said goes both ways, in order, and each knows the other by its key, not by the relay's.
        for (var i = 0; i < 1_000; i++)
        {
            Assert.True(asker.Fabric.Post(hidden.Id, FabricTopic.Membership, BitConverter.GetBytes(i), lane));
            Assert.True(hidden.Fabric.Post(asker.Id, FabricTopic.Membership, BitConverter.GetBytes(i), lane));
        }

        await Eventually.TrueAsync(() => asker.Heard.Count == 1_000 && hidden.Heard.Count == 1_000, "all messages came");
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => (asker.Id, i)), hidden.Heard.Select(heard => (heard.From, BitConverter.ToInt32(heard.Body))));
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => (hidden.Id, i)), asker.Heard.Select(heard => (heard.From, BitConverter.ToInt32(heard.Body))));
        Assert.Empty(relay.Heard);
        Assert.Equal(1, relay.Fabric.RelayedTunnels);
    }

    [Fact]
    public async Task Two_that_nobody_reaches_reach_each_other()
    {
        var relay = _community.Start();
        var (one, other) = (await _community.StartHiddenAsync(null, relay), await _community.StartHiddenAsync(null, relay));
        var both = Enumerable.Range(0, 20).SelectMany(_ => new[] { AskAsync(one, other), AskAsync(other, one) });
        Assert.All(await Task.WhenAll(both), answer => Assert.True(answer.Succeeded, answer.Failure?.Message));
        await Eventually.TrueAsync(() => relay.Fabric.RelayedTunnels == 1, "of two tunnels made at once one is left");
        Assert.True((await AskAsync(one, other)).Succeeded);
    }

    [Fact]
    public async Task When_a_relay_dies_another_one_carries()
    {
        var (asker, first, second) = (_community.Start(), _community.Start(), _community.Start());
        var hidden = await _community.StartHiddenAsync(null, first, second);
        for (var round = 0; round < 2; round++)
        {
            Assert.True((await AskAsync(asker, hidden)).Succeeded);
            var carrier = first.Fabric.RelayedTunnels > 0 ? first : second;
            if (round == 1)
            {
                break;
            }

            await carrier.Fabric.DisposeAsync();
            await Eventually.TrueAsync(
                () => asker.Events.Any(e => e.What == "disconnected" && e.Peer == hidden.Id && e.Why!.Contains("relay", StringComparison.Ordinal)),
                "the end of the way was noticed, and its reason");
            await Eventually.TrueAsync(() => AskAsync(asker, hidden).GetAwaiter().GetResult().Succeeded, "there is another way");
        }
    }

    [Fact]
    public async Task A_relay_that_came_back_is_connected_with_again()
    {
        var (asker, relay) = (_community.Start(), _community.Start());
        var hidden = await _community.StartHiddenAsync(null, relay);
        Assert.True((await AskAsync(asker, hidden)).Succeeded);
        relay.Fabric.Disconnect(hidden.Id, new Failure(FailureKind.Unavailable, "for a moment"));
        await Eventually.TrueAsync(
            () => relay.HasDirect(hidden, FabricLane.Control) && AskAsync(asker, hidden).GetAwaiter().GetResult().Succeeded, "it is kept");
    }

    [Fact]
    public async Task That_the_relay_has_lost_the_node_is_told()
    {
        var (asker, relay) = (_community.Start(), _community.Start());
        var hidden = await _community.StartHiddenAsync(null, relay);
        Assert.True((await AskAsync(asker, hidden)).Succeeded);
        await hidden.Fabric.DisposeAsync();
        await Eventually.TrueAsync(() => asker.Events.Any(e => e.What == "disconnected" && e.Peer == hidden.Id), "the end came through");
        await Eventually.TrueAsync(() => !relay.HasDirect(hidden, FabricLane.Control), "the relay noticed");
        Outcome<ReadOnlyMemory<byte>> gone = default;
        await Eventually.TrueAsync(
            () =>
            {
                gone = AskAsync(asker, hidden).GetAwaiter().GetResult();
                return gone.Failure!.Message.Contains("the relay has no connection with node", StringComparison.Ordinal);
            },
            "it is told in words");
        Assert.Equal(FailureKind.Unavailable, gone.Failure!.Kind);
        Assert.Equal(0, relay.Fabric.RelayedTunnels);
    }

    [Fact]
    public async Task A_node_that_the_roster_removed_is_refused_in_a_tunnel_too()
    {
        var (removed, relay) = (_community.Start(), _community.Start());
        var identity = _community.NewNode("share");
        var hidden = _community.Start(identity, options => options with
        {
            Refuses = peer => peer.Node == removed.Id ? new Failure(FailureKind.Forbidden, "this node was removed from the community") : null,
        });
        _community.Addresses[hidden.Id] = "127.0.0.1:1";
        _community.Relays[hidden.Id] = [relay.Id];
        hidden.Fabric.Keep([relay.Id]);
        await Eventually.TrueAsync(() => relay.HasDirect(hidden, FabricLane.Control), "it keeps its connection");
        Assert.Contains("removed from the community", (await AskAsync(removed, hidden)).Failure!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(hidden.Events, e => e.Peer == removed.Id);
    }

    [Fact]
    public async Task Another_node_behind_the_relay_is_found_out()
    {
        var (asker, relay) = (_community.Start(), _community.Start());
        var hidden = await _community.StartHiddenAsync(null, relay);
        var meant = _community.NewNode("share").Id;
        var tunnel = await asker.Options.Router.Tunnels!.OpenAsync(await LegAsync(asker, relay), hidden.Id, Cancel);
        var made = await Net.Fabric.FabricHandshake.ConnectAsync(tunnel.Value, meant, asker.Options, FabricLane.Control, Cancel);
        Assert.Equal(FailureKind.Forbidden, made.Failure!.Kind);
    }

    [Fact]
    public async Task A_direct_connection_takes_the_place_of_a_tunnel()
    {
        var (asker, relay) = (_community.Start(), _community.Start());
        var hidden = await _community.StartHiddenAsync(null, relay);
        Assert.True((await AskAsync(asker, hidden)).Succeeded);
        Assert.True((await hidden.Fabric.ConnectAsync(asker.Address, Cancel)).Succeeded);
        await Eventually.TrueAsync(() => asker.HasDirect(hidden, FabricLane.Control) && relay.Fabric.RelayedTunnels == 0, "the detour is given up");
        Assert.True((await AskAsync(asker, hidden)).Succeeded);
        Assert.True((await AskAsync(hidden, asker)).Succeeded);
        Assert.DoesNotContain(asker.Events.Concat(hidden.Events), e => e.What == "disconnected");
    }

    private static async Task<Net.Fabric.FabricConnection> LegAsync(TestFabric from, TestFabric to)
    {
        Assert.True((await AskAsync(from, to)).Succeeded);
        return from.Direct(to, FabricLane.Control)!;
    }

    private static Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(
        TestFabric from, TestFabric to, byte[]? body = null, FabricLane lane = FabricLane.Control) =>
        from.Fabric.AskAsync(to.Id, FabricTopic.Echo, body ?? Encoding.UTF8.GetBytes("hello"), Deadline, Cancel, lane);
}
