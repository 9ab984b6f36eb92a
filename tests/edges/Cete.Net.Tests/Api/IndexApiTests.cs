using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cete.Api;

namespace Cete.Net.Tests.Api;

public sealed class IndexApiTests : IAsyncLifetime
{
    private readonly TestContent _content = TestContent.Make(1_000, 1);
    private TestNode _node = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync();
        Assert.True(_node.Contents.PutSmall(_content.Bytes.Span).Succeeded);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Status_tells_how_the_node_stands()
    {
        await FileAsync("/f");
        using var answer = await _node.GetAsync(Routes.Status);
        var status = await answer.ReadAsync(ApiJson.Default.NodeStatus);
        Assert.Equal(("test", "node-1"), (status.Community, status.Node));
        Assert.True(status.Services.Single() is { Service: "index", Root: true, Problem: null, Applied: > 0 });
    }

    [Fact]
    public async Task Folders_are_made_and_listed()
    {
        using var made = await PostAsync(Routes.Folders, """{"path":"/a/b"}""");
        Assert.Equal("/a/b", (await made.ReadAsync(ApiJson.Default.FolderInfo)).Path);
        using var again = await PostAsync(Routes.Folders, """{"path":"/a/c"}""");
        using var first = await _node.GetAsync(Routes.Folders + "?path=/a&limit=1");
        var page = await first.ReadAsync(ApiJson.Default.FolderPage);
        Assert.Equal((2, "/a/b"), (page.Folder.FolderCount, page.Folders.Single().Path));
        using var second = await _node.GetAsync($"{Routes.Folders}?path=/a&limit=1&cursor={page.Next}");
        Assert.Equal("/a/c", (await second.ReadAsync(ApiJson.Default.FolderPage)).Folders.Single().Path);
        using var top = await _node.GetAsync(Routes.Folders);
        Assert.Equal("/", (await top.ReadAsync(ApiJson.Default.FolderPage)).Folder.Path);
    }

    [Fact]
    public async Task An_entry_is_filed_read_described_moved_removed_and_restored()
    {
        var id = await FileAsync("/music/one.flac", "\"said\"", "[\"Rock\"]");
        using var byId = await _node.GetAsync($"{Routes.Entries}/{id}");
        var entry = await byId.ReadAsync(ApiJson.Default.EntryInfo);
        Assert.Equal(("/music/one.flac", "one.flac", "said", _content.Root.ToString()), (entry.Path, entry.Name, entry.Description, entry.Root));
        using var content = await _node.GetAsync(entry.Content);
        Assert.Equal(_content.Bytes, await content.Content.ReadAsByteArrayAsync(Cancel));
        using var file = await _node.GetAsync(entry.IdFile);
        Assert.Equal("/music/one.flac", Cete.Swarm.IdFile.Read(await file.Content.ReadAsByteArrayAsync(Cancel)).Value.Path);
        Assert.Equal("one.flac.cete", file.Content.Headers.ContentDisposition!.FileNameStar);

        using var described = await _node.SendAsync(HttpMethod.Patch, $"{Routes.Entries}/{id}", """{"tags":["live"]}""");
        entry = await described.ReadAsync(ApiJson.Default.EntryInfo);
        Assert.Equal(("said", "live"), (entry.Description, entry.Tags.Single()));
        using var moved = await PostAsync(Routes.Moves, """{"from":"/music/one.flac","to":"/sound/two.flac"}""");
        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
        using var byPath = await _node.GetAsync(Routes.EntryByPath + "?path=/sound/two.flac");
        Assert.Equal(id, (await byPath.ReadAsync(ApiJson.Default.EntryInfo)).Id);
        using var removed = await PostAsync(Routes.Removals, """{"path":"/sound"}""");
        var removal = await removed.ReadAsync(ApiJson.Default.RemoveAnswer);
        Assert.Equal(1, removal.Entries);
        using var restored = await _node.Http.DeleteAsync($"{Routes.Removals}/{removal.Removal}", Cancel);
        Assert.Equal(1, (await restored.ReadAsync(ApiJson.Default.RestoreAnswer)).Entries);
        using var found = await _node.GetAsync(Routes.Entries + "?q=two%20tag:live");
        Assert.Equal(id, (await found.ReadAsync(ApiJson.Default.EntryPage)).Entries.Single().Id);
    }

