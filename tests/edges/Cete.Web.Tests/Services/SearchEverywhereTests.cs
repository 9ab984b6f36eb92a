using System.Text.Json;
using Cete.Core;
using Cete.Web.Searching;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Services;

/// <summary>One search for files and the records of all services, by API and as a page.</summary>
public sealed class SearchEverywhereTests : IAsyncLifetime
{
    private const string Notes = """
        service { name = notes, title = "Notes <b>" }
        records {
          notes {
            fields { title { type = text, max = 100 }, body = markdown, mine { type = boolean, default = false } }
            rules { list = "!record.mine || record.owner == auth.id", view = "!record.mine || record.owner == auth.id", create = "auth.known", delete = "" }
          }
          marks { fields { text = text }, rules { list = "", view = "", create = "auth.known" } }
        }
        views { all { kind = table, records = notes } }
        """;

    private ServicePagesSite _site = null!;
    private Browser _guest = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _site = await ServicePagesSite.StartAsync(Notes, ServicePagesSite.Sample("library.conf"));
        _guest = _site.Accounts.Open();
    }

    public ValueTask DisposeAsync()
    {
        _guest.Dispose();
        return _site.DisposeAsync();
    }

    [Fact]
    public async Task Files_and_records_are_found_as_far_as_one_may_see_them()
    {
        await FillAsync();
        var all = await AskAsync("/api/search?q=solaris");
        Assert.Equal(["library/books", "files", "notes/notes"], all.Hits.Select(hit => hit.GetProperty("kind").GetString()));
        var file = all.Hits[1];
        Assert.Equal("/films/solaris.mkv", file.GetProperty("path").GetString());
        Assert.StartsWith("/entries/", file.GetProperty("address").GetString(), StringComparison.Ordinal);
        var note = all.Hits[2];
        Assert.Equal("/services/notes/notes/1", note.GetProperty("address").GetString());
        Assert.Equal("<i>Notes</i> on it", note.GetProperty("title").GetProperty("text").GetString());
        var snippet = note.GetProperty("snippet");
        var range = snippet.GetProperty("ranges")[0];
        Assert.Equal("Solaris", snippet.GetProperty("text").GetString()!.Substring(range[0].GetInt32(), range[1].GetInt32()));
        Assert.NotNull(note.GetProperty("by").GetString());
        Assert.True(all.Hits.Select(hit => hit.GetProperty("rank").GetInt32()).ToArray() is [var a, var b, var c] && a > b && b >= c && c > 0);

        using var ada = await _site.OpenAsync("ada");
        var page = await ada.GetAsync("/api/search?q=solaris");
        Assert.Equal(4, JsonDocument.Parse(page.Text).RootElement.GetProperty("hits").GetArrayLength());
        Assert.Equal(["notes/notes"], (await AskAsync("/api/search?q=solaris&kind=notes")).Kinds);
        Assert.Equal(["library/books"], (await AskAsync("/api/search?q=solaris&kind=library/books")).Kinds);
        Assert.Equal(["files"], (await AskAsync("/api/search?q=solaris&kind=files")).Kinds);
        Assert.Empty((await AskAsync("/api/search?q=nothingatall")).Kinds);
        Assert.Empty((await AskAsync("/api/search?q=!!!")).Kinds);
    }

    [Fact]
    public async Task Pages_go_on_where_the_one_before_ended()
    {
        for (var i = 0; i < 12; i++)
        {
            await _site.MakeAsync("ben", "notes", "notes", ("title", $"tea {i}"));
            await _site.Accounts.Site.FileAsync(_site.Accounts.Site.Entry($"/drinks/tea {i}.txt"));
        }

        List<string> seen = [];
        string? after = null;
        do
        {
            var page = await AskAsync($"/api/search?q=tea&limit=5{(after is null ? string.Empty : "&after=" + after)}");
            Assert.True(page.Hits.Count <= 5);
            seen.AddRange(page.Hits.Select(hit => hit.GetProperty("address").GetString()!));
            after = page.Next;
            _site.Group.Now += TimeSpan.FromSeconds(1);
            await _site.MakeAsync("ben", "notes", "notes", ("title", "tea, too late"));
        }
        while (after is not null);
        Assert.Equal(24, seen.Count);
        Assert.Equal(24, seen.Distinct().Count());
    }

    [Theory]
    [InlineData("", 400, "'q' says what is looked for")]
    [InlineData("?q=%20", 400, "'q' says what is looked for")]
    [InlineData("?q=a&kind=a/b/c", 400, "'kind' is files, the name of a service, or SERVICE/RECORDS; absent for everything")]
    [InlineData("?q=a&kind=nothing", 404, "there is no service 'nothing'")]
    [InlineData("?q=a&kind=notes/nothing", 404, "notes has no records 'nothing'; there are notes, marks")]
    [InlineData("?q=a&after=nonsense", 400, "'after' is the 'next' of another answer; leave it out to begin")]
    [InlineData("?q=a&limit=x", 400, "'limit' is a whole number")]
    public async Task What_makes_no_sense_is_told(string query, int status, string detail)
    {
        var page = await _guest.GetAsync("/api/search" + query);
        Assert.Equal(status, page.Status);
        Assert.Equal(detail, JsonDocument.Parse(page.Text).RootElement.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("title : x OR \"")]
    [InlineData("\0\u202e'; DROP TABLE x; --")]
    [InlineData("NEAR(a b) * ^ {c0} : -")]
    public async Task Whatever_is_typed_the_page_is_whole(string typed)
    {
        await FillAsync();
        var page = await _guest.GetAsync("/search?q=" + Uri.EscapeDataString(typed));
        page.AssertWhole();
        var answer = await _guest.GetAsync("/api/search?q=" + Uri.EscapeDataString(typed));
        Assert.Equal(200, answer.Status);
        Assert.Equal(400, (await _guest.GetAsync("/search?q=" + new string('a', 5_000))).Status);
        Assert.Empty(_site.Accounts.Site.Bugs);
    }

    [Fact]
    public async Task The_page_shows_all_kinds_marks_the_words_and_narrows_down()
    {
        await FillAsync();
        var page = await _guest.GetAsync("/search?q=solar");
        page.AssertWhole();
        Assert.Equal(
            ["Solaris", "solaris.mkv", "<i>Notes</i> on it"],
            page.All("ol").Single().Elements("li").Select(row => row.Descendants("a").Single().Value.Trim()));
        Assert.Equal(["Solaris", "solaris", "Solaris"], page.All("mark").Select(mark => mark.Value));
        var files = await _guest.GetAsync(page.LinkTo("Files")!);
        files.AssertWhole();
        Assert.Equal(["solaris.mkv"], files.Names);
        Assert.Equal("/search?q=solar", files.LinkTo("Everything"));
        var notes = await _guest.GetAsync(page.LinkTo("Notes <b>")!);
        Assert.Equal("/search?q=solar&in=notes%2Fmarks", notes.LinkTo("Marks"));
        Assert.Single(notes.All("ol").Single().Elements("li"));
        Assert.Equal(404, (await _guest.GetAsync("/search?q=solar&in=nothing")).Status);
        var kinds = await _guest.GetAsync("/search?q=solaris&kind=video");
        Assert.Equal(["solaris.mkv"], kinds.Names);
        var none = await _guest.GetAsync("/search?q=nothingatall");
        none.AssertWhole();
        Assert.Contains("Nothing found for", none.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_a_service_has_a_search_box()
    {
        await FillAsync();
        var list = await _guest.GetAsync("/services/notes/all");
        Assert.Contains(list.All("input"), input => input.Attribute("name")?.Value == "search");
        var found = await _guest.GetAsync("/services/notes/all?search=solaris&is.mine=false");
        found.AssertWhole();
        Assert.Single(found.Rows);
        Assert.Contains(found.All("input"), input => input.Attribute("name")?.Value == "search" && input.Attribute("value")?.Value == "solaris");
        Assert.Equal(400, (await _guest.GetAsync("/services/notes/all?search=" + new string('a', 600))).Status);
    }

    [Fact]
    public async Task A_source_that_is_not_here_or_does_not_answer_is_left_out_and_named()
    {
        await FillAsync();
        var desk = new SearchDesk(null, _site.Services, () => true, TimeProvider.System);
        var found = (await desk.FindAsync("solaris", SearchScope.All, null, 20, Standing.Nobody, Cancel)).Value;
        Assert.Equal(["files"], found.Missing.Select(gap => gap.Source));
        Assert.Equal(2, found.Items.Count);
        var other = new SearchDesk(_site.Accounts.Site.Index, null, () => true, TimeProvider.System);
        found = (await other.FindAsync("solaris", SearchScope.All, null, 20, Standing.Nobody, Cancel)).Value;
        Assert.Equal(["services"], found.Missing.Select(gap => gap.Source));
        Assert.Single(found.Items);
        var none = new SearchDesk(_site.Accounts.Site.Index, null, () => false, TimeProvider.System);
        Assert.Empty((await none.FindAsync("solaris", SearchScope.All, null, 20, Standing.Nobody, Cancel)).Value.Missing);
    }

    private async Task FillAsync()
    {
        await _site.MakeAsync("ben", "notes", "notes", ("title", "<i>Notes</i> on it"), ("body", "All about **Solaris**\n\nand the rest."));
        await _site.MakeAsync("ada", "notes", "notes", ("title", "Solaris, of my own"), ("mine", "true"));
        await _site.MakeAsync("ben", "library", "books", ("title", "Solaris"));
        await _site.Accounts.Site.FileAsync(_site.Accounts.Site.Entry("/films/solaris.mkv"));
    }

    private async Task<(List<JsonElement> Hits, string? Next, IEnumerable<string> Kinds)> AskAsync(string address)
    {
        var page = await _guest.GetAsync(address);
        Assert.True(page.Status == 200, page.Text);
        var answer = JsonDocument.Parse(page.Text).RootElement;
        Assert.Equal(0, answer.GetProperty("missing").GetArrayLength());
        List<JsonElement> hits = [.. answer.GetProperty("hits").EnumerateArray()];
        return (hits, answer.TryGetProperty("next", out var next) ? next.GetString() : null, hits.Select(hit => hit.GetProperty("kind").GetString()!));
    }
}
