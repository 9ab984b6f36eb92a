using Cete.Core;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Storage.Contents;

namespace Cete.Net.Tests;

/// <summary>Content that is still on its way: readers get verified bytes in order, as soon as they are there, and nothing else.</summary>
public sealed class LiveStreamTests : IAsyncLifetime
{
    private readonly TestContent _content = TestContent.Make((6 * TestContent.PieceLength) + 1_000, 7);
    private readonly ManualClock _clock = new();
    private TestNode _node = null!;
    private IContentFile _file = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync(_clock);
        _file = _node.Contents.Begin(_content.Manifest).Value;
    }

    public async ValueTask DisposeAsync()
    {
        _file.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_gets_each_piece_when_it_has_verified_and_before_the_content_is_whole()
    {
        Write(0);
        using var answer = await _node.GetAsync(_content.Path);
        Assert.Equal(_content.Bytes.Length, answer.Content.Headers.ContentLength);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancel);
        await ReadAsync(body, 0, 1);

        // Out of order, and one that lies: neither may show.
        Write(3);
        Write(2);
        var lie = _content.Piece(1).ToArray();
        lie[17] ^= 1;
        Assert.Equal(FailureKind.Damaged, _file.Write(1, lie).Failure!.Kind);
        var next = ReadAsync(body, 1, 3);
        Assert.False(next.IsCompleted);
        Write(1);
        await next;
        Assert.False(_file.IsWhole);
        for (var piece = 6; piece >= 4; piece--)
        {
            Write(piece);
        }

        await ReadAsync(body, 4, 3);
        Assert.Equal(0, await body.ReadAsync(new byte[1], Cancel));
    }

    [Fact]
    public async Task Many_readers_of_the_whole_and_of_parts_all_get_the_right_bytes()
    {
        var readers = Enumerable.Range(0, 24).Select(async i =>
        {
            var (from, to) = (i * 61_000, i % 3 == 0 ? _content.Bytes.Length - 1 : (i * 61_000) + 99_999);
            using var answer = await _node.GetAsync(_content.Path, ("Range", $"bytes={from}-{to}"));
            Assert.Equal(_content.Bytes[from..(to + 1)], await answer.Content.ReadAsByteArrayAsync(Cancel));
        }).ToArray();
        var pieces = Enumerable.Range(0, 7).ToArray();
        var chance = new Prng(5);
        for (var i = pieces.Length - 1; i > 0; i--)
        {
            var other = chance.Next(i + 1);
            (pieces[i], pieces[other]) = (pieces[other], pieces[i]);
        }

        await Parallel.ForEachAsync(pieces, Cancel, (piece, _) =>
        {
            Write(piece);
            return ValueTask.CompletedTask;
        });
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task A_reader_is_cut_off_when_the_content_is_abandoned()
    {
        Write(0);
        using var answer = await _node.GetAsync(_content.Path);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancel);
        await ReadAsync(body, 0, 1);
        var next = body.ReadAtLeastAsync(new byte[10], 10, cancellationToken: Cancel).AsTask();
        ((ContentFile)_file).Abandon();
        await Assert.ThrowsAnyAsync<IOException>(() => next);
    }

    [Fact]
    public async Task A_reader_is_cut_off_when_nothing_comes_for_long()
    {
        Write(0);
        using var answer = await _node.GetAsync(_content.Path);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancel);
        await ReadAsync(body, 0, 1);
        var next = body.ReadAtLeastAsync(new byte[10], 10, cancellationToken: Cancel).AsTask();
        await _clock.FireAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => next);
    }

    [Fact]
    public async Task A_reader_that_goes_away_does_not_hold_up_the_others()
    {
        Write(0);
        using (var gone = await _node.GetAsync(_content.Path))
        {
            await using var part = await gone.Content.ReadAsStreamAsync(Cancel);
            await ReadAsync(part, 0, 1);
        }

        using var answer = await _node.GetAsync(_content.Path);
        var whole = answer.Content.ReadAsByteArrayAsync(Cancel);
        for (var piece = 1; piece < 7; piece++)
        {
            Write(piece);
        }

        Assert.Equal(_content.Bytes, await whole);
    }

    [Fact]
    public async Task A_chain_of_two_nodes_passes_pieces_on_before_the_first_has_all()
    {
        await using var second = await TestNode.StartAsync();
        using var client = new HttpContentClient(TimeSpan.FromMinutes(2), TimeProvider.System, TlsTrust.OfSystem);
        using var target = second.Contents.Begin(_content.Manifest).Value;
        var fetch = client.FetchAsync(new PieceRun(_node.Address, _content.Manifest, 0, 7), target, _ => { }, Cancel);
        using var answer = await second.GetAsync(_content.Path);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancel);
        for (var piece = 0; piece < 7; piece++)
        {
            Write(piece);
            await ReadAsync(body, piece, 1);
        }

        Assert.Equal(new RunResult(RunEnd.Completed, 7, null), await fetch);
    }

    private void Write(int piece) => Assert.True(_file.Write(piece, _content.Piece(piece).Span).Succeeded);

    private async Task ReadAsync(Stream body, int first, int count)
    {
        var length = Enumerable.Range(first, count).Sum(_content.Manifest.LengthOfPiece);
        var buffer = new byte[length];
        await body.ReadExactlyAsync(buffer, Cancel);
        Assert.Equal(_content.Bytes.Slice(first * TestContent.PieceLength, length), buffer);
    }
}
