using System.Net;
using System.Text.Json;
using Cete.Api;

namespace Cete.Net.Tests;

public sealed class UploadTests : IAsyncLifetime
{
    private const int PieceLength = TestContent.PieceLength;
    private readonly TestContent _content = TestContent.Make((2 * PieceLength) + 500, 3);
    private TestNode _node = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_small_content_is_put_in_one_request_and_again_without_harm()
    {
        var small = TestContent.Make(PieceLength, 1);
        for (var i = 0; i < 2; i++)
        {
            using var put = await _node.SendAsync(HttpMethod.Put, small.Path, small.Bytes);
            Assert.Equal(small.Root.ToString(), (await put.ReadAsync(ApiJson.Default.UploadAnswer)).Root);
        }

        Assert.Equal(small.Bytes, await _node.Http.GetByteArrayAsync(small.Path, Cancel));
    }

    [Fact]
    public async Task A_small_content_that_is_not_what_it_says_is_refused()
    {
        var small = TestContent.Make(1_000, 1);
        await ExpectAsync(422, "damaged", _node.SendAsync(HttpMethod.Put, small.Path, small.Bytes[1..]));
        await ExpectAsync(413, "too-large", _node.SendAsync(HttpMethod.Put, small.Path, new byte[PieceLength + 1]));
        await ExpectAsync(400, "invalid", _node.SendAsync(HttpMethod.Put, "/content/xyz", small.Bytes));
        var chunked = $"PUT {small.Path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";
        Assert.Contains(" 413 ", await RawHttp.AskAsync(_node.Address, chunked), StringComparison.Ordinal);
        var cut = $"PUT {small.Path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000\r\n\r\nabc";
        Assert.DoesNotContain(" 200 ", await RawHttp.AskAsync(_node.Address, cut, closeEarly: true), StringComparison.Ordinal);
        using var absent = await _node.GetAsync(small.Path);
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Fact]
    public async Task An_upload_goes_from_beginning_to_end()
    {
        var state = await BeginAsync(_content);
        Assert.Equal((PieceLength, false), (state.PieceLength, state.MayBeKnown));
        Assert.Equal([new PieceRange(0, 3)], state.Missing);
        state = await PatchAsync(state.Id, 0, _content.Bytes);
        Assert.Empty(state.Missing);
        await ExpectAsync(409, "conflict", FinishAsync(state.Id));
        Assert.Empty((await ManifestAsync(state.Id, _content.ManifestBody())).Missing);
        using var finished = await FinishAsync(state.Id);
        Assert.Equal(_content.Root.ToString(), (await finished.ReadAsync(ApiJson.Default.UploadAnswer)).Root);
        Assert.Equal(_content.Bytes, await _node.Http.GetByteArrayAsync(_content.Path, Cancel));
        await ExpectAsync(404, "not-found", FinishAsync(state.Id));
        using var known = await _node.SendAsync(HttpMethod.Post, Routes.Known, $$"""{"roots":["{{_content.Root}}","{{new string('0', 64)}}"]}""");
        Assert.Equal([true, false], (await known.ReadAsync(ApiJson.Default.KnownAnswer)).Known);
    }

    [Fact]
    public async Task The_manifest_may_come_first_and_pieces_in_any_order()
    {
        var id = (await BeginAsync(_content)).Id;
        await ManifestAsync(id, _content.ManifestBody());
        await PatchAsync(id, 2 * PieceLength, _content.Piece(2));
        var lie = _content.Piece(1).ToArray();
        lie[0] ^= 1;
        await ExpectAsync(422, "damaged", PatchRawAsync(id, PieceLength, lie));
        Assert.Equal([new PieceRange(1, 1)], (await PatchAsync(id, 0, _content.Piece(0))).Missing);
        await ExpectAsync(409, "conflict", FinishAsync(id));
        Assert.Empty((await PatchAsync(id, PieceLength, _content.Piece(1))).Missing);
        using var finished = await FinishAsync(id);
        Assert.Equal(HttpStatusCode.OK, finished.StatusCode);
    }

