using Cete.Web.Tests.Support;

namespace Cete.Web.Tests.Services;

/// <summary>Records are reported, hidden, shown and dismissed by forms and by the API.</summary>
public sealed class ModerationOfRecordsTests
{
    private const string Record = "/services/zoo/animals/1";
    private const string Queue = "/services/moderation";

    [Fact]
    public async Task A_report_leads_to_the_queue_and_back()
    {
        await using var site = await ServicePagesSite.StartAsync(Zoo.Text);
        using var ada = await site.OpenAsync("ada");
        using var eve = await site.OpenAsync("eve");
        using var guest = site.Accounts.Open();
        await site.MakeAsync("bob", Zoo.Name, "animals", ("name", Zoo.Script), ("story", Zoo.Script));
        Assert.DoesNotContain("Report it", (await guest.GetAsync(Record)).Text, StringComparison.Ordinal);
        Assert.Equal(403, (await eve.GetAsync(Queue)).Status);
        Assert.Equal(303, (await guest.GetAsync(Queue)).Status);
        var told = await eve.FollowAsync(await eve.SubmitAsync(await eve.GetAsync(Record), "report", ("reason", "It <b>bites</b>")));
        Assert.Contains("Thank you", told.Text, StringComparison.Ordinal);
        Assert.Contains("reported this record already", (await eve.SubmitAsync(told, "report", ("reason", "again"))).Text, StringComparison.Ordinal);

        var queue = await ada.GetAsync(Queue);
        queue.AssertWhole();
        Assert.Equal(Record, queue.LinkTo(Zoo.Script));
        Assert.Contains(queue.All("bdi"), text => text.Value == "It <b>bites</b>");
        queue = await ada.FollowAsync(await ada.SubmitAsync(queue, "hide", ("reason", "True")));
        Assert.Contains("It is hidden from all.", queue.Text, StringComparison.Ordinal);
        Assert.Equal(404, (await eve.GetAsync(Record)).Status);
        Assert.Contains(queue.All("bdi"), text => text.Value == "True");
        queue = await ada.FollowAsync(await ada.SubmitAsync(queue, "show", ("reason", "It is tame now")));
        queue.AssertWhole();
        Assert.Equal(["shown again", "hidden", "reported"], queue.Rows.Select(row => row.Elements("td").First().Value));
        var record = await eve.GetAsync(Record);
        record.AssertWhole();
        Assert.Contains("Why: True", record.All("small").Select(line => line.Value));
        Assert.Contains((await ada.GetAsync("/services")).All("a"), link => link.Attribute("href")!.Value == Queue);
        Assert.DoesNotContain((await eve.GetAsync("/services")).All("a"), link => link.Attribute("href")!.Value == Queue);
        Assert.Empty(site.Accounts.Site.Bugs);
    }

    [Fact]
    public async Task The_api_has_the_same()
    {
        await using var site = await ServicesSite.StartAsync();
        await site.PublishAsync("zoo", ServicesSite.Json(Zoo.Text));
        (await site.AskAsync("bob", "POST", "/api/services/zoo/records/animals", "{\"name\":\"Badger\"}")).Is(200);
        const string reports = "/api/services/zoo/records/animals/1/reports";
        (await site.AskAsync("", "POST", reports, "{\"reason\":\"x\"}")).Is(401);
        (await site.AskAsync("eve", "POST", reports, "{\"reason\":\"\"}")).Is(400);
        (await site.AskAsync("eve", "POST", reports, "{\"reason\":\"It bites\"}")).Is(200);
        (await site.AskAsync("eve", "POST", reports, "{\"reason\":\"It bites\"}")).Is(409);
        (await site.AskAsync("eve", "GET", "/api/services/moderation/reports")).Is(403);
        var open = (await site.AskAsync("ada", "GET", "/api/services/moderation/reports")).Is(200).Json.GetProperty("reports").EnumerateArray().Single();
        Assert.Equal(("zoo", "Badger", "It bites"), (Text(open, "service"), Text(open, "label"), Text(open, "reason")));
        (await site.AskAsync("eve", "DELETE", reports + "?reason=no")).Is(403);
        (await site.AskAsync("ada", "DELETE", reports + "?reason=no")).Is(200);
        (await site.AskAsync("ada", "POST", "/api/services/zoo/records/animals/1/hidden", "{\"reason\":\"True\"}")).Is(200);
        var hidden = (await site.AskAsync("ada", "GET", "/api/services/moderation/hidden")).Is(200).Json.GetProperty("records").EnumerateArray().Single();
        Assert.Equal(("animals", "True"), (Text(hidden, "kind"), Text(hidden, "reason")));
        var log = (await site.AskAsync("ada", "GET", "/api/services/moderation/log?limit=2")).Is(200).Json;
        Assert.Equal(["hide", "dismiss"], log.GetProperty("acts").EnumerateArray().Select(act => Text(act, "act")));
        Assert.NotNull(Text(log, "next"));
        (await site.AskAsync("ada", "DELETE", "/api/services/zoo/records/animals/1/hidden")).Is(200);
        var history = (await site.AskAsync("bob", "GET", "/api/services/zoo/records/animals/1/history")).Is(200).Json.GetProperty("changes");
        Assert.Contains(history.EnumerateArray(), change => change.TryGetProperty("reason", out var reason) && reason.GetString() == "True");
    }

    private static string? Text(System.Text.Json.JsonElement element, string name) => element.GetProperty(name).GetString();
}
