using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>Two processes with one identity, both reached by some.</summary>
internal static class TwinScenario
{
    private const int Nodes = 12;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static void Run(SimWorld world)
    {
        var cluster = new MembershipCluster(world, Nodes, new MembershipOptions { IdentityOf = host => host == Nodes - 1 ? 4 : host });
        foreach (var host in cluster.Hosts.SkipLast(1))
        {
            world.Start(host);
        }

        world.RunFor(TimeSpan.FromSeconds(5));
        world.Start(cluster.Hosts[^1]);
        Check.That(world.RunUntil(() => cluster.Clashes.Count > 0, Bound), $"two with one identity did not find that out in {Bound}");
        Check.That(cluster.Clashes[0].Host is 4 or Nodes - 1, "a clash is seen by one of the two");
    }
}
