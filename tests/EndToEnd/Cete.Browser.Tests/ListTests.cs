using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>Filters, order and pages of lists, with the script and without.</summary>
[Collection(SiteCollection.Name)]
public sealed class ListTests(Site site)
{
    private const string Names = ".entries tbody .name bdi";

    [Fact]
    public async Task A_kind_narrows_as_soon_as_it_is_chosen()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/search?q=report");
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Apply" })).ToBeHiddenAsync();
        await visit.Page.GetByLabel("Kind").SelectOptionAsync("archive");
        await visit.Page.WaitForURLAsync("**/search?q=report&kind=archive");
        Assert.Equal(["report annex.zip"], await visit.TextsAsync(Names));
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Clear" }).ClickAsync();
        await Expect(visit.Page.GetByLabel("Kind")).ToHaveValueAsync("any");
        await Expect(visit.Page.Locator(":is(.entries tbody .name, .found .row)").Nth(1)).ToBeVisibleAsync();
        visit.AssertFaultless();
    }

    [Fact]
    public async Task Without_a_script_the_form_the_filters_and_the_entry_work()
    {
        await using var visit = await site.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        await visit.GoAsync("/");
        await visit.Box.FillAsync("report");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForURLAsync("**/search?q=report");
        await visit.Page.GetByLabel("Kind").SelectOptionAsync("archive");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await visit.Page.WaitForURLAsync("**kind=archive**");
        Assert.Equal(["report annex.zip"], await visit.TextsAsync(Names));
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "report annex.zip", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("report annex.zip");
        await Downloads.AssertAsync(visit, Path.Combine(site.Originals, "notes", "deep", "er", "and deeper", "report annex.zip"));
        visit.AssertFaultless();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lists_are_sorted_and_paged_by_links(bool script)
    {
        await using var visit = await site.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = script });
        await visit.GoAsync("/folders/library/reports");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Name", Exact = true }).ClickAsync();
        await visit.Page.WaitForURLAsync("**order=desc**");
        await Expect(visit.Page.Locator("th[aria-sort=descending]")).ToHaveTextAsync("Name");
        List<string> seen = [.. await visit.TextsAsync(Names)];
        var next = visit.Page.GetByRole(AriaRole.Link, new() { Name = "Next page" });
        while (await next.CountAsync() > 0)
        {
            var before = visit.Page.Url;
            await next.ClickAsync();
            await visit.Page.WaitForURLAsync(address => address != before);
            seen.AddRange(await visit.TextsAsync(Names));
        }

        Assert.Equal(Enumerable.Range(1, Site.ReportCount).Reverse().Select(i => $"report {i:000}.txt"), seen);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "First page" }).ClickAsync();
        await Expect(visit.Page.Locator(Names).First).ToHaveTextAsync($"report {Site.ReportCount:000}.txt");
        visit.AssertFaultless();
    }
}
