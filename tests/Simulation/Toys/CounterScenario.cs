using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Toys;

/// <summary>A replicated counter under all faults: the world's own first user, and the pattern for others.</summary>
internal static class CounterScenario
{
    private static readonly TimeSpan Convergence = TimeSpan.FromSeconds(10);

    public static void Run(SimWorld world) => Run(world, isAcknowledged: true);

    /// <summary>The same with a bug: backups are told each value once.</summary>
    public static void RunWithBug(SimWorld world) => Run(world, isAcknowledged: false);

    private static void Run(SimWorld world, bool isAcknowledged)
    {
        world.Network.Defaults = LinkSettings.Lan;
        world.AddHost(host => new CounterReplica(host, [1, 2], isAcknowledged));
        world.AddHosts(2, host => new CounterReplica(host, [], isAcknowledged));
        var client = world.AddHost(host => new CounterClient(host, 0));
        world.StartAll();
        var rates = NemesisOptions.Everything(TimeSpan.FromSeconds(20)).Where(rate => rate.Kind != FaultKind.DiskFull);
        var nemesis = Nemesis.Unleash(world, new NemesisOptions { Hosts = [0, 1, 2], Rates = [.. rates] });
        world.RunUntil(nemesis.End);
        Check.That(nemesis.IsOver);

        var acknowledged = client.ProcessAs<CounterClient>().Acknowledged;
        Check.That(world.RunUntil(() => client.ProcessAs<CounterClient>().Acknowledged > acknowledged, Convergence), "the counter goes on");
        world.Kill(client);
        world.RunFor(Convergence);
        var values = world.Hosts.Take(3).Select(host => host.ProcessAs<CounterReplica>().Value).ToList();
        Check.That(values.TrueForAll(value => value >= acknowledged), $"{acknowledged} was acknowledged, held are {string.Join(", ", values)}");
        Check.That(values.Distinct().Count() == 1, $"replicas differ: {string.Join(", ", values)}");
    }
}
