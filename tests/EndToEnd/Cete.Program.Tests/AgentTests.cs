using System.Text.Json;
using Cete.Swarm;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>The process that carries a user's downloads out: one for all terminals, and what it was told survives it.</summary>
public sealed class AgentTests : IAsyncDisposable
{
    private const long Length = 128L << 20;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private readonly TempFolder _folder = new();

    private string Settings => _folder.At("s");

    public async ValueTask DisposeAsync()
    {
        await AsUserAsync("agent", "stop");
        await Eventually.TrueAsync(async () => (await AsUserAsync("agent", "status")).Code != 0, "the agent ends", Bound);
        _folder.Dispose();
    }

    [Fact]
    public async Task ADownloadGoesOnAfterTheAgentIsKilled()
    {
        var path = _folder.Write("film", Length, 1);
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await node.CeteAsync("put", path)).Ended(0);
        var output = _folder.At("out");
        var left = (await GetAsync(node, "/film", "--to", output, "--detach", "--json")).Ended(0).Json;
        Assert.Equal(1, left.GetProperty("id").GetInt64());
        await Eventually.TrueAsync(() => Disk.PiecesIn(output, Length) > 3 || File.Exists(Path.Combine(output, "film")), "pieces came", Bound);
        var process = (await AsUserAsync("agent", "status", "--json")).Ended(0).Json.GetProperty("process").GetInt32();
        Signals.Send(process, CeteProcess.Kill);
        await Eventually.TrueAsync(async () => (await AsUserAsync("agent", "status")).Code != 0, "the agent is gone", Bound);

        // Whoever looks for it starts another one, which goes on.
        var done = await EndedAsync(1);
        Assert.Equal("Done", done.GetProperty("state").GetString());
        Disk.AssertSame(path, Path.Combine(output, "film"));
        Assert.NotEqual(process, (await AsUserAsync("agent", "status", "--json")).Ended(0).Json.GetProperty("process").GetInt32());

        // Asked for again from another terminal it is there already; the list shows both until it is cleared.
        Assert.Contains("1 were there already", (await GetAsync(node, "/film", "--to", output)).Ended(0).Out, StringComparison.Ordinal);
        Assert.Equal(2, (await AsUserAsync("downloads", "clear", "--json")).Ended(0).Number("forgotten"));
        Assert.Empty((await AsUserAsync("downloads")).Ended(0).Out);
    }

    [Fact]
    public async Task WhoeverStopsWaitingPausesItAndTheSameCommandGoesOn()
    {
        var path = _folder.Write("film", Length, 1);
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await node.CeteAsync("put", path)).Ended(0);
        var output = _folder.At("out");
        await using (var waiting = CeteProcess.Start(["get", "/film", "--to", output, "--json", "--node", node.Address.AbsoluteUri], variables: Variables()))
        {
            await Eventually.TrueAsync(() => Disk.PiecesIn(output, Length) > 3 || waiting.HasExited, "pieces came", Bound);
            waiting.Signal(CeteProcess.Interrupt);
            var ran = await waiting.EndAsync();
            if (ran.Code != 0)
            {
                Assert.Equal(130, ran.Code);
            }

            // The last pieces may come while it is told to wait no longer.
            if ((await JobAsync(1)).GetProperty("state").GetString() is { } state and not "Done")
            {
                Assert.Equal("Paused", state);

                // Paused it stays, also when the agent is another one.
                (await AsUserAsync("agent", "stop")).Ended(0);
                Assert.Equal("Paused", (await JobAsync(1)).GetProperty("state").GetString());
                Assert.False(File.Exists(Path.Combine(output, "film")));
            }
        }

        var last = (await GetAsync(node, "/film", "--to", output, "--json")).Ended(0);
        Assert.InRange(last.Number("fetchedBytes"), 0, Length - (2L * PieceLengths.Shortest));
        Disk.AssertSame(path, Path.Combine(output, "film"));
    }

    [Fact]
    public async Task WhatFailsIsSaidAsWithoutItAndCanBeTriedAgain()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        var output = _folder.At("out");
        var refused = (await GetAsync(node, "/nothing", "--to", output)).Ended(3);
        Assert.Equal((await node.CeteAsync("get", "/nothing", "--to", output)).Ended(3).Error, refused.Error);
        Assert.Equal("Failed", (await JobAsync(1)).GetProperty("state").GetString());
        Assert.Contains("there is no download 7", (await AsUserAsync("downloads", "pause", "7")).Ended(3).Error, StringComparison.Ordinal);
        Assert.Contains("is failed", (await AsUserAsync("downloads", "pause", "1")).Ended(4).Error, StringComparison.Ordinal);

        // It is there by now.
        (await node.CeteAsync("put", _folder.Write("nothing", 1_000, 1))).Ended(0);
        (await AsUserAsync("downloads", "resume", "1")).Ended(0);
        Assert.Equal("Done", (await EndedAsync(1)).GetProperty("state").GetString());
        Disk.AssertSame(_folder.At("nothing"), Path.Combine(output, "nothing"));
    }

    [Fact]
    public async Task ItIsItsUsersAloneAndThereIsOne()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("files have no modes there");
            return;
        }

        (await AsUserAsync("downloads")).Ended(0);
        var folder = Path.Combine(Settings, "agent");
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(owner, File.GetUnixFileMode(folder));
        Assert.Contains("runs already", (await AsUserAsync("agent", "run")).Ended(4).Error, StringComparison.Ordinal);
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await GetAsync(node, "/nothing", "--to", _folder.At("out"))).Ended(3);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "jobs")))
        {
            Assert.Equal(owner & ~UnixFileMode.UserExecute, File.GetUnixFileMode(file));
        }

        // A damaged note of a download is left out, and keeps nothing from starting.
        (await AsUserAsync("agent", "stop")).Ended(0);
        await Eventually.TrueAsync(async () => (await AsUserAsync("agent", "status")).Code != 0, "the agent ends", Bound);
        File.WriteAllText(Path.Combine(folder, "jobs", "000000009.json"), "{\"id\": 9");
        Assert.Single((await AsUserAsync("downloads", "--json")).Ended(0).Lines);
    }

    [Fact]
    public async Task WithoutRoomForItsSocketItSaysSo()
    {
        var deep = Path.Combine(_folder.At("deep"), new string('d', 120));
        var ran = await CeteProcess.RunAsync(["downloads"], variables: new Dictionary<string, string> { ["CETE_SETTINGS"] = deep });
        Assert.Contains("too long for the name of a socket", ran.Ended(2).Error, StringComparison.Ordinal);
    }

    private Dictionary<string, string> Variables() => new() { ["CETE_SETTINGS"] = Settings, ["CETE_AGENT"] = "on" };

    private Task<Ran> AsUserAsync(params string[] arguments) => CeteProcess.RunAsync(arguments, variables: Variables());

    private Task<Ran> GetAsync(TestNode node, params string[] arguments) => AsUserAsync(["get", "--node", node.Address.AbsoluteUri, .. arguments]);

    private async Task<JsonElement> JobAsync(long id) =>
        (await AsUserAsync("downloads", "--json")).Ended(0).Lines.Single(job => job.GetProperty("id").GetInt64() == id);

    private async Task<JsonElement> EndedAsync(long id)
    {
        JsonElement job = default;
        await Eventually.TrueAsync(
            async () =>
            {
                job = await JobAsync(id);
                return job.GetProperty("state").GetString() is "Done" or "Failed";
            },
            "the download ends", Bound);
        return job;
    }
}
