using System.Net;
using System.Net.Http.Headers;
using System.Xml.Linq;

namespace Cete.Browser.Tests;

/// <summary>Where the pages send programs that know nothing of Cete.</summary>
[Collection(SiteCollection.Name)]
public sealed class LinkTests(Site site)
{
    private const string Links = "links => links.map(link => [link.textContent, link.getAttribute('type'), link.href])";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", true)]
    [InlineData("/folders/library/media", true)]
    [InlineData("/search?q=report", true)]
    [InlineData("/nowhere", false)]
    public async Task The_head_names_the_feeds_and_the_search(string page, bool feeds)
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync(page, feeds ? 200 : 404);
        var links = await visit.Page.Locator("head link:is([rel=alternate], [rel=search])").EvaluateAllAsync<string[][]>(Links);
        Assert.Equal(
            ["application/opensearchdescription+xml", .. feeds ? (string[])["application/atom+xml", "application/rss+xml"] : []],
            links.Select(link => link[1]));
        foreach (var link in links)
        {
            using var answer = await site.Http.GetAsync(new Uri(link[2]), Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(link[1], answer.Content.Headers.ContentType?.MediaType);
            Assert.NotNull(XDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).Root);
        }
    }

    [Theory]
    [InlineData("entry:/library/media/" + Site.Photo, "Torrent;Magnet link;Metalink;Plain address")]
    [InlineData("entry:/library/notes/" + Site.Note, "Torrent;Magnet link;Metalink;Plain address")]
    [InlineData("/folders/library/media", "Atom feed;RSS feed;Torrent;Magnet link;Metalink;Playlist")]
    [InlineData("/", "Atom feed;RSS feed;Torrent;Magnet link;Metalink;Playlist")]
    public async Task Every_other_format_is_there(string page, string names)
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync(page.StartsWith("entry:", StringComparison.Ordinal) ? await site.EntryAsync(page[6..]) : page);
        var links = await visit.Page.Locator(".formats a").EvaluateAllAsync<string[][]>(Links);
        Assert.Equal(names.Split(';'), links.Select(link => link[0]));
        foreach (var link in links)
        {
            using var answer = await site.Http.GetAsync(new Uri(link[2]), Cancel);
            if (link[0] == "Magnet link")
            {
                Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
                Assert.StartsWith("magnet:?", answer.Headers.GetValues("Location").Single(), StringComparison.Ordinal);
            }
            else
            {
                Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{link[2]} answered {answer.StatusCode}");
                Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync(Cancel));
                AssertType(link[0], answer.Content.Headers.ContentType);
            }
        }
    }

    private static void AssertType(string name, MediaTypeHeaderValue? type)
    {
        var expected = name switch
        {
            "Torrent" => "application/x-bittorrent",
            "Metalink" => "application/metalink4+xml",
            "Atom feed" => "application/atom+xml",
            "RSS feed" => "application/rss+xml",
            "Playlist" => "audio/x-mpegurl",
            _ => null,
        };
        Assert.True(expected is null || type?.MediaType == expected, $"{name} is sent as {type}");
    }
}
