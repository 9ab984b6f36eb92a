using System.Net;
using Cete.Api;

namespace Cete.Net.Tests.Api;

/// <summary>A command with a key happens once, however often it is sent.</summary>
public sealed class IdempotencyTests : IAsyncLifetime
{
    private TestNode _node = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Repeated_it_gives_the_same_answer_and_happens_once()
    {
        var made = await SendAsync(HttpMethod.Post, Routes.Folders, """{"path":"/a/b"}""", "s/1");
        Assert.Equal(made, await SendAsync(HttpMethod.Post, Routes.Folders, """{"path":"/a/b"}""", "s/1"));
        var removed = await SendAsync(HttpMethod.Post, Routes.Removals, """{"path":"/a/b"}""", "s/2");
        Assert.Equal(removed, await SendAsync(HttpMethod.Post, Routes.Removals, """{"path":"/a/b"}""", "s/2"));
        var missing = await SendAsync(HttpMethod.Post, Routes.Removals, """{"path":"/a/b"}""", "s/3");
        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
        await SendAsync(HttpMethod.Post, Routes.Folders, """{"path":"/a/b"}""", "s/4");

        // A refusal is an answer too: the folder is there again, the command that found none stays refused.
        Assert.Equal(missing, await SendAsync(HttpMethod.Post, Routes.Removals, """{"path":"/a/b"}""", "s/3"));
        var moved = await SendAsync(HttpMethod.Post, Routes.Moves, """{"from":"/a/b","to":"/a/c"}""", "s/5");
        Assert.Equal(moved, await SendAsync(HttpMethod.Post, Routes.Moves, """{"from":"/a/b","to":"/a/c"}""", "s/5"));
    }

    [Fact]
    public async Task At_once_from_many_connections_it_happens_once()
    {
        await SendAsync(HttpMethod.Post, Routes.Folders, """{"path":"/a"}""", "s/1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => SendAsync(HttpMethod.Post, Routes.Removals, """{"path":"/a"}""", "s/2")));
        Assert.Single(answers.Distinct());
        Assert.Equal(HttpStatusCode.OK, answers[0].Status);
    }

    [Fact]
    public async Task With_another_body_or_of_no_session_it_is_refused()
    {
        await SendAsync(HttpMethod.Post, Routes.Folders, """{"path":"/a"}""", "s/1");
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Post, Routes.Folders, """{"path":"/b"}""", "s/1")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Post, Routes.Removals, """{"path":"/a"}""", "s/1")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await SendAsync(HttpMethod.Post, Routes.Folders, """{"path":"/b"}""", "other/7")).Status);
        using var answer = await _node.GetAsync(Routes.Folders);
        Assert.Equal("/a", (await answer.ReadAsync(ApiJson.Default.FolderPage)).Folders.Single().Path);
    }

    [Fact]
    public async Task A_description_may_be_repeated_whatever_others_changed_meanwhile()
    {
        var content = TestContent.Make(10, 1);
        Assert.True(_node.Contents.PutSmall(content.Bytes.Span).Succeeded);
        using var filed = await _node.SendAsync(HttpMethod.Post, Routes.Entries, $$"""{"entries":[{"path":"/f","root":"{{content.Root}}"}]}""");
        var path = $"{Routes.Entries}/{(await filed.ReadAsync(ApiJson.Default.FileAnswer)).Ids.Single()}";
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Patch, path, """{"description":"said"}""", "s/1")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Patch, path, """{"tags":["t"]}""", "s/2")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Patch, path, """{"description":"said"}""", "s/1")).Status);
        using var entry = await _node.GetAsync(path);
        Assert.Equal(("said", "t"), ((await entry.ReadAsync(ApiJson.Default.EntryInfo)) is var e ? e.Description : "", e.Tags.Single()));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("/")]
    [InlineData("/1")]
    [InlineData("s/")]
    [InlineData("s/0")]
    [InlineData("s/-1")]
    [InlineData("s/+1")]
    [InlineData("s/ 1")]
    [InlineData("s/1.0")]
    [InlineData("s/9223372036854775808")]
    [InlineData("s s/1")]
    [InlineData("s/t/1")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789/1")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, Routes.Folders, """{"path":"/a"}""", key)).Status);
        using var restore = new HttpRequestMessage(HttpMethod.Delete, Routes.Removals + "/1");
        restore.Headers.TryAddWithoutValidation(Headers.IdempotencyKey, key);
        using var answer = await _node.Http.SendAsync(restore, Cancel);
        Assert.Equal("invalid", (await answer.ReadProblemAsync()).Code);
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, string body, string key)
    {
        using var answer = await _node.SendAsync(method, path, body, "application/json", (Headers.IdempotencyKey, key));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }
}
