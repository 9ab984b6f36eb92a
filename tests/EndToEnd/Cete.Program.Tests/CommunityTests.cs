using System.Text.Json;
using Cete.Testing;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>Communities of several nodes, each a process of its own.</summary>
public sealed class CommunityTests : IDisposable
{
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
        var id = await IdAsync(first, "third");

        (await AdministerAsync(first, "community", "remove", id, "--reason", "test")).Ended(0);
        await Eventually.TrueAsync(() => CountAsync(first).Result == 2 && CountAsync(second).Result == 2, "two are left");
        Assert.Contains("already", (await AdministerAsync(first, "community", "remove", id)).Ended(0).Out, StringComparison.Ordinal);
        (await AdministerAsync(first, "community", "readmit", id)).Ended(0);
        await SameListAsync(3, first, second, third);
    }

    [Fact]
    public async Task TokensThatDoNotCountLetNobodyIn()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        var token = await TokenAsync(first);
        await using var second = await TestNode.StartAsync(_folder.At("second"), ["--token", token, .. Local]);

        await RefusedAsync(token, "has let in all");
        await RefusedAsync(token[..^4], "damaged");
        await RefusedAsync("hello", "this is not a token");
        Assert.Contains("takes a token", (await RunAsync("--join", "127.0.0.1:1")).Ended(2).Error, StringComparison.Ordinal);

        var revoked = await TokenAsync(first);
        var id = (await AdministerAsync(first, "token", "list", "--json")).Ended(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).Single(known => known.GetProperty("state").GetString() == "usable");
        (await AdministerAsync(first, "token", "revoke", id.GetProperty("id").GetString()!)).Ended(0);
        await RefusedAsync(revoked, "revoked");

        await using var other = await TestNode.CreateAsync(_folder.At("other"), Local);
        var foreign = await TokenAsync(other);
        await other.EndAsync(CeteProcess.Kill);
        using var ready = JsonDocument.Parse(await first.Process.FirstLine);
        var refused = await RunAsync("--token", foreign, "--join", ready.RootElement.GetProperty("fabric").GetString()!);
        Assert.NotEqual(0, refused.Code);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.At("joining"), "cete.json")));
    }

    /// <summary>The address that a user knows is that of the first node; the others the client learned of in passing.</summary>
    [Fact]
    public async Task AClientGoesOnWithAnyNodeThatItEverHeardOf()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), Local);
        await using var second = await JoinAsync(first, "second");
        await SameListAsync(2, first, second);
        await second.EndAsync(CeteProcess.Kill);
        await using var third = await JoinAsync(first, "third");
        await SameListAsync(2, first, third);
        await first.EndAsync(CeteProcess.Kill);

        var by = await first.CeteAsync("servers", "--json");
        Assert.Contains(third.Address.ToString(), by.Ended(0).Error, StringComparison.Ordinal);
        Assert.Contains("\"third\"", by.Out, StringComparison.Ordinal);

        // Years later: of all that the client heard of, the one is back that was gone first.
        await third.EndAsync(CeteProcess.Kill);
        Assert.Contains("no node answers", (await first.CeteAsync("servers")).Error, StringComparison.Ordinal);
        await second.RestartAsync();
        Assert.Contains(second.Address.ToString(), (await first.CeteAsync("servers")).Ended(0).Error, StringComparison.Ordinal);
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

    private static async Task<int> CountAsync(TestNode node) => (await AliveAsync(node)).Count;

    private Task<TestNode> JoinAsync(TestNode by, string name) => Community.JoinAsync(by, _folder, name);

    private async Task RefusedAsync(string token, string says)
    {
        var ran = await RunAsync("--token", token);
        Assert.NotEqual(0, ran.Code);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(params string[] arguments) =>
        CeteProcess.RunAsync(["node", "--data", _folder.At("joining"), "--http", "127.0.0.1:0", .. arguments]);
}
