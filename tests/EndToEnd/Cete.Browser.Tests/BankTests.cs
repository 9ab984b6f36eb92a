using Cete.Program.Tests;
using Cete.Testing;
using Microsoft.Playwright;
using static Cete.Browser.Tests.People;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>The pages of the bank, in a browser: somebody pays for a download in a terminal, and sees what became of it.</summary>
[Collection(SiteCollection.Name)]
public sealed class BankTests(Site site)
{
    private const string Film = "film.bin";
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Credits_are_seen_as_they_come_and_go_and_the_pages_are_sound_and_fit()
    {
        using var folder = new TempFolder();
        await using var node = await TestNode.CreateAsync(folder.At("node"), Community.Local);
        var name = NewName("payer");
        await PayAsync(folder, node, name);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var size in new[] { "phone", "desktop" })
            {
                await using var visit = await site.VisitAsync(LooksTests.WindowOf(size, scheme), node.Address);
                await visit.GoAsync("/login");
                await LogInAsync(visit, name, Password);
                await visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).GetByRole(AriaRole.Link, new() { Name = "Credits" }).ClickAsync();
                await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Your credits" })).ToBeVisibleAsync();
                await Expect(visit.Page.Locator("#shortage")).ToBeVisibleAsync();
                await LooksTests.AssertSoundAsync(site, visit, $"bank-{size}-{scheme}");
                // A choice is sent by itself where there are scripts.
                await visit.Page.GetByLabel("Show").SelectOptionAsync("given");
                await Expect(visit.Page.Locator(".statement tbody tr")).ToHaveCountAsync(1);
                await visit.GoAsync("/bank/channels");
                await LooksTests.AssertSoundAsync(site, visit, $"bank-channels-{size}-{scheme}");
                await visit.GoAsync("/bank/community");
                await visit.Page.GetByText("As a table: Supply").ClickAsync();
                await Expect(visit.Page.GetByRole(AriaRole.Table, new() { Name = "Supply" })).ToBeVisibleAsync();
                await LooksTests.AssertSoundAsync(site, visit, $"bank-community-{size}-{scheme}");
            }
        }
    }

    /// <summary>Makes an account in a terminal, and downloads by it; then the price is more than it has.</summary>
    private static async Task PayAsync(TempFolder folder, TestNode node, string name)
    {
        (await node.CeteAsync("put", folder.Write(Film, 5_000_000, 1), "--to", "/films")).Ended(0);
        await File.WriteAllTextAsync(folder.At("password"), Password + "\n", Cancel);
        (await AsAsync(folder, node, "register", name, "--password-file", folder.At("password"))).Ended(0);
        await Eventually.TrueAsync(
            async () => (await AsAsync(folder, node, "bank", "balance", "--json")) is { Code: 0, Json: var balance }
                && balance.GetProperty("granted").GetInt64() > 0,
            "a newcomer is given credits", Bound);
        await DecideAsync(node, "--price", "100", "--community", "100", "--close-delay", "1", "--allowance", "5");
        using var http = new HttpClient { BaseAddress = node.Address };
        await Eventually.TrueAsync(
            async () =>
            {
                using var asked = await http.GetAsync("/files/films/" + Film, HttpCompletionOption.ResponseHeadersRead, Cancel);
                return (int)asked.StatusCode == 402;
            },
            "the price counts", Bound);
        await Eventually.TrueAsync(
            async () => (await AsAsync(folder, node, "get", "/films/" + Film, "--to", folder.At("out"), "--yes", "--json")) is { Code: 0, Json: var got }
                && got.TryGetProperty("paid", out var paid) && paid.GetInt64() > 0,
            "it was paid for", Bound);
        await DecideAsync(node, "--price", "6000");
    }

    private static async Task DecideAsync(TestNode node, params string[] arguments) =>
        (await CeteProcess.RunAsync(["bank", "policy", .. arguments, "--node", node.Address.AbsoluteUri])).Ended(0);

    private static Task<Ran> AsAsync(TempFolder folder, TestNode node, params string[] arguments) =>
        CeteProcess.RunAsync([.. arguments, "--node", node.Address.AbsoluteUri], variable: ("CETE_SETTINGS", folder.At("settings")));
}
