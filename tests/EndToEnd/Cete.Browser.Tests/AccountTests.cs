using Cete.Accounts;
using Cete.Core;
using Cete.Testing;
using Microsoft.Playwright;
using static Cete.Browser.Tests.People;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>An account in a browser, from its beginning to its end.</summary>
[Collection(SiteCollection.Name)]
public sealed class AccountTests(Site site)
{
    private const string NewPassword = "another four words";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_made_guarded_and_closed_with_scripts_and_without(bool hasScripts)
    {
        await using var visit = await site.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = hasScripts });
        var name = NewName();
        var codes = await RegisterAsync(visit, name);
        Assert.Equal(8, codes.Distinct(StringComparer.Ordinal).Count());
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "I have written them down" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await Expect(visit.Page.Locator("[aria-labelledby=sessions] .row")).ToHaveCountAsync(1);

        // A second factor: the code of the step behind this one counts too, so that nobody waits for it here.
        await PressAsync(visit, "Set one up");
        await Expect(visit.Page.Locator("svg.qr")).ToBeVisibleAsync();
        var secret = new byte[Totp.SecretSize];
        Assert.True(Base32.TryDecode((await visit.Page.Locator("#key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal), secret));
        var step = Totp.StepOf(Instant.From(TimeProvider.System.GetUtcNow()));
        await visit.Page.Locator("#code").FillAsync(Totp.CodeOf(secret, step));
        await PressAsync(visit, "Turn it on");
        await Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("The second factor is on");

        // Another window logs in: by password and code.
        await using var other = await site.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = hasScripts });
        await other.GoAsync("/folders/library?sort=size");
        await other.Page.GetByRole(AriaRole.Link, new() { Name = "Log in" }).ClickAsync();
        await LogInAsync(other, name, Password);
        await Expect(other.Page.GetByRole(AriaRole.Alert).Or(other.Page.GetByRole(AriaRole.Status))).ToContainTextAsync("second factor");
        await other.Page.Locator("#code").FillAsync(Totp.CodeOf(secret, step + 1));
        await LogInAsync(other, name, Password);
        await Expect(other.Page).ToHaveURLAsync(site.At("/folders/library?sort=size").AbsoluteUri);

        // A new password ends what the other one has, though it was logged in a moment ago.
        await visit.Page.Locator("#old").FillAsync(Password);
        await visit.Page.Locator("#password").FillAsync(NewPassword);
        await visit.Page.Locator("#again").FillAsync(NewPassword);
        await PressAsync(visit, "Change the password");
        await Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("The password is changed");
        await Eventually.TrueAsync(
            async () =>
            {
                await other.Page.GotoAsync("/account");
                return other.Page.Url.Contains("/login", StringComparison.Ordinal);
            },
            "the other window is logged out");

        await visit.Page.GetByText("Close the account").First.ClickAsync();
        await visit.Page.Locator("#closing").FillAsync(NewPassword);
        await visit.Page.GetByLabel("I want to close this account for ever").CheckAsync();
        if (hasScripts)
        {
            // This browser is a device of the account, so it signs.
            await People.SignAsync(visit, "Close the account");
        }
        else
        {
            await PressAsync(visit, "Close the account");
        }

        await Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("The account is closed");
        await LogInAsync(visit, name, NewPassword);
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Name or password is wrong");
        visit.AssertFaultless();
        other.AssertFaultless();
    }

    [Theory]
    [InlineData("phone", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("desktop", ColorScheme.Dark)]
    public async Task Its_pages_are_sound_and_fit(string size, ColorScheme scheme)
    {
        await using var visit = await site.VisitAsync(LooksTests.WindowOf(size, scheme));
        await RegisterAsync(visit, "a.very-long_name.of" + NewName());
        await LooksTests.AssertSoundAsync(site, visit, $"welcome-{size}-{scheme}");
        await visit.GoAsync("/account");
        await LooksTests.AssertSoundAsync(site, visit, $"account-{size}-{scheme}");
        await PressAsync(visit, "Set one up");
        await Expect(visit.Page.Locator("svg.qr")).ToBeVisibleAsync();
        await LooksTests.AssertSoundAsync(site, visit, $"factor-{size}-{scheme}");
        await visit.GoAsync("/");
        await LooksTests.AssertSoundAsync(site, visit, $"home-in-{size}-{scheme}");
    }

    [Theory]
    [InlineData("phone", ColorScheme.Light)]
    [InlineData("phone", ColorScheme.Dark)]
    [InlineData("desktop", ColorScheme.Light)]
    [InlineData("desktop", ColorScheme.Dark)]
    public async Task Pages_of_those_who_keep_order_are_sound_and_fit(string size, ColorScheme scheme)
    {
        await using var visit = await site.VisitAsync(LooksTests.WindowOf(size, scheme));
        var (other, name) = (NewName("a.very-long_name.of"), NewName("keeper"));
        await RegisterAsync(visit, other, isDevice: false);
        await visit.GoAsync("/account");
        await Expect(visit.Page.Locator("#proof")).ToBeVisibleAsync();
        await LooksTests.AssertSoundAsync(site, visit, $"account-bare-{size}-{scheme}");
        await RegisterAsync(visit, name);
        await visit.GoAsync("/account");
        await Expect(visit.Page.Locator("#request")).ToBeVisibleAsync();
        await LooksTests.AssertSoundAsync(site, visit, $"account-device-{size}-{scheme}");
        await site.AdministerAsync("account", "roles", name, "administrator");
        await visit.GoAsync("/accounts/" + other);
        await visit.Page.Locator("#reason").FillAsync("It shouts at everybody, day and night.");
        await LooksTests.AssertSoundAsync(site, visit, $"one-account-{size}-{scheme}");
        await PressAsync(visit, "Suspend");
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await LooksTests.AssertSoundAsync(site, visit, $"sign-{size}-{scheme}");
        await visit.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Sign", Exact = true }).ClickAsync();
        await SaysAsync(visit, "It is done");
        await LooksTests.AssertSoundAsync(site, visit, $"suspended-{size}-{scheme}");
        foreach (var (page, address) in new[] { ("accounts", "/accounts"), ("audit", "/accounts/audit"), ("roles", "/accounts/roles") })
        {
            await visit.GoAsync(address);
            await LooksTests.AssertSoundAsync(site, visit, $"{page}-{size}-{scheme}");
        }

        await using var asking = await site.VisitAsync(LooksTests.WindowOf(size, scheme));
        await asking.GoAsync("/login?next=/account");
        await LogInAsync(asking, name, Password);
        await PressAsync(asking, "Ask to become a device");
        await Expect(asking.Page.Locator("svg.qr")).ToBeVisibleAsync();
        await LooksTests.AssertSoundAsync(site, asking, $"ask-{size}-{scheme}");
        await visit.GoAsync("/account");
        await visit.Page.Locator("#request").FillAsync(await asking.Page.Locator("#asked").InnerTextAsync());
        await PressAsync(visit, "Look at it");
        await LooksTests.AssertSoundAsync(site, visit, $"approve-{size}-{scheme}");
    }

    [Fact]
    public async Task Who_is_logged_in_comes_in_by_the_keyboard_alone()
    {
        await using var visit = await site.VisitAsync();
        var name = NewName();
        await RegisterAsync(visit, name);
        await visit.GoAsync("/account");
        await PressAsync(visit, "Log out");
        await Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("You are logged out");
        await visit.Page.Locator("#name").FocusAsync();
        await visit.Page.Keyboard.TypeAsync(name);
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.TypeAsync(Password);
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator(".entrance")).ToContainTextAsync(name);
        Assert.Empty(await visit.Page.EvaluateAsync<string>("() => document.cookie"));
        visit.AssertFaultless();
    }
}
