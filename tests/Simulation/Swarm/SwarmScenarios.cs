using Cete.Core;

namespace Cete.Simulation.Swarm;

/// <summary>Swarms of the product's own planner, turns, super-seeding and download decisions.</summary>
internal static class SwarmScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("swarm", "whatever the swarm is like, all who stay have it all, and near the bound where nothing fails", 20, Small),
        Report("swarm-report", "how long swarms of 1 to 100 take, and what faults cost", 1, [.. Sizes(1, 4, 10, 16, 100), .. Faults(100)]),
        Report("swarm-report-1000", "the same for a thousand", 0, [.. Sizes(1_000), .. Faults(1_000)]),
        Report("swarm-report-10000", "the same for ten thousand, equal uplinks", 0, [("10,000 equal", Large(10_000))]),
        Report("swarm-report-10000-mixed", "ten thousand of whom half give ten times less", 0, [("10,000 mixed", Large(10_000) with { SlowDivisor = 10 })]),
        Report("swarm-report-10000-killed", "ten thousand, a tenth killed midway", 0, [("10,000, 10 % killed", Large(10_000) with { KilledPercent = 10 })]),
    ];

    private static SwarmOptions Large(int peers) => new() { Peers = peers, Quantum = 128 * 1024 };

    private static IEnumerable<(string Name, SwarmOptions Options)> Sizes(params int[] peers)
    {
        foreach (var count in peers)
        {
            var options = count > 200 ? Large(count) : new SwarmOptions { Peers = count };
            yield return ($"{count} equal", options);
            yield return ($"{count} mixed", options with { SlowDivisor = 10 });
            if (count > 16)
            {
                yield return ($"{count} real mix", options with { IsRealMix = true });
            }
        }
    }

    private static IEnumerable<(string Name, SwarmOptions Options)> Faults(int peers)
    {
        var options = peers > 200 ? Large(peers) : new SwarmOptions { Peers = peers };
        yield return ($"{peers}, 10 % killed", options with { KilledPercent = 10 });
        yield return ($"{peers}, 10 % liars", options with { LiarPercent = 10 });
        yield return ($"{peers}, 20 % riders", options with { RiderPercent = 20 });
        yield return ($"{peers}, who is done goes", options with { LeavesWhenDone = true });
        yield return ($"{peers}, planner lost 5 s", options with { PlannerLost = (3_000_000, 8_000_000) });
        var all = options with { IsRealMix = true, KilledPercent = 10, LiarPercent = 5, RiderPercent = 10 };
        yield return ($"{peers}, all that at once", all with { LeavesWhenDone = true, PlannerLost = (3_000_000, 8_000_000) });
        var other = options with { IsComparison = true };
        yield return ($"{peers} without super-seeding", other with { SuperSeeds = false });
        yield return ($"{peers} without planner's rarity", other with { HearsRarity = false });
        yield return ($"{peers} with 8 neighbours", other with { Planner = options.Planner with { NeighboursMax = 8 } });
        yield return ($"{peers}, 4 pieces sent at a time", other with { Sending = 4 });
    }

    private static Scenario Report(string name, string shows, int seeds, (string Name, SwarmOptions Options)[] swarms) =>
        new(name, shows, seeds, (seed, writer) =>
        {
            foreach (var (label, options) in swarms)
            {
                var world = new SwarmWorld(options, seed);
                world.Run();
                var report = SwarmReport.Of(world, options);
                writer.WriteLine(FormattableString.Invariant($"{label,-30} {report}, {world.Events:N0} events"));
                Check.That(report.Unfinished == 0, $"{label}: {report.Unfinished} are not done");

                // What the product does not do is shown, to compare with what it does.
                Check.That(report.Last <= 1.3 || options.IsComparison, $"{label}: the last took {report.Last:F3} of the bound");
                var isScarce = options.SlowDivisor > 1 || options.IsRealMix || options.RiderPercent > 0;
                Check.That(report.Copies <= 1.3 || isScarce || options.IsComparison, $"{label}: {report.Copies:F2} copies");
            }
        })
        {
            IsReport = true,
            IsLong = true,
        };

    /// <summary>A swarm of all kinds: few peers, few pieces, each fault by chance.</summary>
    private static void Small(ulong seed, TextWriter writer)
    {
        var chance = new Prng(seed);
        var isCalm = chance.Chance(1, 3);
        var options = new SwarmOptions
        {
            Peers = 1 + chance.Next(40),
            Pieces = 1 + chance.Next(100),
            Latency = 1_000 + chance.Next(60_000),
            HaveDelay = chance.Next(200_000),
            Slots = 1 + chance.Next(isCalm ? 1 : 4),
            Sending = 1 + chance.Next(3),
            SlowDivisor = chance.Chance(1, 3) ? 10 : 1,
            IsRealMix = chance.Chance(1, 3),
            Arrival = chance.Next(isCalm ? 200_000 : 5_000_000),
            KilledPercent = isCalm ? 0 : chance.Next(40),
            LiarPercent = isCalm ? 0 : chance.Next(20),
            RiderPercent = isCalm ? 0 : chance.Next(40),
            LeavesWhenDone = !isCalm && chance.Chance(1, 2),
            PlannerLost = isCalm || chance.Chance(1, 2) ? (long.MaxValue, long.MaxValue) : (1_000_000, 1_000_000 + chance.Next(10_000_000)),
        };
        var world = new SwarmWorld(options, seed) { Lines = writer == TextWriter.Null || writer is EndWriter ? null : writer };
        world.Run();
        var report = SwarmReport.Of(world, options);
        writer.WriteLine(FormattableString.Invariant($"trace hash {world.Hash:x16}, {options.Peers} peers x {options.Pieces}, {report}"));
        Check.That(report.Unfinished == 0, $"{report.Unfinished} are not done after {world.Now / 1e6:F0} s");
        if (isCalm)
        {
            // A few pieces are no fluid: what it takes to spread one counts then, in the slowest case at the slowest uplink.
            var most = (report.Bound * 1.3) + 5;
            Check.That(report.Last * report.Bound <= most, $"the last took {report.Last * report.Bound:F2} s, and {most:F2} s is the most: {report}");
        }
    }
}
