using System.Text;
using Cete.Api;
using Cete.Core;
using Cete.Net.Tls;

namespace Cete.Net.Tests;

public sealed class NodeClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<FailureKind> Kinds() => [.. Enum.GetValues<FailureKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_failure_comes_back_as_itself(FailureKind kind)
    {
        var problem = System.Text.Json.JsonSerializer.Serialize(Problems.Of(new Failure(kind, "why \u00e9")), ApiJson.Default.Problem);
        await using var server = new LyingServer(Answer($"{Problems.StatusOf(kind)} X", problem, Problems.MediaType));
        await using var client = new NodeClient(server.Address, "s", TlsTrust.OfSystem);
        var outcome = await client.GetAsync("/api/status", ApiJson.Default.NodeStatus, Cancel);
        Assert.Equal(new Failure(kind, "why \u00e9"), outcome.Failure);

        // Only what may be better by now is asked for again.
        Assert.Equal(kind == FailureKind.Unavailable ? 3 : 1, server.Requests.Count);
    }

    [Theory]
    [InlineData("500 X", "oops", "text/plain", FailureKind.Unavailable)]
    [InlineData("429 X", "", "text/plain", FailureKind.Throttled)]
    [InlineData("404 X", "{", "application/problem+json", FailureKind.NotFound)]
    [InlineData("404 X", "{}", "application/problem+json", FailureKind.NotFound)]
    [InlineData("404 X", "null", "application/problem+json", FailureKind.NotFound)]
    [InlineData("409 X", "{\"code\":\"conflict\"}", "application/problem+json", FailureKind.Conflict)]
    [InlineData("401 X", "{\"code\":\"no-such-code\"}", "application/problem+json", FailureKind.Unauthenticated)]
    [InlineData("413 X", "{\"status\":\"x\"}", "application/problem+json", FailureKind.TooLarge)]
    [InlineData("302 X", "", "text/plain", FailureKind.Invalid)]
    [InlineData("200 OK", "", "application/json", FailureKind.Unavailable)]
    [InlineData("200 OK", "null", "application/json", FailureKind.Unavailable)]
    [InlineData("200 OK", "<html>", "text/html", FailureKind.Unavailable)]
    [InlineData("200 OK", "[1]", "application/json", FailureKind.Unavailable)]
    [InlineData("418 X", "{}", "application/problem+json; charset=no-such-charset", FailureKind.Invalid)]
    public async Task What_is_no_answer_of_a_node_is_a_failure(string status, string body, string type, FailureKind kind)
    {
        await using var server = new LyingServer(Answer(status, body, type));
        await using var client = new NodeClient(server.Address, "s", TlsTrust.OfSystem);
        var outcome = await client.GetAsync("/api/status", ApiJson.Default.NodeStatus, Cancel);
        Assert.Equal(kind, outcome.Failure!.Kind);
        Assert.False(string.IsNullOrEmpty(outcome.Failure.Message));
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Length: 5\r\n\r\n{}")]
    [InlineData("")]
    public async Task Broken_answers_are_tried_again_and_then_told(string answer)
    {
        await using var server = new LyingServer(answer);
        await using var client = new NodeClient(server.Address, "s", TlsTrust.OfSystem);
        var outcome = await client.GetAsync("/api/status", ApiJson.Default.NodeStatus, Cancel);
        Assert.Equal(FailureKind.Unavailable, outcome.Failure!.Kind);
        Assert.True(server.Requests.Count >= 3);
    }

    [Fact]
    public async Task A_command_keeps_its_key_when_it_is_sent_again_and_the_next_has_another()
    {
        var count = 0;
        await using var server = new LyingServer((stream, _, cancel) =>
        {
            var answer = ++count == 1 ? Answer("503 X", "", "text/plain") : Answer("200 OK", "{\"entries\":1}", "application/json");
            return stream.WriteAsync(Encoding.Latin1.GetBytes(answer), cancel).AsTask();
        });
        await using var client = new NodeClient(server.Address, "session", TlsTrust.OfSystem);
        for (var i = 0; i < 2; i++)
        {
            var answer = await client.CommandAsync(
                HttpMethod.Post, Routes.Removals, new RemoveRequest("/x"), ApiJson.Default.RemoveRequest, ApiJson.Default.RestoreAnswer, Cancel);
            Assert.Equal(1, answer.Value.Entries);
        }

        Assert.Equal(["session/1", "session/1", "session/2"], server.Requests.Select(r => r.Split("Idempotency-Key: ")[1].Split('\r')[0]));
    }

    [Fact]
    public async Task A_client_that_asks_too_much_waits_as_it_is_told_and_keeps_its_key()
    {
        var count = 0;
        await using var server = new LyingServer((stream, _, cancel) =>
        {
            var answer = ++count <= 4 ? Throttled("0") : Answer("200 OK", "{\"entries\":1}", "application/json");
            return stream.WriteAsync(Encoding.Latin1.GetBytes(answer), cancel).AsTask();
        });
        await using var client = new NodeClient(server.Address, "session", TlsTrust.OfSystem);
        var answer = await client.CommandAsync(
            HttpMethod.Post, Routes.Removals, new RemoveRequest("/x"), ApiJson.Default.RemoveRequest, ApiJson.Default.RestoreAnswer, Cancel);
        Assert.Equal(1, answer.Value.Entries);
        Assert.Equal(Enumerable.Repeat("session/1", 5), server.Requests.Select(r => r.Split("Idempotency-Key: ")[1].Split('\r')[0]));
    }

    [Theory]
    [InlineData("31")]
    [InlineData("1000000000")]
    [InlineData("soon")]
    public async Task It_does_not_wait_for_long_or_for_what_makes_no_sense(string after)
    {
        await using var server = new LyingServer(Throttled(after));
        await using var client = new NodeClient(server.Address, "s", TlsTrust.OfSystem);
        var outcome = await client.GetAsync("/api/status", ApiJson.Default.NodeStatus, Cancel);
        Assert.Equal(FailureKind.Throttled, outcome.Failure!.Kind);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task What_is_sent_but_once_is_not_sent_again()
    {
        await using var server = new LyingServer(Throttled("1"));
        await using var client = new NodeClient(server.Address, "s", TlsTrust.OfSystem);
        var sent = await client.PatchAsync("upload", 0, new ReadOnlyMemoryContent(new byte[10]), Cancel);
        Assert.Equal(FailureKind.Throttled, sent.Failure!.Kind);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        await using var server = new LyingServer(async (stream, _, cancel) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n\""u8.ToArray(), cancel);
            var endless = new byte[1 << 20];
            endless.AsSpan().Fill((byte)'x');
            while (true)
            {
                await stream.WriteAsync(endless, cancel);
            }
        });
        await using var client = new NodeClient(server.Address, "s", TlsTrust.OfSystem);
        Assert.Equal(FailureKind.Unavailable, (await client.GetIdFileAsync("/x.cete", Cancel)).Failure!.Kind);
    }

    [Fact]
    public async Task An_event_without_end_is_cut_off_and_many_whole_ones_are_not()
    {
        await using var server = new LyingServer(async (stream, _, cancel) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"u8.ToArray(), cancel);
            var large = System.Text.Encoding.ASCII.GetBytes($"data: \"{new string('x', 1 << 20)}\"\n\n");
            for (var i = 0; i < 40; i++)
            {
                await stream.WriteAsync(large, cancel);
            }

            while (true)
            {
                await stream.WriteAsync(large.AsMemory(0, 1 << 20), cancel);
                large[0] = (byte)'x';
            }
        });
        await using var client = new NodeClient(server.Address, "s", TlsTrust.OfSystem);
        var events = 0;
        var ended = await client.WatchAsync("/x", TestJson.Default.String, _ => events++, Cancel);
        Assert.Equal(40, events);
        Assert.Contains("more than", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_told_with_what_to_do()
    {
        await using var client = new NodeClient(new Uri("http://127.0.0.1:1/"), "s", TlsTrust.OfSystem);
        var outcome = await client.GetAsync("/api/status", ApiJson.Default.NodeStatus, Cancel);
        Assert.Equal(FailureKind.Unavailable, outcome.Failure!.Kind);
        Assert.Contains("cete node", outcome.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_node_answers_every_method()
    {
        await using var node = await TestNode.StartAsync();
        await using var client = new NodeClient(node.Address, "s1", TlsTrust.OfSystem);
        var content = TestContent.Make(1_000, 1);
        Assert.True((await client.PutAsync(content.Path, content.Bytes, ApiJson.Default.UploadAnswer, Cancel)).Succeeded);
        var made = await client.CommandAsync(
            HttpMethod.Post, Routes.Folders, new MakeFolderRequest("/a"), ApiJson.Default.MakeFolderRequest, ApiJson.Default.FolderInfo, Cancel);
        Assert.Equal("/a", made.Value.Path);
        var known = await client.PostAsync(
            Routes.Known, new KnownRequest([content.Root.ToString()]), ApiJson.Default.KnownRequest, ApiJson.Default.KnownAnswer, Cancel);
        Assert.Equal([true], known.Value.Known);
        var file = await client.GetIdFileAsync(Routes.IdFileOfContent(content.Root.ToString()), Cancel);
        Assert.Equal(content.Root, file.Value.Manifest.Root);
        Assert.Equal(node.Address, file.Value.Sources.Single());
        Assert.Equal(FailureKind.NotFound, (await client.GetIdFileAsync(Routes.IdFileOfContent(new string('0', 64)), Cancel)).Failure!.Kind);

        var big = TestContent.Make(300_000, 2);
        var begun = await client.PostAsync(
            Routes.Uploads, new UploadRequest(300_000, big.Manifest.Pieces[0].ToString(), "k"),
            ApiJson.Default.UploadRequest, ApiJson.Default.UploadState, Cancel);
        var state = await client.PatchAsync(begun.Value.Id, 0, new ReadOnlyMemoryContent(big.Bytes), Cancel);
        Assert.Empty(state.Value.Missing);
    }

    private static string Throttled(string after) =>
        $"HTTP/1.1 429 X\r\nRetry-After: {after}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private static string Answer(string status, string body, string type) =>
        Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"));
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class TestJson : System.Text.Json.Serialization.JsonSerializerContext;
