using System.Net;
using Cete.Actors.Tests;
using Cete.Api;
using Cete.Core;
using Cete.Net.Tests.Fabric;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Swarm;
using Cete.Testing;
using Cete.Trust.Tickets;

namespace Cete.Net.Tests.Swarms;

/// <summary>An agent's port: whoever has a ticket of the content's community gets what is there, as it comes; nobody else gets anything.</summary>
public sealed class PeerHostTests : IAsyncDisposable
{
    private readonly TestContent _content = TestContent.Make((6 * TestContent.PieceLength) + 1_000, 7);
    private readonly SwarmWorld _world = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task WhatComesInIsPassedOnAsItComes()
    {
        var (agent, other) = (await _world.StartAsync(), await _world.StartAsync());
        using var file = agent.Has(_content, _world.Community.Id, 0);
        using var target = other.Has(_content, _world.Community.Id);
        using var client = new HttpContentClient(TimeSpan.FromSeconds(30), TimeProvider.System, TlsTrust.OfSystem, null, _world.Transport);
        var taken = 0;
        var fetch = client.FetchAsync(
            new PieceRun(_world.AddressOf(agent), _content.Manifest, 0, _content.Manifest.PieceCount), target, _ => Interlocked.Increment(ref taken), Cancel);
        for (var piece = 1; piece < _content.Manifest.PieceCount; piece++)
        {
            await Eventually.TrueAsync(() => Volatile.Read(ref taken) == piece, $"{piece} pieces came before there was another one");
            Assert.True(file.Write(piece, _content.Piece(piece).Span).Succeeded);
        }

        Assert.Equal(RunEnd.Completed, (await fetch).How);
        Assert.True(target.IsWhole);
    }

