using System.Net;
using System.Xml.Linq;
using Cete.Api;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Formats;

public sealed class FeedsDoorTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private readonly Site _site = shared.Site;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/Many", null, 100)]
    [InlineData("/Many", "tag:even1", 60)]
    [InlineData("/", "sunset", 1)]
    [InlineData("/Art", "counted", 0)]
    [InlineData("/Nested", null, 0)]
    public async Task Feeds_of_a_folder_or_a_search_have_its_newest(string folder, string? words, int count)
    {
        var rss = await _site.GetAsync(Routes.FeedOf(Routes.Rss, folder, words));
        var atom = await _site.GetAsync(Routes.FeedOf(Routes.Atom, folder, words));
        Assert.Equal("application/rss+xml; charset=utf-8", rss.Headers["Content-Type"]);
        Assert.Equal("application/atom+xml; charset=utf-8", atom.Headers["Content-Type"]);
        var (items, entries) = (XElement.Parse(rss.Text).Descendants("item").ToList(), XElement.Parse(atom.Text).Elements(Atom + "entry").ToList());
        Assert.Equal((count, count), (items.Count, entries.Count));
        Assert.Equal(items.Select(i => i.Element("guid")!.Value), entries.Select(e => e.Element(Atom + "id")!.Value));
        Assert.Equal(entries.Count, entries.Select(e => e.Element(Atom + "id")!.Value).Distinct().Count());
        foreach (var item in items.Take(3))
        {
            var enclosure = item.Element("enclosure")!;
            using var file = await _site.Client.GetAsync(new Uri(enclosure.Attribute("url")!.Value), Cancel);
            Assert.Equal(enclosure.Attribute("length")!.Value, file.Content.Headers.ContentLength?.ToString(System.Globalization.CultureInfo.InvariantCulture));
            using var page = await _site.Client.GetAsync(new Uri(item.Element("link")!.Value), Cancel);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }

        var self = XElement.Parse(atom.Text).Elements(Atom + "link").Single(link => link.Attribute("rel")!.Value == "self").Attribute("href")!.Value;
        Assert.Equal(atom.Text, await _site.Client.GetStringAsync(new Uri(self), Cancel));
    }

    [Fact]
    public async Task Readers_that_know_the_newest_are_told_so_until_there_is_more()
    {
        await using var site = await Site.StartAsync();
        await site.FileAsync(site.Entry("/news/one"));
        foreach (var address in new[] { Routes.FeedOf(Routes.Rss, "/news", null), Routes.FeedOf(Routes.Atom, "/news", null) })
        {
            var page = await site.GetAsync(address);
            Assert.Equal(304, await AskAsync(address, "If-None-Match", page.Headers["ETag"]));
            Assert.Equal(304, await AskAsync(address, "If-Modified-Since", page.Headers["Last-Modified"]));
            Assert.Equal(200, await AskAsync(address, "If-None-Match", "\"other\""));
            await site.FileAsync(site.Entry("/news/" + page.Headers["ETag"].Trim('"')));
            Assert.Equal(200, await AskAsync(address, "If-None-Match", page.Headers["ETag"]));
        }

        async Task<int> AskAsync(string address, string field, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation(field, value);
            using var answer = await site.Client.SendAsync(request, Cancel);
            return (int)answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("/feeds/rss?folder=/Nowhere", 404)]
    [InlineData("/feeds/atom?folder=/a%00b", 400)]
    [InlineData("/feeds/atom?folder=..", 400)]
    [InlineData("/feeds/rss?folder=/Many/file%201.bin", 404)]
    [InlineData("/feeds/nothing", 404)]
    [InlineData("/as/x.m3u8?folder=/Many", 404)]
    [InlineData("/as/x.m3u8?folder=/Nested", 404)]
    [InlineData("/as/x.m3u8?folder=/Nowhere", 404)]
    [InlineData("/as/x.m3u8?folder=..", 400)]
    public async Task What_is_not_there_is_no_feed(string address, int status)
    {
        Assert.Equal(status, (await _site.GetAsync(address)).Status);
        Assert.Empty(_site.Bugs);
    }

    [Fact]
    public async Task A_playlist_has_what_is_played_and_nothing_else()
    {
        var page = await _site.GetAsync(Routes.FolderFile("/Hostile", "Hostile", Routes.PlaylistEnding));
        Assert.Equal("audio/x-mpegurl; charset=utf-8", page.Headers["Content-Type"]);
        var lines = page.Text.TrimEnd('\n').Split('\n');
        Assert.Equal(2 + (2 * 2), lines.Length);
        foreach (var address in lines.Where(line => !line.StartsWith('#')))
        {
            using var track = await _site.Client.GetAsync(new Uri(address), Cancel);
            Assert.Equal(HttpStatusCode.OK, track.StatusCode);
        }
    }

    [Fact]
    public async Task The_search_describes_itself_and_its_addresses_answer()
    {
        var page = await _site.GetAsync(Routes.OpenSearch);
        Assert.Equal("application/opensearchdescription+xml", page.Headers["Content-Type"]);
        XNamespace search = "http://a9.com/-/spec/opensearch/1.1/";
        foreach (var url in XElement.Parse(page.Text).Elements(search + "Url"))
        {
            var address = url.Attribute("template")!.Value.Replace("{searchTerms}", "sun%20set", StringComparison.Ordinal);
            using var answer = await _site.Client.GetAsync(new Uri(address), Cancel);
            Assert.Equal((HttpStatusCode.OK, url.Attribute("type")!.Value), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        }

        Assert.Contains(Routes.OpenSearch, (await _site.GetAsync("/")).Text, StringComparison.Ordinal);
    }
}