    [Fact]
    public async Task Pieces_that_do_not_fit_the_manifest_are_asked_for_again()
    {
        var id = (await BeginAsync(_content)).Id;
        var changed = _content.Bytes.ToArray();
        changed[PieceLength + 5] ^= 1;
        await PatchAsync(id, 0, changed);
        Assert.Equal([new PieceRange(1, 1)], (await ManifestAsync(id, _content.ManifestBody())).Missing);
        await PatchAsync(id, PieceLength, _content.Piece(1));
        (await FinishAsync(id)).Dispose();
        Assert.Equal(_content.Bytes, await _node.Http.GetByteArrayAsync(_content.Path, Cancel));
    }

    [Fact]
    public async Task A_broken_upload_goes_on_where_it_was()
    {
        var id = (await BeginAsync(_content)).Id;
        var request = $"PATCH {Routes.Upload(id)} HTTP/1.1\r\nHost: x\r\nUpload-Offset: 0\r\nContent-Length: {_content.Bytes.Length}\r\n\r\n";
        var head = System.Text.Encoding.Latin1.GetBytes(request);
        using (var socket = new System.Net.Sockets.TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, _node.Address.Port, Cancel);
            await socket.GetStream().WriteAsync(head, Cancel);
            await socket.GetStream().WriteAsync(_content.Bytes[..(PieceLength + 77)], Cancel);
            using var watched = _node.Contents.FindUpload(id)!;
            while (watched.Pieces.Have == 0)
            {
                await watched.WaitForMoreAsync(0, Cancel);
            }
        }

