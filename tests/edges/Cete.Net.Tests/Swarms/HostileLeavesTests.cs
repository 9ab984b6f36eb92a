using System.Globalization;
using Cete.Net.Tests.Payments;
using Cete.Ports;
using Microsoft.AspNetCore.Http;
using static Cete.Net.Tests.Swarms.LeafRig;

namespace Cete.Net.Tests.Swarms;

/// <summary>Peers that give leaves as no peer should: it ends as a result, what verified before stays, and nothing else is kept or passed on.</summary>
public sealed class HostileLeavesTests : IAsyncLifetime
{
    private const int LeafCount = (2 * EachPiece) + 1;
    private readonly TestContent _content = TestContent.Make((2 * TestContent.PieceLength) + 100, 41);
    private readonly PaidWorld _world = new();
    private readonly ManualClock _clock = new();
    private Fetcher _fetcher = null!;
    private IContentFile _target = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        (_fetcher, _target) = (new Fetcher(_world, _clock), _world.Contents.Begin(_content.Manifest).Value);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _fetcher.Dispose();
        _target.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task One_that_stalls_within_a_leaf_is_given_up_and_the_leaves_before_stay()
    {
        await using var peer = await StartAsync((context, body) => SendAndStayAsync(context, body, HashesOf(0) + (3 * Leaf) + 500));
        var fetch = FetchAsync(peer);
        Assert.True(await _target.WaitForMoreAsync(2 * Leaf, Cancel));
        await _clock.FireAsync();
        var result = await fetch;
        Assert.Equal((RunEnd.Broken, 0), (result.How, result.Piece));
        await GoesOnFromAsync(3);
    }