    [Theory]
    [InlineData("kind=music", "'kind'")]
    [InlineData("kind=Video", "'kind'")]
    [InlineData("min-size=big", "'min-size'")]
    [InlineData("min-size=-1", "'min-size'")]
    [InlineData("max-size=1XB", "'max-size'")]
    [InlineData("max-size=99999999999999999999", "'max-size'")]
    [InlineData("min-size=2MB&max-size=1MB", "'min-size' is above")]
    [InlineData("size=2MB-1MB", "'min-size' is above")]
    [InlineData("newer=soon", "'newer'")]
    [InlineData("newer=2026-13-01", "'newer'")]
    [InlineData("older=99999999y", "'older'")]
    [InlineData("newer=1d&older=1w", "both")]
    [InlineData("folder=../x", "")]
    public async Task A_filter_that_cannot_be_understood_says_which(string query, string says)
    {
        using var answer = await _node.GetAsync($"{Routes.Entries}?q=x&{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains(says, (await answer.Content.ReadFromJsonAsync(ApiJson.Default.Problem, Cancel))!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q=note&kind=audio", 1)]
    [InlineData("kind=audio", 1)]
    [InlineData("kind=video", 0)]
    [InlineData("q=note&min-size=1kB&max-size=1kB", 1)]
    [InlineData("q=note&min-size=1KiB", 0)]
    [InlineData("q=note&size=0.5kB-", 1)]
    [InlineData("q=note&size=-999", 0)]
    [InlineData("q=note&newer=1h", 1)]
    [InlineData("q=note&older=1h", 0)]
    [InlineData("q=note&newer=2020-01-01&older=2020-01-02", 0)]
    [InlineData("q=note&newer=2020-01-01T00:00:00Z", 1)]
    [InlineData("q=note&folder=/sounds", 1)]
    [InlineData("q=note%20nowhere&any=true", 1)]
    [InlineData("q=note%20nowhere", 0)]
    public async Task Filters_narrow_down_and_what_is_found_is_counted(string query, int count)
    {
        await FileAsync("/sounds/note.flac");
        using var answer = await _node.GetAsync($"{Routes.Entries}?{query}");
        var page = await answer.ReadAsync(ApiJson.Default.EntryPage);
        Assert.Equal((count, (long?)count, null), (page.Entries.Count, page.Total, page.More));
    }

