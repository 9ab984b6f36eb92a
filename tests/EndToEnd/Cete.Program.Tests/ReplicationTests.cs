using System.Globalization;
using Cete.Core;

namespace Cete.Program.Tests;

/// <summary>
/// Real nodes under load that are killed (SIGKILL) one after the other, the root more often than the rest: every acknowledged command is there once on
/// every node, and what clients saw can be explained by one order. CETE_ROUNDS and CETE_SEED set how often, and whom.
/// </summary>
public sealed partial class ReplicationTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 6;
    private static readonly int Rounds = Setting("CETE_ROUNDS", 2);
    private static readonly int Seed = Setting("CETE_SEED", 20_261_122);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatWasAcknowledgedIsOnEveryNodeOnceHoweverOftenNodesAreKilled()
    {
        await using var community = await Replicas.StartAsync(_folder, 5);
        await using var load = new IndexLoad(community.Apis, Clients, (ulong)Seed);
        await load.GoOnAsync(10, "before anything is killed");
        var chance = new Prng((ulong)Seed);
        var (pauses, roots) = (new List<TimeSpan>(), 0);
        for (var round = 0; round < Rounds; round++)
        {
            var root = await community.RootedAsync("index");
            var victim = chance.Chance(2, 3) ? root : community.Nodes[chance.Next(community.Nodes.Count)];
            roots += victim == root ? 1 : 0;
            var killed = TimeProvider.System.GetTimestamp();
            await victim.EndAsync(CeteProcess.Kill);
            await load.GoOnAsync(5, $"after the kill of round {round}");
            pauses.AddRange(load.SlowestSince(killed));
            await community.RestartAsync(victim);

            // Sometimes the next one is killed while this one still catches up.
            await load.GoOnAsync(1 + chance.Next(20), $"after the restart of round {round}");
            var pause = pauses.TakeLast(Clients).Max();
            output.WriteLine($"round {round}: {load.Acknowledged.Sum()} commands acknowledged, a pause of {pause.TotalSeconds:0.00} s at most");
        }

        await load.VerifyAsync(community.Apis);
        pauses.Sort();
        output.WriteLine(
            $"{Rounds} rounds (seed {Seed}), {roots} of them killed the root: {load.Acknowledged.Sum()} commands acknowledged, "
            + $"{load.Operations} additions and readings explained; pause of a client: median {pauses[pauses.Count / 2].TotalSeconds:0.00} s, worst {pauses[^1].TotalSeconds:0.00} s");
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
