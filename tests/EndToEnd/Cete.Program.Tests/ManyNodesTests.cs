using System.Net.Http.Json;
using Cete.Api;
using Cete.Testing;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>Sixteen real processes that come, go, die and freeze.</summary>
public sealed class ManyNodesTests(ITestOutputHelper output) : IDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task SixteenNodesAgreeWhoIsThere()
    {
        var nodes = new List<TestNode>();
        try
        {
            nodes.Add(await TestNode.CreateAsync(_folder.At("n0"), [.. Local, "--name", "n0"]));
            var token = (await AdministerAsync(nodes[0], "token", "create", "--uses", "20", "--json")).Ended(0).Json.GetProperty("token").GetString()!;
            for (var i = 1; i < 16; i++)
            {
                nodes.Add(await TestNode.StartAsync(_folder.At($"n{i}"), ["--token", token, "--name", $"n{i}", .. Local]));
            }

            await AgreeAsync(nodes, "joined", Enumerable.Range(0, 16));

            // Killed: three of them, all at once.
            foreach (var i in (int[])[3, 7, 11])
            {
                nodes[i].Process.Signal(CeteProcess.Kill);
            }

            await AgreeAsync(nodes, "killed", Enumerable.Range(0, 16).Except([3, 7, 11]));

            // Frozen ones are taken for dead, and are back when they go on.
            nodes[5].Process.Signal(Stop);
            nodes[9].Process.Signal(Stop);
            await AgreeAsync(nodes, "frozen", Enumerable.Range(0, 16).Except([3, 5, 7, 9, 11]));
            nodes[5].Process.Signal(Continue);
            nodes[9].Process.Signal(Continue);
            await AgreeAsync(nodes, "going on", Enumerable.Range(0, 16).Except([3, 7, 11]));

            // Whoever leaves says so.
            (await nodes[14].EndAsync(CeteProcess.Terminate)).Ended(0);
            (await nodes[15].EndAsync(CeteProcess.Interrupt)).Ended(0);
            await nodes[3].RestartAsync();
            await AgreeAsync(nodes, "left and come back", Enumerable.Range(0, 14).Except([7, 11]));
            var left = (await ListAsync(nodes[1])).Nodes.Where(node => node.State == "left").Select(node => node.Name);
            Assert.Equal(["n14", "n15"], left.Order(StringComparer.Ordinal));
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private async Task<ServersAnswer> ListAsync(TestNode node) =>
        (await _http.GetFromJsonAsync(new Uri(node.Address, Routes.Servers), ApiJson.Default.ServersAnswer))!;

    /// <summary>Waits until these nodes see each other alive, and nobody else, in lists of one version.</summary>
    private async Task AgreeAsync(List<TestNode> nodes, string what, IEnumerable<int> alive)
    {
        var numbers = alive.ToList();
        var names = numbers.Select(number => $"n{number}").Order(StringComparer.Ordinal).ToList();
        var began = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(
            () =>
            {
                var lists = numbers.Select(number => ListAsync(nodes[number]).Result).ToList();
                return lists.Select(list => list.Version).Distinct().Count() == 1 && lists.All(list =>
                    list.Nodes.Where(node => node.State == "alive").Select(node => node.Name).Order(StringComparer.Ordinal).SequenceEqual(names));
            },
            $"{numbers.Count} nodes agree: {what}",
            TimeSpan.FromMinutes(2));
        output.WriteLine($"{what}: {numbers.Count} nodes agree after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s");
    }
}