    [Fact]
    public async Task Suggestions_come_for_the_pages_and_for_search_boxes_of_browsers()
    {
        await FileAsync("/sounds/Nightingale.flac");
        using var answer = await _node.GetAsync(Routes.Suggestions + "?q=nigh");
        var found = await answer.ReadAsync(ApiJson.Default.SuggestionsAnswer);
        Assert.Equal(("nightingale", "/sounds/Nightingale.flac"), (found.Words.Single(), found.Entries.Single().Path));
        using var forBrowser = await _node.GetAsync("/suggestions?q=sounds%20nigh");
        Assert.Equal("application/x-suggestions+json", forBrowser.Content.Headers.ContentType!.MediaType);
        Assert.Equal("""["sounds nigh",["sounds nightingale"]]""", await forBrowser.Content.ReadAsStringAsync(Cancel));
        using var described = await _node.GetAsync("/opensearch.xml");
        Assert.Equal("application/opensearchdescription+xml", described.Content.Headers.ContentType!.MediaType);
        Assert.Contains($"{_node.Address}suggestions?q={{searchTerms}}", await described.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%00")]
    [InlineData("%22%3Cscript%3E")]
    [InlineData("%F0%9F%A6%A1")]
    [InlineData("%E2%80%AEnigh")]
    [InlineData("tag%3A")]
    [InlineData("%25_%27")]
    public async Task Whatever_is_typed_suggestions_are_an_answer(string typed)
    {
        foreach (var address in new[] { Routes.Suggestions, "/suggestions" })
        {
            using var answer = await _node.GetAsync($"{address}?q={typed}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var longer = await _node.GetAsync($"{address}?q={string.Concat(Enumerable.Repeat(typed + "x", 300))}");
            Assert.Equal(HttpStatusCode.OK, longer.StatusCode);
        }
    }

    [Fact]
    public async Task Lists_are_paged_over_http()
    {
        for (var i = 0; i < 5; i++)
        {
            await FileAsync($"/f{i}");
        }

        string[] queries = ["?limit=2", "?limit=2&sort=size&order=desc", "?limit=2&sort=added&order=asc", "?limit=2&q=content", "?limit=2&below=true"];
        foreach (var query in queries)
        {
            HashSet<long> seen = [];
            string? next = null;
            do
            {
                using var answer = await _node.GetAsync($"{Routes.Entries}{query}{(next is null ? "" : "&cursor=" + next)}");
                var page = await answer.ReadAsync(ApiJson.Default.EntryPage);
                Assert.All(page.Entries, e => Assert.True(seen.Add(e.Id)));
                next = page.Next;
            }
            while (next is not null);
            Assert.Equal(query.Contains("q=", StringComparison.Ordinal) ? 0 : 5, seen.Count);
        }
    }

    [Theory]
    [InlineData("/api/folders?path=/none", 404, "not-found")]
    [InlineData("/api/folders?path=/../x", 400, "invalid")]
    [InlineData("/api/folders?limit=abc", 400, "invalid")]
    [InlineData("/api/folders?limit=99999999999", 400, "invalid")]
    [InlineData("/api/entries?folder=/none", 404, "not-found")]
    [InlineData("/api/entries?below=maybe", 400, "invalid")]
    [InlineData("/api/entries?limit=1.5", 400, "invalid")]
    [InlineData("/api/entries?sort=colour", 400, "invalid")]
    [InlineData("/api/entries?order=up", 400, "invalid")]
    [InlineData("/api/entries/17", 404, "not-found")]
    [InlineData("/api/entries/abc", 404, "not-found")]
    [InlineData("/api/entries/99999999999999999999", 404, "not-found")]
    [InlineData("/api/entries/by-path", 404, "not-found")]
    [InlineData("/api/entries/by-path?path=/x", 404, "not-found")]
    [InlineData("/api/entries/by-path?path=%00", 400, "invalid")]
    [InlineData("/api/moves", 405, "not-allowed")]
    [InlineData("/api/no/such/thing", 404, "not-found")]
    [InlineData("/api/contents/00/sources", 400, "invalid")]
    [InlineData("/api/contents/0000000000000000000000000000000000000000000000000000000000000000/sources", 404, "not-found")]
    [InlineData("/api/contents/00/id-file", 400, "invalid")]
    [InlineData("/api/contents/0000000000000000000000000000000000000000000000000000000000000000/id-file", 404, "not-found")]
    [InlineData("/entries/17/x.cete", 404, "not-found")]
    public async Task What_cannot_be_got_is_told_as_a_problem(string path, int status, string code)
    {
        using var answer = await _node.GetAsync(path);
        var problem = await answer.ReadProblemAsync();
        Assert.Equal((status, code), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData("/api/entries?limit=-5&cursor=%00%ff")]
    [InlineData("/api/entries?limit=2147483647&cursor=x&sort=size&order=desc")]
    [InlineData("/api/entries?q=%22%22%20tag:%ED%A0%80%20-")]
    [InlineData("/api/entries?q=%00")]
    [InlineData("/api/entries?q=NEAR(a%20b)%20AND%20OR%20*")]
    [InlineData("/api/entries?q=a&q=b&sort=&order=&limit=&below=&cursor=")]
    public async Task Odd_questions_get_an_answer(string path)
    {
        await FileAsync("/f");
        using var answer = await _node.GetAsync(path);
        if (!answer.IsSuccessStatusCode)
        {
            Assert.Equal(400, (await answer.ReadProblemAsync()).Status);
        }
    }

    [Fact]
    public async Task A_long_search_is_cut_even_within_a_character()
    {
        var text = "tag:" + new string('x', 495) + "\ud83d\ude00\ud83d\ude00";
        using var answer = await _node.GetAsync($"{Routes.Entries}?q={Uri.EscapeDataString(text)}");
        Assert.Empty((await answer.ReadAsync(ApiJson.Default.EntryPage)).Entries);
    }

    [Theory]
    [InlineData("POST", "/api/folders", "path")]
    [InlineData("POST", "/api/moves", "from to")]
    [InlineData("POST", "/api/removals", "path")]
    [InlineData("POST", "/api/entries", "entries")]
    [InlineData("PATCH", "/api/entries/17", "")]
    public async Task Bodies_that_mean_nothing_are_refused(string method, string path, string members)
    {
        List<string> bodies =
        [
            "", "null", "[]", "{", "\"x\"", "5", "{\"a\":\"\\ud800\"", "{}}", "{\"tags\":5}x",
            "{\"x\":" + new string('[', 30) + new string(']', 30) + "}",
        ];
        bodies.AddRange(members.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(m => new[]
        {
            "{}", $$"""{"{{m}}":null}""", $$"""{"{{m}}":5}""", $$"""{"{{m}}":[null]}""",
            $$"""{"{{m}}":"/../x"}""", $$"""{"{{m}}":"a\u0000b"}""", $$"""{"{{m}}":"\ud800"}""",
        }));
        foreach (var body in bodies)
        {
            using var answer = await _node.SendAsync(new HttpMethod(method), path, body);
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{body}: {answer.StatusCode}");
            Assert.Equal("invalid", (await answer.ReadProblemAsync()).Code);
        }

        using var form = await _node.SendAsync(new HttpMethod(method), path, """{"path":"/x"}""", "text/plain");
        Assert.Equal(400, (await form.ReadProblemAsync()).Status);
    }

    [Theory]
    [InlineData("""{"path":"/f"}""", 400)]
    [InlineData("""{"root":"ROOT"}""", 400)]
    [InlineData("""{"path":"/f","root":"00"}""", 400)]
    [InlineData("""{"path":"/","root":"ROOT"}""", 400)]
    [InlineData("""{"path":"/f","root":"0000000000000000000000000000000000000000000000000000000000000000"}""", 409)]
    [InlineData("""{"path":"/f","root":"ROOT","tags":[null]}""", 400)]
    [InlineData("""{"path":"/f","root":"ROOT","tags":["a b"]}""", 400)]
    [InlineData("""{"path":"/f","root":"ROOT","tags":"a"}""", 400)]
    [InlineData("""{"path":"/f","root":"ROOT","description":"\u0000"}""", 400)]
    [InlineData("""{"path":"/f","root":"ROOT","modified":"yesterday"}""", 400)]
    [InlineData("""{"path":"/f","root":"ROOT","modified":"0001-01-01T00:00:00Z"}""", 200)]
    [InlineData("""{"path":"/f","root":"ROOT","modified":"9999-12-31T23:59:59.9999999Z","later":{}}""", 200)]
    [InlineData("""{"path":"/f","root":"ROOT","tags":null,"description":null,"modified":null}""", 200)]
    public async Task Entries_are_checked_one_by_one(string item, int status)
    {
        var body = $$"""{"entries":[{{item.Replace("ROOT", _content.Root.ToString(), StringComparison.Ordinal)}}]}""";
        using var answer = await PostAsync(Routes.Entries, body);
        Assert.Equal(status, (int)answer.StatusCode);
        using var list = await _node.GetAsync(Routes.Entries);
        Assert.Equal(status == 200 ? 1 : 0, (await list.ReadAsync(ApiJson.Default.EntryPage)).Entries.Count);
    }

    [Fact]
    public async Task Too_many_entries_and_too_long_texts_are_over_a_bound()
    {
        var item = $$"""{"path":"/f","root":"{{_content.Root}}"}""";
        using var many = await PostAsync(Routes.Entries, $$"""{"entries":[{{string.Join(',', Enumerable.Repeat(item, 1_001))}}]}""");
        Assert.Equal("too-large", (await many.ReadProblemAsync()).Code);
        var words = new string('d', 20_000);
        using var wordy = await PostAsync(Routes.Entries, $$"""{"entries":[{"path":"/f","root":"{{_content.Root}}","description":"{{words}}"}]}""");
        Assert.Equal("too-large", (await wordy.ReadProblemAsync()).Code);
        var huge = $"POST {Routes.Folders} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 31000000\r\n\r\n{{";
        Assert.Contains("too-large", await RawHttp.AskAsync(_node.Address, huge), StringComparison.Ordinal);
        using var longPath = await PostAsync(Routes.Folders, $$"""{"path":"{{new string('p', 5_000)}}"}""");
        Assert.Equal("too-large", (await longPath.ReadProblemAsync()).Code);
        using var described = await _node.SendAsync(HttpMethod.Patch, $"{Routes.Entries}/1", """{"tags":[null]}""");
        Assert.Equal(400, (await described.ReadProblemAsync()).Status);
        using var restored = await _node.Http.DeleteAsync(Routes.Removals + "/0", Cancel);
        Assert.Equal(400, (await restored.ReadProblemAsync()).Status);
        using var unknown = await _node.Http.DeleteAsync(Routes.Removals + "/99", Cancel);
        Assert.Equal(404, (await unknown.ReadProblemAsync()).Status);
    }

    [Fact]
    public async Task Sources_and_ID_files_name_the_address_that_was_asked()
    {
        using var sources = await _node.GetAsync(Routes.Sources(_content.Root.ToString()));
        var source = (await sources.ReadAsync(ApiJson.Default.SourcesAnswer)).Sources.Single();
        Assert.Equal((_node.Address.AbsoluteUri, "provider", 1), (source.Address, source.Kind, source.Pieces));
        foreach (var host in new[] { "", "a:99999", "user@h", "[", "h/../x" })
        {
            var answer = await RawHttp.AskAsync(_node.Address, $"GET {Routes.IdFileOfContent(_content.Root.ToString())} HTTP/1.0\r\nHost: {host}\r\n\r\n");
            Assert.Contains(" 400 ", answer, StringComparison.Ordinal);
        }

        var old = await RawHttp.AskAsync(_node.Address, $"GET {Routes.Sources(_content.Root.ToString())} HTTP/1.0\r\n\r\n");
        Assert.Contains(" 400 ", old, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) => _node.SendAsync(HttpMethod.Post, path, body);

    private async Task<long> FileAsync(string path, string description = "null", string tags = "null")
    {
        var body = $$"""{"entries":[{"path":{{JsonSerializer.Serialize(path)}},"root":"{{_content.Root}}","description":{{description}},"tags":{{tags}}}]}""";
        using var answer = await PostAsync(Routes.Entries, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        return (await answer.Content.ReadFromJsonAsync(ApiJson.Default.FileAnswer, Cancel))!.Ids.Single();
    }
}
