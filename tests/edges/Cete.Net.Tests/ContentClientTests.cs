using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Cete.Core;
using Cete.Net.Tls;
using Cete.Ports;

namespace Cete.Net.Tests;

/// <summary>Fetching from servers that do what no server should: whatever they do, it ends as a result, and nothing unverified is kept.</summary>
public sealed class ContentClientTests : IAsyncLifetime
{
    private const int Length = (3 * TestContent.PieceLength) + 10;
    private readonly TestContent _content = TestContent.Make(Length, 21);
    private readonly ManualClock _clock = new();
    private TestNode _node = null!;
    private HttpContentClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        (_node, _client) = (await TestNode.StartAsync(), new HttpContentClient(TimeSpan.FromMinutes(10), _clock, TlsTrust.OfSystem));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", RunEnd.Refused)]
    [InlineData("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", RunEnd.Refused)]
    [InlineData("HTTP/1.1 416 No\r\nContent-Range: bytes */5\r\nContent-Length: 0\r\n\r\n", RunEnd.Refused)]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", RunEnd.Refused)]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", RunEnd.Broken)]
    [InlineData("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", RunEnd.Broken)]
    [InlineData("HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n", RunEnd.Broken)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", RunEnd.Broken)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nshort", RunEnd.Broken)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 786442\r\n\r\nclosed early", RunEnd.Broken)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", RunEnd.Broken)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc", RunEnd.Broken)]
    [InlineData("HTTP/1.1 206 Partial\r\nContent-Range: bytes 7-9/786442\r\nContent-Length: 3\r\n\r\nabc", RunEnd.Refused)]
    [InlineData("garbage that is no status line\r\n\r\n", RunEnd.Broken)]
    [InlineData("HTTP/9.9 abc\r\n\r\n", RunEnd.Broken)]
    [InlineData("", RunEnd.Broken)]
    public async Task An_answer_that_is_none_ends_the_run(string answer, RunEnd how)
    {
        await using var server = new LyingServer(answer);
        var (result, target) = await FetchAsync(server, 0, 4);
        Assert.Equal((how, 0), (result.How, result.Piece));
        Assert.NotNull(result.Failure);
        Assert.Equal(0, target.Pieces.Have);
        target.Dispose();
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = new LyingServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var server = new LyingServer($"HTTP/1.1 301 Moved\r\nLocation: {elsewhere.Address}\r\nContent-Length: 0\r\n\r\n");
        var (result, target) = await FetchAsync(server, 0, 4);
        Assert.Equal(RunEnd.Refused, result.How);
        Assert.Empty(elsewhere.Requests);
        target.Dispose();
    }

    [Fact]
    public async Task A_source_without_ranges_serves_only_from_the_start()
    {
        await using var server = new LyingServer((stream, _, cancel) => AnswerAsync(stream, "200 OK", string.Empty, _content.Bytes, cancel));
        var (late, first) = await FetchAsync(server, 2, 4);
        Assert.Equal((RunEnd.Refused, 2, 0), (late.How, late.Piece, first.Pieces.Have));
        first.Dispose();
        var (early, second) = await FetchAsync(server, 0, 2);
        Assert.Equal((RunEnd.Completed, 2, 2), (early.How, early.Piece, second.Pieces.Have));
        second.Dispose();
        Assert.Contains("Range: bytes=524288-786441", server.Requests.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_bytes_end_the_run_and_are_reported()
    {
        var wrong = _content.Bytes.ToArray();
        wrong[TestContent.PieceLength + 3] ^= 1;
        await using var server = new LyingServer((stream, head, cancel) => head.StartsWith("POST", StringComparison.Ordinal)
            ? AnswerAsync(stream, "200 OK", string.Empty, default, cancel)
            : AnswerAsync(stream, "200 OK", string.Empty, wrong, cancel));
        var (result, target) = await FetchAsync(server, 0, 4);
        Assert.Equal((RunEnd.Damaged, 1), (result.How, result.Piece));
        Assert.True(target.Pieces[0] && !target.Pieces[1]);
        Assert.Contains(server.Requests, r => r.StartsWith($"POST /api/contents/{_content.Root}/reports", StringComparison.Ordinal));
        target.Dispose();
    }

    [Fact]
    public async Task More_bytes_than_asked_for_are_not_taken()
    {
        var longer = new byte[Length + 100_000];
        _content.Bytes.CopyTo(longer);
        await using var server = new LyingServer((stream, _, cancel) => AnswerAsync(stream, "200 OK", string.Empty, longer, cancel));
        var (result, target) = await FetchAsync(server, 0, 4);
        Assert.Equal((RunEnd.Completed, 4), (result.How, result.Piece));
        Assert.True(target.IsWhole);
        target.Dispose();
    }

    [Fact]
    public async Task A_silent_source_is_given_up_before_and_behind_its_header()
    {
        await using var silent = new LyingServer((_, _, cancel) => LyingServer.SilenceAsync(cancel));
        var fetch = FetchAsync(silent, 0, 4);
        await _clock.FireAsync();
        var (result, first) = await fetch;
        Assert.Equal((RunEnd.Broken, FailureKind.Unavailable), (result.How, result.Failure!.Kind));
        first.Dispose();

        var sent = new TaskCompletionSource();
        await using var stuck = new LyingServer(async (stream, _, cancel) =>
        {
            await AnswerAsync(stream, "200 OK", string.Empty, _content.Bytes, cancel, TestContent.PieceLength + 5);
            await sent.Task.WaitAsync(cancel);
            await LyingServer.SilenceAsync(cancel);
        });
        using var target = _node.Contents.Begin(_content.Manifest).Value;
        var half = _client.FetchAsync(new PieceRun(stuck.Address, _content.Manifest, 0, 4), target, _ => sent.TrySetResult(), Cancel);
        while (target.Pieces.Have == 0)
        {
            await target.WaitForMoreAsync(0, Cancel);
        }

        // A piece was taken while more is waited for: what was taken counts, and the run goes on behind it later.
        await _clock.FireAsync();
        result = await half;
        Assert.Equal(RunEnd.Broken, result.How);
        Assert.True(target.Pieces[0]);
    }

    [Fact]
    public async Task A_run_can_be_stopped_and_shortened()
    {
        await using var silent = new LyingServer((_, _, cancel) => LyingServer.SilenceAsync(cancel));
        using var stop = new CancellationTokenSource();
        using var target = _node.Contents.Begin(_content.Manifest).Value;
        var fetch = _client.FetchAsync(new PieceRun(silent.Address, _content.Manifest, 0, 4), target, _ => { }, stop.Token);
        await stop.CancelAsync();
        var result = await fetch;
        Assert.Equal((RunEnd.Broken, FailureKind.Cancelled), (result.How, result.Failure!.Kind));

        await using var server = new LyingServer((stream, _, cancel) => AnswerAsync(stream, "200 OK", string.Empty, _content.Bytes, cancel));
        var run = new PieceRun(server.Address, _content.Manifest, 0, 4);
        run.ShortenTo(1);
        result = await _client.FetchAsync(run, target, _ => { }, Cancel);
        Assert.Equal((RunEnd.Completed, 1, 1), (result.How, result.Piece, target.Pieces.Have));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("ftp://127.0.0.1/")]
    public async Task A_source_that_cannot_be_reached_is_a_result(string address)
    {
        using var target = _node.Contents.Begin(_content.Manifest).Value;
        var result = await _client.FetchAsync(new PieceRun(new Uri(address), _content.Manifest, 0, 4), target, _ => { }, Cancel);
        Assert.Equal((RunEnd.Broken, FailureKind.Unavailable), (result.How, result.Failure!.Kind));
    }

    [Fact]
    public async Task Whatever_comes_nothing_unverified_is_kept()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var chance = new Prng(seed);
            var status = chance.Chance(1, 2) ? 200 : 206;
            var head = Encoding.Latin1.GetBytes($"HTTP/1.1 {status} OK\r\nContent-Range: bytes 0-{Length - 1}/{Length}\r\nContent-Length: {Length}\r\n\r\n");
            byte[] answer = [.. head, .. _content.Bytes.Span];
            for (var flips = chance.Next(4); flips > 0; flips--)
            {
                answer[chance.Chance(1, 2) ? chance.Next(answer.Length) : chance.Next(head.Length)] ^= (byte)(1 << chance.Next(8));
            }

            var sent = chance.Chance(1, 2) ? answer.Length : chance.Next(answer.Length);
            await using var server = new LyingServer((stream, _, cancel) => stream.WriteAsync(answer.AsMemory(0, sent), cancel).AsTask());
            var (result, target) = await FetchAsync(server, 0, 4);
            using (target)
            {
                Assert.True(result.How == RunEnd.Completed || result.Failure is not null, $"seed {seed}");
                for (var piece = 0; piece < 4; piece++)
                {
                    var data = new byte[_content.Manifest.LengthOfPiece(piece)];
                    var count = await target.ReadAsync(data, (long)piece * TestContent.PieceLength, Cancel);
                    Assert.True(!target.Pieces[piece] || count == data.Length, $"seed {seed}");
                    Assert.True(!target.Pieces[piece] || _content.Piece(piece).Span.SequenceEqual(data), $"seed {seed}");
                }
            }

            foreach (var file in Directory.EnumerateFiles(Path.Combine(_node.Folder, "incoming")))
            {
                File.Delete(file);
            }
        }
    }

    private static async Task AnswerAsync(
        NetworkStream stream, string status, string fields, ReadOnlyMemory<byte> body, CancellationToken cancel, int? count = null)
    {
        var length = body.Length.ToString(CultureInfo.InvariantCulture);
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{fields}\r\n"), cancel);
        await stream.WriteAsync(body[..(count ?? body.Length)], cancel);
    }

    private async Task<(RunResult Result, IContentFile Target)> FetchAsync(LyingServer server, int first, int end)
    {
        var target = _node.Contents.Begin(_content.Manifest).Value;
        return (await _client.FetchAsync(new PieceRun(server.Address, _content.Manifest, first, end), target, _ => { }, Cancel), target);
    }
}