    [Fact]
    public async Task TicketsOfEveryWrongKindAreRefused()
    {
        var agent = await _world.StartAsync();
        using var file = agent.Has(_content, _world.Community.Id, Enumerable.Range(0, _content.Manifest.PieceCount));
        var other = TestContent.Make(10, 1);
        await using var madeUp = new TestCommunity();
        using var stranger = madeUp.NewNode("accounts");
        using var guest = _world.Community.NewNode("share");
        var strangers = new TicketIssuer(stranger.Key, () => stranger.Issued, madeUp.Id, TimeProvider.System);
        var guests = new TicketIssuer(guest.Key, () => guest.Issued, _world.Community.Id, TimeProvider.System);
        var late = new TicketIssuer(guest.Key, () => guest.Issued, _world.Community.Id, new PastClock());
        (string What, Func<KeyId, string> Make, HttpStatusCode Answer)[] cases =
        [
            ("none", _ => string.Empty, HttpStatusCode.Unauthorized),
            ("no ticket at all", _ => "AAAA", HttpStatusCode.BadRequest),
            ("for another content", key => _world.Issuer.ForKey(other.Root, key).ToString(), HttpStatusCode.Forbidden),
            ("for another key", _ => _world.Issuer.ForKey(_content.Root, KeyId.Of("other"u8)).ToString(), HttpStatusCode.Forbidden),
            ("of a community that somebody made up", key => strangers.ForKey(_content.Root, key).ToString(), HttpStatusCode.Forbidden),
            ("of a node that may make none", key => guests.ForKey(_content.Root, key).ToString(), HttpStatusCode.Forbidden),
            ("that has ended", key => late.ForKey(_content.Root, key).ToString(), HttpStatusCode.Forbidden),
        ];
        foreach (var (what, make, answer) in cases)
        {
            using var transport = new PeerTransport(new MadeTickets(make), TimeProvider.System);
            foreach (var path in (string[])[$"{Routes.Content}/{_content.Root}", Routes.Have(_content.Root.ToString())])
            {
                Assert.Equal((what, answer), (what, await AskAsync(transport, _world.AddressOf(agent), path)));
            }
        }

        // A good ticket for what is shared in another community, or nowhere.
        var address = new PeerAddress("127.0.0.1", agent.Host.Address.Port, agent.Key.Id, madeUp.Id).ToUri();
        using var foreign = new PeerTransport(new MadeTickets(key => strangers.ForKey(_content.Root, key).ToString()), TimeProvider.System);
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(foreign, address, $"{Routes.Content}/{_content.Root}"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(_world.Transport, _world.AddressOf(agent), $"{Routes.Content}/{other.Root}", other.Root));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(_world.Transport, _world.AddressOf(agent), "/api/status"));
    }

    [Fact]
    public async Task OneWhoShowsAnotherKeyThanItsAddressNamesIsNotAsked()
    {
        var agent = await _world.StartAsync();
        using var file = agent.Has(_content, _world.Community.Id, 0);
        var error = await Assert.ThrowsAsync<HttpRequestException>(
            () => AskAsync(_world.Transport, _world.AddressOf(agent, KeyId.Of("another"u8)), $"{Routes.Content}/{_content.Root}"));
        Assert.NotNull(Transport.Refusal(error));
    }

    [Fact]
    public async Task WhenAllSlotsAreTakenOthersWaitAndThenAreSentElsewhere()
    {
        var clock = new ManualClock();
        var agent = await _world.StartAsync(slots: 1, clock);
        using var file = agent.Has(_content, _world.Community.Id, 0);
        Assert.Equal(1, agent.Slots.Free);

        // One that waits for what is not there yet holds the slot.
        using var holding = await SendAsync(_world.Transport, _world.AddressOf(agent), $"{Routes.Content}/{_content.Root}");
        Assert.Equal(0, agent.Slots.Free);
        var next = AskAsync(_world.Transport, _world.AddressOf(agent), $"{Routes.Content}/{_content.Root}");
        while (!next.IsCompleted)
        {
            await Task.WhenAny(next, clock.FireAsync());
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await next);

        // Who asks what there is needs none.
        Assert.Equal(HttpStatusCode.OK, await AskAsync(_world.Transport, _world.AddressOf(agent), Routes.Have(_content.Root.ToString())));
        holding.Dispose();
        await Eventually.TrueAsync(() => agent.Slots.Free == 1, "the slot is free again");
    }

    [Fact]
    public async Task WhatIsSentKeepsToTheLimitOfTheDoorAndALimitThatGoesLetsItFlow()
    {
        var time = new ManualTime();
        var agent = await _world.StartAsync(clock: time);
        using var file = agent.Has(_content, _world.Community.Id, Enumerable.Range(0, _content.Manifest.PieceCount));
        agent.Pace.Limit(16 * 1024);
        using var answer = await SendAsync(_world.Transport, _world.AddressOf(agent), $"{Routes.Content}/{_content.Root}");
        await using var body = await answer.Content.ReadAsStreamAsync(Cancel);
        var (buffer, all) = (new byte[1 << 20], 0);

        // One part passes; time stands still, so does the rest.
        all += await body.ReadAtLeastAsync(buffer, agent.Pace.Turn, throwOnEndOfStream: true, Cancel);
        var next = body.ReadAsync(buffer, Cancel).AsTask();
        await Eventually.TrueAsync(() => time.TimerCount > 0, "it waits for its turn");
        Assert.InRange(all, 1, 16 * 1024);
        agent.Pace.Limit(0);
        all += await next;
        while (await body.ReadAsync(buffer, Cancel) is var count and > 0)
        {
            all += count;
        }

        Assert.Equal(_content.Manifest.Length, all);
    }

    [Fact]
    public async Task ConnectionsComeFromTheAddressThatWasNamed()
    {
        var agent = await _world.StartAsync();
        using var file = agent.Has(_content, _world.Community.Id, 0);
        using var bound = new PeerTransport(_world, TimeProvider.System, from: IPAddress.Loopback);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(bound, _world.AddressOf(agent), Routes.Have(_content.Root.ToString())));

        // One that this machine does not have: it is rather not reached than reached by another way.
        using var other = new PeerTransport(_world, TimeProvider.System, from: IPAddress.Parse("192.0.2.1"));
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(other, _world.AddressOf(agent), Routes.Have(_content.Root.ToString())));
    }

    private async Task<HttpStatusCode> AskAsync(PeerTransport transport, Uri peer, string path, Hash256? root = null)
    {
        using var answer = await SendAsync(transport, peer, path, root);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(PeerTransport transport, Uri peer, string path, Hash256? root = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return (await transport.SendAsync(PeerAddress.Of(peer)!, root ?? _content.Root, request, Cancel)).Value;
    }

    private sealed class PastClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - TimeSpan.FromHours(1);
    }

    private sealed class MadeTickets(Func<KeyId, string> make) : ITicketSource
    {
        public Task<Outcome<string>> FindAsync(KeyId community, Hash256 content, KeyId key, CancellationToken cancellation) =>
            Task.FromResult<Outcome<string>>(make(key));
    }
}
