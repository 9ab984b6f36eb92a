using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary><c>cete status</c> and <c>cete doctor</c>, as people and scripts use them.</summary>
[Collection(NodeCollection.Name)]
public sealed class StatusTests(SharedNode shared)
{
    private readonly TestNode _node = shared.Node;

    [Fact]
    public async Task Status_says_how_the_node_stands()
    {
        var shown = (await _node.CeteAsync("status")).Ended(0).Out;
        foreach (var part in new[] { "Community 'cooks'", "tracker: root", "index: root", "not yet fault tolerant", "(asked)", "alive", "GiB free" })
        {
            Assert.Contains(part, shown, StringComparison.Ordinal);
        }

        // In a pipe a row is a line, however many roles stand in it.
        var row = Assert.Single(shown.Split('\n'), line => line.Contains("(asked)", StringComparison.Ordinal));
        Assert.Contains("accounts,bank,cache,index,services,share,tracker", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_for_scripts_has_all_of_it()
    {
        var status = (await _node.CeteAsync("status", "--json")).Ended(0).Json;
        Assert.Equal(1, status.GetProperty("roster").GetProperty("keepers").GetInt32());
        Assert.Equal(0, status.GetProperty("roster").GetProperty("failuresTolerated").GetInt32());
        Assert.True(status.GetProperty("process").GetProperty("residentBytes").GetInt64() > 1 << 20);
        Assert.True(status.GetProperty("process").GetProperty("cpuSeconds").GetDouble() > 0);
        Assert.True(status.GetProperty("disk").GetProperty("totalBytes").GetInt64() > 1 << 20);
        Assert.Equal(_node.Process.Id, status.GetProperty("process").GetProperty("id").GetInt32());
        var services = status.GetProperty("services").EnumerateArray().Select(group => group.GetProperty("service").GetString()!);
        Assert.Equal(["accounts", "bank", "index", "services", "tracker"], services.Order());
        Assert.Equal(status.GetProperty("node").GetString(), status.GetProperty("members")[0].GetProperty("id").GetString());
        Assert.Equal(10, status.GetProperty("history").GetProperty("intervalSeconds").GetInt32());
    }

    [Fact]
    public async Task The_load_is_kept_over_time()
    {
        await Eventually.TrueAsync(
            () => Get("/api/status").GetProperty("history").GetProperty("load").GetArrayLength() > 0, "a sample of the load is taken");
        Assert.Contains("over time", (await _node.CeteAsync("status")).Ended(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_finds_what_is_so_and_how_it_is_mended()
    {
        var ran = await _node.CeteAsync("doctor", "--json");
        var findings = ran.Json.GetProperty("findings").EnumerateArray().ToDictionary(finding => finding.GetProperty("check").GetString()!);
        foreach (var check in new[] { "reachable", "clock", "disk.free", "disk.writable", "disk.speed", "certificate", "versions", "web.tls", "log.size" })
        {
            Assert.Contains(check, findings.Keys);
        }

        Assert.Equal("warning", findings["roster.keepers"].GetProperty("level").GetString());
        Assert.Contains("cete token create", findings["roster.keepers"].GetProperty("mend").GetString(), StringComparison.Ordinal);
        Assert.Equal(findings.Values.Any(finding => finding.GetProperty("level").GetString() == "problem") ? 10 : 0, ran.Code);
        Assert.Empty(Directory.EnumerateFiles(_node.Data, "doctor*"));
        var shown = (await _node.CeteAsync("doctor")).Out;
        Assert.Contains("mend: ", shown, StringComparison.Ordinal);
        Assert.Contains("warnings.", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_cannot_be_written_to_is_a_problem()
    {
        // A folder in the place of the file that is to be written.
        var blocking = Directory.CreateDirectory(Path.Combine(_node.Data, "doctor.tmp"));
        try
        {
            await Eventually.TrueAsync(() => Level("disk.writable") == "problem", "the doctor sees that nothing can be written");
            var shown = (await _node.CeteAsync("doctor")).Ended(10).Out;
            Assert.StartsWith("problem  disk.writable", shown, StringComparison.Ordinal);
        }
        finally
        {
            blocking.Delete();
        }

        await Eventually.TrueAsync(() => Level("disk.writable") == "ok", "it sees that it can again");
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_said_with_what_to_do()
    {
        var ran = (await CeteProcess.RunAsync(["doctor", "--node", "http://127.0.0.1:1", "--json"])).Ended(5);
        var finding = ran.Json.GetProperty("findings")[0];
        Assert.Equal(("reachable", "problem"), (finding.GetProperty("check").GetString(), finding.GetProperty("level").GetString()));
        Assert.Contains("see whether the node runs", finding.GetProperty("mend").GetString(), StringComparison.Ordinal);
        (await CeteProcess.RunAsync(["status", "--node", "http://127.0.0.1:1"])).Ended(5);
    }

    private string Level(string check) => Get("/api/doctor").GetProperty("findings").EnumerateArray()
        .Single(finding => finding.GetProperty("check").GetString() == check).GetProperty("level").GetString()!;

    private JsonElement Get(string path)
    {
        using var client = new HttpClient();
        var text = client.GetStringAsync(new Uri(_node.Address, path), TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        return JsonDocument.Parse(text).RootElement.Clone();
    }
}

/// <summary>Numbers over time in one line.</summary>
public sealed class SparklineTests
{
    [Fact]
    public void Values_become_steps_and_of_several_in_one_place_the_highest_is_drawn()
    {
        Assert.Equal("▁▂▅█", App.Output.Sparkline.Draw([0, 125, 500, 1_000], 1_000, 60));
        Assert.Equal("█▁", App.Output.Sparkline.Draw([0, 2_000, 0, 1], 1_000, 2));
        Assert.Equal(string.Empty, App.Output.Sparkline.Draw([], 1_000, 60));
        Assert.Equal(60, App.Output.Sparkline.Draw([.. Enumerable.Range(0, 361)], 360, 60).Length);
    }
}
