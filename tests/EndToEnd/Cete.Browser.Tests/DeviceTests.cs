using Microsoft.Playwright;
using static Cete.Browser.Tests.People;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>Browsers as devices of accounts: their keys, and what is signed with them.</summary>
[Collection(SiteCollection.Name)]
public sealed class DeviceTests(Site site)
{
    private const string ReadOut = """
        async () => {
          const database = await new Promise(resolve => {
            const asked = indexedDB.open("cete");
            asked.onsuccess = () => resolve(asked.result);
          });
          const [record] = await new Promise(resolve => {
            const asked = database.transaction("devices").objectStore("devices").getAll();
            asked.onsuccess = () => resolve(asked.result);
          });
          const read = key => crypto.subtle.exportKey("pkcs8", key).then(() => "read", error => error.name);
          return [await read(record.signing), await read(record.exchange)];
        }
        """;

    [Fact]
    public async Task An_account_that_is_made_here_has_this_browser_as_a_device_whose_keys_nobody_reads()
    {
        await using var visit = await site.VisitAsync();
        await RegisterAsync(visit, NewName());
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("This browser is a device of your account");
        await visit.GoAsync("/account");
        await Expect(visit.Page.Locator("[aria-labelledby=devices] .row")).ToContainTextAsync("this browser");
        Assert.Equal(["InvalidAccessError", "InvalidAccessError"], await visit.Page.EvaluateAsync<string[]>(ReadOut));
        visit.AssertFaultless();
    }

    [Fact]
    public async Task An_account_without_a_device_takes_this_browser_as_its_first_by_its_password()
    {
        await using var visit = await site.VisitAsync();
        await RegisterAsync(visit, NewName(), isDevice: false);
        await visit.GoAsync("/account");
        await visit.Page.Locator("#proof").FillAsync("not the password");
        await PressAsync(visit, "Make this browser a device");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The password is wrong");
        await visit.Page.Locator("#proof").FillAsync(Password);
        await PressAsync(visit, "Make this browser a device");
        await SaysAsync(visit, "This browser is a device of your account");
        await Expect(visit.Page.Locator("[aria-labelledby=devices] .row")).ToContainTextAsync("this browser");
        visit.AssertFaultless();
    }

    [Fact]
    public async Task Another_browser_asks_and_is_approved_and_removed_again()
    {
        await using var first = await site.VisitAsync();
        await using var second = await site.VisitAsync();
        var name = NewName();
        await RegisterAsync(first, name);
        await second.GoAsync("/login?next=/account");
        await LogInAsync(second, name, Password);
        await PressAsync(second, "Ask to become a device");
        var request = await second.Page.Locator("#asked").InnerTextAsync();
        var key = await second.Page.Locator("#asked-key").InnerTextAsync();

        await first.GoAsync("/account");
        await first.Page.Locator("#request").FillAsync(request[..^1]);
        await PressAsync(first, "Look at it");
        await Expect(first.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await first.Page.Locator("#request").FillAsync(request);
        await PressAsync(first, "Look at it");
        Assert.Contains(key, await SignAsync(first, "Approve it"), StringComparison.Ordinal);
        await SaysAsync(first, "The device may sign for your account");

        await second.Page.GetByRole(AriaRole.Link, new() { Name = "It is approved" }).ClickAsync();
        await Expect(second.Page.Locator($"#device-{key}")).ToContainTextAsync("this browser");
        await SignAsync(second, "Remove Chrome on Linux");
        await SaysAsync(second, "The device may not sign for your account any more");
        await first.GoAsync("/account");
        await Expect(first.Page.GetByRole(AriaRole.Button, new() { Name = "Ask to become a device" })).ToBeVisibleAsync();
        first.AssertFaultless();
        second.AssertFaultless();
    }

    /// <summary>Who sits at the screen decides; what a page alone does signs nothing.</summary>
    [Fact]
    public async Task What_is_not_wanted_is_not_signed()
    {
        await using var visit = await site.VisitAsync();
        var (name, other) = (NewName("mod"), NewName());
        await RegisterAsync(visit, other, isDevice: false);
        await RegisterAsync(visit, name);
        await site.AdministerAsync("account", "roles", name, "moderator");
        await visit.GoAsync("/accounts/" + other);
        await visit.Page.Locator("#reason").FillAsync("noise & <b>spam</b>");
        await PressAsync(visit, "Suspend");
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync($"The account {other} has only the rights of a guest from now on. The reason: “noise & <b>spam</b>”");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
        await PressAsync(visit, "Suspend");
        await Expect(dialog).ToBeVisibleAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        await visit.GoAsync("/accounts/" + other);
        await Expect(visit.Page.GetByText("Suspended since")).ToHaveCountAsync(0);
        visit.AssertFaultless();
    }

    /// <summary>As at a node that is opened by plain HTTP from elsewhere.</summary>
    [Fact]
    public async Task Where_the_browser_makes_no_keys_an_account_is_made_without_and_the_page_says_why()
    {
        await using var visit = await site.VisitAsync();
        await visit.Page.AddInitScriptAsync("Object.defineProperty(crypto, 'subtle', { value: undefined })");
        await visit.GoAsync("/register");
        await Expect(visit.Page.GetByLabel("Make this browser a device of the account")).ToBeHiddenAsync();
        await RegisterAsync(visit, NewName());
        await visit.GoAsync("/account");
        await Expect(visit.Page.Locator("[aria-labelledby=devices]")).ToContainTextAsync("they take https");
        await Expect(visit.Page.Locator("#proof")).ToBeHiddenAsync();
        visit.AssertFaultless();
    }

    [Fact]
    public async Task Where_the_browser_keeps_nothing_the_form_goes_on_without_keys()
    {
        await using var visit = await site.VisitAsync();
        await visit.Page.AddInitScriptAsync("IDBFactory.prototype.open = () => { throw new DOMException('not here', 'SecurityError'); }");
        await visit.GoAsync("/register");
        await visit.Page.Locator("#name").FillAsync(NewName());
        await visit.Page.Locator("#password").FillAsync(Password);
        await visit.Page.Locator("#again").FillAsync(Password);
        await PressAsync(visit, "Make the account");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not here");
        await PressAsync(visit, "Make the account");
        await Expect(visit.Page.Locator("#codes")).ToBeVisibleAsync();
        visit.AssertFaultless();
    }

    [Fact]
    public async Task Without_a_script_nothing_is_signed_and_the_page_says_where_it_can_be()
    {
        await using var visit = await site.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        var name = NewName("mod");
        await RegisterAsync(visit, name);
        await site.AdministerAsync("account", "roles", name, "moderator");
        await visit.GoAsync("/accounts/" + name);
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("cete account suspend " + name);
        await PressAsync(visit, "Suspend");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was signed");
        visit.AssertFaultless();
    }
}