        var state = await BeginAsync(_content);
        Assert.Equal((id, 1), (state.Id, state.Missing[0].First));
        await ManifestAsync(id, _content.ManifestBody());
        await PatchAsync(id, PieceLength, _content.Bytes[PieceLength..]);
        using var finished = await FinishAsync(id);
        Assert.Equal(HttpStatusCode.OK, finished.StatusCode);
    }

    [Fact]
    public async Task Two_at_once_with_the_same_content_both_end_well()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            var id = (await BeginAsync(_content, $"key-{i / 2}")).Id;
            await PatchAsync(id, 0, _content.Bytes);
            await ManifestAsync(id, _content.ManifestBody());
        }));
        foreach (var key in new[] { "key-0", "key-1" })
        {
            using var finished = await FinishAsync((await BeginAsync(_content, key)).Id);
            Assert.Equal(HttpStatusCode.OK, finished.StatusCode);
        }

        Assert.Equal(_content.Bytes, await _node.Http.GetByteArrayAsync(_content.Path, Cancel));
    }

    [Fact]
    public async Task The_same_beginning_with_another_key_is_another_upload()
    {
        var other = _content.Bytes.ToArray();
        other[^1] ^= 1;
        var second = TestContent.Of(other);
        Assert.Equal(_content.Manifest.Pieces[0], second.Manifest.Pieces[0]);
        var (one, two) = ((await BeginAsync(_content, "one")).Id, (await BeginAsync(second, "two")).Id);
        Assert.NotEqual(one, two);
        await PatchAsync(one, 0, _content.Bytes);
        await PatchAsync(two, 0, second.Bytes);
        await ManifestAsync(one, _content.ManifestBody());
        await ManifestAsync(two, second.ManifestBody());
        (await FinishAsync(two)).Dispose();
        (await FinishAsync(one)).Dispose();
        Assert.Equal(_content.Bytes, await _node.Http.GetByteArrayAsync(_content.Path, Cancel));
        Assert.Equal(second.Bytes, await _node.Http.GetByteArrayAsync(second.Path, Cancel));

        // Two files that take turns under one key: what came first stays until a manifest says that it is another's.
        var shared = (await BeginAsync(second, "three")).Id;
        await PatchAsync(shared, 0, second.Bytes);
        await PatchAsync(shared, 0, _content.Bytes);
        Assert.Equal([new PieceRange(2, 1)], (await ManifestAsync(shared, _content.ManifestBody())).Missing);
    }

    [Fact]
    public async Task Manifests_that_lie_are_refused()
    {
        var id = (await BeginAsync(_content)).Id;
        var body = _content.ManifestBody();
        var lie = body.ToArray();
        lie[40] ^= 1;
        await ExpectAsync(422, "damaged", _node.SendAsync(HttpMethod.Put, Routes.UploadManifest(id), lie));
        await ExpectAsync(400, "invalid", _node.SendAsync(HttpMethod.Put, Routes.UploadManifest(id), body.AsMemory(0, 64)));
        await ExpectAsync(400, "invalid", _node.SendAsync(HttpMethod.Put, Routes.UploadManifest(id), TestContent.Make(4 * PieceLength, 9).ManifestBody()));
        await ExpectAsync(400, "invalid", _node.SendAsync(HttpMethod.Put, Routes.UploadManifest(id), default(ReadOnlyMemory<byte>)));
        await ManifestAsync(id, body);
        await ManifestAsync(id, body);
        var other = TestContent.Make(_content.Bytes.Length, 9).ManifestBody();
        await ExpectAsync(409, "conflict", _node.SendAsync(HttpMethod.Put, Routes.UploadManifest(id), other));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-262144")]
    [InlineData("+262144")]
    [InlineData(" 0 0")]
    [InlineData("0x0")]
    [InlineData("786432")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Offsets_that_are_none_are_refused(string? offset)
    {
        var id = (await BeginAsync(_content)).Id;
        (string, string)[] fields = offset is null ? [] : [("Upload-Offset", offset)];
        await ExpectAsync(400, "invalid", _node.SendAsync(HttpMethod.Patch, Routes.Upload(id), _content.Piece(0), fields));
    }

    [Fact]
    public async Task Bodies_of_another_length_are_told_apart()
    {
        var id = (await BeginAsync(_content)).Id;
        await ExpectAsync(413, "too-large", PatchRawAsync(id, 0, new byte[_content.Bytes.Length + 1]));
        await ExpectAsync(413, "too-large", PatchRawAsync(id, 2 * PieceLength, _content.Piece(0)));
        await ExpectAsync(400, "invalid", PatchRawAsync(id, 0, _content.Bytes[..(PieceLength + 1)]));
        Assert.Equal([new PieceRange(1, 2)], (await BeginAsync(_content)).Missing);
        Assert.Equal([new PieceRange(1, 2)], (await PatchAsync(id, 0, default)).Missing);

        // Without a stated length a body may end behind any piece, not within one.
        using var chunked = new HttpRequestMessage(HttpMethod.Patch, Routes.Upload(id)) { Content = new ReadOnlyMemoryContent(_content.Piece(1)) };
        chunked.Headers.Add("Upload-Offset", $"{PieceLength}");
        chunked.Headers.TransferEncodingChunked = true;
        using var taken = await _node.Http.SendAsync(chunked, Cancel);
        Assert.Equal([new PieceRange(2, 1)], (await taken.ReadAsync(ApiJson.Default.UploadState)).Missing);
    }

    [Fact]
    public async Task Content_of_no_bytes_can_be_an_upload_too()
    {
        var empty = TestContent.Make(0, 1);
        var id = (await BeginAsync(empty)).Id;
        Assert.Empty((await PatchAsync(id, 0, default)).Missing);
        await ManifestAsync(id, empty.ManifestBody());
        using var finished = await FinishAsync(id);
        Assert.Equal(empty.Root.ToString(), (await finished.ReadAsync(ApiJson.Default.UploadAnswer)).Root);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"length":1}""")]
    [InlineData("""{"length":null,"firstPiece":"ROOT","key":"k"}""")]
    [InlineData("""{"length":-1,"firstPiece":"ROOT","key":"k"}""")]
    [InlineData("""{"length":4398046511105,"firstPiece":"ROOT","key":"k"}""")]
    [InlineData("""{"length":1e3,"firstPiece":"ROOT","key":"k"}""")]
    [InlineData("""{"length":"1","firstPiece":"ROOT","key":"k"}""")]
    [InlineData("""{"length":1,"firstPiece":null,"key":"k"}""")]
    [InlineData("""{"length":1,"firstPiece":"00","key":"k"}""")]
    [InlineData("""{"length":1,"firstPiece":"ROOT","key":null}""")]
    [InlineData("""{"length":1,"firstPiece":"ROOT"}""")]
    [InlineData("""{"length":1,"firstPiece":"ROOT","key":"\ud800"}""")]
    [InlineData("""{"length":1,"firstPiece":"ROOT","key":["k"]}""")]
    [InlineData("""{"length":1,"firstPiece":"ROOT","key":"k","x":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}""")]
    public Task Beginnings_that_mean_nothing_are_refused(string body) => ExpectAsync(
        400, "invalid", _node.SendAsync(HttpMethod.Post, Routes.Uploads, body.Replace("ROOT", _content.Root.ToString(), StringComparison.Ordinal)));

    [Fact]
    public async Task Bodies_are_bounded_typed_and_may_say_more_than_is_known()
    {
        var huge = $"POST {Routes.Uploads} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 31000000\r\n\r\n{{";
        Assert.Contains("too-large", await RawHttp.AskAsync(_node.Address, huge), StringComparison.Ordinal);
        var longKey = $$"""{"length":1,"firstPiece":"{{_content.Root}}","key":"{{new string('k', 201)}}"}""";
        await ExpectAsync(400, "invalid", _node.SendAsync(HttpMethod.Post, Routes.Uploads, longKey));
        await ExpectAsync(400, "invalid", _node.SendAsync(HttpMethod.Post, Routes.Known, """{"roots":[]}""", "text/plain"));
        await ExpectAsync(400, "invalid", _node.SendAsync(HttpMethod.Post, Routes.Known, "{}"));
        await ExpectAsync(400, "invalid", _node.SendAsync(HttpMethod.Post, Routes.Known, """{"roots":[null]}"""));
        var many = JsonSerializer.Serialize(Enumerable.Repeat(_content.Root.ToString(), 1_001));
        await ExpectAsync(413, "too-large", _node.SendAsync(HttpMethod.Post, Routes.Known, $$"""{"roots":{{many}}}"""));
        using var known = await _node.SendAsync(HttpMethod.Post, Routes.Known, """{"roots":[],"later":{"x":1}}""");
        Assert.Empty((await known.ReadAsync(ApiJson.Default.KnownAnswer)).Known);
        await ExpectAsync(404, "not-found", PatchRawAsync("u-" + new string('0', 32), 0, _content.Piece(0)));
        await ExpectAsync(404, "not-found", PatchRawAsync("..%2f..%2fetc", 0, _content.Piece(0)));
        await ExpectAsync(404, "not-found", FinishAsync(_content.Root.ToString()));
    }

    private static async Task ExpectAsync(int status, string code, Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        var problem = await answer.ReadProblemAsync();
        Assert.Equal((status, code), (problem.Status, problem.Code));
    }

    private async Task<UploadState> BeginAsync(TestContent content, string key = "key")
    {
        var first = content.Manifest.Pieces[0];
        var body = $$"""{"length":{{content.Bytes.Length}},"firstPiece":"{{first}}","key":"{{key}}"}""";
        using var answer = await _node.SendAsync(HttpMethod.Post, Routes.Uploads, body);
        return await answer.ReadAsync(ApiJson.Default.UploadState);
    }

    private Task<HttpResponseMessage> PatchRawAsync(string id, long offset, ReadOnlyMemory<byte> bytes) =>
        _node.SendAsync(HttpMethod.Patch, Routes.Upload(id), bytes, ("Upload-Offset", $"{offset}"));

    private async Task<UploadState> PatchAsync(string id, long offset, ReadOnlyMemory<byte> bytes)
    {
        using var answer = await PatchRawAsync(id, offset, bytes);
        return await answer.ReadAsync(ApiJson.Default.UploadState);
    }

    private async Task<UploadState> ManifestAsync(string id, byte[] body)
    {
        using var answer = await _node.SendAsync(HttpMethod.Put, Routes.UploadManifest(id), body);
        return await answer.ReadAsync(ApiJson.Default.UploadState);
    }

    private Task<HttpResponseMessage> FinishAsync(string id) => _node.SendAsync(HttpMethod.Post, Routes.UploadFinish(id), string.Empty);
}
