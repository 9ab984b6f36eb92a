using System.Collections.Concurrent;
using Cete.Core;
using Cete.Net.Swarms;
using Cete.Net.Tickets;
using Cete.Ports.Swarms;
using Cete.Swarm;
using Cete.Testing;

namespace Cete.Net.Tests.Swarms;

/// <summary>What peers tell each other: what there is, what comes, whose turn it is; nothing of it is believed beyond its bounds.</summary>
public sealed class HaveTests : IAsyncDisposable
{
    private readonly TestContent _content = TestContent.Make((20 * TestContent.PieceLength) + 1, 7);
    private readonly SwarmWorld _world = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task WhatIsThereIsToldAndThenWhatComes()
    {
        var agent = await _world.StartAsync();
        using var file = agent.Has(_content, _world.Community.Id, 3, 7);
        var heard = new Heard();
        var listening = ListenAsync(_world.AddressOf(agent), heard, Cancel);
        await Eventually.TrueAsync(() => heard.Map is not null, "it is told what is there");
        Assert.Equal([3, 7], Set(heard.Map!));
        foreach (var piece in (int[])[20, 0, 11])
        {
            Assert.True(file.Write(piece, _content.Piece(piece).Span).Succeeded);
        }

        await Eventually.TrueAsync(() => heard.Pieces.Count == 3, "it is told what came");
        Assert.Equal([0, 11, 20], heard.Pieces.Order());
        await agent.Host.DisposeAsync();
        Assert.Equal(FailureKind.Unavailable, (await listening).Kind);
    }

    [Fact]
    public async Task WhoLacksSomethingIsGivenTurnsAndWhoHasEverythingIsNot()
    {
        var agent = await _world.StartAsync();
        using var file = agent.Has(_content, _world.Community.Id, Enumerable.Range(0, _content.Manifest.PieceCount));
        var heard = new Heard();
        using var stop = new CancellationTokenSource();
        var listening = ListenAsync(_world.AddressOf(agent), heard, stop.Token);
        await Eventually.TrueAsync(() => heard.Turns > 0, "it is its turn");

        // Turns that are given back go to others; when it says that it has everything, there are no more for it.
        using var client = new PeerTransport(_world, TimeProvider.System);
        var other = new Heard();
        var others = new NeighbourClient(client, TimeProvider.System).ListenAsync(_world.AddressOf(agent), _content.Manifest, other, stop.Token);
        await Eventually.TrueAsync(() => other.Map is not null, "another one listens");
        var neighbour = new NeighbourClient(_world.Transport, TimeProvider.System);
        var news = new NeighbourNews([.. Enumerable.Range(0, _content.Manifest.PieceCount)], heard.Turns);
        await neighbour.TellAsync(_world.AddressOf(agent), _content.Manifest, Say(news), Cancel);
        await Eventually.TrueAsync(() => other.Turns > 0, "it is the other's turn");
        await stop.CancelAsync();
        await Task.WhenAll(listening, others);
        await Eventually.TrueAsync(() => agent.Rooms.ListenersOf(_content.Root).Count == 0, "nobody listens any more");
    }

    [Fact]
    public async Task AScarceSourceRevealsItsPiecesOneByOne()
    {
        var agent = await _world.StartAsync();
        using var file = agent.Has(_content, _world.Community.Id, Enumerable.Range(0, _content.Manifest.PieceCount));
        agent.Rooms.SuperSeed(_content.Root, true);
        var heard = new Heard();
        var listening = ListenAsync(_world.AddressOf(agent), heard, Cancel);
        await Eventually.TrueAsync(() => !heard.Pieces.IsEmpty, "a piece is revealed");
        Assert.Equal(0, heard.Map!.Have);
        Assert.True(heard.Pieces.Count < _content.Manifest.PieceCount / 2);
        agent.Rooms.SuperSeed(_content.Root, false);
        await Eventually.TrueAsync(() => heard.Pieces.Count == _content.Manifest.PieceCount, "all is told");
        Assert.Equal(_content.Manifest.PieceCount, heard.Pieces.Distinct().Count());
        await agent.Host.DisposeAsync();
        await listening;
    }

