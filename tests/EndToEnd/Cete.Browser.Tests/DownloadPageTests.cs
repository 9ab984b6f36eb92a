using Cete.Program.Tests;
using Cete.Testing;
using Microsoft.Playwright;

namespace Cete.Browser.Tests;

/// <summary>The page that an agent has for its user's downloads, while a film comes that another user wants too.</summary>
[Collection(SiteCollection.Name)]
public sealed class DownloadPageTests(Site site)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private const string Seek = """
        film => new Promise((resolve, reject) => {
          const go = () => {
            film.addEventListener("seeked", () => resolve([film.currentTime, film.readyState]), { once: true });
            film.currentTime = film.duration - 5;
          };
          film.addEventListener("error", () => reject(new Error(film.error.message)), { once: true });
          film.readyState > 0 ? go() : film.addEventListener("loadedmetadata", go, { once: true });
        })
        """;

    [Fact]
    public async Task It_shows_what_goes_on_and_a_film_that_comes()
    {
        await using var first = await site.VisitAsync();
        await site.FilmAsync();
        await using var user = await site.UserAsync("watcher");
        await using var other = await site.UserAsync("taker");
        await BeginAsync(user, "96KiB", "watcher-out");
        await BeginAsync(other, "64KiB", "taker-out");
        (await user.CeteAsync("get", "/nowhere.zip", "--to", site.FolderOf("watcher-out"), "--detach")).Ended(0);
        (await user.CeteAsync("get", "/library/reports/report 001.txt", "--to", site.FolderOf("watcher-out"))).Ended(0);
        await Eventually.TrueAsync(
            async () => (await user.CeteAsync("downloads", "show", "1", "--json")).Ended(0).Json.GetProperty("details").GetProperty("peers").EnumerateArray()
                .Any(peer => peer.GetProperty("sent").GetInt64() > 0),
            "the other one gets something", Bound);

        foreach (var size in (string[])["desktop", "phone"])
        {
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await using var visit = await site.VisitAsync(LooksTests.WindowOf(size, scheme));
                await visit.GoAsync(await LinkAsync(user));
                await visit.Page.WaitForLoadStateAsync(LoadState.Load);
                await LooksTests.AssertSoundAsync(site, visit, $"downloads-{size}-{scheme}");
                await visit.Page.Locator("#job-1 a").ClickAsync();
                await Assertions.Expect(visit.Page.Locator("#download-chain .chain-self")).ToBeVisibleAsync();
                await LooksTests.AssertSoundAsync(site, visit, $"download-{size}-{scheme}");
            }
        }

        await LiveAndButtonsAsync(user);
        await FilmAsync(user);
    }

    /// <summary>It goes on by itself, and its buttons do what they say; without a script too.</summary>
    private async Task LiveAndButtonsAsync(AgentUser user)
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync(await LinkAsync(user));
        await visit.Page.EvaluateAsync("() => { window.stays = true; }");
        var state = visit.Page.Locator("#job-1 [data-column=State]");
        await Assertions.Expect(state).ToHaveTextAsync("runs");
        (await user.CeteAsync("downloads", "pause", "1")).Ended(0);
        await Assertions.Expect(state).ToHaveTextAsync("paused");
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => window.stays === true"));

        await using var plain = await site.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        await plain.GoAsync(await LinkAsync(user));
        await plain.Page.Locator("#job-1 button", new PageLocatorOptions { HasText = "Go on" }).ClickAsync();
        await Assertions.Expect(plain.Page.Locator("#job-1 [data-column=State]")).ToHaveTextAsync("runs");
        await Assertions.Expect(state).ToHaveTextAsync("runs");
        visit.AssertFaultless();
    }

    /// <summary>Near its end a film is shown long before that would have come by itself.</summary>
    private async Task FilmAsync(AgentUser user)
    {
        await using var visit = await site.VisitAsync(LooksTests.WindowOf("desktop", ColorScheme.Light));
        await visit.GoAsync(await LinkAsync(user));
        await visit.Page.Locator("#job-1 a").ClickAsync();
        (await user.CeteAsync("agent", "limits", "--down", "2MiB")).Ended(0);
        await visit.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Look at it" }).First.ClickAsync();
        var sought = await visit.Page.Locator("video").EvaluateAsync<double[]>(Seek);
        Assert.Equal(55, sought[0], 0.5);
        Assert.InRange(sought[1], 2, 4);
        await LooksTests.AssertSoundAsync(site, visit, "download-film");
    }

    private async Task BeginAsync(AgentUser user, string down, string folder)
    {
        (await user.CeteAsync("agent", "limits", "--down", down)).Ended(0);
        (await user.CeteAsync("get", "/films/badgers.webm", "--to", site.FolderOf(folder), "--detach")).Ended(0);
    }

    private static async Task<string> LinkAsync(AgentUser user) => (await user.CeteAsync("downloads", "--web")).Ended(0).Out.Trim();
}
