using Cete.Program.Tests;
using Microsoft.Playwright;

namespace Cete.Browser.Tests;

/// <summary>The page of nodes: it follows what happens to them, and says the same without a script.</summary>
[Collection(SiteCollection.Name)]
public sealed class NodesTests(Site site)
{
    private const string Row = "#nodes-rows tr";

    [Fact]
    public async Task A_node_that_comes_and_goes_is_shown_without_a_reload()
    {
        await using var visit = await site.VisitAsync();
        await visit.GoAsync("/nodes");
        await Assertions.Expect(visit.Page.Locator(Row)).ToHaveCountAsync(1);
        await visit.Page.EvaluateAsync("() => { window.stays = true; }");
        await using (var second = await site.JoinAsync("newcomer"))
        {
            var row = visit.Page.Locator(Row).Filter(new LocatorFilterOptions { HasText = "newcomer" });
            await Assertions.Expect(row.Locator(".state")).ToHaveTextAsync("alive");
            await Assertions.Expect(visit.Page.Locator("#nodes-summary")).ToHaveTextAsync("2 nodes are there.");
            await second.EndAsync(CeteProcess.Terminate);
            await Assertions.Expect(row.Locator(".state")).ToHaveTextAsync("has left");
        }

        await Assertions.Expect(visit.Page.Locator("#nodes-summary")).ToHaveTextAsync("1 of 2 nodes are there.");
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => window.stays === true"));
        visit.AssertFaultless();
    }

    [Fact]
    public async Task It_is_whole_without_a_script_and_linked_from_every_page()
    {
        await using var visit = await site.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });
        await visit.GoAsync("/search");
        await visit.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new LocatorGetByRoleOptions { Name = "Nodes" }).ClickAsync();
        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Nodes");

        // One that came and went in another test may stand before it.
        await Assertions.Expect(visit.Page.Locator(Row).Locator(".state-alive")).ToHaveTextAsync("alive");
        await Assertions.Expect(visit.Page.Locator("#node-facts dt").First).ToHaveTextAsync("Load");
        await Assertions.Expect(visit.Page.Locator(".notice").First).ToContainTextAsync("not yet fault tolerant");
    }
}
