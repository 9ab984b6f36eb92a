using System.Text.Json;
using Cete.Testing;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>Communities with nodes that nobody can dial: what they advertise is a port at which nobody listens.</summary>
public sealed class UnreachableTests : IDisposable
{
    private static readonly string[] Hidden = [.. Local, "-D", "cete.fabric.advertise=[\"127.0.0.1:1\"]"];
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NodesThatNobodyReachesTakePartThroughRelaysAlsoWhenOneOfThemIsKilled()
    {
        await using var first = await TestNode.CreateAsync(_folder.At("first"), [.. Local, "--name", "first"]);
        await using var second = await JoinAsync(first, "second", Local);
        await using var one = await JoinAsync(first, "one", Hidden);
        await using var watching = one.Start("servers", "--watch", "--json");
        await using var other = await JoinAsync(first, "other", Hidden);

        TestNode[] all = [first, second, one, other];
        await TrueAsync(() => all.All(node => Show(node) == "first: direct; one: via first,second; other: via first,second; second: direct"), "all know it");

        // Neither can dial the other, so that its own answer to a probe came through a tunnel.
        await TrueAsync(() => Answers(one, "other") && Answers(other, "one"), "they probe each other");
        Assert.Contains("via ", (await first.CeteAsync("servers")).Ended(0).Out, StringComparison.Ordinal);

        await second.EndAsync(CeteProcess.Kill);
        TestNode[] left = [first, one, other];
        await TrueAsync(() => left.All(node => Show(node) == "first: direct; one: via first; other: via first"), "the other relay is left");
        await using var third = await JoinAsync(first, "third", Hidden);
        await TrueAsync(() => Answers(one, "third") && Answers(third, "one") && Answers(third, "other"), "a newcomer is reached by what is left");

        var seen = watching.OutputSoFar.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.DoesNotContain(
            seen.SelectMany(list => list.GetProperty("nodes").EnumerateArray()),
            node => Text(node, "name") != "second" && Text(node, "state") is "dead" or "left");
    }

    private static Task TrueAsync(Func<bool> condition, string what) => Eventually.TrueAsync(condition, what, Bound);

    private static IEnumerable<JsonElement> Nodes(TestNode at) => ListAsync(at).Result.GetProperty("nodes").EnumerateArray();

    /// <summary>The nodes that take part, and how they are reached, ordered by name.</summary>
    private static string Show(TestNode at)
    {
        var nodes = Nodes(at).ToDictionary(node => Text(node, "id"));
        return string.Join("; ", nodes.Values.Where(node => Text(node, "state") == "alive").Select(node =>
        {
            var via = node.GetProperty("via").EnumerateArray().Select(id => Text(nodes[id.GetString()!], "name")).Order(StringComparer.Ordinal);
            return $"{Text(node, "name")}: {(Text(node, "reach") == "relayed" ? $"via {string.Join(',', via)}" : Text(node, "reach"))}";
        }).Order(StringComparer.Ordinal));
    }

    /// <summary>A node has answered a probe from here by itself.</summary>
    private static bool Answers(TestNode at, string name) => Nodes(at).Any(node =>
        Text(node, "name") == name && node.TryGetProperty("roundTripMicroseconds", out var trip) && trip.ValueKind == JsonValueKind.Number);

    private static string Text(JsonElement node, string name) => node.GetProperty(name).GetString()!;

    private async Task<TestNode> JoinAsync(TestNode by, string name, string[] how) =>
        await TestNode.StartAsync(_folder.At(name), ["--token", await TokenAsync(by), "--name", name, .. how]);
}
