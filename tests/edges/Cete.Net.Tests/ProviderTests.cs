using System.Net;
using Cete.Api;
using Cete.Core;
using Cete.Net.Tls;
using Cete.Ports;

namespace Cete.Net.Tests;

/// <summary>A provider whose disk is not what it was.</summary>
public sealed class ProviderTests : IAsyncLifetime
{
    private TestNode _node = null!;
    private TestNode _other = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_node, _other) = (await TestNode.StartAsync(), await TestNode.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task A_damaged_piece_is_noticed_reported_and_taken_out()
    {
        var content = _node.Put(5 * TestContent.PieceLength);
        Damage(content, 2);
        using var client = new HttpContentClient(TimeSpan.FromMinutes(2), TimeProvider.System, TlsTrust.OfSystem);
        var target = _other.Contents.Begin(content.Manifest).Value;
        List<int> taken = [];
        var result = await client.FetchAsync(new PieceRun(_node.Address, content.Manifest, 0, 5), target, taken.Add, Cancel);
        Assert.Equal((RunEnd.Damaged, 2, FailureKind.Damaged), (result.How, result.Piece, result.Failure!.Kind));
        Assert.Equal([0, 1], taken.Where(p => p < 2));
        Assert.DoesNotContain(2, taken);
        using (var source = _node.Contents.Find(content.Root)!)
        {
            Assert.False(source.Pieces[2]);
            Assert.Equal(4, source.Pieces.Have);
        }

        using var known = await _node.SendAsync(HttpMethod.Post, Routes.Known, $$"""{"roots":["{{content.Root}}"]}""");
        Assert.Equal([false], (await known.ReadAsync(ApiJson.Default.KnownAnswer)).Known);

        // It heals from whoever has it.
        target.Dispose();
        var rest = _other.Put(5 * TestContent.PieceLength, 1);
        using var hole = _node.Contents.Begin(content.Manifest).Value;
        result = await client.FetchAsync(new PieceRun(_other.Address, rest.Manifest, 2, 3), hole, _ => { }, Cancel);
        Assert.Equal(RunEnd.Completed, result.How);
        Assert.Equal(content.Bytes, await _node.Http.GetByteArrayAsync(content.Path, Cancel));
    }

    [Fact]
    public async Task Of_several_damaged_pieces_the_first_one_counts()
    {
        var content = _node.Put(8 * TestContent.PieceLength);
        for (var piece = 3; piece < 8; piece++)
        {
            Damage(content, piece);
        }

        using var client = new HttpContentClient(TimeSpan.FromMinutes(2), TimeProvider.System, TlsTrust.OfSystem);
        using var target = _other.Contents.Begin(content.Manifest).Value;
        var result = await client.FetchAsync(new PieceRun(_node.Address, content.Manifest, 0, 8), target, _ => { }, Cancel);
        Assert.Equal((RunEnd.Damaged, 3), (result.How, result.Piece));
    }

    [Fact]
    public async Task Reports_are_checked_not_believed()
    {
        var content = _node.Put(3 * TestContent.PieceLength);
        var path = Routes.Reports(content.Root.ToString());
        using var good = await _node.SendAsync(HttpMethod.Post, path, """{"piece":1}""");
        Assert.True((await good.ReadAsync(ApiJson.Default.DamageAnswer)).Good);
        foreach (var body in new[] { """{"piece":3}""", """{"piece":-1}""", """{"piece":2147483648}""", """{"piece":null}""", """{"piece":"1"}""", "[]", "" })
        {
            using var bad = await _node.SendAsync(HttpMethod.Post, path, body);
            Assert.Equal(400, (await bad.ReadProblemAsync()).Status);
        }

        using var absent = await _node.SendAsync(HttpMethod.Post, Routes.Reports(new string('0', 64)), """{"piece":0}""");
        Assert.Equal(404, (await absent.ReadProblemAsync()).Status);
        using var malformed = await _node.SendAsync(HttpMethod.Post, Routes.Reports("x"), """{"piece":0}""");
        Assert.Equal(400, (await malformed.ReadProblemAsync()).Status);
        Assert.Equal(content.Bytes, await _node.Http.GetByteArrayAsync(content.Path, Cancel));
    }

    [Fact]
    public async Task Readers_go_on_when_the_file_is_deleted_and_newcomers_are_told()
    {
        var content = _node.Put(12_000_000);
        using var answer = await _node.GetAsync(content.Path);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancel);
        var buffer = new byte[content.Bytes.Length];
        await body.ReadExactlyAsync(buffer.AsMemory(0, 1_000), Cancel);
        File.Delete(FileOf(content));
        await body.ReadExactlyAsync(buffer.AsMemory(1_000), Cancel);
        Assert.Equal(content.Bytes, buffer);
        answer.Dispose();

        // The server lets go of the file a moment after the last byte.
        HttpStatusCode status;
        do
        {
            using var after = await _node.GetAsync(content.Path, ("Range", "bytes=0-0"));
            status = after.StatusCode;
        }
        while (status == HttpStatusCode.PartialContent);
        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    [Fact]
    public async Task A_file_that_was_cut_short_ends_the_answer_and_not_the_server()
    {
        var content = _node.Put(3 * TestContent.PieceLength);
        using (var file = File.OpenWrite(FileOf(content)))
        {
            file.SetLength(1_000);
        }

        using var client = new HttpContentClient(TimeSpan.FromMinutes(2), TimeProvider.System, TlsTrust.OfSystem);
        using var target = _other.Contents.Begin(content.Manifest).Value;
        var result = await client.FetchAsync(new PieceRun(_node.Address, content.Manifest, 0, 3), target, _ => { }, Cancel);
        Assert.NotEqual(RunEnd.Completed, result.How);
        Assert.Equal(0, target.Pieces.Have);
    }

    private void Damage(TestContent content, int piece)
    {
        using var file = File.OpenWrite(FileOf(content));
        file.Position = (piece * TestContent.PieceLength) + 99;
        file.WriteByte((byte)(content.Piece(piece).Span[99] ^ 1));
    }

    private string FileOf(TestContent content) => Path.Combine(_node.Folder, "content", content.Root.ToString()[..2], content.Root.ToString()[2..]);
}
