using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Toys;

/// <summary>
/// A thousand hosts that each tell a few random others, every so often, what they heard: tiny messages in great numbers, by which
/// the speed of a world can be judged (the trace's last line has the number of events).
/// </summary>
internal static class RumourScenario
{
    private const int Hosts = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static void Run(SimWorld world)
    {
        world.Network.Defaults = LinkSettings.Wan with { LossPpm = 50_000 };
        world.AddHosts(Hosts, host => new Gossiper(host));
        world.StartAll();
        world.Hosts[0].ProcessAs<Gossiper>().Hear();
        world.RunFor(TimeSpan.FromSeconds(30));
        var heard = world.Hosts.Count(host => host.ProcessAs<Gossiper>().HasHeard);
        Check.That(heard == Hosts, $"{heard} of {Hosts} heard it");
    }

    private sealed class Gossiper(SimHost host) : ISimProcess
    {
        private static readonly SimMessage Rumour = SimMessage.Of("rumour");
        private static readonly SimMessage Nothing = SimMessage.Of("nothing new");

        public bool HasHeard { get; private set; }

        public void Start() => host.After(TimeSpan.FromMicroseconds(host.Random.Next((long)Interval.TotalMicroseconds)), Tell);

        public void OnDatagram(int from, in SimMessage message)
        {
            if (ReferenceEquals(message.Content, Rumour.Content))
            {
                Hear();
            }
        }

        public void Hear() => HasHeard = true;

        private void Tell()
        {
            for (var count = 0; count < 4; count++)
            {
                host.Send(host.Random.Next(Hosts), HasHeard ? Rumour : Nothing);
            }

            host.After(Interval, Tell);
        }
    }
}
