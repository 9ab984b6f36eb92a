using System.Xml.Linq;
using Cete.Web.Pages;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests;

public sealed class EntryTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private readonly Site _site = shared.Site;

    [Fact]
    public async Task TellsAllThatIsKnown()
    {
        var page = await OpenAsync("/Art/Summer/Sunset.png");
        var facts = page.Of("dl", "details").Single().Elements("div").ToDictionary(div => div.Element("dt")!.Value, div => div.Element("dd")!);
        Assert.Equal("/Art/Summer/Sunset.png", facts["Path"].Value);
        Assert.Equal("33 B (33 bytes)", facts["Size"].Value);
        Assert.Equal("2026-02-03 04:05:06 UTC", facts["Modified"].Value[..23]);
        Assert.EndsWith("(3 hours ago)", facts["Added"].Value, StringComparison.Ordinal);
        Assert.Equal("local", facts["Owner"].Value);
        Assert.Equal("1 of 256 KiB", facts["Pieces"].Value);
        Assert.Equal(Site.Node, facts["Providers"].Value.Trim());
        Assert.Equal(64, facts["Root hash"].Descendants("code").Single().Value.Length);
        Assert.Equal("A picture of the sea.", page.Of("p", "description").Single().Value);
        Assert.Equal(["/search?q=tag%3Aphoto", "/search?q=tag%3Asea"], Tags(page).Order());
        Assert.Equal(["Sunset.png"], (await _site.GetAsync(Tags(page)[0])).Names);
        Assert.Equal("/folders/Art/Summer", page.LinkTo("Summer"));
    }

    [Fact]
    public async Task OffersEveryWayToGetIt()
    {
        var page = await OpenAsync("/Art/Summer/Sunset.png");
        Assert.Equal("content of /Art/Summer/Sunset.png", (await _site.GetAsync(page.LinkTo("Download")!)).Text);
        Assert.Equal(200, (await _site.GetAsync(page.LinkTo("ID file")!)).Status);
        Assert.Equal("cete get /Art/Summer/Sunset.png", CodeOf(page, "get-path"));
        Assert.Equal("cete get Sunset.png.cete", CodeOf(page, "get-file"));
        Assert.All(page.All("button").Where(b => b.Attribute("data-copy") is not null), button => Assert.NotNull(button.Attribute("hidden")));
    }

    [Fact]
    public async Task CommandsAreQuotedForAShell()
    {
        var page = await OpenAsync("/Hostile/back\\slash and 'quote'.mp3");
        Assert.Equal(@"cete get '/Hostile/back\slash and '\''quote'\''.mp3'", CodeOf(page, "get-path"));
        Assert.Equal("cete get ./-rf.cete", CodeOf(await OpenAsync("/Hostile/-rf"), "get-file"));
        const string Shell = "/Hostile/{{7*7}} @Model $(reboot) `id`.sh";
        Assert.Equal($"cete get '{Shell}'", CodeOf(await OpenAsync(Shell), "get-path"));
    }

    [Fact]
    public async Task PicturesAreShownAndPicturesWithScriptsAreNot()
    {
        var image = (await OpenAsync("/Art/Summer/Sunset.png")).All("img").Single();
        Assert.Equal("Sunset.png", image.Attribute("alt")!.Value);
        Assert.Equal(200, (await _site.GetAsync(image.Attribute("src")!.Value)).Status);
        Assert.Empty((await OpenAsync("/Art/Summer/Notes.svg")).All("img"));
        Assert.Empty((await OpenAsync("/Hostile/<script>alert(1)<script>.html")).Of("figure", "preview"));
        Assert.Single((await OpenAsync("/Hostile/back\\slash and 'quote'.mp3")).All("audio"));
        Assert.Single((await OpenAsync("/Hostile/\U0001F9A1\U0001F9A1 \u2603\uFE0F caf\u00E9.webm")).All("video"));
    }

    [Fact]
    public async Task WhatIsShownInAPageIsServedInlineAndAsWhatItIs()
    {
        var root = _site.Entry("/x", [1, 2, 3], string.Empty).Root;
        foreach (var ending in FileKind.PreviewedEndings)
        {
            var content = await _site.GetAsync($"/content/{root}/a.{ending}");
            var kind = content.Headers["Content-Type"].Split('/')[0];

            // One container for both: a browser plays it in either element.
            var expected = ending == "ogg" ? "video" : FileKind.PreviewOf("a." + ending, 3);
            Assert.True(expected == kind, $"{ending} is served as {content.Headers["Content-Type"]}");
            Assert.StartsWith("inline", content.Headers["Content-Disposition"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhatIsElsewhereIsNotOfferedForDownload()
    {
        var page = await OpenAsync("/Far/away.iso");
        Assert.Contains("This node does not hold the content itself.", page.Of("p", "notice").Single().Value, StringComparison.Ordinal);
        Assert.Null(page.LinkTo("Download"));
        Assert.Null(page.LinkTo("ID file"));
        Assert.Equal("cete get /Far/away.iso", CodeOf(page, "get-path"));
        Assert.Contains("4,769 of 1.0 MiB", page.Of("dl", "details").Single().Value, StringComparison.Ordinal);
    }

    private static List<string> Tags(Page page) => [.. page.Of("ul", "tags").Single().Descendants("a").Select(a => a.Attribute("href")!.Value)];

    private static string CodeOf(Page page, string id) => page.All("code").Single(code => (string?)code.Attribute((XName)"id") == id).Value;

    private async Task<Page> OpenAsync(string path)
    {
        var entry = await _site.Index.EntryAsync(Cete.Core.EntryPath.Parse(path).Value, TestContext.Current.CancellationToken);
        Assert.True(entry.Succeeded, entry.Failure?.Message);
        var page = await _site.GetAsync(Addresses.Entry(entry.Value.Id));
        Assert.Equal(200, page.Status);
        return page;
    }
}
