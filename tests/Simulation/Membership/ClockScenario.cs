using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>Wall clocks are years apart and jump; nobody notices, and those that start again with an earlier clock are believed all the same.</summary>
internal static class ClockScenario
{
    private const int Nodes = 12;

    public static void Run(SimWorld world)
    {
        var cluster = new MembershipCluster(world, Nodes, new MembershipOptions()) { MayDie = _ => false };
        foreach (var host in cluster.Hosts)
        {
            Jump(world, host);
        }

        world.StartAll();
        cluster.AwaitAgreement(TimeSpan.FromSeconds(10));
        for (var second = 0; second < 120; second++)
        {
            Jump(world, cluster.Hosts[world.FaultChance.Next(Nodes)]);
            world.RunFor(TimeSpan.FromSeconds(1));
            Check.That(cluster.Disagreement() is null, $"{cluster.Disagreement()} with nothing but clocks that jump");
        }

        for (var restart = 0; restart < 6; restart++)
        {
            var host = cluster.Hosts[1 + world.FaultChance.Next(Nodes - 1)];
            world.Kill(host);
            world.JumpClock(host, TimeSpan.FromDays(-400));
            world.Start(host);
            cluster.AwaitAgreement(TimeSpan.FromSeconds(5));
            world.RunFor(TimeSpan.FromSeconds(2));
            var instances = cluster.Processes.Where(process => process.Host != host)
                .Select(process => process.Machine.Find(cluster.IdOf(host.Id))!.Record.Instance).Distinct().ToList();
            Check.That(instances.Count == 1 && instances[0] == cluster.At(host.Id).Machine.Self!.Instance, "all know the new start");
        }

        Check.That(cluster.FalseDeaths.Count == 0, $"called dead for a clock: {cluster.FalseDeaths.FirstOrDefault()}");
        Check.That(cluster.Clashes.Count == 0, "an earlier start was taken for a rival");
    }

    private static void Jump(SimWorld world, SimHost host) => world.JumpClock(host, TimeSpan.FromHours(world.FaultChance.Next(200_000) - 100_000));
}
