using Cete.Consensus;
using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <summary>The scenarios of consensus.</summary>
internal static class RaftScenarios
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(8);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Scenario.Of("raft", "three or five voters agree under all faults, and go on when these are over", 40, Usual(Faults)),
        Scenario.Of("raft-members", "the same while members and leaders change", 40, Usual(Members)),
        Scenario.Of("raft-snapshots", "the same where those who lag need snapshots", 40, Usual(Snapshots)),
        Scenario.Of("raft-reads", "reads by lease see what was answered before them, with clocks that drift", 40, Usual(Reads)),
        Scenario.Of("raft-elections", "leaders that are cut off as soon as they lead lose nothing that was committed", 30, Usual(Elections)),
        Scenario.Of("raft-rumours", "members that are said to be gone, and mostly are not, change nothing that was promised", 40, Usual(Rumours)),
        Scenario.Of("raft-quiet", "a group in which nothing happens is heard of seldom, and misses a leader that is gone", 20, Usual(RaftQuiescence.Quiet)),
        Scenario.Of("raft-seldom", "the same under all faults, with few who ask", 40, Usual(RaftQuiescence.Seldom)),
        Scenario.Of("raft-copies", "members that come back with an old copy of their disk take nothing from what was promised", 40, Usual(Copies)),
        Scenario.Of("raft-calm", "whoever leads and is well goes on to lead", 20, Usual(Calm)),
    ];

    public static void Faults(SimWorld world, RaftRules rules)
    {
        var voters = world.Seed % 2 == 0 ? 3 : 5;
        Run(world, new RaftOptions { Voters = voters, Rules = rules, Settings = Settings(world), SlowSyncPercent = SlowSyncs(world) }, every: 4);
    }

    public static void Rumours(SimWorld world, RaftRules rules)
    {
        var options = new RaftOptions
        {
            Voters = world.Seed % 2 == 0 ? 3 : 5,
            Rules = rules,
            Settings = Settings(world),
            SlowSyncPercent = SlowSyncs(world),
            ReadPercent = 60,
            RumourMilliseconds = 200,
        };
        Run(world, options, every: 4);
    }

    public static void Copies(SimWorld world, RaftRules rules)
    {
        var options = new RaftOptions
        {
            Voters = world.Seed % 3 == 0 ? 5 : 3,
            Rules = rules,
            Settings = Settings(world),
            SlowSyncPercent = SlowSyncs(world),
            SnapshotEvery = world.TestChance.Chance(1, 2) ? 30 : 400,
            HasOldCopies = true,
        };
        Run(world, options, every: 2);
    }

    public static void Members(SimWorld world, RaftRules rules)
    {
        var options = new RaftOptions { Spares = 2, Rules = rules, Settings = Settings(world), SnapshotEvery = 100 };
        Run(world, options with { SlowSyncPercent = SlowSyncs(world) }, every: 6, cluster => new RaftAdministrator(cluster, 800).Start());
    }

    public static void Snapshots(SimWorld world, RaftRules rules) => Run(
        world, new RaftOptions { Rules = rules, Settings = Settings(world), SnapshotEvery = 20, ThinkMilliseconds = 30 }, every: 4);

    public static void Reads(SimWorld world, RaftRules rules)
    {
        var options = new RaftOptions
        {
            Rules = rules,
            ReadPercent = 30,
            ReadPercentOfOdd = 97,
            ThinkMilliseconds = 10,
            RetryMilliseconds = 60,
            Clients = 6,
            SlowSyncPercent = 0,
        };
        FaultRate[] rates =
        [
            Often(FaultKind.Crash, 8_000, 100, 1_000), Often(FaultKind.Pause, 10_000, 500, 3_000), Often(FaultKind.Noise, 10_000, 500, 3_000),
            Often(FaultKind.CutPair, 5_000, 1_000, 3_000), Often(FaultKind.OneWay, 10_000, 1_000, 3_000),
        ];
        Run(world, options, world.Seed % 2 == 0 ? [] : rates, KeepCuttingLeaderOff);
    }

    /// <summary>Again and again the other members do not reach the leader, while all clients reach everybody.</summary>
    private static void KeepCuttingLeaderOff(RaftCluster cluster)
    {
        var world = cluster.World;
        world.After(TimeSpan.FromMilliseconds(500 + world.TestChance.Next(3_000)), () =>
        {
            var leader = cluster.Leader?.Host.Id ?? 0;

            // Two clocks differ by at most 1.05 / 0.95, which is less than the 10 percent that they may, and as bad for a lease as can be.
            foreach (var server in cluster.Servers)
            {
                world.DriftClock(server, server.Id == leader ? -50_000 : 50_000);
            }

            var cuts = cluster.Servers.Where(host => host.Id != leader).Select(host => world.Network.Cut(host.Id, leader)).ToList();
            world.After(TimeSpan.FromMilliseconds(1_000 + world.TestChance.Next(3_000)), () =>
            {
                cuts.ForEach(cut => cut.Heal());
                if (world.Elapsed < Length)
                {
                    KeepCuttingLeaderOff(cluster);
                }
            });
        });
    }

    /// <summary>Who is well stays leader, whatever somebody else does who was cut off, hears nobody, or is a member no more.</summary>
    public static void Calm(SimWorld world, RaftRules rules)
    {
        var link = RaftOptions.Fast with { LossPpm = 0 };
        var cluster = new RaftCluster(world, new RaftOptions
        {
            Voters = 4,
            Clients = 2,
            Rules = rules,
            SlowSyncPercent = 0,
            Link = link,
            Settings = new RaftSettings { QuiesceAfter = TimeSpan.MaxValue },
        });
        world.StartAll();
        cluster.Await(() => cluster.Leader is not null, TimeSpan.FromSeconds(10), "somebody leads");
        world.RunFor(Pause);
        var (leader, term) = (cluster.Leader!, cluster.Leader!.Machine.Term);
        var others = cluster.Servers.Where(host => host != leader.Host).OrderBy(_ => world.TestChance.NextBits()).ToList();

        void StaysLeader(string after)
        {
            world.RunFor(Pause);
            Check.That(leader.Machine.Role == RaftRole.Leader && leader.Machine.Term == term, $"a leader was lost without a fault of its own, {after}");
        }

        var cut = world.Network.Isolate(others[0].Id);
        world.RunFor(Pause);
        cut.Heal();
        StaysLeader("to one who was cut off");
        cluster.IsIdle = true;
        world.RunFor(Pause);
        cut = world.Network.CutOneWay([leader.Host.Id], [others[1].Id]);
        world.RunFor(Pause);
        StaysLeader("to one who does not hear it");
        cut.Heal();
        StaysLeader("to one who did not hear it");
        leader.Give(new ConsensusInput.ChangeMembers(leader.Machine.Members!.Without(others[2].ProcessAs<RaftProcess>().Id)));
        StaysLeader("to one who is no member any more");
        world.Stop(others[2]);
        cut = world.Network.CutOneWay([others[0].Id, others[1].Id], [leader.Host.Id]);
        cluster.IsIdle = false;
        cluster.Await(() => cluster.Leader is { } other && other != leader, TimeSpan.FromSeconds(15), "another leads where the leader hears nobody");
        cut.Heal();
        cluster.Converge();
    }

    /// <summary>
    /// Leaders that are cut off, with some of the others or alone, as soon as they lead: few entries get to a majority in the term in which they
    /// were written (figure 3.7), and half of the seeds change the members meanwhile, from and to even numbers.
    /// </summary>
    public static void Elections(SimWorld world, RaftRules rules)
    {
        var isChanging = world.Seed % 2 == 1;
        var options = new RaftOptions
        {
            Voters = isChanging ? 4 : 5,
            Spares = isChanging ? 1 : 0,
            Rules = rules,
            SlowSyncPercent = 0,
            SnapshotEvery = 0,
            ThinkMilliseconds = 20,
            Link = RaftOptions.Fast with { Delay = TimeSpan.FromMilliseconds(3), Jitter = TimeSpan.FromMilliseconds(10) },
            Settings = new RaftSettings
            {
                HeartbeatInterval = TimeSpan.FromMilliseconds(50),
                ElectionTimeout = TimeSpan.FromMilliseconds(200),
                MessageBytesMax = 100,
                InflightMax = 1,
                InflightBytesMax = 100,
            },
        };
        Run(world, options, [], cluster =>
        {
            KeepCuttingNewLeaderOff(cluster, 0);
            if (isChanging)
            {
                new RaftAdministrator(cluster, 30).Start();
            }
        });
    }

    private static void KeepCuttingNewLeaderOff(RaftCluster cluster, long term)
    {
        var (world, chance) = (cluster.World, cluster.World.TestChance);
        if (world.Elapsed >= Length)
        {
            return;
        }

        if (cluster.Leader is not { } leader || leader.Machine.Term == term)
        {
            world.After(TimeSpan.FromMilliseconds(1 + chance.Next(5)), () => KeepCuttingNewLeaderOff(cluster, term));
            return;
        }

        var newest = leader.Machine.Term;
        world.After(TimeSpan.FromMilliseconds(chance.Next(80)), () =>
        {
            var group = cluster.Servers.Select(host => host.Id).Where(id => id == leader.Host.Id || chance.Chance(1, 4)).ToList();
            var others = cluster.Servers.Select(host => host.Id).Where(id => !group.Contains(id)).ToList();
            var cuts = group.SelectMany(_ => others, world.Network.Cut).ToList();
            world.After(TimeSpan.FromMilliseconds(100 + chance.Next(900)), () => cuts.ForEach(cut => cut.Heal()));
            KeepCuttingNewLeaderOff(cluster, newest);
        });
    }

    private static Action<SimWorld> Usual(Action<SimWorld, RaftRules> run) => world => run(world, RaftRules.Published);

    private static FaultRate Often(FaultKind kind, int every, int least, int most) =>
        new(kind, TimeSpan.FromMilliseconds(every), TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));

    private static int SlowSyncs(SimWorld world) => world.TestChance.Chance(1, 3) ? 25 : 2;

    /// <summary>Now and then so little memory and so small messages that entries come from the disk, one by one.</summary>
    private static RaftSettings Settings(SimWorld world)
    {
        var chance = world.TestChance;
        var settings = new RaftSettings { ReadsByLease = chance.Chance(1, 2) };
        if (chance.Chance(2, 3))
        {
            settings = settings with { HeartbeatInterval = TimeSpan.FromMilliseconds(50), ElectionTimeout = TimeSpan.FromMilliseconds(300) };
        }

        return chance.Chance(1, 2) ? settings : settings with { MessageBytesMax = 300, InflightBytesMax = 1_000, InflightMax = 3, CacheBytesMax = 1_000 };
    }

    public static void Run(SimWorld world, RaftOptions options, int every, Action<RaftCluster>? begin = null)
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
            $"{witness.Committed} entries, {witness.Writes} writes, {witness.Reads} reads, {witness.Elections} leaders, {witness.Snapshots} snapshots, "
            + $"{cluster.Copies?.Restored ?? 0} old copies");
    }
}
