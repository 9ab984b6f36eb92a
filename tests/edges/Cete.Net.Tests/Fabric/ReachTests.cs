using Cete.Core;
using Cete.Net.Fabric.Reach;
using Cete.Ports;
using Cete.Testing;

namespace Cete.Net.Tests.Fabric;

/// <summary>Whether a node is reached where it says it is.</summary>
public sealed class ReachTests : IAsyncDisposable
{
    private readonly TestCommunity _community = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _community.DisposeAsync();

    [Fact]
    public async Task Each_address_is_dialed_afresh_and_must_be_the_askers()
    {
        var (asked, asker, third) = (_community.Start(), _community.Start(), _community.Start());
        var standing = await asker.Fabric.AskAsync(asked.Id, FabricTopic.Echo, default, TimeSpan.FromSeconds(60), Cancel);
        Assert.True(standing.Succeeded);
        var desk = new ReachDesk(asked.Options);
        var reached = await AskAsync(desk, asker, asker.Address, "127.0.0.1:1", third.Address, "nonsense");
        Assert.Equal([true, false, false, false], reached.Value);

        // The dial was no connection: neither side took it for one, and the one that stands was left alone.
        await Eventually.TrueAsync(() => asked.Fabric.Connections == 1 && asker.Fabric.Connections == 1, "there is one connection");
        Assert.Single(asker.Events);
        Assert.Single(asked.Events);
        Assert.Empty(third.Events);
    }

    [Fact]
    public async Task Who_asks_again_at_once_is_told_to_wait_and_others_are_not()
    {
        var (asked, asker, other) = (_community.Start(), _community.Start(), _community.Start());
        var desk = new ReachDesk(asked.Options);
        Assert.True((await AskAsync(desk, asker, asker.Address)).Succeeded);
        Assert.Equal(FailureKind.Unavailable, (await AskAsync(desk, asker, asker.Address)).Failure!.Kind);
        Assert.True((await AskAsync(desk, other, other.Address)).Succeeded);
    }

    [Fact]
    public async Task All_together_get_so_many_answers_in_a_minute()
    {
        var asked = _community.Start();
        var desk = new ReachDesk(asked.Options);
        var answered = 0;
        for (var i = 0; i < 100; i++)
        {
            var peer = new FabricPeer(KeyId.Of(BitConverter.GetBytes(i)), RoleSet.Empty);
            answered += (await desk.AnswerAsync(new FabricRequest(peer, ReachMessages.Ask(["127.0.0.1:1"])), Cancel)).Succeeded ? 1 : 0;
        }

        Assert.InRange(answered, 60, 61);
    }

    [Fact]
    public async Task A_question_that_is_none_is_refused()
    {
        var (asked, asker) = (_community.Start(), _community.Start());
        var desk = new ReachDesk(asked.Options);
        Assert.Equal(FailureKind.Invalid, (await AskAsync(desk, asker)).Failure!.Kind);
        Assert.Equal(FailureKind.Invalid, (await AskAsync(desk, asker, "a:1", "b:1", "c:1", "d:1", "e:1")).Failure!.Kind);
        Assert.Equal(FailureKind.Invalid, (await AskAsync(desk, asker, new string('x', 261))).Failure!.Kind);
        var noise = await desk.AnswerAsync(new FabricRequest(new FabricPeer(asker.Id, RoleSet.Empty), new byte[] { 0xFF, 0xFF }), Cancel);
        Assert.Equal(FailureKind.Invalid, noise.Failure!.Kind);
        Assert.True((await AskAsync(desk, asker, asker.Address)).Succeeded);
    }

    [Fact]
    public async Task Whoever_takes_the_dial_and_says_nothing_is_not_waited_for_long()
    {
        var (asked, asker) = (_community.Start(with: options => options with { DialMax = TimeSpan.FromMilliseconds(200) }), _community.Start());
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        Assert.Equal([false], (await AskAsync(new ReachDesk(asked.Options), asker, silent.LocalEndpoint.ToString()!)).Value);
    }

    private static async Task<Outcome<IReadOnlyList<bool>>> AskAsync(ReachDesk desk, TestFabric asker, params string[] addresses)
    {
        var answer = await desk.AnswerAsync(new FabricRequest(new FabricPeer(asker.Id, RoleSet.Empty), ReachMessages.Ask(addresses)), Cancel);
        return answer.Succeeded ? ReachMessages.ReadAnswer(answer.Value, addresses.Length) : answer.Failure;
    }
}
