using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>Communities of several nodes, each a process of its own.</summary>
public sealed class CommunityTests : IDisposable
{
    private static readonly string[] Local = ["-D", "cete.fabric.preset=local", "--fabric", "127.0.0.1:0"];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ThreeNodesHaveOneListOfServersAlsoAfterOneIsKilledAndComesBack()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var second = await JoinAsync(first, "second");
        await using var third = await JoinAsync(first, "third");
        await SameListAsync(3, first, second, third);

        // A node without a replica of the index sends on whoever asks it.
        _folder.Write("in/file", 1_000, 1);
        (await first.CeteAsync("put", _folder.At("in"))).Ended(0);
        Assert.Contains("file", (await second.CeteAsync("ls", "-r", "/")).Ended(0).Out, StringComparison.Ordinal);

        await second.EndAsync(CeteProcess.Kill);
        await SameListAsync(2, first, third);
        await second.RestartAsync();
        await SameListAsync(3, first, second, third);
        (await third.EndAsync(CeteProcess.Terminate)).Ended(0);
        await SameListAsync(2, first, second);
        Assert.Contains("left", (await first.CeteAsync("servers")).Ended(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARemovedNodeIsRefusedByAllAndComesBackWhenItIsReadmitted()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var second = await JoinAsync(first, "second");
        await using var third = await JoinAsync(first, "third");
        await SameListAsync(3, first, second, third);
        var id = (await first.ServersAsync()).GetProperty("nodes").EnumerateArray()
            .Single(node => node.GetProperty("name").GetString() == "third").GetProperty("id").GetString()!;

        (await first.OnAsync("community", "remove", id, "--reason", "test")).Ended(0);
        await Eventually.TrueAsync(() => CountAsync(first).Result == 2 && CountAsync(second).Result == 2, "two are left");
        Assert.Contains("already", (await first.OnAsync("community", "remove", id)).Ended(0).Out, StringComparison.Ordinal);
        (await first.OnAsync("community", "readmit", id)).Ended(0);
        await SameListAsync(3, first, second, third);
    }

    [Fact]
    public async Task TokensThatDoNotCountLetNobodyIn()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        var token = await first.TokenAsync();
        await using var second = await TestNode.StartAsync(_folder.At("second"), ["--token", token, .. Local]);

        await RefusedAsync(token, "has let in all");
        await RefusedAsync(token[..^4], "damaged");
        await RefusedAsync("hello", "this is not a token");
        Assert.Contains("takes a token", (await RunAsync("--join", "127.0.0.1:1")).Ended(2).Error, StringComparison.Ordinal);

        var revoked = await first.TokenAsync();
        var id = (await first.OnAsync("token", "list", "--json")).Ended(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).Single(known => known.GetProperty("state").GetString() == "usable");
        (await first.OnAsync("token", "revoke", id.GetProperty("id").GetString()!)).Ended(0);
        await RefusedAsync(revoked, "revoked");

        await using var other = await TestNode.CreateAsync(_folder.At("other"), Local);
        var foreign = await other.TokenAsync();
        await other.EndAsync(CeteProcess.Kill);
        using var ready = JsonDocument.Parse(await first.Process.FirstLine);
        var refused = await RunAsync("--token", foreign, "--join", ready.RootElement.GetProperty("fabric").GetString()!);
        Assert.NotEqual(0, refused.Code);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.At("joining"), "cete.json")));
    }

    [Fact]
    public async Task TheListIsToldAgainWhenItChanges()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var watching = first.Start("servers", "--watch", "--json");
        Assert.Contains("cooks", await watching.FirstLine, StringComparison.Ordinal);
        await using var second = await JoinAsync(first, "second");
        await Eventually.TrueAsync(() => watching.OutputSoFar.Contains("\"second\"", StringComparison.Ordinal), "the newcomer was told of");
    }

    private static async Task<int> CountAsync(TestNode node) =>
        (await node.ServersAsync()).GetProperty("nodes").EnumerateArray().Count(known => known.GetProperty("state").GetString() == "alive");

    private static async Task SameListAsync(int nodes, params TestNode[] of)
    {
        var versions = new HashSet<string>();
        await Eventually.TrueAsync(
            () =>
            {
                versions = [.. of.Select(node => node.ServersAsync().Result.GetProperty("version").GetString()!)];
                return versions.Count == 1 && of.All(node => CountAsync(node).Result == nodes);
            },
            $"{of.Length} nodes have the same list with {nodes} nodes alive");
    }

    private async Task<TestNode> JoinAsync(TestNode by, string name) =>
        await TestNode.StartAsync(_folder.At(name), ["--token", await by.TokenAsync(), "--name", name, .. Local]);

    private async Task RefusedAsync(string token, string says)
    {
        var ran = await RunAsync("--token", token);
        Assert.NotEqual(0, ran.Code);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(params string[] arguments) =>
        CeteProcess.RunAsync(["node", "--data", _folder.At("joining"), "--http", "127.0.0.1:0", .. arguments]);
}
