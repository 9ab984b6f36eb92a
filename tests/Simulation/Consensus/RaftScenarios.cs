using Cete.Consensus;
using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <summary>The scenarios of consensus.</summary>
internal static class RaftScenarios
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(25);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Scenario.Of("raft", "three or five voters agree under all faults, and go on when these are over", 40, world => Faults(world, RaftRules.Published)),
        Scenario.Of("raft-members", "the same while members and leaders change", 40, world => Members(world, RaftRules.Published)),
        Scenario.Of("raft-snapshots", "the same where those who lag need snapshots", 40, world => Snapshots(world, RaftRules.Published)),
        Scenario.Of("raft-reads", "reads by lease see what was answered before them, with clocks that drift", 40, world => Reads(world, RaftRules.Published)),
    ];

    public static void Faults(SimWorld world, RaftRules rules) => Run(
        world, new RaftOptions { Voters = world.Seed % 2 == 0 ? 3 : 5, Rules = rules, Settings = Settings(world), SlowSyncPercent = SlowSyncs(world) }, every: 8);

    public static void Members(SimWorld world, RaftRules rules)
    {
        var options = new RaftOptions { Voters = 3, Spares = 2, Rules = rules, Settings = Settings(world), SnapshotEvery = 100, SlowSyncPercent = SlowSyncs(world) };
        Run(world, options, every: 12, cluster => new RaftAdministrator(cluster).Start());
    }

    public static void Snapshots(SimWorld world, RaftRules rules) => Run(
        world, new RaftOptions { Rules = rules, Settings = Settings(world), SnapshotEvery = 20, ThinkMilliseconds = 30 }, every: 8);

    public static void Reads(SimWorld world, RaftRules rules)
    {
        var options = new RaftOptions { Rules = rules, ReadPercent = 70, ThinkMilliseconds = 20, Clients = 5, SlowSyncPercent = 0 };
        FaultRate[] rates =
        [
            Often(FaultKind.Isolate, 4_000, 2_000, 4_000), Often(FaultKind.Split, 5_000, 1_500, 3_000), Often(FaultKind.OneWay, 8_000, 2_000, 4_000),
            Often(FaultKind.Crash, 8_000, 100, 1_000), Often(FaultKind.Pause, 10_000, 500, 3_000), Often(FaultKind.Noise, 10_000, 500, 3_000),
        ];
        Run(world, options, rates, cluster =>
        {
            // Any two clocks differ by at most 1.05 / 0.95, which is less than the 10 percent that they may.
            foreach (var server in cluster.Servers)
            {
                world.DriftClock(server, world.TestChance.Chance(1, 2) ? 50_000 : -50_000);
            }
        });
    }

    private static FaultRate Often(FaultKind kind, int every, int least, int most) =>
        new(kind, TimeSpan.FromMilliseconds(every), TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));

    private static int SlowSyncs(SimWorld world) => world.TestChance.Chance(1, 3) ? 25 : 2;

    /// <summary>Now and then so little memory and so small messages that entries come from the disk, one by one.</summary>
    private static RaftSettings Settings(SimWorld world) => world.TestChance.Chance(1, 2)
        ? new RaftSettings()
        : new RaftSettings { MessageBytesMax = 300, InflightBytesMax = 1_000, InflightMax = 3, CacheBytesMax = 1_000, ReadsByLease = world.TestChance.Chance(1, 2) };

    private static void Run(SimWorld world, RaftOptions options, int every, Action<RaftCluster>? begin = null)
    {
        var rates = NemesisOptions.Everything(TimeSpan.FromSeconds(every)).Where(rate => rate.Kind != FaultKind.StopAtDisk);
        Run(world, options, [.. rates], begin);
    }

    private static void Run(SimWorld world, RaftOptions options, IReadOnlyList<FaultRate> rates, Action<RaftCluster>? begin)
    {
        var cluster = new RaftCluster(world, options);
        begin?.Invoke(cluster);
        world.StartAll();
        var nemesis = Nemesis.Unleash(world, new NemesisOptions
        {
            Duration = Length,
            Hosts = [.. cluster.Servers.Select(host => host.Id)],
            DownMost = options.Voters / 2,
            Rates = rates,
            Noise = RaftOptions.Bad,
            ClockDriftMostPpm = 50_000,
        });
        world.RunUntil(nemesis.End);
        cluster.Converge();
        var witness = cluster.Witness;
        world.Hosts[0].Trace(
            $"{witness.Committed} entries, {witness.Writes} writes, {witness.Reads} reads, {witness.Elections} leaders, {witness.Snapshots} snapshots, {witness.Changes} changes");
    }
}
