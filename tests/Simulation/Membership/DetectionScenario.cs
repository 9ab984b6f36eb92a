using Cete.Core;
using Cete.Membership;
using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>
/// Nodes lose their power, one after the other. Bounds are of SWIM (Das, Gupta, Motivala 2002, §4) and Lifeguard (Dadgar, Phillips, Currey
/// 2018, §4): a dead member is pinged by somebody after an exponentially distributed time of mean one period, at the latest in two rounds, and
/// suspected a period later; each observer's suspicion runs by Lifeguard's formula with the accusers that came by then.
/// </summary>
internal static class DetectionScenario
{
    private static readonly (int Nodes, int Deaths)[] Sizes = [(3, 12), (8, 12), (16, 12), (64, 4), (256, 2)];

    public static void Run(ulong seed, Report report) => Run(seed, report, Sizes);

    public static void RunThousand(ulong seed, Report report) => Run(seed, report, [(1_000, 2)]);

    private static void Run(ulong seed, Report report, (int Nodes, int Deaths)[] sizes)
    {
        var waits = new Figures();
        foreach (var (nodes, deaths) in sizes)
        {
            var cluster = MembershipCluster.Joined(new SimWorld(seed), nodes);
            var (first, all) = (new Figures(), new Figures());
            for (var death = 0; death < deaths; death++)
            {
                var victim = cluster.Hosts[cluster.World.TestChance.Next(nodes)];
                var (suspected, dead) = Die(cluster, victim);
                first.Add(suspected);
                waits.Add(suspected);
                all.Add(dead);
                cluster.World.Start(victim);
                cluster.AwaitAgreement(TimeSpan.FromSeconds(30));
                cluster.World.RunFor(TimeSpan.FromSeconds(3));
            }

            report.Line($"{nodes,5} nodes: suspected after {first}; dead to all after {all}");
            report.End(cluster.World);
        }

        // Das et al. §4.1: e/(e-1) periods until the ping, one more until it failed; three deviations of the mean of so many above that.
        var bound = (Math.E / (Math.E - 1)) + 1 + (3 / Math.Sqrt(waits.Count));
        Check.That(waits.Mean <= bound, FormattableString.Invariant($"first detection takes {waits.Mean:F2} s on average, more than {bound:F2}"));
    }

    private static (TimeSpan Suspected, TimeSpan Dead) Die(MembershipCluster cluster, SimHost victim)
    {
        var (world, settings) = (cluster.World, cluster.Options.Settings);
        var nodes = cluster.Hosts.Count;
        cluster.Sightings.Clear();
        cluster.MayDie = subject => subject == victim.Id;
        var began = world.Elapsed;
        world.Crash(victim);

        var round = settings.ProbeInterval * (nodes - 1);
        var firstMost = (2 * round) + (2 * settings.ProbeInterval);
        var suspicion = Suspicion(settings, nodes);

        // Fewer than two further accusers in 3.5 times the shortest suspicion: once in ten million, since each period brings one more.
        var most = firstMost + (suspicion * 7 / 2) + Gossip(settings, nodes);
        cluster.AwaitAgreement(most);
        Check.That(cluster.FalseDeaths.Count == 0, $"{cluster.FalseDeaths.FirstOrDefault()}");

        var suspected = cluster.Sightings.First(seen => seen.Subject == victim.Id && seen.Change == MemberChange.Suspected).At - began;
        Check.That(suspected <= firstMost, $"first suspected after {suspected}, two rounds are {firstMost}");
        var dead = cluster.EndsOf(victim.Id, began).Max()!.Value - began;
        Check.That(dead - suspected <= (suspicion * 7 / 2) + Gossip(settings, nodes), $"dead to all {dead - suspected} after the first suspicion");
        return (suspected, dead);
    }

    /// <summary>The shortest suspicion: Lifeguard's a log10(n) periods.</summary>
    public static TimeSpan Suspicion(MembershipSettings settings, int nodes) =>
        settings.ProbeInterval * (settings.SuspicionFactor * Math.Max(1, Math.Log10(nodes)) * 1.05);

    /// <summary>News reach all with high probability after log(n) / log(fan-out + 1) rounds, twice that with some to spare (Demers et al. 1987).</summary>
    public static TimeSpan Gossip(MembershipSettings settings, int nodes) =>
        settings.GossipInterval * (2 * Math.Ceiling(Math.Log(nodes + 1) / Math.Log(settings.GossipFanout + 1)) + 5);
}