    [Fact]
    public async Task WhoIsNotThereOrNotWhoHeShouldBeIsNotListenedTo()
    {
        var agent = await _world.StartAsync();
        var heard = new Heard();
        var nowhere = new PeerAddress("127.0.0.1", 1, agent.Key.Id, _world.Community.Id).ToUri();
        Assert.Equal(FailureKind.NotFound, (await ListenAsync(_world.AddressOf(agent), heard, Cancel)).Kind);
        Assert.Equal(FailureKind.Forbidden, (await ListenAsync(_world.AddressOf(agent, KeyId.Of("another"u8)), heard, Cancel)).Kind);
        Assert.Equal(FailureKind.Invalid, (await ListenAsync(new Uri("http://127.0.0.1:1"), heard, Cancel)).Kind);
        Assert.Equal(FailureKind.Unavailable, (await ListenAsync(nowhere, heard, Cancel)).Kind);
        Assert.Null(heard.Map);
        var client = new NeighbourClient(_world.Transport, TimeProvider.System);
        await client.TellAsync(_world.AddressOf(agent), _content.Manifest, Say(new NeighbourNews([1], 1)), Cancel);
        await client.TellAsync(nowhere, _content.Manifest, Say(new NeighbourNews([1], 1)), Cancel);
    }

    private static Func<CancellationToken, Task<NeighbourNews?>> Say(NeighbourNews news)
    {
        var said = false;
        return _ => Task.FromResult(Interlocked.Exchange(ref said, true) ? null : news);
    }

    [Fact]
    public async Task StreamsThatMakeNoSenseEnd()
    {
        var good = new PieceMap(21);
        good.Set(20);
        List<byte> told = [];
        HaveFrames.AddHave(told, [1, 2]);
        HaveFrames.AddCount(told, HaveFrameKind.Ready, 3);
        HaveFrames.AddCount(told, HaveFrameKind.Alive, 0);
        using (var body = new MemoryStream([.. HaveFrames.Begin(good), .. told]))
        {
            Assert.Equal([20], Set((await HaveFrames.ReadBeginAsync(body, 21, Cancel))!));
            Assert.Equal([1, 2], (await HaveFrames.ReadFrameAsync(body, 21, Cancel))!.Value.Pieces);
            Assert.Equal(new HaveFrame(HaveFrameKind.Ready, 3, []), await HaveFrames.ReadFrameAsync(body, 21, Cancel));
            Assert.Equal(HaveFrameKind.Alive, (await HaveFrames.ReadFrameAsync(body, 21, Cancel))!.Value.Kind);
            Assert.Null(await HaveFrames.ReadFrameAsync(body, 21, Cancel));
        }

        byte[][] bad =
        [
            [1, 0, 1, 0, 0, 0, 21], [1, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF], [1, 0, 2, 0, 0, 0, 1], [1, 0xFF, 0xFF, .. new byte[4 * 0xFFFF]], [9, 0, 0], [2, 0],
        ];
        foreach (var frame in bad)
        {
            using var body = new MemoryStream(frame);
            Assert.Null(await HaveFrames.ReadFrameAsync(body, 21, Cancel));
        }

        foreach (var begin in (byte[][])[[], [0, 0, 0], [0, 0, 0, 21, 1, 1], HaveFrames.Begin(new PieceMap(22)), HaveFrames.Begin(new PieceMap(2_000))])
        {
            using var body = new MemoryStream(begin);
            Assert.Null(await HaveFrames.ReadBeginAsync(body, 21, Cancel));
        }
    }

    private Task<Failure> ListenAsync(Uri peer, Heard heard, CancellationToken stop) =>
        new NeighbourClient(_world.Transport, TimeProvider.System).ListenAsync(peer, _content.Manifest, heard, stop);

    private static List<int> Set(PieceMap map) => [.. Enumerable.Range(0, map.Count).Where(piece => map[piece])];

    private sealed class Heard : INeighbourListener
    {
        private int _turns;

        public PieceMap? Map { get; private set; }

        public ConcurrentQueue<int> Pieces { get; } = new();

        public int Turns => Volatile.Read(ref _turns);

        public void Begin(PieceMap map) => Map = map;

        public void Has(IReadOnlyList<int> pieces)
        {
            foreach (var piece in pieces)
            {
                Pieces.Enqueue(piece);
            }
        }

        public void Ready(int turns) => Interlocked.Add(ref _turns, turns);
    }
}
