using Cete.Testing;
using Microsoft.Playwright;
using static Cete.Browser.Tests.People;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>The search for everything.</summary>
[Collection(SiteCollection.Name)]
public sealed class SearchTests(Site site)
{
    [Theory]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    public async Task Files_and_records_are_found_side_by_side(string size, ColorScheme scheme)
    {
        var window = LooksTests.WindowOf(size, scheme);
        window.Locale = "en-GB";
        await using var reader = await site.VisitAsync(window);
        await site.AdministerAsync("service", "publish", Descriptions.Sample("library.conf"), "--yes");
        await RegisterAsync(reader, NewName("reader"), isDevice: false);
        await reader.GoAsync("/services/library/books/new");
        var title = $"Annex of the report on <badgers> {NewName(string.Empty)}";
        await reader.Page.GetByLabel("Title", new() { Exact = true }).FillAsync(title);
        await reader.Page.Locator("#f-shelf").SelectOptionAsync("fiction");
        await PressAsync(reader, "Add");
        await SaysAsync(reader, "It is added.");

        await using var visit = await site.VisitAsync(window);
        await visit.GoAsync("/search?q=report%20annex");
        await LooksTests.AssertSoundAsync(site, visit, $"search-everywhere-{size}-{scheme}");
        await Expect(visit.Page.Locator(".found mark").First).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".found")).ToContainTextAsync("report annex.zip");
        var places = visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "Where to search" });
        await places.GetByRole(AriaRole.Link, new() { Name = "Lending library" }).ClickAsync();
        await Expect(visit.Page.Locator(".found")).Not.ToContainTextAsync("report annex.zip");
        await LooksTests.AssertSoundAsync(site, visit, $"search-service-{size}-{scheme}");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = title, Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync(title);

        await visit.GoAsync("/services/library/shelf");
        await visit.Page.GetByPlaceholder("Search in these").FillAsync(title.Split(' ')[^1]);
        await visit.Page.Locator("form.looking").GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await visit.Page.WaitForURLAsync("**search=**");
        await Expect(visit.Page.Locator("main")).ToContainTextAsync(title);
        await LooksTests.AssertSoundAsync(site, visit, $"search-list-{size}-{scheme}");
        visit.AssertFaultless();

        // What looks for faults of a page needs scripts to do so; the page does not.
        window.JavaScriptEnabled = false;
        await using var bare = await site.VisitAsync(window);
        await bare.GoAsync("/search?q=report%20annex");
        await Expect(bare.Page.Locator(".found")).ToContainTextAsync("report annex.zip");
        await bare.Page.GetByRole(AriaRole.Link, new() { Name = "Lending library" }).ClickAsync();
        await Expect(bare.Page.Locator(".found")).ToContainTextAsync(title);
        bare.AssertFaultless();
    }
}
