using System.Collections.Concurrent;
using Cete.Core;
using Cete.Net.Swarms;
using Cete.Swarm;
using Cete.Testing;

namespace Cete.Net.Tests.Swarms;

/// <summary>Which pieces a peer has: told at the beginning, then as they come; nothing that a peer says about it is believed beyond its bounds.</summary>
public sealed class HaveTests : IAsyncDisposable
{
    private readonly TestContent _content = TestContent.Make((20 * TestContent.PieceLength) + 1, 7);
    private readonly SwarmWorld _world = new();
    private readonly ConcurrentQueue<int> _told = new();
    private PieceMap? _map;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task WhatIsThereIsToldAndThenWhatComes()
    {
        var agent = await _world.StartAsync();
        using var file = agent.Has(_content, _world.Community.Id, 3, 7);
        using var stop = new CancellationTokenSource();
        var watching = WatchAsync(_world.AddressOf(agent), stop.Token);
        await Eventually.TrueAsync(() => _map is not null, "it is told what is there");
        Assert.Equal([3, 7], Set(_map!));
        foreach (var piece in (int[])[20, 0, 11])
        {
            Assert.True(file.Write(piece, _content.Piece(piece).Span).Succeeded);
        }

        await Eventually.TrueAsync(() => _told.Count == 3, "it is told what came");
        Assert.Equal([0, 11, 20], _told.Order());
        await agent.Host.DisposeAsync();
        Assert.Equal(FailureKind.Unavailable, (await watching).Kind);
    }

    [Fact]
    public async Task AMapOfWhatIsNotThereIsNotFound()
    {
        var agent = await _world.StartAsync();
        Assert.Equal(FailureKind.NotFound, (await WatchAsync(_world.AddressOf(agent), Cancel)).Kind);
        Assert.Equal(FailureKind.Forbidden, (await WatchAsync(_world.AddressOf(agent, KeyId.Of("another"u8)), Cancel)).Kind);
        Assert.Equal(FailureKind.Invalid, (await WatchAsync(new Uri("http://127.0.0.1:1"), Cancel)).Kind);
        Assert.Equal(
            FailureKind.Unavailable, (await WatchAsync(new PeerAddress("127.0.0.1", 1, agent.Key.Id, _world.Community.Id).ToUri(), Cancel)).Kind);
        Assert.Null(_map);
    }

    [Fact]
    public async Task StreamsThatMakeNoSenseEnd()
    {
        var good = new PieceMap(21);
        good.Set(20);
        (byte[] Bytes, int[]? Frame)[] cases =
        [
            ([.. HaveFrames.Begin(good), .. HaveFrames.Frame([1, 2])], [1, 2]),
            ([.. HaveFrames.Begin(good), .. HaveFrames.Frame([])], []),
            ([.. HaveFrames.Begin(good), .. HaveFrames.Frame([21])], null),
            ([.. HaveFrames.Begin(good), .. HaveFrames.Frame([-1])], null),
            ([.. HaveFrames.Begin(good), 0, 2, 0, 0, 0, 1], null),
            ([.. HaveFrames.Begin(good), 0xFF, 0xFF, .. new byte[4 * 0xFFFF]], null),
            ([.. HaveFrames.Begin(good)], null),
        ];
        foreach (var (bytes, frame) in cases)
        {
            using var body = new MemoryStream(bytes);
            Assert.Equal([20], Set((await HaveFrames.ReadBeginAsync(body, 21, Cancel))!));
            Assert.Equal(frame, await HaveFrames.ReadFrameAsync(body, 21, Cancel));
        }

        foreach (var begin in (byte[][])[[], [0, 0, 0], [0, 0, 0, 21, 1, 1], HaveFrames.Begin(new PieceMap(22)), HaveFrames.Begin(new PieceMap(2_000))])
        {
            using var body = new MemoryStream(begin);
            Assert.Null(await HaveFrames.ReadBeginAsync(body, 21, Cancel));
        }
    }

    private Task<Failure> WatchAsync(Uri peer, CancellationToken stop) => new HaveWatcher(_world.Transport, TimeProvider.System).WatchAsync(
        peer,
        _content.Manifest,
        map => _map = map,
        pieces =>
        {
            foreach (var piece in pieces)
            {
                _told.Enqueue(piece);
            }
        },
        stop);

    private static List<int> Set(PieceMap map) => [.. Enumerable.Range(0, map.Count).Where(piece => map[piece])];
}
