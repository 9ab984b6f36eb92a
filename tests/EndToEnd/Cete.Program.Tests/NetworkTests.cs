using System.Text.Json;
using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>A community whose nodes are in networks of their own, which lose packets and fall apart.</summary>
public sealed class NetworkTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_community_bears_loss_and_comes_together_again_after_a_partition()
    {
        Assert.SkipUnless(Networks.Missing is null, Networks.Missing ?? string.Empty);
        const int count = 5;
        using var networks = Networks.Make(count);
        var (nodes, watching) = (new List<CeteProcess>(), new List<CeteProcess>());
        try
        {
            nodes.Add(await StartAsync(networks, 0, "--create", "cooks"));

            // Of ten packets one is lost while they come together and while one of them dies.
            networks.Lose(10);
            var token = (await AdministerAsync(networks, "token", "create", "--uses", "9", "--json")).Json.GetProperty("token").GetString()!;
            for (var i = 1; i < count; i++)
            {
                nodes.Add(await StartAsync(networks, i, "--token", token));
            }

            await SeesAsync(networks, [0, 1, 2, 3, 4], "n0", "n1", "n2", "n3", "n4");
            nodes[4].Signal(CeteProcess.Kill);
            await SeesAsync(networks, [0, 1, 2, 3], "n0", "n1", "n2", "n3");
            nodes[4] = await StartAsync(networks, 4);
            await SeesAsync(networks, [0, 1, 2, 3, 4], "n0", "n1", "n2", "n3", "n4");
            networks.Heal();

            networks.Cut([0, 1], [2, 3, 4]);
            await SeesAsync(networks, [0, 1], "n0", "n1");
            await SeesAsync(networks, [2, 3, 4], "n2", "n3", "n4");

            // One of the others is removed meanwhile; as soon as they meet they know.
            var id = (await ListAsync(networks, 0)).EnumerateArray().Single(node => Name(node) == "n4").GetProperty("id").GetString()!;
            (await AdministerAsync(networks, "community", "remove", id)).Ended(0);
            for (var i = 0; i < count - 1; i++)
            {
                watching.Add(CeteProcess.Start(["servers", "--watch", "--json"], network: networks.NameOf(i)));
            }

            await Eventually.TrueAsync(() => watching.All(told => Alive(told).Count > 0), "all tell what they see");
            var healed = TimeProvider.System.GetTimestamp();
            networks.Heal();
            await Eventually.TrueAsync(
                () => watching.All(told => Alive(told) is ["n0", "n1", "n2", "n3"]), "all see those that are left", TimeSpan.FromMinutes(3));
            output.WriteLine($"together again, and the removal known, {TimeProvider.System.GetElapsedTime(healed).TotalSeconds:0.0} s after the network healed");
        }
        finally
        {
            foreach (var node in nodes.Concat(watching))
            {
                await node.DisposeAsync();
            }
        }
    }

    private static string Name(JsonElement node) => node.GetProperty("name").GetString()!;

    private static async Task<JsonElement> ListAsync(Networks networks, int node) =>
        (await CeteProcess.RunAsync(["servers", "--json"], network: networks.NameOf(node))).Ended(0).Json.GetProperty("nodes");

    /// <summary>Who is alive as a watch told last.</summary>
    private static List<string> Alive(CeteProcess watch)
    {
        var lines = watch.OutputSoFar.Split('\n');
        return lines.Length < 2 ? [] :
            [.. JsonDocument.Parse(lines[^2]).RootElement.GetProperty("nodes").EnumerateArray()
                .Where(known => known.GetProperty("state").GetString() == "alive").Select(Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>Waits until these nodes see those alive, and no others.</summary>
    private static Task SeesAsync(Networks networks, int[] by, params string[] alive) => Eventually.TrueAsync(
        () => by.All(node => ListAsync(networks, node).Result.EnumerateArray().Where(known => known.GetProperty("state").GetString() == "alive")
            .Select(Name).Order(StringComparer.Ordinal).SequenceEqual(alive)),
        $"nodes {string.Join(' ', by)} see {string.Join(' ', alive)} alive",
        TimeSpan.FromMinutes(3));

    private Task<Ran> AdministerAsync(Networks networks, params string[] arguments) =>
        CeteProcess.RunAsync([.. arguments, "--key", Path.Combine(_folder.At("n0"), "trust", "administrator.pem")], network: networks.NameOf(0));

    private async Task<CeteProcess> StartAsync(Networks networks, int node, params string[] how)
    {
        var process = CeteProcess.Start(
            ["node", "--data", _folder.At($"n{node}"), "--json", "--fabric", $"{Networks.AddressOf(node)}:2384", "-D", "cete.fabric.preset=lan", .. how,
                .. how.Length == 0 ? (string[])[] : ["--name", $"n{node}"]],
            network: networks.NameOf(node));
        if ((await process.FirstLine).Length == 0)
        {
            Assert.Fail($"node {node} ended: {(await process.EndAsync()).Error}");
        }

        return process;
    }
}
