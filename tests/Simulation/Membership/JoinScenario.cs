using Cete.Core;
using Cete.Membership;
using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>Nodes join a cluster that knows itself, one after the other: how long until all see the newcomer, and how many handshakes that takes.</summary>
internal static class JoinScenario
{
    private const int Joins = 20;
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    public static void Run(ulong seed, Report report)
    {
        Run(seed, report, 16, 95);

        // Here some of the newest are connected with few yet, whom gossip passes by; they compare views soon.
        Run(seed, report, 100, 75);
    }

    private static void Run(ulong seed, Report report, int nodes, int percent)
    {
        var world = new SimWorld(seed);
        var cluster = new MembershipCluster(world, nodes + Joins, new MembershipOptions { RecordBytes = 900 });
        foreach (var host in cluster.Hosts.Take(nodes))
        {
            world.Start(host);
        }

        cluster.AwaitAgreement(TimeSpan.FromSeconds(30));
        world.RunFor(TimeSpan.FromSeconds(60));
        var (all, handshakes) = (new Figures(), 0L);
        foreach (var joiner in cluster.Hosts.Skip(nodes))
        {
            cluster.Sightings.Clear();
            var (began, before) = (world.Elapsed, Handshakes(cluster));
            world.Start(joiner);
            world.RunFor(Calm);
            handshakes += Handshakes(cluster) - before;
            cluster.AwaitAgreement(TimeSpan.FromSeconds(40));
            var seen = cluster.Sightings.Where(one => one.Subject == joiner.Id && one.Change == MemberChange.Joined).Select(one => one.At - began).ToList();
            Check.That(seen.Count == joiner.Id, $"{seen.Count} of {joiner.Id} see a newcomer");
            all.Add(seen.Max());
        }

        report.Line($"{nodes,5} nodes: seen by all after {all}; {(double)handshakes / Joins:F1} handshakes in the {Calm.TotalSeconds} s after");
        report.End(world);
        var most = Rounds(cluster.Options.Settings).TotalSeconds;
        Check.That(
            all.Percentile(percent) <= most,
            FormattableString.Invariant($"{percent} % of the newcomers are seen by all {nodes} after {all.Percentile(percent):F2} s, not {most:F2} s"));
        Check.That(handshakes <= Joins * (nodes + Joins), $"{handshakes} handshakes for {Joins} newcomers among {nodes}");
    }

    /// <summary>The connection by which it joins, and quick rounds; a round of the usual gossip is longer.</summary>
    private static TimeSpan Rounds(MembershipSettings settings) => settings.EagerInterval * ((settings.EagerTransmits / settings.GossipFanout) + 1);

    private static long Handshakes(MembershipCluster cluster) => cluster.Hosts.Sum(host => host.Counters.ConnectionsAttempted);
}
