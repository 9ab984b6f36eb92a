using Cete.Core;
using Cete.Membership;
using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>Nodes crash, are killed, start again, join late and leave, while a nemesis does everything else; then all is healed.</summary>
internal static class ChurnScenario
{
    private const int Nodes = 14;
    private const int Late = 4;
    private const int Leavers = 4;

    public static void Run(SimWorld world)
    {
        var options = new MembershipOptions { Seeds = [0, 1, 2] };
        var cluster = new MembershipCluster(world, Nodes, options);
        foreach (var host in cluster.Hosts.Take(Nodes - Late))
        {
            world.Start(host);
        }

        var length = TimeSpan.FromSeconds(90);
        var nemesis = Nemesis.Unleash(world, new NemesisOptions
        {
            Duration = length,
            DownMost = 3,
            Hosts = [.. Enumerable.Range(0, Nodes - Late - Leavers)],
            Rates = [.. NemesisOptions.Everything(TimeSpan.FromSeconds(12)).Where(rate => rate.Kind is not (FaultKind.DiskFull or FaultKind.StopAtDisk))],
        });
        var left = new List<SimHost>();
        foreach (var host in cluster.Hosts.Skip(Nodes - Late))
        {
            world.After(Some(world, length), () => world.Start(host));
        }

        foreach (var host in cluster.Hosts.Skip(Nodes - Late - Leavers).Take(Leavers))
        {
            world.After(Some(world, length - TimeSpan.FromSeconds(5)), () => Leave(world, host, left));
        }

        for (var change = 0; change < 40; change++)
        {
            var host = cluster.Hosts[world.TestChance.Next(Nodes)];
            world.After(Some(world, length), () =>
            {
                if (host.IsRunning)
                {
                    host.Post(() => host.ProcessAs<MembershipProcess>().ChangeFacts());
                }
            });
        }

        world.RunUntil(nemesis.End);
        foreach (var host in cluster.Hosts.Where(host => !host.IsRunning && !left.Contains(host)))
        {
            world.Start(host);
        }

        // A suspicion that began at the end, or a newcomer that knows only its seed, then the exchange of views that finds what gossip missed.
        var settings = options.Settings;
        cluster.AwaitAgreement((DetectionScenario.Suspicion(settings, Nodes) * settings.SuspicionMaxFactor) + (2 * settings.SyncInterval));
        cluster.CheckCalm();
        Check.That(cluster.Clashes.Count == 0, $"an earlier start was taken for a rival: {cluster.Clashes.FirstOrDefault()}");
        CheckLeft(cluster, left);
    }

    private static TimeSpan Some(SimWorld world, TimeSpan most) => TimeSpan.FromMilliseconds(world.TestChance.Next((long)most.TotalMilliseconds));

    private static void Leave(SimWorld world, SimHost host, List<SimHost> left)
    {
        host.Post(() => host.ProcessAs<MembershipProcess>().Leave());
        world.After(TimeSpan.FromSeconds(5), () =>
        {
            world.Stop(host);
            left.Add(host);
        });
    }

    /// <summary>Whoever left is seen to have left by all, if its word reached anybody.</summary>
    private static void CheckLeft(MembershipCluster cluster, List<SimHost> left)
    {
        foreach (var host in left)
        {
            var id = cluster.IdOf(host.Id);
            var states = cluster.Processes.Select(process => process.Machine.Find(id)?.State).ToList();
            if (states.Contains(MemberState.Left))
            {
                Check.That(states.TrueForAll(state => state is MemberState.Left or null), $"h{host.Id} left and is called {string.Join(", ", states)}");
            }
        }
    }
}
