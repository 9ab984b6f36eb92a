using System.Text.Json;
using System.Xml.Linq;
using Cete.Api;
using Cete.Web.Tests.Support;

namespace Cete.Web.Tests;

/// <summary>The page of nodes, and the same for programs.</summary>
public sealed class NodesPageTests
{
    private static readonly DateTimeOffset Started = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(3.2);

    private static readonly NodeStatus Known = new(
        Site.Community, "self", "1.2.3", [new ServiceStatus("tracker", true, 1_234, null, 5, 1_234, 2), new ServiceStatus("index", false, 9, "no <room>")],
        "first", "community", Started, ["tracker", "index"],
        [new FindingInfo("roster.keepers", "warning", "not yet fault tolerant", "let more nodes in"), new FindingInfo("groups", "problem", "it <stands>")],
        new ProcessInfo(7, 123, 4, 1.5, 200 << 20, 50 << 20), new DiskInfo("/srv/cete", 3L << 30, 9L << 30),
        new FabricInfo("0.0.0.0:2384", ["10.0.0.1:2384"], 1), new RosterInfo(12, 1, 0),
        [
            Member("self", "first", "alive") with { RoundTripMicroseconds = null },
            Member("b", "Badger <b>\u202e&", "suspect"), Member("c", string.Empty, "dead"), Member("d", "gone", "left"),
        ],
        new LoadSeries(10, Started, [0, 500, 1_000, 250], [0, 1, 2, 3], [1, 2, 3, 4], [-1, 5, 6, 7]));

    private static NodeInfo Member(string id, string name, string state) => new(
        id, name, state, ["share", "cache"], ["http://127.0.0.1:1/"], "1.2.3", 420, 12_340, "direct", [], Started, new DateTimeOffset(2027, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public async Task Each_node_is_a_row_with_its_state_in_words()
    {
        await using var site = await Site.StartAsync(report: new GivenReport(Known));
        var page = await site.GetAsync("/nodes");
        Assert.Equal((200, "Nodes"), (page.Status, page.Heading));
        Assert.Equal("2 of 4 nodes are there.", page.Of("p", "summary").Single().Value);
        Assert.Equal(["alive", "does not answer", "gone", "has left"], page.Rows.Select(row => Cell(row, "State")));
        Assert.Equal(["–", "12.3 ms", "–", "–"], page.Rows.Select(row => Cell(row, "Round trip")));
        Assert.Equal(["42 %", "42 %", "–", "–"], page.Rows.Select(row => Cell(row, "Load")));
        Assert.Equal("3 days", Cell(page.Rows[1], "Uptime"));
        Assert.Equal("2027-01-02", Cell(page.Rows[3], "Certificate ends"));
        Assert.Equal("share, cache", Cell(page.Rows[1], "Roles"));
        Assert.Contains("first (this one)", page.Rows[0].Value, StringComparison.Ordinal);

        // What turns the line around it is shown by its number, as everywhere.
        Assert.Contains("Badger <b>", page.Rows[1].Value, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', page.Text);
        Assert.Contains("without a name", page.Rows[2].Value, StringComparison.Ordinal);
        Assert.Equal("page", page.All("nav").Elements("a").Single(link => link.Value == "Nodes").Attribute("aria-current")!.Value);
    }

    [Fact]
    public async Task This_node_is_described_and_its_load_is_drawn_and_said()
    {
        await using var site = await Site.StartAsync(report: new GivenReport(Known));
        var page = await site.GetAsync("/nodes");
        Assert.Equal("357,47 358,24 359,1 360,35.5", page.All("polyline").Single().Attribute("points")!.Value);
        Assert.Equal(
            "Load over the last 40 seconds: 25 % now, 0 % to 100 %", page.Of("svg", "load-line").Single().Attribute("aria-label")!.Value);
        var facts = page.Of("dl", "details").Single().Elements("div")
            .ToDictionary(row => row.Element("dt")!.Value.Trim(), row => row.Element("dd")!.Value.Trim());
        Assert.Equal("version 12, kept by 1 node: not yet fault tolerant", facts["Roster"]);
        Assert.Equal("root, 1,234 commands applied, term 5, level 2", facts["Group tracker"]);
        Assert.Equal("stands still: no <room>", facts["Group index"]);
        Assert.Equal("3.0 GiB of 9.0 GiB free for /srv/cete", facts["Disk"]);
        Assert.Equal("12 % of 4 processors", facts["Processor"]);
        Assert.Equal(
            ["Warning: not yet fault tolerant – let more nodes in.", "Problem: it <stands>."], page.Of("p", "notice").Select(notice => notice.Value));
    }

    [Fact]
    public async Task A_node_of_which_little_is_known_has_a_page_too()
    {
        await using var site = await Site.StartAsync();
        var page = await site.GetAsync("/nodes");
        Assert.Equal(200, page.Status);
        Assert.Empty(page.Rows);
        Assert.Contains("Group index", page.Text.Replace("<bdi>", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_the_same_as_JSON_and_old_ones_still_understand_it()
    {
        await using var site = await Site.StartAsync(report: new GivenReport(Known));
        var answer = await site.GetAsync(Routes.Status);
        var status = JsonSerializer.Deserialize(answer.Text, ApiJson.Default.NodeStatus)!;
        Assert.Equal(Known.Node, status.Node);
        Assert.Equal(Known.Members, status.Members, (a, b) => a.Id == b.Id && a.State == b.State && a.RoundTripMicroseconds == b.RoundTripMicroseconds);
        Assert.Equal(Known.History!.Load, status.History!.Load);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        var doctor = JsonSerializer.Deserialize((await site.GetAsync(Routes.Doctor)).Text, ApiJson.Default.DoctorAnswer)!;
        Assert.Equal(Known.Findings, doctor.Findings);

        var old = JsonSerializer.Deserialize("""{"community":"c","node":"n","version":"0.1.0","services":[]}""", ApiJson.Default.NodeStatus)!;
        Assert.Null(old.Members);
    }

    private static string Cell(XElement row, string column) =>
        row.Elements().Single(cell => cell.Attribute("data-column")?.Value == column).Value.Trim();
}
