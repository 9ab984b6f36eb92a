using Microsoft.Playwright;
using static Cete.Browser.Tests.People;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>A content is reported, taken down, appealed for and put back, by forms alone.</summary>
[Collection(SiteCollection.Name)]
public sealed class ModerationTests(Site site)
{
    [Theory]
    [InlineData("phone", ColorScheme.Light, "report 117.txt")]
    [InlineData("desktop", ColorScheme.Dark, "report 118.txt")]
    public async Task What_is_reported_is_taken_down_and_comes_back(string size, ColorScheme scheme, string report)
    {
        await using var visit = await site.VisitAsync(LooksTests.WindowOf(size, scheme));
        var name = NewName("keeper");
        await RegisterAsync(visit, name, isDevice: false);
        await site.AdministerAsync("account", "roles", name, "moderator");
        var entry = await site.EntryAsync($"{Site.Reports}/{report}");
        await visit.GoAsync(entry);
        await OpenAsync(visit, "Report it to the moderators");
        await visit.Page.Locator("#report-text").FillAsync("There is nothing in it but a number.");
        await LooksTests.AssertSoundAsync(site, visit, $"report-{size}-{scheme}");
        await SendAsync(visit, "Report");
        await SaysAsync(visit, "moderators see it");

        await visit.GoAsync("/moderation");
        await OpenAsync(visit, "Take it down");
        await visit.Page.Locator("[id^='down-']").FillAsync("It is not what its name promises.");
        await LooksTests.AssertSoundAsync(site, visit, $"moderation-{size}-{scheme}");
        await SendAsync(visit, "Take it down");
        await SaysAsync(visit, "taken down");

        await visit.GoAsync(entry);
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("It is not what its name promises.");
        await visit.Page.Locator("#appeal-text").FillAsync("The number is what was promised.");
        await LooksTests.AssertSoundAsync(site, visit, $"taken-down-{size}-{scheme}");
        await SendAsync(visit, "Appeal");
        await SaysAsync(visit, "Moderators will decide");

        await visit.GoAsync("/moderation");
        await OpenAsync(visit, "Uphold: put it back");
        await visit.Page.Locator("[id^='uphold-']").FillAsync("True.");
        await LooksTests.AssertSoundAsync(site, visit, $"appeals-{size}-{scheme}");
        await SendAsync(visit, "Put it back");
        await SaysAsync(visit, "It is back");
        await visit.GoAsync(entry);
        await Expect(visit.Page.Locator("main")).Not.ToContainTextAsync("It is not what its name promises.");
    }

    private static Task OpenAsync(Visit visit, string summary) => visit.Page.Locator("main summary", new() { HasTextString = summary }).First.ClickAsync();

    private static Task SendAsync(Visit visit, string button) =>
        visit.Page.Locator("main form button:visible", new() { HasTextString = button }).First.ClickAsync();
}
