using System.Text.Json;

namespace Cete.Program.Tests;

public sealed class NodeTests : IDisposable
{
    private static readonly string[] Groups = ["index", "tracker"];

    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(20);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CreatedStoppedStartedKilledItKeepsEverything()
    {
        var file = _folder.Write("in/file", 700_000, 1);
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        (await node.CeteAsync("put", _folder.At("in"))).Ended(0);

        Assert.Contains("in use by another process", (await NodeAsync()).Ended(4).Error, StringComparison.Ordinal);
        var port = await CeteProcess.RunAsync(["node", "--create", "x", "--data", _folder.At("second"), "--http", $"127.0.0.1:{node.Address.Port}"]);
        Assert.Contains("in use by another program", port.Ended(4).Error, StringComparison.Ordinal);

        foreach (var signal in new[] { CeteProcess.Terminate, CeteProcess.Interrupt, CeteProcess.Kill })
        {
            var began = TimeProvider.System.GetTimestamp();
            Assert.Equal(signal == CeteProcess.Kill ? 128 + signal : 0, (await node.EndAsync(signal)).Code);
            Assert.True(TimeProvider.System.GetElapsedTime(began) < StopBound);
            await node.RestartAsync();
            _folder.Write($"in/after {signal}", 1_000, (ulong)signal);
            (await node.CeteAsync("put", _folder.At("in"))).Ended(0);
        }

        // What was said to be filed is filed, however the node ends.
        await node.EndAsync(CeteProcess.Kill);
        Assert.Contains("holds a node of the community 'cooks' already", (await NodeAsync("--create", "others")).Ended(4).Error, StringComparison.Ordinal);
        await node.RestartAsync();
        (await node.CeteAsync("get", "/in", "--to", _folder.At("out"))).Ended(0);
        Assert.Equal(Disk.List(_folder.At("in")), Disk.List(_folder.At("out", "in")));
        Disk.AssertSame(file, _folder.At("out", "in", "file"));
    }

    [Fact]
    public async Task AFolderThatHoldsNoNodeOrSomethingElseIsRefused()
    {
        Assert.Contains("does not exist", (await NodeAsync()).Ended(3).Error, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.At("node"));
        Assert.Contains("holds no node", (await NodeAsync()).Ended(3).Error, StringComparison.Ordinal);
        _folder.WriteText("node/thesis.txt", "x");
        Assert.Contains("is not empty", (await NodeAsync("--create", "cooks")).Ended(4).Error, StringComparison.Ordinal);
        Assert.Equal("x", File.ReadAllText(_folder.At("node", "thesis.txt")));
        _folder.WriteText("file", "x");
        AssertClear(await CeteProcess.RunAsync(["node", "--create", "cooks", "--data", _folder.At("file")]));
    }

    [Theory]
    [InlineData("{\"format\":99,\"community\":\"c\",\"node\":\"n\"}", 4, "newer")]
    [InlineData("{\"format\":1,\"community\":\"c\"}", 6, "damaged")]
    [InlineData("{\"format\":1,\"comm", 6, "damaged")]
    [InlineData("", 6, "damaged")]
    [InlineData("null", 6, "damaged")]
    [InlineData("{\"format\":\"1\",\"community\":[],\"node\":{}}", 6, "damaged")]
    public async Task FactsThatCannotBeReadAreSaid(string facts, int code, string word)
    {
        _folder.WriteText("node/cete.json", facts);
        Assert.Contains(word, (await NodeAsync()).Ended(code).Error, StringComparison.Ordinal);
        Assert.Contains(word, (await NodeAsync("--create", "cooks")).Ended(code).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADamagedLogOrDatabaseEndsClearlyOrIsMended()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        for (var i = 0; i < 5; i++)
        {
            _folder.Write($"in/{i}", 1_000, (ulong)i);
            (await node.CeteAsync("put", _folder.At("in"))).Ended(0);
        }

        await node.EndAsync(CeteProcess.Kill);
        await node.Process.DisposeAsync();
        foreach (var group in Groups)
        {
            Assert.Equal(0, await Disk.RunAsync("cp", "-r", node.Data, _folder.At(group)));
        }

        var log = Directory.EnumerateFiles(Path.Combine(node.Data, "log")).Single(path => path.EndsWith(".seg", StringComparison.Ordinal));
        var used = File.ReadAllBytes(log).AsSpan().LastIndexOfAnyExcept((byte)0);
        Disk.Flip(log, used / 2);
        await StartsWithAllOrEndsClearlyAsync(node.Data);

        foreach (var group in Groups)
        {
            var store = Directory.EnumerateFiles(_folder.At(group, "groups", group), "store.db", SearchOption.AllDirectories).Single();
            File.Delete(store + "-wal");
            File.Delete(store + "-shm");
            _folder.Write(Path.GetRelativePath(_folder.Path, store), 50_000, 99);
            await StartsWithAllOrEndsClearlyAsync(_folder.At(group));
        }
    }

    [Fact]
    public async Task TheReadyLineTellsWhereItIsAndWhoItIs()
    {
        await using var node = await TestNode.CreateAsync(_folder.At("node"));
        using var line = JsonDocument.Parse(await node.Process.FirstLine);
        Assert.Equal("cooks", line.RootElement.GetProperty("community").GetString());
        Assert.True(node.Address.IsLoopback && node.Address.Port > 0);
        await using var plain = CeteProcess.Start(["node", "--create", "a b", "--data", _folder.At("plain"), "--http", "[::1]:0"]);
        var first = await plain.FirstLine;
        if (first.Length == 0)
        {
            AssertClear(await plain.EndAsync());
            return;
        }

        Assert.Contains("of community 'a b' is ready", first, StringComparison.Ordinal);
        plain.Signal(CeteProcess.Interrupt);
        (await plain.EndAsync()).Ended(0);
    }

    private static async Task StartsWithAllOrEndsClearlyAsync(string data)
    {
        await using var run = CeteProcess.Start(["node", "--data", data, "--http", "127.0.0.1:0", "--json"]);
        var line = await run.FirstLine;
        if (line.Length == 0)
        {
            var ran = (await run.EndAsync()).Ended(6);
            Assert.Contains("damaged", ran.Error, StringComparison.OrdinalIgnoreCase);
            return;
        }

        var address = JsonDocument.Parse(line).RootElement.GetProperty("address").GetString()!;
        Assert.Equal(5, (await CeteProcess.RunAsync(["ls", "/in", "--json", "--node", address])).Ended(0).Lines.Count);
    }

    private static void AssertClear(Ran ran)
    {
        Assert.InRange(ran.Code, 2, 9);
        Assert.StartsWith("cete: ", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("mistake of the program", ran.Error, StringComparison.Ordinal);
    }

    private Task<Ran> NodeAsync(params string[] more) => CeteProcess.RunAsync(["node", "--data", _folder.At("node"), "--http", "127.0.0.1:0", .. more]);
}
