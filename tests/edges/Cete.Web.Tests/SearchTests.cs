using Cete.Web.Tests.Support;

namespace Cete.Web.Tests;

public sealed class SearchTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Fact]
    public async Task FindsByWordsInAllFolders()
    {
        var page = await _site.GetAsync("/search?q=sun");
        Assert.Equal("Search: sun – " + Site.Community, page.Title);
        Assert.Equal(["Sunset.png"], page.Names);
        Assert.Equal("1 result", page.All("strong").Single().Value);
        Assert.Equal("/Art/Summer", Page.Cell(page.Rows[0], "folder").Value.Trim());
        Assert.Equal("sun", page.All("input").Single().Attribute("value")!.Value);
    }

    [Theory]
    [InlineData("/search?q=counted", 120)]
    [InlineData("/search?q=counted&sort=size&order=desc", 120)]
    [InlineData("/search?q=counted%20tag:even1&sort=added", 60)]
    public async Task CountsAndPagesThroughAll(string address, int count)
    {
        var page = await _site.GetAsync(address);
        List<string> names = [];
        for (var pages = 1; ; pages++)
        {
            Assert.Equal($"{count} results", page.All("strong").Single().Value);
            names.AddRange(page.Names);
            if (page.LinkTo("Next page") is not { } next)
            {
                Assert.Equal((count + 49) / 50, pages);
                break;
            }

            page = await _site.GetAsync(next);
        }

        Assert.Equal(count, names.Count);
        Assert.Equal(count, names.Distinct().Count());
    }

    [Fact]
    public async Task ASortedSearchLeadsBackToTheBestMatches()
    {
        var page = await _site.GetAsync("/search?q=counted&sort=size&order=desc");
        Assert.Equal("/search?q=counted", page.LinkTo("Best matches first"));
        Assert.Null((await _site.GetAsync("/search?q=counted")).LinkTo("Best matches first"));
    }

    [Fact]
    public async Task TagsFindWhatCarriesThem()
    {
        Assert.Equal(["Sunset.png"], (await _site.GetAsync("/search?q=tag:sea")).Names);
        Assert.Equal("1 result", (await _site.GetAsync("/search?q=tag:sea")).All("strong").Single().Value);

        var page = await _site.GetAsync("/search?q=tag:even1");
        Assert.Equal("60 results", page.All("strong").Single().Value);
        Assert.Equal("60 results", (await _site.GetAsync(page.LinkTo("Next page")!)).All("strong").Single().Value);
    }

    [Theory]
    [InlineData("/search?q=nowhere")]
    [InlineData("/search?q=%21%21")]
    [InlineData("/search?q=sun%20-picture")]
    public async Task NothingFoundSaysWhatMayHelp(string address)
    {
        var page = await _site.GetAsync(address);
        Assert.Equal(200, page.Status);
        Assert.Contains("Nothing found for", page.Text, StringComparison.Ordinal);
        Assert.Empty(page.All("table"));
        Assert.Equal(["summer fest", "\"summer fest\"", "summer -draft", "tag:music"], page.All("dt").Select(dt => dt.Value));
    }

    [Theory]
    [InlineData("/search")]
    [InlineData("/search?q=%20%20")]
    public async Task WithoutWordsItExplainsItself(string address)
    {
        var page = await _site.GetAsync(address);
        Assert.Equal("Search", page.Heading);
        Assert.Equal("How to search", page.All("h2").Single().Value);
    }

    [Fact]
    public async Task ALongSearchIsAnswered()
    {
        var page = await _site.GetAsync("/search?q=" + string.Concat(Enumerable.Repeat("word%20%22%3C-", 300)));
        Assert.Equal(200, page.Status);
    }
}
