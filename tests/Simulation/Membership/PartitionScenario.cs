using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>Nodes that do not reach each other, in each way in which that happens.</summary>
internal static class PartitionScenario
{
    private const int Nodes = 16;

    /// <summary>
    /// Two parts, for seconds or many minutes. After the heal each member tries one of those that it calls dead each second, and a try that was under
    /// way repeats its packets after one and two seconds: two seconds until something comes across, then gossip, then the refutations' gossip.
    /// </summary>
    public static void Halves(ulong seed, Report report) => Halves(seed, report, Mutation.None);

    public static void Halves(ulong seed, Report report, Mutation mutation)
    {
        var healed = new Figures();
        foreach (var isByDatagram in (bool[])[false, true])
        {
            var world = new SimWorld(seed);
            var link = new LinkSettings { DatagramBytesMost = 128 * 1024, QueueBytes = 1 << 24 };
            var cluster = MembershipCluster.Joined(world, Nodes, new MembershipOptions { IsByDatagram = isByDatagram, Link = link, Mutation = mutation });
            foreach (var seconds in (int[])[1, 5, 12, 40, 600])
            {
                var part = Enumerable.Range(0, Nodes).Where(_ => world.TestChance.Chance(1, 2)).Append(world.TestChance.Next(Nodes)).Distinct().ToList();
                var partition = world.Network.Partition(part);
                world.RunFor(TimeSpan.FromSeconds(seconds));
                partition.Heal();
                var bound = TimeSpan.FromSeconds(2) + (3 * DetectionScenario.Gossip(cluster.Options.Settings, Nodes));
                healed.Add(cluster.AwaitAgreement(bound + TimeSpan.FromSeconds(1)));
                world.RunFor(TimeSpan.FromSeconds(5));
                cluster.Sightings.Clear();
            }

            report.End(world);
        }

        report.Line($"views equal after a heal of {Nodes} nodes: {healed}");
    }

    /// <summary>What one says does not reach another, or two do not reach each other, or two thirds do not reach one third, but the rest reaches all.</summary>
    public static void Partial(ulong seed, Report report)
    {
        foreach (var isByDatagram in (bool[])[false, true])
        {
            var world = new SimWorld(seed);
            var link = new LinkSettings { DatagramBytesMost = 128 * 1024, QueueBytes = 1 << 24 };
            var cluster = MembershipCluster.Joined(world, Nodes, new MembershipOptions { IsByDatagram = isByDatagram, Link = link });
            cluster.MayDie = _ => false;
            Action[] cuts =
            [
                () => world.Network.CutOneWay([1], [2]),
                () => world.Network.Cut(3, 4),
                () => world.Network.CutOneWay([5, 6], [7, 8, 9]),
                () => Cut(world, [10, 11], [12, 13, 14, 15]),
            ];
            foreach (var cut in cuts)
            {
                cut();
                world.RunFor(TimeSpan.FromMinutes(2));
                Check.That(cluster.FalseDeaths.Count == 0, $"whom others reach was called dead: {cluster.FalseDeaths.FirstOrDefault()}");
                world.Network.HealPartitions();
                cluster.AwaitAgreement(TimeSpan.FromSeconds(5));
            }

            report.Line($"partial cuts {(isByDatagram ? "by datagrams" : "over connections")}: no false deaths");
            report.End(world);
        }
    }

    /// <summary>Two groups that do not reach each other, while the others reach both.</summary>
    private static void Cut(SimWorld world, int[] some, int[] others)
    {
        world.Network.CutOneWay(some, others);
        world.Network.CutOneWay(others, some);
    }
}
