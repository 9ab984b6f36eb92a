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

    [Fact]
    public async Task FiltersNarrowDownWithoutAScriptAndStayWhenSorted()
    {
        var page = await _site.GetAsync("/search?q=&kind=image&size=any&newer=1d&folder=%2FArt");
        Assert.Equal(["Notes.svg", "Sunset.png"], page.Names.Order(StringComparer.Ordinal));
        Assert.Equal(["image", "any", "1d", "/Art"], page.All("select").Select(ChosenOf));
        Assert.All(page.All("select"), select => Assert.Equal("search", select.Attribute("form")!.Value));
        Assert.Equal("/search", page.LinkTo("Clear"));
        var sorted = await _site.GetAsync(page.LinkTo("Size")!);
        Assert.Equal(["image", "any", "1d", "/Art"], sorted.All("select").Select(ChosenOf));
        Assert.Equal(page.Names.Order(StringComparer.Ordinal), sorted.Names.Order(StringComparer.Ordinal));
        Assert.Equal(["away.iso"], (await _site.GetAsync("/search?size=1GiB-")).Names);

        // What no list of choices holds stays chosen too.
        Assert.Equal(["any", "3MB-9GB", "any", "any"], (await _site.GetAsync("/search?size=3MB-9GB")).All("select").Select(ChosenOf));
    }

    [Theory]
    [InlineData("kind=nonsense", "'kind' is one of")]
    [InlineData("size=large", "'min-size' is a size")]
    [InlineData("size=3MB-2MB", "'min-size' is above")]
    [InlineData("newer=%3Cb%3E", "'newer' is a time")]
    [InlineData("folder=a/../b", "")]
    [InlineData("sort=nonsense", "'sort' is one of")]
    public async Task AFilterThatMeansNothingIsAnErrorThatSaysSo(string filter, string message)
    {
        var page = await _site.GetAsync("/search?q=sun&" + filter);
        Assert.Equal(400, page.Status);
        Assert.Contains(message, page.Of("p", "message").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderThatIsGoneIsNotFound() => Assert.Equal(404, (await _site.GetAsync("/search?q=sun&folder=/Nowhere")).Status);

    [Fact]
    public async Task WhatWasSearchedForIsMarkedInNamesAndDescriptions()
    {
        var page = await _site.GetAsync("/search?q=S%C3%9Cn%20pict");
        Assert.Equal(["Sun", "pict"], page.All("mark").Select(mark => mark.Value));
        Assert.Equal("A picture of the sea.", page.Of("p", "about").Single().Value.Trim());
        Assert.Empty((await _site.GetAsync("/search?q=tag:sea")).All("mark"));
        var hostile = await _site.GetAsync("/search?q=script&folder=%2FHostile");
        Assert.Equal(["script", "script"], hostile.All("mark").Select(mark => mark.Value));
        Assert.Single(hostile.All("script"));
    }

    [Fact]
    public async Task NothingFoundLeadsOn()
    {
        var page = await _site.GetAsync("/search?q=sunset%20nowhere&kind=image&folder=%2FArt");
        Assert.Contains("with these filters", page.Text, StringComparison.Ordinal);
        Assert.Equal(["Sunset.png"], (await _site.GetAsync(page.LinkTo("With any of the words")!)).Names);
        var fewer = page.All("a").Single(a => a.Value.Trim().StartsWith("Only", StringComparison.Ordinal)).Attribute("href")!.Value;
        Assert.Equal(["Sunset.png"], (await _site.GetAsync(fewer)).Names);
        Assert.Equal("/folders/Art", page.All("a").Single(a => a.Value.Trim().StartsWith("Look through", StringComparison.Ordinal)).Attribute("href")!.Value);

        page = await _site.GetAsync("/search?q=sunset&kind=video&folder=%2FArt");
        Assert.Equal(["Sunset.png"], (await _site.GetAsync(page.LinkTo("Without filters")!)).Names);
        page = await _site.GetAsync("/search?q=sunset&folder=%2FMany");
        Assert.Equal(["Sunset.png"], (await _site.GetAsync(page.LinkTo("In all folders")!)).Names);
        page = await _site.GetAsync("/search?q=sunste%20counted%20nowhere&kind=video");
        var anywhere = page.All("a").Single(a => a.Value.Trim().StartsWith("Any of the words, anywhere", StringComparison.Ordinal)).Attribute("href")!.Value;
        Assert.Contains("Sunset.png", (await _site.GetAsync(anywhere)).Names);
        page = await _site.GetAsync("/search?q=sunste");
        var meant = page.All("a").Single(a => a.Value.Trim().StartsWith("Did you mean", StringComparison.Ordinal)).Attribute("href")!.Value;
        Assert.Equal(["Sunset.png"], (await _site.GetAsync(meant)).Names);
    }

    [Fact]
    public async Task AFolderLeadsToItsSearch()
    {
        var page = await _site.GetAsync((await _site.GetAsync("/folders/Art/Summer")).LinkTo("Search in this folder")!);
        Assert.Equal("/Art/Summer", ChosenOf(page.All("select").Last()));
        Assert.Equal(2, page.Names.Count);
    }

    private static string ChosenOf(System.Xml.Linq.XElement select) =>
        (select.Elements("option").SingleOrDefault(option => option.Attribute("selected") is not null) ?? select.Elements("option").First())
            .Attribute("value")!.Value;

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
