using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Cete.Browser.Tests;

/// <summary>Every page, on a phone and a desktop, light and dark: nothing goes wrong, all can read it, and it fits.</summary>
[Collection(SiteCollection.Name)]
public sealed class LooksTests(Site site)
{
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];

    private static readonly Dictionary<string, string> Pages = new(StringComparer.Ordinal)
    {
        ["home"] = "/",
        ["folder"] = "/folders/library",
        ["notes"] = "/folders/library/notes",
        ["picture"] = "entry:/library/media/" + Site.Photo,
        ["sound"] = "entry:/library/media/" + Site.Song,
        ["search"] = "/search",
        ["found"] = "/search?q=report%20badgers&kind=text",
        ["nothing"] = "/search?q=report%20unfindable",
        ["nodes"] = "/nodes",
        ["login"] = "/login",
        ["register"] = "/register",
        ["recover"] = "/recover",
        ["missing"] = "/nowhere",
    };

    public static IEnumerable<TheoryDataRow<string, string, ColorScheme>> Cases =>
        from page in Pages.Keys
        from size in new[] { "phone", "desktop" }
        from scheme in new[] { ColorScheme.Light, ColorScheme.Dark }
        select new TheoryDataRow<string, string, ColorScheme>(page, size, scheme);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_page_is_sound_and_fits(string page, string size, ColorScheme scheme)
    {
        await using var visit = await site.VisitAsync(WindowOf(size, scheme));
        var address = Pages[page];
        await visit.GoAsync(
            address.StartsWith("entry:", StringComparison.Ordinal) ? await site.EntryAsync(address[6..]) : address,
            page == "missing" ? 404 : 200);

        // The page of nodes is told of changes by a transfer that does not end.
        await visit.Page.WaitForLoadStateAsync(page == "nodes" ? LoadState.Load : LoadState.NetworkIdle);
        await AssertSoundAsync(site, visit, $"{page}-{size}-{scheme}");
    }

    private const int ShootingsMax = 5;
    private static readonly TimeSpan AxeBound = TimeSpan.FromMinutes(3);

    /// <summary>A window of a phone or a desktop.</summary>
    internal static BrowserNewContextOptions WindowOf(string size, ColorScheme scheme) => new()
    {
        ColorScheme = scheme,
        ViewportSize = size == "phone" ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1280, Height = 900 },
    };

    /// <summary>Looks at a page as it stands, and keeps a picture of it.</summary>
    internal static async Task AssertSoundAsync(Site site, Visit visit, string name)
    {
        await ShootAsync(site, visit.Page, name.ToLowerInvariant());
        var widths = await visit.Page.EvaluateAsync<int[]>("() => [document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]");
        Assert.True(widths[0] <= widths[1], $"the page is {widths[0]} wide in a window of {widths[1]}");

        // It runs in the page: where that has no scripts it would never end.
        var seen = await visit.Page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. Rules] } })
            .WaitAsync(AxeBound, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.NotEmpty(seen.Passes);
        Assert.Empty(seen.Violations.SelectMany(fault => fault.Nodes.Select(node => $"{fault.Id}: {fault.Help}: {node.Html}")));
        visit.AssertFaultless();
    }

    private static async Task ShootAsync(Site site, IPage page, string name)
    {
        var path = Path.Combine(site.Pictures, name + ".png");
        for (var tries = 1; ; tries++)
        {
            try
            {
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = path });
                break;
            }
            catch (PlaywrightException error) when (tries < ShootingsMax && error.Message.Contains("Unable to capture screenshot", StringComparison.Ordinal))
            {
                // Chromium now and then has no picture of a page that is sound; people look at it, no test does.
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(path);
    }
}
