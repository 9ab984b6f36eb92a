using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Cete.Api;
using Cete.Core;
using Cete.Net.Tls;

namespace Cete.Net.Tests;

/// <summary>Many small contents in one answer: whole, verified, and whatever the source does, nothing else is handed over.</summary>
public sealed class BundleTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private TestNode _node = null!;
    private HttpBundleClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        (_node, _client) = (await TestNode.StartAsync(), new HttpBundleClient(TimeSpan.FromMinutes(10), _clock, TlsTrust.OfSystem));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task All_that_is_there_comes_in_order_and_the_rest_is_left_out()
    {
        List<TestContent> contents = [.. Enumerable.Range(0, 300).Select(i => Put(i * 37, (ulong)i)), Put(Bundle.LengthMax, 999)];
        var absent = TestContent.Make(10, 77);
        var large = _node.Put(Bundle.LengthMax + 1, 5);
        List<Hash256> roots = [absent.Root, .. contents.Select(content => content.Root), large.Root, absent.Root];
        var (failure, came) = await FetchAsync(_node.Address, roots);
        Assert.Null(failure);
        Assert.Equal(Enumerable.Range(1, contents.Count), came.Keys);
        Assert.All(contents.Index(), content => Assert.Equal(content.Item.Bytes.ToArray(), came[content.Index + 1]));
    }

    [Fact]
    public async Task A_content_that_is_damaged_on_the_disk_is_left_out()
    {
        var (good, bad) = (Put(1000, 1), Put(1000, 2));
        var name = bad.Root.ToString();
        var path = Path.Combine(_node.Folder, "content", name[..2], name[2..]);
        var bytes = await File.ReadAllBytesAsync(path, Cancel);
        bytes[500] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Cancel);
        var (failure, came) = await FetchAsync(_node.Address, [bad.Root, good.Root]);
        Assert.Null(failure);
        Assert.Equal([1], came.Keys);
    }

    [Theory]
    [InlineData("""{"roots":[]}""")]
    [InlineData("""{"roots":null}""")]
    [InlineData("{}")]
    [InlineData("""{"roots":["abc"]}""")]
    [InlineData("""{"roots":[null]}""")]
    [InlineData("[1")]
    public async Task A_request_that_is_none_is_refused(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _node.Http.PostAsync(new Uri(Routes.Bundle, UriKind.Relative), content, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(Problems.MediaType, answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task More_than_a_thousand_are_refused()
    {
        var request = new BundleRequest([.. Enumerable.Repeat(TestContent.Make(1, 1).Root.ToString(), Bundle.CountMax + 1)]);
        using var answer = await _node.Http.PostAsJsonAsync(Routes.Bundle, request, ApiJson.Default.BundleRequest, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData(0, new byte[] { 5, 0, 0, 0, 1, 2, 3, 4, 5 })]
    [InlineData(0, new byte[] { 0, 0, 0, 0x7f })]
    [InlineData(0, new byte[] { 0xfe, 0xff, 0xff, 0xff })]
    [InlineData(0, new byte[] { 1, 0, 4, 0 })]
    [InlineData(0, new byte[] { 1, 0 })]
    [InlineData(0, new byte[0])]
    [InlineData(1, new byte[] { 9, 0, 0, 0 })]
    public async Task A_source_that_lies_or_ends_early_gives_nothing_more(int good, byte[] rest)
    {
        var content = TestContent.Make(100, 3);
        var body = new List<byte>();
        for (var i = 0; i < good; i++)
        {
            var length = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, content.Bytes.Length);
            body.AddRange([.. length, .. content.Bytes.Span]);
        }

        body.AddRange(rest);
        await using var server = Answering($"HTTP/1.1 200 OK\r\nContent-Type: {Bundle.MediaType}\r\nConnection: close\r\n\r\n", [.. body]);
        var (failure, came) = await FetchAsync(server.Address, [content.Root, content.Root, content.Root]);
        Assert.NotNull(failure);
        Assert.Equal(good, came.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n\0\0\0\0")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("garbage\r\n\r\n")]
    [InlineData("")]
    public async Task A_source_without_bundles_gives_nothing(string answer)
    {
        await using var server = new LyingServer(answer);
        var (failure, came) = await FetchAsync(server.Address, [TestContent.Make(10, 1).Root]);
        Assert.NotNull(failure);
        Assert.Empty(came);
    }

    [Fact]
    public async Task A_source_that_says_nothing_is_given_up()
    {
        await using var server = new LyingServer((_, _, cancel) => LyingServer.SilenceAsync(cancel));
        var fetching = FetchAsync(server.Address, [TestContent.Make(10, 1).Root]);
        await _clock.FireAsync();
        Assert.Equal(FailureKind.Unavailable, (await fetching).Failure?.Kind);
    }

    private static LyingServer Answering(string head, byte[] body) => new(async (NetworkStream stream, string _, CancellationToken cancel) =>
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head), cancel);
        await stream.WriteAsync(body, cancel);
    });

    private TestContent Put(int length, ulong seed)
    {
        var content = TestContent.Make(length, seed);
        Assert.Equal(content.Root, _node.Contents.PutSmall(content.Bytes.Span).Value);
        return content;
    }

    private async Task<(Failure? Failure, SortedDictionary<int, byte[]> Came)> FetchAsync(Uri source, IReadOnlyList<Hash256> roots)
    {
        SortedDictionary<int, byte[]> came = [];
        var failure = await _client.FetchAsync(
            source,
            roots,
            (number, bytes) =>
            {
                came.Add(number, bytes.ToArray());
                return Task.CompletedTask;
            },
            Cancel);
        return (failure, came);
    }
}
