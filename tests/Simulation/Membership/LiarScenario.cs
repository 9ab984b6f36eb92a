using Cete.Core;
using Cete.Membership;
using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>One member lies. No honest member is declared dead by an honest one, and what they hold and send stays bounded.</summary>
internal static class LiarScenario
{
    private const int Nodes = 16;
    private const int Liar = 5;

    public static void Run(ulong seed, Report report)
    {
        Run(seed, report, "slanderer", process => new Slanderer(process.Host.Random), Mutation.None);
        Parrot(seed, report, Mutation.None);
        Run(seed, report, "chatterer", process => new Chatterer(process.Host.Random), Mutation.None);
    }

    /// <summary>What was refuted is said again and again: nobody honest is even suspected for it.</summary>
    public static void Parrot(ulong seed, Report report, Mutation mutation)
    {
        var cluster = Run(seed, report, "parrot", _ => new Parrot(), mutation);
        var suspicions = cluster.Sightings.Count(seen => seen.Change == MemberChange.Suspected && seen.Subject != Liar);
        Check.That(suspicions == 0, $"{suspicions} suspicions for outdated words");
    }

    private static MembershipCluster Run(ulong seed, Report report, string name, Func<MembershipProcess, ILiar> makeLiar, Mutation mutation)
    {
        var world = new SimWorld(seed);
        var cluster = new MembershipCluster(world, Nodes, new MembershipOptions
        {
            Mutation = mutation,
            Liar = process => process.Host.Id == Liar ? makeLiar(process) : null,
        });
        cluster.MayDie = subject => subject == Liar;
        world.StartAll();
        world.RunFor(TimeSpan.FromSeconds(20));
        cluster.Sightings.Clear();
        var before = Bytes(cluster);
        world.RunFor(TimeSpan.FromSeconds(60));
        var share = (Bytes(cluster) - before) / (60.0 * (Nodes - 1));
        var deaths = cluster.FalseDeaths.Where(death => death.Observer != Liar).ToList();
        report.Line($"with a {name}: {deaths.Count} honest members called dead, each honest one sends {share:F0} B a second");
        Check.That(deaths.Count == 0, $"{deaths.Count} honest members called dead, first {deaths.FirstOrDefault()}");

        // A full message of news in each round of fresh gossip to each of its targets is the most that there can be, and answers to the liar's own.
        var settings = cluster.Options.Settings;
        var most = settings.UpdateBytesMax * settings.GossipFanout * 10 / settings.GossipInterval.TotalSeconds;
        Check.That(share <= most, FormattableString.Invariant($"each honest member sends {share:F0} B a second, {most:F0} are the most"));
        report.End(world);
        return cluster;
    }

    private static double Bytes(MembershipCluster cluster) =>
        cluster.Hosts.Where(host => host.Id != Liar).Sum(host => (double)host.Counters.BytesSent);
}
