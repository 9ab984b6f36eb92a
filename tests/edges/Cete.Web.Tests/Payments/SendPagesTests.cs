using Cete.Accounts;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
using Cete.Web.Security;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Payments;

/// <summary>Sending credits from a page, as forms send them: signed by a device or by the node, once, and with a clear word where it cannot be.</summary>
public sealed class SendPagesTests
{
    private const long Credit = Credits.Micro;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithoutADeviceTheNodeSignsWithinWhatItWasLeft()
    {
        await using var site = await AccountsSite.StartAsync(new SiteBank());
        var (eve, bob) = (await MemberAsync(site, "eve", 10 * Credit), await MemberAsync(site, "bob", 0));
        using var browser = await site.OpenAsync("eve");
        var unlent = await ReviewAsync(browser, "bob", "2.5", "for <tea>");
        unlent.AssertWhole();
        Assert.Contains("may not pay for you", unlent.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(unlent.All("input"), input => input.Attribute("value")?.Value == "send-by-node");
        Assert.NotNull(unlent.LinkTo("Let this node sign small payments for you"));
        await LeaveAsync(site, browser, eve, "5");

        var review = await ReviewAsync(browser, "bob", "2.5", "for <tea>");
        review.AssertWhole();
        Assert.Contains("2.5 credits", review.All("p").Single(one => one.Attribute("id")?.Value == "words").Value, StringComparison.Ordinal);
        Assert.Equal(10 * Credit, (await site.Bank!.BalanceAsync(eve)).Own);
        var sent = await browser.FollowAsync(await browser.SubmitAsync(review, "send-by-node"));
        sent.AssertWhole();
        Assert.Contains("2.5 credits went to bob", sent.Of("p", "done").Single().Value, StringComparison.Ordinal);
        Assert.Contains("for &lt;tea&gt;", sent.Text, StringComparison.Ordinal);
        Assert.StartsWith("/api/bank/receipts/", sent.LinkTo("receipt"), StringComparison.Ordinal);

        // The same form again is the same transfer, whatever this node may still spend.
        Assert.Equal(303, (await browser.SubmitAsync(review, "send-by-node")).Status);
        Assert.Equal((7_500_000, 2_500_000), ((await site.Bank.BalanceAsync(eve)).Own, (await site.Bank.BalanceAsync(bob)).Own));
        Assert.Single(site.Keys.Signed);
    }

    [Fact]
    public async Task WhatADeviceSignedIsSentOnceAndNothingElse()
    {
        await using var site = await AccountsSite.StartAsync(new SiteBank());
        using var terminal = await Terminal.RegisterAsync(site, "eve");
        await site.Bank!.RegisterAsync(terminal.Account, terminal.Key.PublicKey.ToArray());
        await site.Bank.EarnAsync(terminal.Account, 10 * Credit);
        var bob = await MemberAsync(site, "bob", 0);
        using var browser = await site.OpenAsync("eve");
        var review = await ReviewAsync(browser, "bob", "4", "tea");
        Assert.Contains("This browser signed nothing", (await browser.SubmitAsync(review, "send")).Text, StringComparison.Ordinal);
        var id = Field(review, "id");
        string Sign(long amount) => Convert.ToBase64String(terminal.Sign(
            TransferAct.Purpose,
            new TransferAct([new TransferOrder(id, TransferOrder.Send, LedgerAddress.User(bob).ToString(), amount, Note: "tea")]).ToPayload()));
        var other = await browser.SubmitAsync(review, "send", ("statement", Sign(5 * Credit)));
        Assert.Equal(400, other.Status);
        Assert.Equal(0, (await site.Bank.BalanceAsync(bob)).Own);
        Assert.Equal(303, (await browser.SubmitAsync(review, "send", ("statement", Sign(4 * Credit)))).Status);
        Assert.Equal(303, (await browser.SubmitAsync(review, "send", ("statement", Sign(4 * Credit)))).Status);
        Assert.Equal((6 * Credit, 4 * Credit), ((await site.Bank.BalanceAsync(terminal.Account)).Own, (await site.Bank.BalanceAsync(bob)).Own));

        // Who goes back and sends the form anew means another transfer.
        var form = await browser.GetAsync("/bank/send");
        var second = await browser.PostAsync(
            "/bank/send",
            [
                new(CrossSiteGuard.Field, Field(form, CrossSiteGuard.Field)), new("action", "review"), new("id", id), new("to", "bob"), new("amount", "1"),
            ]);
        Assert.Contains("another transfer", second.Text, StringComparison.Ordinal);
        Assert.NotEqual(id, Field(second, "id"));
    }

    [Theory]
    [InlineData("bob", "11", 409, "you can send 10 credits, and this takes 11")]
    [InlineData("nobody", "1", 404, "nobody here is called 'nobody'")]
    [InlineData("user:baaaaaaaaaaaaaaaaaaaaaaaaa", "1", 404, "nobody here is called")]
    [InlineData("eve", "1", 409, "that is your own account")]
    [InlineData("", "1", 400, "say to whom")]
    [InlineData("mint", "1", 400, "say to whom")]
    [InlineData("bob", "0", 400, "an amount is positive")]
    [InlineData("bob", "-1", 400, "an amount is positive")]
    [InlineData("bob", "1.0000001", 400, "is no amount of credits")]
    [InlineData("bob", "much", 400, "is no amount of credits")]
    public async Task WhatCannotBeSentIsSaidAtTheForm(string to, string amount, int status, string says)
    {
        await using var site = await AccountsSite.StartAsync(new SiteBank());
        var eve = await MemberAsync(site, "eve", 10 * Credit);
        await MemberAsync(site, "bob", 0);
        using var browser = await site.OpenAsync("eve");
        var refused = await ReviewAsync(browser, to, amount, string.Empty);
        Assert.Equal(status, refused.Status);
        Assert.Contains(says, refused.Of("p", "fault").Single().Value, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(to, Field(refused, "to"));
        Assert.Equal(10 * Credit, (await site.Bank!.BalanceAsync(eve)).Own);
    }

    [Fact]
    public async Task WhatTheNodeMayNotSignIsSaid()
    {
        await using var site = await AccountsSite.StartAsync(new SiteBank());
        var eve = await MemberAsync(site, "eve", 10 * Credit);
        await MemberAsync(site, "bob", 0);
        using var browser = await site.OpenAsync("eve");
        await LeaveAsync(site, browser, eve, "3");
        var review = await ReviewAsync(browser, "bob", "2", string.Empty);
        Assert.Equal(303, (await browser.SubmitAsync(review, "send-by-node")).Status);
        var over = await ReviewAsync(browser, "bob", "2", string.Empty);
        Assert.Contains("may still spend 1 credit for you, and this takes 2", over.Text, StringComparison.Ordinal);
        var within = await ReviewAsync(browser, "bob", "1", string.Empty);
        site.Wait(TimeSpan.FromDays(30));
        site.Bank!.Wait(TimeSpan.FromDays(30));
        using var later = await site.OpenAsync("eve");
        var ended = await ReviewAsync(later, "bob", "1", string.Empty);
        Assert.Contains("the leave that you gave this node ended on", ended.Text, StringComparison.Ordinal);
        var late = await later.PostAsync("/bank/send", [
            new(CrossSiteGuard.Field, Field(ended, CrossSiteGuard.Field)), new("action", "send-by-node"), new("id", Field(within, "id")),
            new("to", Field(within, "to")), new("amount", Field(within, "amount")), new("note", ""),
        ]);
        Assert.Equal(410, late.Status);
        Assert.Equal(8 * Credit, (await site.Bank.BalanceAsync(eve)).Own);
    }

    [Fact]
    public async Task WhoIsSuspendedSendsNothing()
    {
        await using var site = await AccountsSite.StartAsync(new SiteBank());
        using var ada = await AdministratorAsync(site);
        var eve = await MemberAsync(site, "eve", 10 * Credit);
        await MemberAsync(site, "bob", 0);
        using var browser = await site.OpenAsync("eve");
        var review = await ReviewAsync(browser, "bob", "1", string.Empty);
        await LeaveAsync(site, browser, eve, "5");
        var statement = ada.Sign(GovernAct.Purpose, new GovernAct.Suspend(eve.ToString(), "noise").ToPayload());
        var suspended = await site.Service.SubmitGovernAsync(statement, null, Cancel);
        Assert.True(suspended.Succeeded, suspended.Failure?.Message);
        await site.Bank!.SuspendAsync(eve);
        site.Wait(TimeSpan.FromSeconds(5));
        Assert.Contains("Your account is suspended", (await browser.GetAsync("/bank/send")).Of("p", "fault").Single().Value, StringComparison.Ordinal);
        Assert.Equal(403, (await ReviewAsync(browser, "bob", "1", string.Empty)).Status);
        Assert.Equal(403, (await browser.PostAsync("/bank/send", [
            new(CrossSiteGuard.Field, Field(review, CrossSiteGuard.Field)), new("action", "send-by-node"), new("id", Field(review, "id")),
            new("to", Field(review, "to")), new("amount", Field(review, "amount")), new("note", ""),
        ])).Status);
        Assert.Equal(10 * Credit, (await site.Bank.BalanceAsync(eve)).Own);
    }

    [Fact]
    public async Task WhoIsNotLoggedInIsAskedToAndComesBackToTheSameForm()
    {
        await using var site = await AccountsSite.StartAsync(new SiteBank());
        await MemberAsync(site, "eve", 0);
        using var stranger = site.Open();
        var asked = await stranger.GetAsync("/bank/send?to=bob&amount=2");
        Assert.Equal((303, "/login?next=%2Fbank%2Fsend%3Fto%3Dbob%26amount%3D2"), (asked.Status, asked.Headers["Location"]));
        using var browser = await site.OpenAsync("eve");
        var form = await browser.GetAsync("/bank/send?to=bob&amount=2");
        form.AssertWhole();
        Assert.Equal(("bob", "2"), (Field(form, "to"), Field(form, "amount")));
        Assert.Equal(403, (await browser.PostAsync("/bank/send", [new("action", "review"), new("to", "bob"), new("amount", "2")])).Status);
        Assert.Equal(404, (await browser.GetAsync("/bank/send?done=" + new string('a', 32))).Status);
        Assert.Equal(400, (await browser.GetAsync("/bank/send?done=x")).Status);
    }

    private static async Task<AccountId> MemberAsync(AccountsSite site, string name, long earned)
    {
        var made = (await site.RegisterAsync(name)).Id;
        await site.Bank!.RegisterAsync(made);
        if (earned > 0)
        {
            await site.Bank.EarnAsync(made, earned);
        }

        return made;
    }

    private static async Task<Terminal> AdministratorAsync(AccountsSite site)
    {
        var terminal = new Terminal(site);
        var ada = (await site.Service.ByNameAsync("ada", Cancel)).Value;
        var added = await site.Service.AddFirstDeviceAsync(ada.Id, terminal.NewDevice("desk"), AccountsSite.Password, Cancel);
        Assert.True(added.Succeeded, added.Failure?.Message);
        await terminal.LogInAsync("ada", AccountsSite.Password);
        return terminal;
    }

    private static async Task LeaveAsync(AccountsSite site, Browser browser, AccountId account, string cap)
    {
        var page = await browser.GetAsync("/account");
        var made = await browser.SubmitAsync(page, "delegate-begin", ("cap", cap), ("days", "30"), ("proof", AccountsSite.Password));
        Assert.Equal(303, made.Status);
        var leave = (await site.Service.DelegatesAsync(account, Cancel)).Value.Single();
        await site.Bank!.HearOfAsync(leave, site.Keys.PublicKeyOf(account, leave.Id));
    }

    private static async Task<Page> ReviewAsync(Browser browser, string to, string amount, string note) => await browser.SubmitAsync(
        await browser.GetAsync("/bank/send"), "review", ("to", to), ("amount", amount), ("note", note));

    private static string Field(Page page, string name) =>
        page.All("input").First(input => input.Attribute("name")?.Value == name).Attribute("value")?.Value ?? string.Empty;
}
