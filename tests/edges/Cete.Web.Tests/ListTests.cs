using System.Globalization;
using System.Xml.Linq;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests;

public sealed class ListTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Theory]
    [InlineData("name", "asc")]
    [InlineData("name", "desc")]
    [InlineData("size", "asc")]
    [InlineData("size", "desc")]
    [InlineData("added", "asc")]
    [InlineData("added", "desc")]
    public async Task FollowingNextShowsEveryEntryOnceAndInOrder(string sort, string order)
    {
        var page = await _site.GetAsync($"/folders/Many?sort={sort}&order={order}");
        List<string> names = [.. page.Names];
        List<string> ranges = [Range(page)];
        List<long> sizes = Sizes(page);
        while (page.LinkTo("Next page") is { } next)
        {
            Assert.Contains("rel=\"next\"", page.Text, StringComparison.Ordinal);
            page = await _site.GetAsync(next);
            names.AddRange(page.Names);
            sizes.AddRange(Sizes(page));
            ranges.Add(Range(page));
        }

        string[] natural = [.. Enumerable.Range(1, SharedSite.Many).Select(i => $"file {i}.bin")];
        Assert.Equal(["1–50 of 120", "51–100 of 120", "101–120 of 120"], ranges);
        if (sort == "size")
        {
            Assert.Equal(natural.Order(), names.Order());
            Assert.Equal(order == "asc" ? sizes.Order() : sizes.OrderDescending(), sizes);
        }
        else
        {
            Assert.Equal(order == "asc" ? natural : natural.Reverse(), names);
        }

        var first = await _site.GetAsync(page.LinkTo("First page")!);
        Assert.Equal("1–50 of 120", Range(first));
        Assert.Null(first.LinkTo("First page"));
        Assert.Equal(names[..50], first.Names);
    }

    [Fact]
    public async Task ColumnHeadersSortAndSaySo()
    {
        var page = await _site.GetAsync("/folders/Many");
        Assert.Equal("ascending", OrderOf(page, "Name"));
        Assert.Null(OrderOf(page, "Size"));
        Assert.Equal("/folders/Many?order=desc", page.LinkTo("Name"));

        var bySize = await _site.GetAsync(page.LinkTo("Size")!);
        Assert.Equal("descending", OrderOf(bySize, "Size"));
        Assert.Null(OrderOf(bySize, "Name"));

        var turned = await _site.GetAsync(bySize.LinkTo("Size")!);
        Assert.Equal("ascending", OrderOf(turned, "Size"));

        var second = await _site.GetAsync(turned.LinkTo("Next page")!);
        Assert.DoesNotContain("cursor", second.LinkTo("Added"), StringComparison.Ordinal);
        Assert.Equal("descending", OrderOf(await _site.GetAsync(second.LinkTo("Added")!), "Added"));
    }

    [Fact]
    public async Task TheFirstPageShowsWhatIsInAnyFolderWithItsFolder()
    {
        var page = await _site.GetAsync("/?sort=added&order=desc");
        Assert.Equal("Resources", page.Heading);
        var row = page.Rows[page.Names.IndexOf("Sunset.png")];
        var folder = Page.Cell(row, "folder").Descendants("a").Single();
        Assert.Equal("/Art/Summer", folder.Value);
        Assert.Equal("Summer", (await _site.GetAsync(folder.Attribute("href")!.Value)).Heading);

        var top = await _site.GetAsync(page.LinkTo("Top only")!);
        Assert.Equal(["Top note.txt"], top.Names);
        Assert.Empty(top.Of("td", "folder"));
        Assert.Contains("Sunset.png", (await _site.GetAsync(top.LinkTo("All folders")!)).Names);
    }

    [Fact]
    public async Task AFolderListsItselfOrAllBelow()
    {
        var page = await _site.GetAsync("/folders/Art");
        Assert.Empty(page.Rows);
        Assert.Contains("No files right here.", page.Text, StringComparison.Ordinal);
        var all = await _site.GetAsync(page.LinkTo("With subfolders")!);
        Assert.Equal(["Notes.svg", "Sunset.png"], all.Names);
        Assert.Equal("/folders/Art", all.LinkTo("This folder"));
    }

    [Fact]
    public async Task RowsLinkToEntryDownloadAndIdFile()
    {
        var page = await _site.GetAsync("/folders/Art/Summer");
        var row = page.Rows[1];
        Assert.Equal("1 provider", Page.Cell(row, "providers").Value);
        var time = Page.Cell(row, "added").Descendants("time").Single();
        Assert.Equal("3 hours ago", time.Value);
        Assert.EndsWith(" UTC", time.Attribute("title")!.Value, StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParse(time.Attribute("datetime")!.Value, CultureInfo.InvariantCulture, out _));
        Assert.Equal("Sunset.png", (await _site.GetAsync(Page.Cell(row, "name").Descendants("a").Single().Attribute("href")!.Value)).Heading);
        Assert.Equal("content of /Art/Summer/Sunset.png", (await _site.GetAsync(Action(row, "Download"))).Text);
        var idFile = await _site.GetAsync(Action(row, "ID file"));
        Assert.Equal(200, idFile.Status);
        Assert.Contains("Sunset.png.cete", idFile.Headers["Content-Disposition"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task FoldersComeFirstWithTheirCountsAndAllCanBeReached()
    {
        var top = await _site.GetAsync("/");
        var tiles = top.Of("a", "tile").ToDictionary(tile => tile.Attribute("href")!.Value, tile => tile.Value, StringComparer.Ordinal);
        Assert.Contains("120 files", tiles["/folders/Many"], StringComparison.Ordinal);
        Assert.Contains("130 folders", tiles["/folders/Nested"], StringComparison.Ordinal);
        Assert.Contains("1 folder", tiles["/folders/Art"], StringComparison.Ordinal);

        var page = await _site.GetAsync("/folders/Nested?view=all");
        List<string> found = [];
        while (true)
        {
            found.AddRange(page.Of("span", "tile-name").Select(name => name.Value));
            if (page.LinkTo("More folders") is not { } more)
            {
                break;
            }

            page = await _site.GetAsync(more);
        }

        Assert.Equal(Enumerable.Range(1, SharedSite.Nested).Select(i => $"f{i}"), found);
        var empty = await _site.GetAsync("/folders/Nested/f7");
        Assert.Contains("cete put FILE /Nested/f7", empty.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BreadcrumbsLeadUp()
    {
        var page = await _site.GetAsync("/folders/Art/Summer");
        var crumbs = page.All("nav").Single(nav => nav.Attribute("class")?.Value == "crumbs");
        Assert.Equal(["/", "/folders/Art"], crumbs.Descendants("a").Select(a => a.Attribute("href")!.Value));
        Assert.Equal("Summer", crumbs.Descendants("span").Single(span => span.Attribute("aria-current")?.Value == "page").Value);
    }

    [Fact]
    public async Task AddressesThatAreNotOnesOwnMakeNoErrors()
    {
        Assert.Equal(50, (await _site.GetAsync("/folders/Many?after=-7&cursor=&view=nonsense")).Rows.Count);
        foreach (var sort in new[] { "name", "size", "added", "relevance" })
        {
            Assert.Equal(200, (await _site.GetAsync($"/folders/Many?cursor=%00nonsense&after=99999999999999999999&sort={sort}")).Status);
        }

        Assert.Equal("/", (await _site.GetAsync("/folders/")).Headers["Location"]);
        Assert.Equal("Many", (await _site.GetAsync("/folders//Many/")).Heading);
    }

    private static string Range(Page page) => page.Of("span", "range").Single().Value;

    private static List<long> Sizes(Page page) =>
        [.. page.Rows.Select(row => long.Parse(Page.Cell(row, "size").Element("data")!.Attribute("value")!.Value, CultureInfo.InvariantCulture))];

    private static string? OrderOf(Page page, string column) =>
        page.All("thead").Descendants("th").Single(th => th.Value.Trim() == column).Attribute("aria-sort")?.Value;

    private static string Action(XElement row, string text) =>
        Page.Cell(row, "actions").Elements("a").Single(a => a.Value == text).Attribute("href")!.Value;
}
