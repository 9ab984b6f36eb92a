using System.Text;
using System.Xml.Linq;
using Cete.Core;
using Cete.Groups;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests;

/// <summary>What holds for every page, and for the files that all of them need.</summary>
public sealed class FrameTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/folders/Many?sort=size", 200)]
    [InlineData("/folders/Nested/f1", 200)]
    [InlineData("/nodes", 200)]
    [InlineData("/search", 200)]
    [InlineData("/search?q=counted", 200)]
    [InlineData("/search?q=nowhere", 200)]
    [InlineData("/folders/Nowhere", 404)]
    [InlineData("/?sort=colour", 400)]
    public async Task PagesAreGuardedAndWellFormed(string address, int status)
    {
        var page = await _site.GetAsync(address);
        Assert.Equal(status, page.Status);
        Assert.Equal("text/html; charset=utf-8", page.Headers["Content-Type"]);
        Assert.Equal("nosniff", page.Headers["X-Content-Type-Options"]);
        Assert.Equal("same-origin", page.Headers["Referrer-Policy"]);
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            page.Headers["Content-Security-Policy"]);
        Sheets.AssertLinked(page);
        Assert.Equal("en", page.Root.Attribute("lang")!.Value);
        Assert.EndsWith(" – " + Site.Community, page.Title, StringComparison.Ordinal);
        Assert.Single(page.All("h1"));
        Assert.Single(page.All("main"), main => main.Attribute("id")!.Value == "main");
        Assert.Equal("#main", page.Of("a", "skip").Single().Attribute("href")!.Value);
        Assert.Contains(Site.Node, page.All("footer").Single().Value, StringComparison.Ordinal);
        Assert.Contains("1.2.3", page.All("footer").Single().Value, StringComparison.Ordinal);
        Assert.Equal("/search", page.All("form").Single().Attribute("action")!.Value);
        var ids = page.Root.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        var named = page.Root.Descendants().Attributes().Where(a => a.Name.LocalName is "aria-labelledby" or "for" or "data-copy").Select(a => a.Value);
        Assert.Subset(ids.ToHashSet(), named.ToHashSet());
        var icons = page.All("use").Select(use => use.Attribute("href")!.Value[1..]);
        Assert.Subset(ids.ToHashSet(), icons.ToHashSet());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/search?q=counted")]
    [InlineData("/folders/Nowhere")]
    [InlineData("/assets/site.css")]
    public async Task HeadTellsWhatGetWouldSay(string address)
    {
        var get = await _site.GetAsync(address);
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        using var response = await _site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var head = new Page(response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(head.Text);
        Assert.Equal(get.Status, head.Status);
        Assert.Equal(Without(get.Headers, "Date"), Without(head.Headers, "Date"));
        Assert.Equal($"{Encoding.UTF8.GetByteCount(get.Text)}", head.Headers["Content-Length"]);
    }

    [Fact]
    public async Task AssetsAreKeptForEverUnderTheirVersion()
    {
        var page = await _site.GetAsync("/");
        var style = page.All("link").First(link => link.Attribute("rel")!.Value == "stylesheet").Attribute("href")!.Value;
        var asset = await _site.GetAsync(style);
        Assert.Equal("text/css; charset=utf-8", asset.Headers["Content-Type"]);
        Assert.Equal("public, max-age=31536000, immutable", asset.Headers["Cache-Control"]);
        Assert.Equal("nosniff", asset.Headers["X-Content-Type-Options"]);
        Assert.Equal("text/javascript; charset=utf-8", (await _site.GetAsync(page.All("script").Single().Attribute("src")!.Value)).Headers["Content-Type"]);
        var icon = page.All("link").Single(link => link.Attribute("rel")!.Value == "icon").Attribute("href")!.Value;
        Assert.Equal("image/svg+xml", (await _site.GetAsync(icon)).Headers["Content-Type"]);

        foreach (var other in new[] { "/assets/site.css", "/assets/site.css?v=0123" })
        {
            Assert.Equal("no-cache", (await _site.GetAsync(other)).Headers["Cache-Control"]);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, style);
        request.Headers.TryAddWithoutValidation("If-None-Match", asset.Headers["ETag"]);
        using var response = await _site.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(304, (int)response.StatusCode);
    }

    [Fact]
    public async Task AnEmptyCommunityIsShownHowToBegin()
    {
        await using var site = await Site.StartAsync();
        var page = await site.GetAsync("/");
        Assert.Equal(200, page.Status);
        Assert.Contains("Nothing has been shared in", page.Text, StringComparison.Ordinal);
        Assert.Equal("cete put FILE", page.All("code").First(code => code.Attribute("id")?.Value == "put").Value);
        Assert.Empty(page.All("table"));

        await site.FileAsync(site.Entry("/first.txt"));
        Assert.Equal(["first.txt"], (await site.GetAsync("/")).Names);
        var removed = await site.Index.RemoveAsync(EntryPath.Parse("/first.txt").Value, Asker.Local, null, TestContext.Current.CancellationToken);
        Assert.True(removed.Succeeded, removed.Failure?.Message);
        Assert.Contains("cete put FILE", (await site.GetAsync("/")).Text, StringComparison.Ordinal);
    }

    private static List<string> Without(Dictionary<string, string> headers, string name) =>
        [.. headers.Where(h => h.Key != name).Select(h => $"{h.Key}: {h.Value}").Order(StringComparer.Ordinal)];
}
