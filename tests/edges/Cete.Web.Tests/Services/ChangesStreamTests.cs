using System.Net.ServerSentEvents;

namespace Cete.Web.Tests.Services;

/// <summary>What happens to records, as it happens.</summary>
public sealed class ChangesStreamTests : IAsyncLifetime
{
    private const string Changes = "/api/services/notes/changes";
    private const string Notes = "/api/services/notes/records/notes";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private ServicesSite _site = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await ServicesSite.StartAsync();
        await _site.PublishAsync("notes", ServicesSite.Json(
            """
            service { name = notes }
            records { notes {
              fields { text = text, private = boolean }
              rules {
                list = "record.private != true || record.owner == auth.id"
                view = "record.private != true || record.owner == auth.id"
                create = "auth.known"
              }
            } }
            """));
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Events_come_as_they_happen_and_go_on_where_they_ended()
    {
        var begin = (await _site.AskAsync("", "GET", Changes, null, ("Accept", "application/json"))).Is(200).Json.GetProperty("next").GetString()!;
        string last;
        {
            await using var stream = await OpenAsync("", ("Last-Event-ID", begin));
            await MakeAsync("one", isPrivate: false);
            var first = await stream.NextAsync();
            Assert.Equal("created", first.EventType);
            Assert.Contains("\"text\":\"one\"", first.Data, StringComparison.Ordinal);
            last = first.EventId!;
        }

        await MakeAsync("two", isPrivate: true);
        await MakeAsync("three", isPrivate: false);
        await using var again = await OpenAsync("", ("Last-Event-ID", last));
        Assert.Contains("\"text\":\"three\"", (await again.NextAsync()).Data, StringComparison.Ordinal);
        await using var own = await OpenAsync("ben", ("Last-Event-ID", last));
        Assert.Contains("\"text\":\"two\"", (await own.NextAsync()).Data, StringComparison.Ordinal);

        var page = (await _site.AskAsync("", "GET", $"{Changes}?after={begin}")).Is(200).Json;
        Assert.Equal([1, 3], page.GetProperty("events").EnumerateArray().Select(told => told.GetProperty("id").GetInt32()));
        var next = page.GetProperty("next").GetString();
        Assert.Empty((await _site.AskAsync("", "GET", $"{Changes}?after={next}")).Is(200).Json.GetProperty("events").EnumerateArray());
    }

    [Fact]
    public async Task A_position_that_is_gone_is_told_and_ends_the_stream()
    {
        await using var stream = await OpenAsync("", ("Last-Event-ID", "77-5"));
        Assert.Equal("gone", (await stream.NextAsync()).EventType);
        Assert.False(await stream.IsMoreAsync());
        (await _site.AskAsync("", "GET", $"{Changes}?after=nonsense")).Is(410);
        (await _site.AskAsync("", "GET", "/api/services/nothing/changes")).Is(404);
    }

    [Fact]
    public async Task A_stream_ends_when_the_node_stops()
    {
        var stream = await OpenAsync("ben");
        var site = _site;
        _site = await ServicesSite.StartAsync();
        await site.DisposeAsync().AsTask().WaitAsync(Patience, TimeProvider.System, TestContext.Current.CancellationToken);
        await stream.DisposeAsync();
    }

    private async Task MakeAsync(string text, bool isPrivate) =>
        (await _site.AskAsync("ben", "POST", Notes, $"{{\"text\":\"{text}\",\"private\":{(isPrivate ? "true" : "false")}}}")).Is(200);

    private async Task<Listening> OpenAsync(string who, params (string Name, string Value)[] fields)
    {
        using var request = await _site.RequestAsync(who, "GET", Changes, null, [.. fields, ("Accept", "text/event-stream")]);
        var answer = await _site.Accounts.Site.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new Listening(answer, await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    private sealed class Listening(HttpResponseMessage answer, Stream body) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<SseItem<string>> _items =
            SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();

        public async Task<bool> IsMoreAsync() => await _items.MoveNextAsync().AsTask().WaitAsync(Patience, TimeProvider.System);

        public async Task<SseItem<string>> NextAsync()
        {
            Assert.True(await IsMoreAsync());
            return _items.Current;
        }

        public ValueTask DisposeAsync()
        {
            answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
