using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>Content in a browser: saved, in part, shown, and sought in.</summary>
[Collection(SiteCollection.Name)]
public sealed class ContentTests(Site site)
{
    private const string Fetch = """
        async range => {
          const answer = await fetch(document.querySelector("a[download]").href, { headers: { Range: range } });
          return [String(answer.status), answer.headers.get("Content-Range"), btoa(String.fromCharCode(...new Uint8Array(await answer.arrayBuffer())))];
        }
        """;

    private const string Seek = """
        (media, fromEnd) => new Promise((resolve, reject) => {
          const go = () => {
            media.addEventListener("seeked", () => resolve([media.duration, media.currentTime]), { once: true });
            media.currentTime = media.duration - fromEnd;
          };
          media.addEventListener("error", () => reject(new Error(media.error.message)), { once: true });
          media.readyState > 0 ? go() : media.addEventListener("loadedmetadata", go, { once: true });
        })
        """;

    [Theory]
    [InlineData("notes", Site.Note)]
    [InlineData("media", Site.Song)]
    [InlineData("reports", "report 001.txt")]
    public async Task The_button_brings_the_file_under_its_name(string folder, string name)
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync(await site.EntryAsync($"/library/{folder}/{name}"));
        await Downloads.AssertAsync(visit, Path.Combine(site.Originals, folder, name));
        visit.AssertFaultless();
    }

    /// <summary>A file system takes '&lt;' and '?', a browser saves them as '_'.</summary>
    [Fact]
    public async Task The_browser_alone_decides_what_a_name_must_not_hold()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync(await site.EntryAsync("/library/media/" + Site.Photo));
        var button = visit.Page.GetByRole(AriaRole.Link, new() { Name = "Download", Exact = true });
        Assert.Equal(Site.Photo, await button.GetAttributeAsync("download"));
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => button.ClickAsync());
        Assert.StartsWith("Grüße & _Küsse_ 100% #1", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.EndsWith(".bmp", download.SuggestedFilename, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_of_the_page_can_fetch_a_part()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync(await site.EntryAsync("/library/media/" + Site.Song));
        var original = File.ReadAllBytes(Path.Combine(site.Originals, "media", Site.Song));
        var part = await visit.Page.EvaluateAsync<string[]>(Fetch, "bytes=1000000-1000099");
        Assert.Equal(["206", $"bytes 1000000-1000099/{original.Length}", Convert.ToBase64String(original[1_000_000..1_000_100])], part);
    }

    [Fact]
    public async Task A_picture_is_shown()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync(await site.EntryAsync("/library/media/" + Site.Photo));
        var picture = visit.Page.GetByRole(AriaRole.Img, new() { Name = Site.Photo });
        await picture.ScrollIntoViewIfNeededAsync();
        await Expect(picture).ToHaveJSPropertyAsync("naturalWidth", 320);
        visit.AssertFaultless();
    }

    [Fact]
    public async Task Sound_is_sought_in_by_ranges()
    {
        await using var visit = await site.VisitAsync();
        await SeekAsync(visit, await site.EntryAsync("/library/media/" + Site.Song), "audio", seconds: 180);
    }

    [Fact]
    public async Task A_film_is_sought_in_by_ranges()
    {
        await using var visit = await site.VisitAsync();
        await SeekAsync(visit, await site.FilmAsync(), "video", seconds: 60);
        Assert.True(await visit.Page.Locator("video").EvaluateAsync<bool>("film => film.videoWidth === 480 && film.readyState >= 2"));
    }

    private static async Task SeekAsync(Visit visit, string page, string element, int seconds)
    {
        var ranges = new ConcurrentQueue<(int Status, string? Range)>();
        visit.Page.Response += (_, response) =>
        {
            if (response.Request.ResourceType == "media")
            {
                ranges.Enqueue((response.Status, response.Headers.GetValueOrDefault("content-range")));
            }
        };
        await visit.GoAsync(page);
        var times = await visit.Page.Locator(element).EvaluateAsync<double[]>(Seek, 2);
        Assert.Equal(seconds, times[0], 0.05);
        Assert.Equal(seconds - 2, times[1], 0.05);
        Assert.All(ranges, answer => Assert.Equal(206, answer.Status));
        Assert.Contains(ranges, answer => answer.Range is { } range && !range.StartsWith("bytes 0-", StringComparison.Ordinal));
        visit.AssertFaultless();
    }
}
