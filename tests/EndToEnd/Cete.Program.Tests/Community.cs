using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>What tests of communities of several processes do again and again.</summary>
internal static class Community
{
    /// <summary>Nodes of one machine that watch over each other eagerly.</summary>
    public static readonly string[] Local = ["-D", "cete.fabric.preset=local", "--fabric", "127.0.0.1:0"];

    /// <summary>Runs a verb as the administrator of the community that <paramref name="first"/> made.</summary>
    public static Task<Ran> AdministerAsync(TestNode first, params string[] arguments) =>
        CeteProcess.RunAsync([.. arguments, "--node", first.Address.AbsoluteUri, "--key", KeyOf(first)]);

    public static string KeyOf(TestNode first) => Path.Combine(first.Data, "trust", "administrator.pem");

    public static async Task<string> TokenAsync(TestNode first, string roles = "share,index") =>
        (await AdministerAsync(first, "token", "create", "--roles", roles, "--json")).Ended(0).Json.GetProperty("token").GetString()!;

    public static async Task<TestNode> JoinAsync(TestNode first, TempFolder folder, string name) =>
        await TestNode.StartAsync(folder.At(name), ["--token", await TokenAsync(first), "--name", name, .. Local]);

    public static async Task<JsonElement> ListAsync(TestNode node) =>
        JsonDocument.Parse((await node.CeteAsync("servers", "--json")).Ended(0).Out).RootElement;

    /// <summary>Nodes that a node sees alive, by name.</summary>
    public static async Task<IReadOnlyList<string>> AliveAsync(TestNode node) =>
        [.. (await ListAsync(node)).GetProperty("nodes").EnumerateArray().Where(known => known.GetProperty("state").GetString() == "alive")
            .Select(known => known.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)];

    public static async Task<string> IdAsync(TestNode by, string name) =>
        (await ListAsync(by)).GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("name").GetString() == name).GetProperty("id").GetString()!;

    /// <summary>Waits until all these nodes have one list with so many alive.</summary>
    public static async Task SameListAsync(int alive, params TestNode[] of)
    {
        await Eventually.TrueAsync(
            () => of.Select(node => ListAsync(node).Result.GetProperty("version").GetString()!).Distinct().Count() == 1
                && of.All(node => AliveAsync(node).Result.Count == alive),
            $"{of.Length} nodes have the same list with {alive} nodes alive");
    }

    /// <summary>A community whose root key is kept elsewhere, as people are told to.</summary>
    public static async Task<(TestNode First, string Key, string Passphrase)> FoundAsync(TempFolder folder, string name = "first", params string[] settings)
    {
        // Its passphrase is told to people, not in JSON.
        string[] create = ["node", "--create", "cooks", "--name", name, "--data", folder.At(name), "--http", "127.0.0.1:0", .. Local];
        await using (var making = CeteProcess.Start(create))
        {
            await Eventually.TrueAsync(() => making.OutputSoFar.Contains("not told again", StringComparison.Ordinal), "it says the passphrase");
            var lines = making.OutputSoFar.Split('\n').ToList();
            var passphrase = lines[lines.FindIndex(line => line.Contains("encrypted by the passphrase", StringComparison.Ordinal)) + 1].Trim();
            making.Signal(CeteProcess.Terminate);
            (await making.EndAsync()).Ended(0);
            var key = folder.At("root-key.pem");
            File.Move(Path.Combine(folder.At(name), "trust", "community-root-key.pem"), key);
            return (await TestNode.StartAsync(folder.At(name), [.. Local, .. settings]), key, passphrase);
        }
    }

    /// <summary>Gives a node that does not run a new issuing key, by the community's root key.</summary>
    public static Task<Ran> RecoverAsync(TempFolder folder, TestNode node, string key, string passphrase)
    {
        File.WriteAllText(folder.At("passphrase"), passphrase + "\n");
        return CeteProcess.RunAsync(["community", "recover-ca", "--data", node.Data, "--root-key", key, "--passphrase-file", folder.At("passphrase")]);
    }
}