    [Fact]
    public async Task One_that_trickles_is_given_up()
    {
        await using var peer = await StartAsync(async (context, body) =>
        {
            await SendAsync(context, body, HashesOf(0) + Leaf);
            for (var at = HashesOf(0) + Leaf; !context.RequestAborted.IsCancellationRequested; at++)
            {
                await context.Response.Body.WriteAsync(body.AsMemory(at % body.Length, 1), context.RequestAborted);
            }
        });
        var fetch = FetchAsync(peer);
        Assert.True(await _target.WaitForMoreAsync(0, Cancel));
        await _clock.FireAsync();
        Assert.NotEqual(RunEnd.Completed, (await fetch).How);
        Assert.False(_target.IsWhole);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 0)]
    [InlineData((EachPiece * 32) + (5 * Leaf) + 1, 5)]
    [InlineData((EachPiece * 32) + (6 * Leaf), 6)]
    [InlineData((2 * EachPiece * 32) + (20 * Leaf), 20)]
    public async Task One_that_closes_early_breaks_the_run_and_another_goes_on_at_that_leaf(int bytes, int leaves)
    {
        await using var peer = await StartAsync(async (context, body) =>
        {
            await SendAsync(context, body, bytes);

            // A connection that is reset takes bytes with it that were not read yet.
            Assert.True(leaves == 0 || await _target.WaitForMoreAsync((leaves - 1L) * Leaf, Cancel));
            context.Abort();
        });
        var result = await FetchAsync(peer);
        Assert.Equal((RunEnd.Broken, leaves / EachPiece), (result.How, result.Piece));
        await GoesOnFromAsync(leaves);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(-Leaf)]
    [InlineData(1_000_000)]
    public async Task One_that_means_to_send_more_or_less_than_asked_is_refused(int more)
    {
        await using var peer = await StartAsync((context, body) =>
        {
            context.Response.ContentLength = body.Length + more;
            return context.Response.Body.WriteAsync(body.AsMemory(0, Math.Min(body.Length, body.Length + more)), Cancel).AsTask();
        });
        Assert.Equal(RunEnd.Refused, (await FetchAsync(peer)).How);
        Assert.Equal(0, _target.AvailableFrom(0));
    }

    [Fact]
    public async Task What_comes_behind_the_last_leaf_is_not_taken()
    {
        await using var peer = await StartAsync(async (context, body) =>
        {
            context.Response.ContentLength = null;
            await context.Response.Body.WriteAsync(body, Cancel);
            await context.Response.Body.WriteAsync(body, Cancel);
        });
        Assert.Equal(new RunResult(RunEnd.Completed, 3, null), await FetchAsync(peer));
        Assert.True(_target.IsWhole);
    }

    [Fact]
    public async Task Hashes_that_are_wrong_end_the_run_before_a_leaf_is_taken()
    {
        await using var peer = await StartAsync((context, body) =>
        {
            body[HashesOf(0) - 1] ^= 1;
            return SendAsync(context, body, body.Length);
        });
        var result = await FetchAsync(peer);
        Assert.Equal((RunEnd.Damaged, 0), (result.How, result.Piece));
        Assert.Equal(0, _target.AvailableFrom(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(EachPiece - 1)]
    [InlineData(EachPiece + 9)]
    [InlineData(2 * EachPiece)]
    public async Task The_first_bad_leaf_ends_the_run_and_nothing_of_it_is_kept(int bad)
    {
        await using var peer = await StartAsync((context, body) =>
        {
            body[(HashesOf(0) * (1 + (bad / EachPiece))) - (bad == 2 * EachPiece ? HashesOf(0) - 32 : 0) + (bad * Leaf) + 50] ^= 1;
            return SendAsync(context, body, body.Length);
        });
        List<int> taken = [];
        var result = await _fetcher.FetchAsync(peer.Address, _content.Manifest, _target, 0, 3, taken.Add);
        Assert.Equal((RunEnd.Damaged, bad / EachPiece), (result.How, result.Piece));
        Assert.DoesNotContain(bad / EachPiece, taken);
        Assert.Equal(0, _target.AvailableFrom((long)bad * Leaf));
        Assert.Equal((long)bad * Leaf, _target.AvailableFrom(0));
    }

    [Fact]
    public async Task One_that_switches_to_another_content_is_found_at_the_piece_where_it_does()
    {
        var other = TestContent.Make(_content.Bytes.Length, 42).Body(0, LeafCount);
        await using var peer = await StartAsync((context, body) =>
        {
            other.AsSpan(HashesOf(0) + TestContent.PieceLength).CopyTo(body.AsSpan(HashesOf(0) + TestContent.PieceLength));
            return SendAsync(context, body, body.Length);
        });
        var result = await FetchAsync(peer);
        Assert.Equal((RunEnd.Damaged, 1), (result.How, result.Piece));
        Assert.Equal(TestContent.PieceLength, _target.AvailableFrom(0));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(409)]
    public async Task A_peer_that_knows_of_no_leaves_is_asked_for_pieces_and_not_for_leaves_again(int status)
    {
        await using var peer = await ScriptedPeer.StartAsync(_world, context =>
        {
            if (context.Request.Path.StartsWithSegments("/swarm"))
            {
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            }

            context.Response.ContentLength = _content.Bytes.Length;
            return context.Response.Body.WriteAsync(_content.Bytes, Cancel).AsTask();
        });
        Assert.Equal(new RunResult(RunEnd.Completed, 3, null), await FetchAsync(peer));
        Assert.Equal(RunEnd.Completed, (await FetchAsync(peer)).How);
        Assert.True(_target.IsWhole);
        Assert.Equal([true, false, false], peer.Requests.Select(path => path.StartsWith("/swarm", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(401, RunEnd.Refused)]
    [InlineData(302, RunEnd.Refused)]
    [InlineData(416, RunEnd.Refused)]
    [InlineData(429, RunEnd.Broken)]
    [InlineData(500, RunEnd.Broken)]
    [InlineData(503, RunEnd.Broken)]
    [InlineData(402, RunEnd.Refused)]
    public async Task An_answer_that_is_none_ends_the_run(int status, RunEnd how)
    {
        await using var peer = await ScriptedPeer.StartAsync(_world, context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        Assert.Equal(how, (await FetchAsync(peer)).How);
        Assert.Single(peer.Requests);
    }

    private static int HashesOf(int piece) => piece < 2 ? EachPiece * 32 : 32;

    private Task<ScriptedPeer> StartAsync(Func<HttpContext, byte[], Task> script) => ScriptedPeer.StartAsync(_world, context =>
    {
        var query = context.Request.Query;
        var body = _content.Body(Number(query["from"]!), Number(query["to"]!));
        context.Response.ContentLength = body.Length;
        return script(context, body);
    });

    private Task<RunResult> FetchAsync(ScriptedPeer peer) => _fetcher.FetchAsync(peer.Address, _content.Manifest, _target, 0, 3);

    /// <summary>An honest peer is asked for what is missing from a leaf on, and for no more.</summary>
    private async Task GoesOnFromAsync(int leaf)
    {
        Assert.Equal((long)leaf * Leaf, _target.AvailableFrom(0));
        await using var honest = await StartAsync((context, body) => SendAsync(context, body, body.Length));
        var result = await _fetcher.FetchAsync(honest.Address, _content.Manifest, _target, leaf / EachPiece, 3);
        Assert.Equal(new RunResult(RunEnd.Completed, 3, null), result);
        Assert.Contains($"from={leaf}&to={LeafCount}", Assert.Single(honest.Requests), StringComparison.Ordinal);
        var read = new byte[_content.Bytes.Length];
        Assert.Equal(read.Length, await _target.ReadAsync(read, 0, Cancel));
        Assert.Equal(_content.Bytes, read);
    }

    private static async Task SendAsync(HttpContext context, byte[] body, int count)
    {
        await context.Response.Body.WriteAsync(body.AsMemory(0, count), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task SendAndStayAsync(HttpContext context, byte[] body, int count)
    {
        await SendAsync(context, body, count);
        await LyingServer.SilenceAsync(context.RequestAborted);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
