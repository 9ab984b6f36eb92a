using Microsoft.Playwright;
using static Cete.Browser.Tests.People;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>Passkeys with the browser's own code for them, and an authenticator that it plays itself.</summary>
[Collection(SiteCollection.Name)]
public sealed class PasskeyTests(Site site)
{
    [Fact]
    public async Task One_is_made_on_the_page_of_the_account_and_logs_in_by_itself_and_by_name()
    {
        await using var visit = await site.VisitAsync(node: site.ByName);
        await PlugInAsync(visit, isVerified: true);
        var name = NewName("pia");
        await RegisterAsync(visit, name);
        await visit.GoAsync("/account");
        await visit.Page.Locator("#passkey-label").FillAsync("my thumb");
        await visit.Page.Locator("#passkey-proof").FillAsync(Password);
        await PressAsync(visit, "Make a passkey");
        await SaysAsync(visit, "The passkey is made");
        await Expect(visit.Page.Locator("[aria-labelledby=passkeys] .row")).ToContainTextAsync("my thumb");

        await PressAsync(visit, "Log out");
        await SaysAsync(visit, "You are logged out");
        await PressAsync(visit, "Log in with a passkey");
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = name })).ToBeVisibleAsync();
        await visit.GoAsync("/account");
        await Expect(visit.Page.Locator("[aria-labelledby=passkeys] .row")).ToContainTextAsync("used");

        await PressAsync(visit, "Log out");
        await visit.Page.Locator("#name").FillAsync(name);
        await PressAsync(visit, "Passkey of this name");
        await PressAsync(visit, "Log in with a passkey");
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = name })).ToBeVisibleAsync();
        await visit.GoAsync("/account");
        await PressAsync(visit, "Remove my thumb");
        await SaysAsync(visit, "Nobody logs in with that passkey any more");
        await PressAsync(visit, "Log out");
        await PressAsync(visit, "Log in with a passkey");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No account here knows this passkey");
    }

    [Fact]
    public async Task Who_is_not_made_sure_of_makes_none()
    {
        await using var visit = await site.VisitAsync(node: site.ByName);
        await PlugInAsync(visit, isVerified: false);
        await RegisterAsync(visit, NewName("pia"));
        await visit.GoAsync("/account");
        await visit.Page.Locator("#passkey-proof").FillAsync(Password);
        await PressAsync(visit, "Make a passkey");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("No passkey was used");
    }

    [Fact]
    public async Task By_another_name_than_the_domain_there_are_none()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/login");
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Log in with a passkey" })).ToHaveCountAsync(0);
        visit.AssertFaultless();
    }

    /// <summary>Has the browser play an authenticator, whose owner touches it at once.</summary>
    private static async Task PlugInAsync(Visit visit, bool isVerified)
    {
        var session = await visit.Page.Context.NewCDPSessionAsync(visit.Page);
        await session.SendAsync("WebAuthn.enable");
        await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = isVerified,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
