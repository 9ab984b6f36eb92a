using System.Xml.Linq;
using Cete.Core;
using Cete.Ledger;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Bank;

/// <summary>The bank's pages: who sees what, and that it says what the bank says.</summary>
public sealed class BankPagesTests
{
    private static readonly string[] Pages = ["/bank", "/bank/channels", "/bank/community"];

    [Fact]
    public async Task WhoMaySeeWhatIsWhatTheRightsSay()
    {
        // Members of this community may not look at its credits.
        var grants = RoleDefinition.Defaults.Single(role => role.Name == RoleDefinition.Member).Grants.Where(grant => grant.Text != Actions.BankRead);
        await using var site = await BankSite.StartAsync(
            [.. RoleDefinition.Defaults.Select(role => role.Name == RoleDefinition.Member ? role with { Grants = [.. grants] } : role)]);
        using var guest = site.Accounts.Open();
        using var ada = await site.Accounts.OpenAsync("ada");
        await site.MeetAsync("eve");
        using var eve = await site.Accounts.OpenAsync("eve");
        foreach (var page in Pages)
        {
            var sent = await guest.GetAsync(page);
            Assert.Equal((303, $"/login?next={Uri.EscapeDataString(page)}"), (sent.Status, sent.Headers["Location"]));
            Assert.Equal(page == "/bank/community" ? 403 : 200, (await eve.GetAsync(page)).Status);
            var seen = await ada.GetAsync(page);
            seen.AssertWhole();
            Assert.Equal("no-store", seen.Headers["Cache-Control"]);
        }

        Assert.Null((await guest.GetAsync("/")).LinkTo("Credits"));
        Assert.Null((await eve.GetAsync("/")).LinkTo("Credits"));
        Assert.Null((await eve.GetAsync("/bank")).LinkTo("The community's credits"));
        Assert.Equal("/bank", (await ada.GetAsync("/")).LinkTo("Credits"));
        Assert.Contains("Who has most", (await ada.GetAsync("/bank/community")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereThereIsNoBankNothingLeadsToOne()
    {
        await using var site = await AccountsSite.StartAsync();
        using var ada = await site.OpenAsync("ada");
        Assert.Null((await ada.GetAsync("/")).LinkTo("Credits"));
        Assert.All(Pages, page => Assert.Equal(404, ada.GetAsync(page).Result.Status));
    }

    [Fact]
    public async Task OnesOwnCreditsAreShownWithWhatCameAndWent()
    {
        await using var site = await BankSite.StartAsync();
        var (ada, bob, eve) = (await site.MeetAsync("ada"), await site.MeetAsync("bob"), await site.MeetAsync("eve"));
        await site.DecideAsync(policy => policy with { PricePerMebibyte = BankSite.Credit, CommunityPermille = 100, DailyAllowance = 7 * BankSite.Credit });
        var channel = await site.OpenAsync(ada, bob, 40 * BankSite.Credit, Hash256.Of("film"u8).ToString());
        await site.PayAsync(channel, ada, bob, 20 * BankSite.Credit);
        Assert.Null(await site.SendAsync(bob, eve, 3 * BankSite.Credit, "for <the> maps"));
        using var browser = await site.Accounts.OpenAsync("bob");
        var page = await browser.GetAsync("/bank");
        page.AssertWhole();
        var facts = Facts(page);
        Assert.StartsWith("15to spend", facts["Earned"], StringComparison.Ordinal);
        Assert.StartsWith("5,000spent first", facts["Given"], StringComparison.Ordinal);
        Assert.Equal("5,015", facts["All"]);
        Assert.Equal("filled up to 7 when you pay for something; not yet today", facts["Every day"]);
        Assert.Equal("costs 1 of them; what you have pays for 4.9 GiB", facts["A mebibyte"]);

        var rows = page.All("table").Single(table => table.Attribute("class")?.Value == "listing statement").Element("tbody")!.Elements("tr").ToList();
        Assert.Equal(["−3", "+18", "+5,000"], rows.Select(row => Cell(row, "Credits")));
        Assert.Equal(["15 earned", "18 earned", "5,000 given"], rows.Select(row => Cell(row, "Then")));
        Assert.Equal(["eve", "a download", "the mint"], rows.Select(row => Cell(row, "With")));
        Assert.Equal(["–", "≈ 20 MiB", "–"], rows.Select(row => Cell(row, "Bytes")));
        Assert.Contains("for <the> maps", rows[0].Element("th")!.Value, StringComparison.Ordinal);
        Assert.Equal("/api/bank/statement.csv", page.LinkTo("As a table (CSV)"));
        Assert.Equal(200, (await browser.GetAsync("/api/bank/statement.csv")).Status);

        // What was earned is drawn, said and listed.
        var plot = page.Of("figure", "plot").First();
        Assert.Equal("18 credits in the last 30 days.", plot.Descendants("p").First().Value);
        Assert.Single(plot.Descendants("rect"));
        Assert.Equal(30, plot.Descendants("g").Count());
        Assert.Equal("18", plot.Descendants("td").Single().Value);
        Assert.DoesNotContain("style=", page.Text, StringComparison.Ordinal);

        // Nobody sees what is another's.
        using var other = await site.Accounts.OpenAsync("eve");
        var hers = await other.GetAsync("/bank");
        Assert.StartsWith("3to spend", Facts(hers)["Earned"], StringComparison.Ordinal);
        Assert.DoesNotContain("a download", hers.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("You are out of credits", hers.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStatementIsFilteredAndGoesOnPageByPage()
    {
        await using var site = await BankSite.StartAsync();
        var (ada, bob) = (await site.MeetAsync("ada"), await site.MeetAsync("bob"));
        await site.PayAsync(await site.OpenAsync(ada, bob, 200 * BankSite.Credit), ada, bob, 200 * BankSite.Credit);
        for (var i = 0; i < 60; i++)
        {
            Assert.Null(await site.SendAsync(bob, ada, BankSite.Credit));
        }

        using var browser = await site.Accounts.OpenAsync("bob");
        var first = await browser.GetAsync("/bank");
        var second = await browser.GetAsync(first.LinkTo("Next page")!);
        Assert.Equal((50, 12), (first.Rows.Count(IsOfStatement), second.Rows.Count(IsOfStatement)));
        Assert.Equal("/bank", second.LinkTo("First page"));
        Assert.Null(second.LinkTo("Next page"));
        var earned = await browser.GetAsync("/bank?kind=earned&days=30");
        Assert.Equal("+200", Cell(earned.Rows.Single(IsOfStatement), "Credits"));
        Assert.Contains("Nothing of that kind", (await browser.GetAsync("/bank?kind=spent&days=7")).Text, StringComparison.Ordinal);
        var sent = await browser.GetAsync("/bank?kind=sent");
        Assert.StartsWith("/bank?kind=sent&cursor=", sent.LinkTo("Next page"), StringComparison.Ordinal);
        foreach (var hostile in new[] { "kind=%00", "days=99999999999999999999", "days=-1", "cursor=1", "cursor=9223372036854775807", "kind[]=1" })
        {
            Assert.Equal(200, (await browser.GetAsync("/bank?" + hostile)).Status);
        }

        Assert.Equal(400, (await browser.GetAsync("/bank?cursor=x'")).Status);
        Assert.Equal(200, (await browser.GetAsync("/bank/community?days=0x10")).Status);
        Assert.Empty(site.Accounts.Site.Bugs);
    }

    [Fact]
    public async Task WhoIsOutOfCreditsIsToldHowToEarnSome()
    {
        await using var site = await BankSite.StartAsync();
        await site.DecideAsync(policy => policy with { PricePerMebibyte = 10 * BankSite.Credit, Grants = [new(0, BankSite.Credit)] });
        await site.MeetAsync("bob");
        using var browser = await site.Accounts.OpenAsync("bob");
        Assert.Contains("You have too few credits to download", (await browser.GetAsync("/bank")).Text, StringComparison.Ordinal);
        await site.DecideAsync(policy => policy with { Grants = [] });
        await site.MeetAsync("eve");
        using var other = await site.Accounts.OpenAsync("eve");
        var page = await other.GetAsync("/bank");
        page.AssertWhole();
        Assert.Contains("You are out of credits", page.Text, StringComparison.Ordinal);
        Assert.Contains(Shortage.Hint, page.Text, StringComparison.Ordinal);
        Assert.Contains(Shortage.NodeCommand, page.Text, StringComparison.Ordinal);
        Assert.Contains(Shortage.TokenCommand, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsSetAsideIsShownWithWhomItIsFor()
    {
        await using var site = await BankSite.StartAsync();
        var (ada, bob) = (await site.MeetAsync("ada"), await site.MeetAsync("bob"));
        var channel = await site.OpenAsync(ada, bob, 40 * BankSite.Credit);
        await site.PayAsync(channel, ada, bob, 12 * BankSite.Credit);
        using var browser = await site.Accounts.OpenAsync("ada");
        var page = await browser.GetAsync("/bank/channels");
        page.AssertWhole();
        Assert.Equal("1 channel is open.", page.Of("p", "summary").Single().Value);
        Assert.Equal("40, of it 12 paid", Facts(page)["Set aside"]);
        var lane = page.Rows.Single();
        Assert.Equal(("bob", "40", "12", "open"), (Cell(lane, "Who earns"), Cell(lane, "At most"), Cell(lane, "Paid"), Cell(lane, "State")));
        using var other = await site.Accounts.OpenAsync("bob");
        Assert.Empty((await other.GetAsync("/bank/channels")).Rows);
    }

    [Fact]
    public async Task TheCommunitysCreditsAreDrawnAndWhatStandsOutIsSaid()
    {
        await using var site = await BankSite.StartAsync();
        var (ada, bob) = (await site.MeetAsync("ada"), await site.MeetAsync("bob"));
        await site.DecideAsync(policy => policy with { CommunityPermille = 250 });
        await site.PayAsync(await site.OpenAsync(ada, bob, 400 * BankSite.Credit), ada, bob, 100 * BankSite.Credit);
        Assert.NotNull(await site.SendAsync(ada, bob, 1));
        await site.SignHeadAsync();
        using var member = await site.Accounts.OpenAsync("bob");
        var page = await member.GetAsync("/bank/community?days=90");
        page.AssertWhole();
        var facts = Facts(page);
        Assert.Equal("10,000", facts["Made"]);
        Assert.StartsWith("25 ", facts["Treasury"], StringComparison.Ordinal);
        Assert.StartsWith("300 ", facts["In channels"], StringComparison.Ordinal);
        Assert.StartsWith("2, since", facts["Version"], StringComparison.Ordinal);
        Assert.Equal(
            ["Supply", "Moved by day", "Velocity", "Given by day", "Accounts that came", "Refused by day", "Distribution"],
            page.All("h3").Select(one => one.Value));
        Assert.Contains("Nothing stands out", page.Text, StringComparison.Ordinal);
        Assert.Contains("not enough credits", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Who has most", page.Text, StringComparison.Ordinal);
        Assert.Equal("right", Cell(page.Rows[^1], "Looked at again"));
    }

    [Fact]
    public async Task TheTimeThatIsShownIsChosenAndDaysWithoutAnythingAreThereToo()
    {
        await using var site = await BankSite.StartAsync(TimeSpan.FromDays(40));
        var (ada, bob) = (await site.MeetAsync("ada"), await site.MeetAsync("bob"));
        await site.PayAsync(await site.OpenAsync(ada, bob, 4_000 * BankSite.Credit), ada, bob, 3_000 * BankSite.Credit);
        for (var day = 0; day < 20; day++)
        {
            site.Group.Now += TimeSpan.FromDays(2);
            Assert.Null(await site.SendAsync(bob, ada, (day + 1) * BankSite.Credit));
        }

        using var browser = await site.Accounts.OpenAsync("bob");
        foreach (var (address, days) in new[] { ("/bank/community", 30), ("/bank/community?days=90", 41), ("/bank/community?days=31", 30) })
        {
            var page = await browser.GetAsync(address);
            page.AssertWhole();
            var moved = page.Of("figure", "plot").Single(figure => figure.Attribute("aria-labelledby")!.Value == "flow");
            Assert.Equal(days, moved.Descendants("g").Count());
            Assert.Equal(days == 30 ? 15 : 21, moved.Descendants("tr").Count() - 1);
        }

        // Channels that nobody closed and no tick closed are late.
        Assert.Contains("was not done", (await browser.GetAsync("/bank/community")).Of("li", "fault").Last().Value, StringComparison.Ordinal);
    }

    private static bool IsOfStatement(XElement row) => row.Parent!.Parent!.Attribute("class")?.Value == "listing statement";

    private static string Cell(XElement row, string column) =>
        row.Elements("td").Single(cell => cell.Attribute("data-column")?.Value == column).Value.Trim();

    private static Dictionary<string, string> Facts(Page page) => page.Of("dl", "details").Elements("div")
        .GroupBy(row => row.Element("dt")!.Value.Trim()).ToDictionary(group => group.Key, group => group.First().Element("dd")!.Value.Trim());
}
