using Cete.Testing;
using Microsoft.Playwright;
using static Cete.Browser.Tests.People;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>The lending library of the samples, published and used by its pages alone.</summary>
[Collection(SiteCollection.Name)]
public sealed class ServicesTests(Site site)
{
    [Theory]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    [InlineData("narrow", ColorScheme.Light)]
    public async Task A_book_is_added_borrowed_and_seen_lent(string size, ColorScheme scheme)
    {
        var window = LooksTests.WindowOf(size, scheme);
        window.ViewportSize = size == "narrow" ? new ViewportSize { Width = 320, Height = 720 } : window.ViewportSize;
        window.Locale = "en-GB";
        await using var lender = await site.VisitAsync(window);
        await using var borrower = await site.VisitAsync(window);
        await site.AdministerAsync("service", "publish", Descriptions.Sample("library.conf"), "--yes");
        await RegisterAsync(lender, NewName("lender"), isDevice: false);
        await RegisterAsync(borrower, NewName("borrower"), isDevice: false);
        var look = $"{size}-{scheme}";

        await lender.GoAsync("/services");
        await LooksTests.AssertSoundAsync(site, lender, $"services-{look}");
        await lender.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Lending library", Exact = true }).ClickAsync();
        await lender.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Add to Books" }).ClickAsync();
        var title = $"Solaris {NewName(string.Empty)}";
        await lender.Page.GetByLabel("Title", new() { Exact = true }).FillAsync(title);
        await lender.Page.Locator("#f-shelf").SelectOptionAsync("fiction");
        await LooksTests.AssertSoundAsync(site, lender, $"service-form-{look}");
        await PressAsync(lender, "Add");
        await SaysAsync(lender, "It is added.");
        var book = new Uri(lender.Page.Url).AbsolutePath;

        await borrower.GoAsync(book);
        await borrower.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Borrow", Exact = true }).ClickAsync();
        await LooksTests.AssertSoundAsync(site, borrower, $"service-action-{look}");
        await PressAsync(borrower, "Borrow");
        await SaysAsync(borrower, "Done: Borrow.");
        await Expect(borrower.Page.Locator("dl.record")).ToContainTextAsync("Lent");
        await LooksTests.AssertSoundAsync(site, borrower, $"service-record-{look}");

        foreach (var view in (string[])["shelf", "free", "shelves", "loans", "about"])
        {
            await borrower.GoAsync($"/services/library/{view}");
            await LooksTests.AssertSoundAsync(site, borrower, $"service-{view}-{look}");
        }

        await Expect(lender.Page.Locator("dl.record")).ToContainTextAsync("On the shelf");
        await lender.GoAsync(book);
        await Expect(lender.Page.Locator("dl.record")).ToContainTextAsync("Lent");
        lender.AssertFaultless();
    }
}
