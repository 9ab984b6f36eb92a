using Cete.Program.Tests;
using Cete.Testing;
using static Cete.Browser.Tests.People;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>The life of an account in browsers at several nodes, of which one is killed.</summary>
[Collection(SiteCollection.Name)]
public sealed class AccountLifeTests(Site site) : IDisposable
{
    private const string NewPassword = "another four words";
    private const string Recovered = "yet four other words";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_goes_on_at_the_other_nodes_when_the_one_that_keeps_it_is_killed()
    {
        await using (await site.VisitAsync())
        {
            // Skips where there is no browser, before nodes are started.
        }

        await using var community = await Replicas.StartAsync(_folder, 3);
        await Eventually.TrueAsync(
            async () => await community.Apis[0].GroupAsync("accounts") is { Succeeded: true, Value.FailuresTolerated: 1 },
            "three nodes keep the accounts", Bound);
        var root = await community.RootedAsync("accounts");
        var (here, there) = (community.Nodes.First(node => node != root), community.Nodes.Last(node => node != root));

        // Made at one node, known at another.
        await using var eve = await site.VisitAsync(node: here.Address);
        var codes = await RegisterAsync(eve, "eve");
        await using var elsewhere = await site.VisitAsync(node: there.Address);
        await ComeInAsync(elsewhere, "eve", Password);
        await ChangePasswordAsync(eve, Password, NewPassword);
        await Eventually.TrueAsync(
            async () =>
            {
                await elsewhere.Page.GotoAsync("/account");
                return elsewhere.Page.Url.Contains("/login", StringComparison.Ordinal);
            },
            "the other browser is logged out by the new password", Bound);

        await using var moderator = await site.VisitAsync(node: there.Address);
        await RegisterAsync(moderator, "mona");
        (await CeteProcess.RunAsync(["account", "roles", "mona", "moderator", "--node", here.Address.AbsoluteUri])).Ended(0);
        await root.EndAsync(CeteProcess.Kill);
        await community.RootedAsync("accounts", here, there);

        await KeepOrderAsync(moderator, eve);
        await RecoverAsync(eve, elsewhere, codes[0]);

        await elsewhere.Page.GetByText("Close the account").First.ClickAsync();
        await elsewhere.Page.Locator("#closing").FillAsync(Recovered);
        await elsewhere.Page.GetByLabel("I want to close this account for ever").CheckAsync();
        Assert.Equal("Your account eve is closed for ever, and what is personal of it erased.", await SignAsync(elsewhere, "Close the account"));
        await SaysAsync(elsewhere, "The account is closed");
        await moderator.GoAsync("/accounts/eve", 404);
        await moderator.GoAsync("/accounts");
        await Expect(moderator.Page.Locator(".listing")).ToContainTextAsync("mona");
        await Expect(moderator.Page.Locator(".listing")).Not.ToContainTextAsync("eve");
    }

    /// <summary>A moderator suspends the account and lets it go on; both are signed in the browser.</summary>
    private static async Task KeepOrderAsync(Visit moderator, Visit eve)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                await moderator.Page.GotoAsync("/accounts/eve");
                return await moderator.Page.Locator("#reason").CountAsync() == 1;
            },
            "the moderator has the right to suspend", Bound);
        await moderator.Page.Locator("#reason").FillAsync("spam");
        Assert.Equal(
            "The account eve has only the rights of a guest from now on. The reason: “spam”", await SignAsync(moderator, "Suspend"));
        await SaysAsync(moderator, "It is done");
        await eve.GoAsync("/account");
        await Expect(eve.Page.Locator("main")).ToContainTextAsync("suspended since");
        await Expect(eve.Page.Locator("main")).ToContainTextAsync("spam");
        await SignAsync(moderator, "Let it go on");
        await Expect(moderator.Page.Locator("#reason")).ToBeVisibleAsync();
        await eve.GoAsync("/account");
        await Expect(eve.Page.Locator("main")).Not.ToContainTextAsync("suspended since");
        await moderator.GoAsync("/accounts/audit");
        var acts = await moderator.TextsAsync(".listing tbody tr");
        Assert.Contains("let go on eve", acts[0], StringComparison.Ordinal);
        Assert.Contains("suspended eve", acts[1], StringComparison.Ordinal);
        Assert.Contains("spam", acts[1], StringComparison.Ordinal);
    }

    /// <summary>A recovery code sets a password and makes the browser that it is given in a device; that one removes the device that was lost.</summary>
    private static async Task RecoverAsync(Visit eve, Visit elsewhere, string code)
    {
        await elsewhere.GoAsync("/recover");
        await elsewhere.Page.Locator("#name").FillAsync("eve");
        await elsewhere.Page.Locator("#code").FillAsync(code);
        await elsewhere.Page.Locator("#password").FillAsync(Recovered);
        await elsewhere.Page.Locator("#again").FillAsync(Recovered);
        var sent = await elsewhere.Page.RunAndWaitForRequestAsync(
            () => PressAsync(elsewhere, "Set the password"), request => request.Method == "POST" && request.Url.EndsWith("/recover", StringComparison.Ordinal));
        Assert.DoesNotContain(code, Uri.UnescapeDataString(sent.PostData!), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("&statement=&", sent.PostData, StringComparison.Ordinal);
        await SaysAsync(elsewhere, "The new password is set");
        await Eventually.TrueAsync(
            async () =>
            {
                await eve.Page.GotoAsync("/account");
                return eve.Page.Url.Contains("/login", StringComparison.Ordinal);
            },
            "the first browser is logged out by the recovery", Bound);
        await ComeInAsync(elsewhere, "eve", Recovered);
        var devices = elsewhere.Page.Locator("[aria-labelledby=devices] .row");
        await Expect(devices).ToHaveCountAsync(2);
        await Expect(devices.Last).ToContainTextAsync("this browser");
        Assert.Contains("may not sign for your account any more", await SignAsync(elsewhere, "Remove Chrome on Linux"), StringComparison.Ordinal);
        await SaysAsync(elsewhere, "The device may not sign for your account any more");
        await Expect(devices).ToHaveCountAsync(1);
    }

    private static async Task ChangePasswordAsync(Visit visit, string old, string password)
    {
        await visit.GoAsync("/account");
        await visit.Page.Locator("#old").FillAsync(old);
        await visit.Page.Locator("#password").FillAsync(password);
        await visit.Page.Locator("#again").FillAsync(password);
        await PressAsync(visit, "Change the password");
        await SaysAsync(visit, "The password is changed");
    }

    private static async Task ComeInAsync(Visit visit, string name, string password)
    {
        await visit.GoAsync("/login?next=/account");
        await LogInAsync(visit, name, password);
        await Expect(visit.Page.Locator("#account")).ToBeVisibleAsync();
    }
}
