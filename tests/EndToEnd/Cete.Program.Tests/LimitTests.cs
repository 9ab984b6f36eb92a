using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>What a user lets his agent use: at once, kept for later, and said clearly where it makes no sense.</summary>
public sealed class LimitTests : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private readonly TempFolder _folder = new();

    private string Kept => Path.Combine(_folder.At("s"), "agent", "limits.json");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task TheyAreKeptOverAStopAndHoldAtOnce()
    {
        // Without an agent they are kept for the next one.
        Assert.Contains("the next one keeps to this", (await LimitsAsync("--up", "2MiB", "--slots", "3")).Ended(0).Out, StringComparison.Ordinal);
        (await CeteAsync("downloads")).Ended(0);
        var status = (await CeteAsync("agent", "status", "--json")).Ended(0).Json;
        Assert.Equal((2L << 20, 0, 3, true), StatusOf(status));

        // A running one changes at once; what is not said stays.
        (await LimitsAsync("--down", "10MiB", "--share", "off")).Ended(0);
        (await LimitsAsync("--at", "00:00-24:00", "--up", "500KiB")).Ended(0);
        Assert.Equal((500L << 10, 10L << 20, 3, false), StatusOf((await CeteAsync("agent", "status", "--json")).Ended(0).Json));
        Assert.Contains("of 500.0 KiB/s", (await CeteAsync("agent", "status")).Ended(0).Out, StringComparison.Ordinal);
        Assert.Contains("no rule 2", (await LimitsAsync("--remove", "2")).Ended(3).Error, StringComparison.Ordinal);

        await StopAsync();
        (await CeteAsync("downloads")).Ended(0);
        Assert.Equal((500L << 10, 10L << 20, 3, false), StatusOf((await CeteAsync("agent", "status", "--json")).Ended(0).Json));
        var shown = (await LimitsAsync()).Ended(0).Out;
        Assert.Contains("1  00:00-24:00", shown, StringComparison.Ordinal);
        Assert.Contains("not given back", shown, StringComparison.Ordinal);
        (await LimitsAsync("--clear-schedule", "--down", "none")).Ended(0);
        var json = (await LimitsAsync("--json")).Ended(0).Json;
        Assert.Equal((2L << 20, 0), (json.GetProperty("up").GetInt64(), json.GetProperty("down").GetInt64()));
        Assert.True(json.GetProperty("isRunning").GetBoolean());
    }

    [Fact]
    public async Task ADownloadKeepsToThemAndFlowsWhenTheyAreLifted()
    {
        const long length = 16L << 20;
        var path = _folder.Write("film", length, 1);
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await node.CeteAsync("put", path)).Ended(0);
        (await LimitsAsync("--down", "64KiB")).Ended(0);
        var output = _folder.At("out");
        (await CeteAsync("get", "/film", "--node", node.Address.AbsoluteUri, "--to", output, "--no-share", "--detach")).Ended(0);
        await Eventually.TrueAsync(async () => (await JobAsync()).GetProperty("progress").GetProperty("done").GetInt64() > 0, "something came", Bound);

        // At this rate it takes four minutes.
        var job = await JobAsync();
        Assert.Equal("Running", job.GetProperty("state").GetString());
        Assert.InRange(job.GetProperty("progress").GetProperty("done").GetInt64(), 1, length - 1);
        (await LimitsAsync("--down", "none")).Ended(0);
        await Eventually.TrueAsync(async () => (await JobAsync()).GetProperty("state").GetString() == "Done", "it is there", Bound);
        Disk.AssertSame(path, Path.Combine(output, "film"));
    }

    [Fact]
    public async Task WhereItListensIsNamedAndWhatIsNotThereIsSaid()
    {
        Assert.Contains("no interface 'nothing7'", (await LimitsAsync("--listen", "nothing7")).Ended(3).Error, StringComparison.Ordinal);
        Assert.Contains("no address of this machine", (await LimitsAsync("--listen", "192.0.2.1:4000")).Ended(3).Error, StringComparison.Ordinal);
        Assert.Contains("ends with no port", (await LimitsAsync("--listen", "127.0.0.1:none")).Ended(2).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Kept));
        (await CeteAsync("downloads")).Ended(0);
        Assert.Contains("starts the next time", (await LimitsAsync("--listen", "127.0.0.1")).Ended(0).Out, StringComparison.Ordinal);
        await StopAsync();
        (await CeteAsync("downloads")).Ended(0);
        var address = (await CeteAsync("agent", "status", "--json")).Ended(0).Json.GetProperty("address").GetString();
        Assert.StartsWith("127.0.0.1:", address, StringComparison.Ordinal);

        // An interface that is gone keeps it from starting, with words for it and a way out.
        await StopAsync();
        File.WriteAllText(Kept, """{"listen":"gone0"}""");
        Assert.Contains("no interface 'gone0'", (await CeteAsync("downloads")).Ended(3).Error, StringComparison.Ordinal);
        (await LimitsAsync("--listen", "any")).Ended(0);
        (await CeteAsync("downloads")).Ended(0);
    }

    [Fact]
    public async Task WhatIsDamagedIsNamedAndWhatMakesNoSenseRefused()
    {
        (await LimitsAsync("--up", "1MiB")).Ended(0);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept));
        }

        foreach (var text in (string[])["{\"up\": 1", "null", "{\"slots\": -4}", "{\"rules\": [null]}", "{\"listen\": null}", "[]", "{\"up\": \"fast\"}"])
        {
            File.WriteAllText(Kept, text);
            foreach (var verb in (string[][])[["agent", "limits"], ["agent", "limits", "--up", "2MiB"], ["downloads"], ["agent", "run"]])
            {
                var error = (await CeteAsync(verb)).Ended(6).Error;
                Assert.Contains(Kept, error, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
            }
        }

        File.Delete(Kept);
        foreach (var wrong in (string[][])
            [
                ["--up", "fast"], ["--down", "-1"], ["--slots", "x"], ["--slots", "1001"], ["--share", "maybe"], ["--at", ""], ["--remove", "none"],
                ["--up", "1KiB"], ["--at", "noon", "--up", "1MiB"], ["--at", "mon-fri 08:00-18:00"],
            ])
        {
            Assert.Empty((await LimitsAsync(wrong)).Ended(2).Out);
        }

        Assert.False(File.Exists(Kept));
        Assert.Contains("  cete agent limits --up", (await CeteAsync("agent", "limits", "--help")).Ended(0).Out, StringComparison.Ordinal);
    }

    private static (long Up, long Down, int Slots, bool Share) StatusOf(JsonElement status) => (
        status.GetProperty("up").GetInt64(), status.GetProperty("down").GetInt64(), status.GetProperty("slots").GetInt32(),
        status.GetProperty("share").GetBoolean());

    private Task<Ran> LimitsAsync(params string[] arguments) => CeteAsync(["agent", "limits", .. arguments]);

    private Task<Ran> CeteAsync(params string[] arguments) =>
        CeteProcess.RunAsync(arguments, variables: new Dictionary<string, string> { ["CETE_SETTINGS"] = _folder.At("s"), ["CETE_AGENT"] = "on" });

    private async Task<JsonElement> JobAsync() => (await CeteAsync("downloads", "--json")).Ended(0).Lines[^1];

    private async Task StopAsync()
    {
        await CeteAsync("agent", "stop");
        await Eventually.TrueAsync(async () => (await CeteAsync("agent", "status")).Code != 0, "the agent ends", Bound);
    }
}
