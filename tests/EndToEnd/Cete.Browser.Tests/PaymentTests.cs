using System.Text.Json;
using Cete.Program.Tests;
using Cete.Testing;
using Microsoft.Playwright;
using static Cete.Browser.Tests.People;
using static Microsoft.Playwright.Assertions;

namespace Cete.Browser.Tests;

/// <summary>Credits in browsers, at a real node with a bank: contents are paid for, and credits sent, with scripts and without.</summary>
[Collection(SiteCollection.Name)]
public sealed class PaymentTests(Site site) : IDisposable
{
    private const long Credit = 1_000_000;
    private const long Grant = 5_000 * Credit;
    private const int FilmBytes = 24 << 20;
    private const long Price = 2_500_000;
    private const long Cost = FilmBytes / 1024 * Price / 1024;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_script_the_node_pays_for_a_download_and_sends_what_it_is_told_to()
    {
        await using var node = await StartAsync();
        await using var bob = await site.VisitAsync(node: node.Address);
        await RegisterAsync(bob, "bob");
        await using var eve = await site.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false }, node.Address);
        await RegisterAsync(eve, "eve");
        var film = await SellAsync(node);
        await OfferedAsync(eve, film);

        // Who lets nobody pay is told how to; what he does then is to go on where he was.
        await Expect(eve.Page.Locator("#no-leave")).ToContainTextAsync("may not pay for you");
        await LetPayAsync(eve, "150");
        await OfferedAsync(eve, film);
        await AssertPaidAsync(eve, Path.Combine(_folder.At("films"), "film.bin"));
        await HasAsync(eve, (own, granted, reserved) => (own, granted, reserved) == (0, Grant - Cost, 0), "what was not used came back");
        await LendAsync(node);
        await HasAsync(
            eve, (own, granted, reserved) => (own, granted, reserved) == (0, Grant - (2 * Cost), 0), "who made the address paid for what came by it");

        // What the community earned by it is paid out to her, and goes on to somebody else.
        (await CeteProcess.RunAsync(["bank", "pay-out", "eve", "10", "--node", node.Address.AbsoluteUri])).Ended(0);
        await FillAsync(eve, "bob", "2.5", "for tea & cake");
        await Expect(eve.Page.Locator("#words")).ToContainTextAsync("2.5 credits go from your account to bob");
        await PressAsync(eve, "Have this node sign and send");
        await SaysAsync(eve, "2.5 credits went to bob");
        await Expect(eve.Page.Locator("main")).ToContainTextAsync("for tea & cake");
        await HasAsync(bob, (own, _, _) => own == 2_500_000, "it came to him");
        await FillAsync(eve, "bob", "50", string.Empty);
        await Expect(eve.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("You can send 7.5 credits, and this takes 50");

        // That a page became a download is told as a request that was given up.
        Assert.All(eve.Faults, fault => Assert.Contains("?paid=", fault, StringComparison.Ordinal));
        await ReceiptAsync(eve, node);
    }

    [Fact]
    public async Task With_a_script_the_browser_signs_what_it_shows()
    {
        await using var node = await StartAsync();
        await using var eve = await site.VisitAsync(node: node.Address);
        await RegisterAsync(eve, "eve");
        await using var bob = await site.VisitAsync(node: node.Address);
        await RegisterAsync(bob, "bob", isDevice: false);
        await EarnAsync(eve, node);
        await FillAsync(eve, "bob", "4", "for “tea”");
        await Expect(eve.Page.GetByRole(AriaRole.Button, new() { Name = "Have this node sign and send" })).ToBeHiddenAsync();
        var account = await eve.Page.Locator("dl code").First.InnerTextAsync();
        Assert.Equal(
            $"4 credits go from your account to bob, {account}. What for: “for “tea”” It cannot be taken back.", await SignAsync(eve, "Sign and send"));
        await SaysAsync(eve, "4 credits went to bob");
        await HasAsync(bob, (own, _, _) => own == 4 * Credit, "it came to him");

        eve.AssertFaultless();

        // A browser without a key of the account, though it has scripts, is told what it can do.
        await FillAsync(bob, "eve", "1", string.Empty);
        await Expect(bob.Page.Locator("#no-leave")).ToContainTextAsync("this browser has no key of your account");
        await bob.Page.GetByRole(AriaRole.Link, new() { Name = "Let this node sign small payments" }).ClickAsync();
        await Expect(bob.Page.GetByRole(AriaRole.Heading, new() { Name = "Nodes that pay for you" })).ToBeInViewportAsync();
        bob.AssertFaultless();
    }

    [Theory]
    [InlineData("phone", ColorScheme.Light)]
    [InlineData("desktop", ColorScheme.Dark)]
    public async Task Pages_of_what_costs_credits_are_sound_and_fit(string size, ColorScheme scheme)
    {
        await using var node = await StartAsync();
        var film = await SellAsync(node);
        await using (var guest = await site.VisitAsync(LooksTests.WindowOf(size, scheme), node.Address))
        {
            await OfferedAsync(guest, film);
            await LooksTests.AssertSoundAsync(site, guest, $"paid-guest-{size}-{scheme}");
        }

        await using var eve = await site.VisitAsync(LooksTests.WindowOf(size, scheme), node.Address);
        await RegisterAsync(eve, "eve", isDevice: false);
        await eve.GoAsync(film);
        await LooksTests.AssertSoundAsync(site, eve, $"paid-entry-{size}-{scheme}");
        await OfferedAsync(eve, film);
        await LooksTests.AssertSoundAsync(site, eve, $"paid-not-let-{size}-{scheme}");
        await LetPayAsync(eve, "100");
        await OfferedAsync(eve, film);
        await LooksTests.AssertSoundAsync(site, eve, $"paid-let-{size}-{scheme}");
    }

    [Theory]
    [InlineData("phone", ColorScheme.Dark)]
    [InlineData("desktop", ColorScheme.Light)]
    public async Task Pages_that_send_credits_are_sound_and_fit(string size, ColorScheme scheme)
    {
        await using var node = await StartAsync();
        await using var eve = await site.VisitAsync(LooksTests.WindowOf(size, scheme), node.Address);
        await RegisterAsync(eve, "eve", isDevice: false);
        await EarnAsync(eve, node);
        await FillAsync(eve, "node:" + new string('a', 32), "0.000001", "für Käse <b>");
        await LooksTests.AssertSoundAsync(site, eve, $"send-review-neither-{size}-{scheme}");
        await LetPayAsync(eve, "100");
        await FillAsync(eve, "nobody", "1", string.Empty);
        await LooksTests.AssertSoundAsync(site, eve, $"send-refused-{size}-{scheme}");
        await FillAsync(eve, "treasury", "1", "a gift");
        await LooksTests.AssertSoundAsync(site, eve, $"send-review-node-{size}-{scheme}");
        await PressAsync(eve, "Have this node sign and send");
        await SaysAsync(eve, "1 credit went to the community");
        await LooksTests.AssertSoundAsync(site, eve, $"sent-{size}-{scheme}");
    }

    private async Task<TestNode> StartAsync()
    {
        await using (await site.VisitAsync())
        {
            // Skips where there is no browser, before a node is started.
        }

        return await TestNode.CreateAsync(_folder.At("node"), Cete.Program.Tests.Community.Local);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A film is put in, and costs; the address of its page.</summary>
    private async Task<string> SellAsync(TestNode node)
    {
        _folder.Write("films/film.bin", FilmBytes, 1);
        (await node.CeteAsync("put", _folder.At("films"))).Ended(0);
        (await CeteProcess.RunAsync(
            ["bank", "policy", "--price", "2.5", "--community", "1000", "--close-delay", "1", "--node", node.Address.AbsoluteUri])).Ended(0);
        using var http = new HttpClient { BaseAddress = node.Address };
        await Eventually.TrueAsync(
            async () =>
            {
                using var asked = await http.GetAsync("/files/films/film.bin", HttpCompletionOption.ResponseHeadersRead, Cancel);
                return (int)asked.StatusCode == 402;
            },
            "the price counts", Bound);
        using var listed = JsonDocument.Parse(await http.GetStringAsync("/api/entries?q=film", Cancel));
        return "/entries/" + listed.RootElement.GetProperty("entries")[0].GetProperty("id").GetInt64();
    }

    /// <summary>From the page of an entry to the one that says what it costs.</summary>
    private static async Task OfferedAsync(Visit visit, string entry)
    {
        await visit.GoAsync(entry);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Download for 60 credits" }).ClickAsync();
        await Expect(visit.Page.Locator("#price")).ToContainTextAsync("60 credits");
    }

    private static async Task AssertPaidAsync(Visit visit, string original)
    {
        var button = visit.Page.GetByRole(AriaRole.Button, new() { Name = "Pay and download" });
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => button.ClickAsync());
        Assert.Null(await download.FailureAsync());
        Assert.Equal(Path.GetFileName(original), download.SuggestedFilename);
        Disk.AssertSame(original, await download.PathAsync());
    }

    /// <summary>An address that eve makes is paid by her, up to what it covers; whoever has it needs nothing.</summary>
    private async Task LendAsync(TestNode node)
    {
        var password = _folder.At("eve.password");
        await File.WriteAllTextAsync(password, Password + "\n", Cancel);
        Task<Ran> AsEveAsync(params string[] arguments) =>
            CeteProcess.RunAsync([.. arguments, "--node", node.Address.AbsoluteUri], variable: ("CETE_SETTINGS", _folder.At("settings-eve")));
        (await AsEveAsync("login", "eve", "--password-file", password)).Ended(0);
        Assert.Contains("--cap", (await AsEveAsync("link", "/films/film.bin")).Error, StringComparison.Ordinal);
        Assert.Contains("may still spend", (await AsEveAsync("link", "/films/film.bin", "--cap", "1000")).Error, StringComparison.Ordinal);
        var path = (await AsEveAsync("link", "/films/film.bin", "--cap", "24", "--json")).Ended(0).Json.GetProperty("path").GetString()!;
        var film = Path.Combine(_folder.At("films"), "film.bin");
        using var http = new HttpClient { BaseAddress = node.Address };
        Assert.Equal(await File.ReadAllBytesAsync(film, Cancel), await http.GetByteArrayAsync(path, Cancel));
        using var again = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(403, (int)again.StatusCode);

        // Without it, the way to pay stands in the place of the film, also for who is not known.
        await using var guest = await site.VisitAsync(node: node.Address);
        await guest.GoAsync(path.Split('?')[0], 402);
        await Expect(guest.Page.Locator("#price")).ToContainTextAsync("60 credits");
        await guest.GoAsync("/files/films/film.bin", 402);
        using var program = await http.GetAsync("/files/films/film.bin", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal("application/problem+json", program.Content.Headers.ContentType!.MediaType);
    }

    private static async Task LetPayAsync(Visit visit, string credits)
    {
        await visit.GoAsync("/account");
        await visit.Page.Locator("#cap").FillAsync(credits);
        await visit.Page.Locator("#delegate-proof").FillAsync(Password);
        await PressAsync(visit, "Let this node sign small payments for me");
        await SaysAsync(visit, "This node may pay for you");
    }

    private static async Task FillAsync(Visit visit, string to, string amount, string note)
    {
        await visit.GoAsync("/bank/send");
        await visit.Page.Locator("#to").FillAsync(to);
        await visit.Page.Locator("#amount").FillAsync(amount);
        await visit.Page.Locator("#note").FillAsync(note);
        await PressAsync(visit, "Look at it first");
    }

    /// <summary>Somebody downloads for credits, which all go to the community, and the community pays them out.</summary>
    private async Task EarnAsync(Visit visit, TestNode node)
    {
        if (!File.Exists(Path.Combine(_folder.At("films"), "film.bin")))
        {
            await SellAsync(node);
        }

        var settings = _folder.At("settings-donor");
        var password = _folder.At("donor.password");
        await File.WriteAllTextAsync(password, "a long password of a donor\n", Cancel);
        Task<Ran> AsDonorAsync(params string[] arguments) =>
            CeteProcess.RunAsync([.. arguments, "--node", node.Address.AbsoluteUri], variable: ("CETE_SETTINGS", settings));
        (await AsDonorAsync("register", "donor", "--password-file", password)).Ended(0);
        await Eventually.TrueAsync(
            async () => await AsDonorAsync("bank", "balance", "--json") is { Code: 0 } told && told.Json.GetProperty("granted").GetInt64() == Grant,
            "a newcomer is given credits", Bound);
        (await AsDonorAsync("get", "/films/film.bin", "--to", _folder.At("got"), "--yes", "--json")).Ended(0);
        await Eventually.TrueAsync(
            async () => (await CeteProcess.RunAsync(["bank", "pay-out", "eve", "10", "--node", node.Address.AbsoluteUri])).Code == 0,
            "the community has what was paid", Bound);
        await HasAsync(visit, (own, _, _) => own == 10 * Credit, "it came to her");
    }

    /// <summary>The balance as the bank tells it, in the session of a browser.</summary>
    private static Task HasAsync(Visit visit, Func<long, long, long, bool> has, string what) => Eventually.TrueAsync(
        async () =>
        {
            var answer = await visit.Page.APIRequest.GetAsync("/api/bank/balance");
            return answer.Ok && await answer.JsonAsync() is { } told
                && has(told.GetProperty("own").GetInt64(), told.GetProperty("granted").GetInt64(), told.GetProperty("reserved").GetInt64());
        },
        what, Bound);

    /// <summary>What the page names shows that the transfer is in the journal.</summary>
    private async Task ReceiptAsync(Visit visit, TestNode node)
    {
        var number = await visit.Page.APIRequest.GetAsync("/api/bank/statement?count=1");
        var entry = (await number.JsonAsync())!.Value.GetProperty("entries")[0].GetProperty("number").GetInt64();
        var saved = _folder.At("receipt.json");
        await Eventually.TrueAsync(
            async () => (await CeteProcess.RunAsync(["bank", "receipt", $"{entry}", "--save", saved, "--node", node.Address.AbsoluteUri])).Code == 0,
            "the journal is under a signed head", Bound);
        (await CeteProcess.RunAsync(["bank", "receipt", saved, "--check"])).Ended(0);
    }
}
