using System.Net;
using Cete.Core;
using Cete.Net.Tests.Payments;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Storage.Contents;
using Cete.Testing;
using static Cete.Net.Tests.Swarms.LeafRig;

namespace Cete.Net.Tests.Swarms;

/// <summary>Contents that travel leaf by leaf between peers, over real sockets and through their doors.</summary>
public sealed class LeafStreamTests : IAsyncLifetime
{
    private const int LeafCount = (3 * EachPiece) + 3;
    private readonly TestContent _content = TestContent.Make((3 * TestContent.PieceLength) + (2 * Leaf) + 77, 31);
    private readonly PaidWorld _world = new();
    private PaidNode _node = null!;
    private IContentFile _file = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await PaidNode.StartAsync(_world, null);
        _file = _node.Contents.Begin(_content.Manifest).Value;
    }

    public async ValueTask DisposeAsync()
    {
        _file.Dispose();
        await _node.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task In_a_chain_of_three_the_last_has_a_leaf_before_the_first_has_the_next()
    {
        await using var second = await PaidNode.StartAsync(_world, null);
        using var atSecond = second.Contents.Begin(_content.Manifest).Value;
        using var atThird = _world.Contents.Begin(_content.Manifest).Value;
        using var fetcher = new Fetcher(_world);
        var first = fetcher.FetchAsync(_node.Peer(_world).ToUri(), _content.Manifest, atSecond, 0, 4);
        List<int> taken = [];
        var last = fetcher.FetchAsync(second.Peer(_world).ToUri(), _content.Manifest, atThird, 0, 4, taken.Add);
        for (var leaf = 0; leaf < LeafCount; leaf++)
        {
            _content.WriteLeaf(_file, leaf);
            Assert.True(await atThird.WaitForMoreAsync((long)leaf * Leaf, Cancel));
        }

        Assert.Equal(new RunResult(RunEnd.Completed, 4, null), await first);
        Assert.Equal(new RunResult(RunEnd.Completed, 4, null), await last);
        Assert.Equal([0, 1, 2, 3], taken);
        Assert.True(atThird.IsWhole);
        Assert.Equal(_content.Bytes, await ReadAsync(atThird));
    }

    [Fact]
    public async Task What_is_here_in_part_is_fetched_around()
    {
        await FillAsync();
        using var target = _world.Contents.Begin(_content.Manifest).Value;
        foreach (var leaf in (int[])[0, 1, 2, EachPiece + 4, .. Enumerable.Range(2 * EachPiece, EachPiece)])
        {
            _content.WriteLeaf(target, leaf);
        }

        List<string> asked = [];
        await using var peer = await ScriptedPeer.StartAsync(_world, context =>
        {
            var query = context.Request.Query;
            lock (asked)
            {
                asked.Add($"{query["from"]}-{query["to"]}");
            }

            var body = _content.Body(long.Parse(query["from"]!, null), long.Parse(query["to"]!, null));
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body, Cancel).AsTask();
        });
        using var fetcher = new Fetcher(_world);
        List<int> taken = [];
        Assert.Equal(new RunResult(RunEnd.Completed, 4, null), await fetcher.FetchAsync(peer.Address, _content.Manifest, target, 0, 4, taken.Add));

        // Leaves in the middle of a piece are sent again, those at its start are not.
        Assert.Equal([$"3-{2 * EachPiece}", $"{3 * EachPiece}-{LeafCount}"], asked);
        Assert.Equal([0, 1, 2, 3], taken);
        Assert.Equal(_content.Bytes, await ReadAsync(target));
    }

    [Fact]
    public async Task Leaves_of_content_that_is_whole_come_with_their_hashes()
    {
        await FillAsync();
        foreach (var (from, to) in new[]
        {
            (0, LeafCount), (0, 1), (3, 4), (EachPiece - 1, EachPiece + 1), (EachPiece, 2 * EachPiece), (LeafCount - 1, LeafCount),
        })
        {
            using var answer = await AskAsync($"?from={from}&to={to}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(_content.Body(from, to), await answer.Content.ReadAsByteArrayAsync(Cancel));
        }

        using var all = await AskAsync(string.Empty);
        Assert.Equal(_content.Body(0, LeafCount), await all.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Theory]
    [InlineData("?from=0&to=0", 400)]
    [InlineData("?from=1&to=1", 400)]
    [InlineData("?from=2&to=1", 400)]
    [InlineData("?from=-1&to=1", 400)]
    [InlineData("?from=0&to=52", 400)]
    [InlineData("?from=51", 400)]
    [InlineData("?from=x&to=1", 400)]
    [InlineData("?from=&to=1", 400)]
    [InlineData("?from=0&to=99999999999999999999", 400)]
    [InlineData("?from=9223372036854775807&to=9223372036854775807", 400)]
    [InlineData("?from=0&from=1&to=2", 400)]
    [InlineData("?from=0&to=1&piece=16384", 409)]
    [InlineData("?from=0&to=1&piece=", 409)]
    public async Task What_cannot_be_meant_is_refused(string query, int status)
    {
        using var answer = await AskAsync(query);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_live_stream_ends_when_its_content_is_abandoned()
    {
        _content.WriteLeaf(_file, 0);
        using var target = _world.Contents.Begin(_content.Manifest).Value;
        using var fetcher = new Fetcher(_world);
        var fetch = fetcher.FetchAsync(_node.Peer(_world).ToUri(), _content.Manifest, target, 0, 4);
        Assert.True(await target.WaitForMoreAsync(0, Cancel));
        ((ContentFile)_file).Abandon();
        var result = await fetch;
        Assert.Equal((RunEnd.Broken, 0), (result.How, result.Piece));
        Assert.Equal(Leaf, target.AvailableFrom(0));
    }

    [Fact]
    public async Task A_ticket_opens_the_leaves_of_its_content_alone()
    {
        await FillAsync();
        var other = TestContent.Make(TestContent.PieceLength, 32);
        using (var file = _node.Contents.Begin(other.Manifest).Value)
        {
            Assert.True(file.Write(0, other.Piece(0).Span).Succeeded);
        }

        using var target = _world.Contents.Begin(other.Manifest).Value;
        using var peers = new PeerTransport(new WrongTickets(_world, _content), TimeProvider.System);
        using var client = new HttpContentClient(TimeSpan.FromMinutes(1), TimeProvider.System, TlsTrust.OfSystem, null, peers);
        var result = await client.FetchAsync(new PieceRun(_node.Peer(_world).ToUri(), other.Manifest, 0, 1), target, _ => { }, Cancel);
        Assert.Equal((RunEnd.Refused, 0), (result.How, target.Pieces.Have));
    }

    [Fact]
    public async Task Many_fetch_the_same_at_once_while_it_comes()
    {
        using var fetcher = new Fetcher(_world);
        var others = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PaidNode.StartAsync(_world, null)));
        var targets = others.Select(node => node.Contents.Begin(_content.Manifest).Value).ToArray();
        var fetches = targets.Select(target => fetcher.FetchAsync(_node.Peer(_world).ToUri(), _content.Manifest, target, 0, 4)).ToArray();
        await Parallel.ForEachAsync(Enumerable.Range(0, LeafCount), Cancel, (leaf, _) =>
        {
            _content.WriteLeaf(_file, leaf);
            return ValueTask.CompletedTask;
        });
        Assert.All(await Task.WhenAll(fetches), result => Assert.Equal(RunEnd.Completed, result.How));
        foreach (var (node, target) in others.Zip(targets))
        {
            Assert.Equal(_content.Bytes, await ReadAsync(target));
            target.Dispose();
            await node.DisposeAsync();
        }
    }

    private async Task FillAsync()
    {
        for (var leaf = 0; leaf < LeafCount; leaf++)
        {
            _content.WriteLeaf(_file, leaf);
        }

        await Eventually.TrueAsync(() => _file.IsWhole, "it is whole");
    }

    /// <summary>Asks at the web door, which is open in this test.</summary>
    private async Task<HttpResponseMessage> AskAsync(string query)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        return await http.GetAsync(new Uri(_node.Web, $"/swarm/{_content.Root}/leaves{query}"), Cancel);
    }

    private static async Task<byte[]> ReadAsync(IContentFile file)
    {
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, await file.ReadAsync(bytes, 0, Cancel));
        return bytes;
    }

    /// <summary>Tickets of another content.</summary>
    private sealed class WrongTickets(PaidWorld world, TestContent other) : ITicketSource
    {
        public Task<Outcome<string>> FindAsync(KeyId community, Hash256 content, KeyId key, CancellationToken cancellation) =>
            world.FindAsync(community, other.Root, key, cancellation);
    }
}
