using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Services;

/// <summary>Views of described services: each kind, sorted, searched, and with hostile texts in all of them.</summary>
public sealed class ServiceViewTests
{
    public static TheoryData<string> Views =>
    [
        "table", "list", "cards", "board", "calendar", "calendar?month=2026-11", "meals?month=2026-11", "tree", "thread", "gallery", "chart", "worth", "chat",
        "detail", "form", "newer", "newest", "home", "computed", "visits", "about", "animals/new", "animals/deleted", "animals/1", "animals/1/edit",
        "do/feed?record=1", "do/adopt", string.Empty,
    ];

    [Theory]
    [MemberData(nameof(Views))]
    public async Task A_page_is_whole_whatever_stands_in_it(string view)
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text, ServicePagesSite.Sample("library.conf"));
        using var ada = await site.OpenAsync("ada");
        var keeper = (await site.Accounts.Service.ByNameAsync("ada", TestContext.Current.CancellationToken)).Value.Id.ToString();
        await site.MakeAsync("ada", Zoo.Name, "animals", Zoo.Whole(keeper));
        await site.MakeAsync("ada", Zoo.Name, "animals", ("name", "Plain"), ("parent", "1"));
        await site.MakeAsync("ada", Zoo.Name, "visits", ("animal", "1"), ("day", "2026-11-05"));
        foreach (var address in (string[])[$"/services/zoo/{view}", "/services"])
        {
            var page = await ada.GetAsync(address);
            page.AssertWhole();
            Assert.DoesNotContain(page.All("script"), script => script.Value.Length > 0);
            Assert.All(page.All("a"), link => Assert.DoesNotContain("javascript:", link.Attribute("href")!.Value, StringComparison.OrdinalIgnoreCase));
            Assert.Empty(site.Accounts.Site.Bugs);
        }
    }

    [Fact]
    public async Task The_community_has_its_services_in_the_language_of_the_visitor()
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text, ServicePagesSite.Sample("library.conf"));
        using var guest = site.Accounts.Open();
        Assert.Equal("/services", (await guest.GetAsync("/login")).LinkTo("Services"));
        var all = await guest.GetAsync("/services");
        Assert.Equal("/services/library", all.LinkTo("Lending library"));
        Assert.Equal("/services/zoo", all.LinkTo("Zoo " + Zoo.Script));

        await site.MakeAsync("ada", Zoo.Name, "animals", ("name", "Dachs"));
        var german = await In(guest, "/services/zoo/table", "fr;q=0.9, de-AT;q=0.8, en;q=0.1");
        Assert.Contains(german.All("th"), head => head.Value == "Wie es heißt");
        Assert.Contains("Tierpark", german.Title, StringComparison.Ordinal);
        Assert.Contains("Accept-Language", german.Headers["Vary"], StringComparison.Ordinal);
        Assert.Contains("Zoo", (await In(guest, "/services/zoo/table", "xx, ;;;=,*")).Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_is_sorted_searched_and_gone_through()
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text);
        using var ada = await site.OpenAsync("ada");
        for (var i = 1; i <= 60; i++)
        {
            await site.MakeAsync(
                "ada", Zoo.Name, "animals", ("name", $"Animal {i:00}"), ("legs", $"{i}"), ("weight", $"{i}.5"), ("tame", i % 2 == 0 ? "true" : "false"),
                ("shape", i % 3 == 0 ? "bird" : "fish"), ("born", $"2026-01-{1 + (i % 28):00}"), ("tags", i == 7 ? "loud,shy" : "wild"),
                ("story", i == 9 ? "Öl & \"Ruß\"" : "-"));
        }

        var first = await ada.GetAsync("/services/zoo/table");
        Assert.Equal(50, first.Rows.Count);
        Assert.Equal("Animal 01", first.Names[0]);
        Assert.Contains("60 records", first.Text, StringComparison.Ordinal);
        var next = await ada.GetAsync(first.LinkTo("Next page")!);
        Assert.Equal(10, next.Rows.Count);
        Assert.Equal("Animal 60", next.Names[^1]);
        Assert.Equal("/services/zoo/table", next.LinkTo("First page"));

        var sorted = await ada.GetAsync("/services/zoo/table?sort=-legs");
        Assert.Equal("Animal 60", sorted.Names[0]);
        Assert.Equal("descending", sorted.All("th").Single(head => head.Value.Trim() == "Legs").Attribute("aria-sort")!.Value);
        Assert.Equal(400, (await ada.GetAsync("/services/zoo/table?sort=pairs")).Status);
        Assert.Equal(400, (await ada.GetAsync("/services/zoo/table?sort=nothing")).Status);

        (string Query, int Count)[] asked =
        [
            ("has.name=ANIMAL%200", 9), ("is.shape=bird", 20), ("is.tame=true", 30), ("from.legs=10&to.legs=19", 10), ("from.weight=59", 2),
            ("to.weight=1.5", 1), ("from.born=2026-01-27&to.born=2026-01-27", 2), ("is.tags=shy", 1), ("has.story=%C3%96l+%26+%22Ru%C3%9F%22", 1),
            ("is.parent=1", 0), ("is.shape=bird&is.tame=false", 10),
            ("has.name=&from.legs=", 50), ("unknown.name=x&has.nothing=y", 50),
        ];
        foreach (var (query, count) in asked)
        {
            var found = await ada.GetAsync("/services/zoo/table?" + query);
            found.AssertWhole();
            Assert.True(count == found.Rows.Count, $"{query}: {found.Rows.Count} of {count}");
        }

        // What was typed stays, and goes along with the order and the page.
        var kept = await ada.GetAsync("/services/zoo/table?is.shape=fish&sort=legs");
        Assert.Equal("fish", kept.All("option").Single(option => option.Attribute("selected") is not null).Attribute("value")!.Value);
        var byWeight = kept.All("th").Single(head => head.Value.Trim() == "Weight").Descendants("a").Single().Attribute("href")!.Value;
        Assert.Contains("is.shape=fish", byWeight, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("has.name", "\") || true || record.name.contains(\"")]
    [InlineData("has.name", "\\\"")]
    [InlineData("has.name", "'; DROP TABLE animals; --")]
    [InlineData("has.name", "%")]
    [InlineData("has.name", "_")]
    [InlineData("has.name", "\u0000\u001f\ud83d\ude00")]
    public async Task What_is_typed_is_a_value_and_nothing_else(string name, string text)
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text);
        using var ada = await site.OpenAsync("ada");
        await site.MakeAsync("ada", Zoo.Name, "animals", ("name", "Animal"));
        var page = await ada.GetAsync($"/services/zoo/table?{name}={Uri.EscapeDataString(text)}");
        Assert.Equal(200, page.Status);
        Assert.Contains("Nothing is like that", page.Text, StringComparison.Ordinal);
        Assert.Empty(site.Accounts.Site.Bugs);
    }

    [Theory]
    [InlineData("from.legs=1+||+true")]
    [InlineData("from.legs=1e5")]
    [InlineData("from.weight=0x10")]
    [InlineData("from.born=yesterday")]
    [InlineData("is.shape=cow")]
    [InlineData("is.tame=perhaps")]
    [InlineData("has.legs=1")]
    [InlineData("is.parent=1+or+1")]
    [InlineData("is.owner=nobody-knows")]
    [InlineData("from.name=a")]
    public async Task What_makes_no_sense_is_refused_with_the_field(string query)
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text);
        using var guest = site.Accounts.Open();
        var page = await guest.GetAsync("/services/zoo/table?" + query);
        Assert.Equal(400, page.Status);
        var field = query[(query.IndexOf('.', StringComparison.Ordinal) + 1)..query.IndexOf('=', StringComparison.Ordinal)];
        Assert.Contains(field, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Boards_calendars_trees_and_charts_show_what_is_where()
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text);
        using var guest = site.Accounts.Open();
        await site.MakeAsync("ada", Zoo.Name, "animals", ("name", "Root"), ("shape", "bird"), ("born", "2026-11-29"), ("gone", "2026-12-02"), ("price", "1.5"));
        await site.MakeAsync("ada", Zoo.Name, "animals", ("name", "Child"), ("parent", "1"), ("shape", "bird"), ("price", "2"));
        await site.MakeAsync("ada", Zoo.Name, "animals", ("name", "Grandchild"), ("parent", "2"), ("shape", "fish"));

        var board = await guest.GetAsync("/services/zoo/board");
        var columns = board.Of("div", "board").Single().Elements("section").Select(section => section.Element("h2")!.Value.Trim());
        Assert.Equal(["Bird2", "Fish <script>1"], columns);
        var november = await guest.GetAsync("/services/zoo/calendar?month=2026-11");
        Assert.Equal(["2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02"], DaysOf(november));
        var december = await guest.GetAsync(november.LinkTo("Month after")!);
        Assert.Equal(["2026-11-30", "2026-12-01", "2026-12-02"], DaysOf(december));
        Assert.Contains("nothing in this month", (await guest.GetAsync("/services/zoo/calendar?month=2027-01")).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await guest.GetAsync("/services/zoo/calendar?month=9999-12")).Status);
        Assert.Equal(200, (await guest.GetAsync("/services/zoo/calendar?month=0001-01")).Status);
        Assert.Equal(200, (await guest.GetAsync("/services/zoo/calendar?month=soon")).Status);
        var tree = await guest.GetAsync("/services/zoo/tree");
        Assert.Equal(3, tree.Of("ul", "tree").Count());
        Assert.Equal(2, tree.Of("ul", "tree").First().Descendants("ul").Count(list => list.Attribute("class")?.Value == "tree"));
        var worth = await guest.GetAsync("/services/zoo/worth");
        Assert.Contains(worth.All("td"), cell => cell.Value == "3.5");
        Assert.Contains("cannot be shown", (await guest.GetAsync("/services/zoo/computed")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_shows_what_it_can_of_itself_and_others()
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text, ServicePagesSite.Sample("library.conf"));
        using var guest = site.Accounts.Open();
        await site.MakeAsync("ada", Zoo.Name, "animals", ("name", "Badger"));
        await site.MakeAsync("ada", "library", "books", ("title", "Ubik"));
        var page = await guest.GetAsync("/services/zoo/home");
        page.AssertWhole();
        Assert.Equal("/services/zoo/animals/1", page.LinkTo("Badger"));
        Assert.Equal("/services/library/books/1", page.LinkTo("Ubik"));
        Assert.Contains("no such view", page.Text, StringComparison.Ordinal);
        Assert.Contains("no such service", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/services/nowhere", 404)]
    [InlineData("/services/nowhere/about", 404)]
    [InlineData("/services/zoo/nowhere", 404)]
    [InlineData("/services/zoo/nowhere/1", 404)]
    [InlineData("/services/zoo/nowhere/new", 404)]
    [InlineData("/services/zoo/animals/1", 404)]
    [InlineData("/services/zoo/animals/0", 404)]
    [InlineData("/services/zoo/animals/1/edit", 404)]
    [InlineData("/services/zoo/animals/99999999999999999999", 404)]
    [InlineData("/services/zoo/do/nothing", 404)]
    [InlineData("/services/zoo/do/feed", 400)]
    [InlineData("/services/zoo/do/feed?record=1", 404)]
    [InlineData("/services/library/loans/new", 403)]
    [InlineData("/services/%3Cscript%3E/%3Cscript%3E", 404)]
    public async Task What_is_not_there_is_said(string address, int status)
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text, ServicePagesSite.Sample("library.conf"));
        using var guest = site.Accounts.Open();
        var page = await guest.GetAsync(address);
        Assert.Equal(status, page.Status);
        Assert.Single(page.All("h1"));
        Assert.Empty(site.Accounts.Site.Bugs);
    }

    private static string[] DaysOf(Page page) => [.. page.Of("table", "calendar").Single().Descendants("td").Where(cell => cell.Descendants("a").Any())
        .Select(cell => cell.Element("time")!.Attribute("datetime")!.Value)];

    private static Task<Page> In(Browser browser, string address, string languages)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept-Language", languages);
        return browser.SendAsync(request);
    }
}
