using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.WorldTests;

/// <summary>A process that does what a test tells it, and remembers what it was told and when.</summary>
internal sealed class Recorder(SimHost host) : ISimProcess
{
    public SimHost Host { get; } = host;

    public List<(TimeSpan At, int From, string Text)> Datagrams { get; } = [];

    public List<(TimeSpan At, string Text)> Received { get; } = [];

    public List<(TimeSpan At, CloseReason Reason)> Closed { get; } = [];

    public List<SimConnection> Opened { get; } = [];

    public int Writable { get; private set; }

    public bool WasStopping { get; private set; }

    public IEnumerable<string> Texts => Received.Select(received => received.Text);

    public void Start()
    {
    }

    public void OnDatagram(int from, in SimMessage message) => Datagrams.Add((Host.World.Elapsed, from, message.As<string>()));

    public void OnOpened(SimConnection connection) => Opened.Add(connection);

    public void OnReceived(SimConnection connection, in SimMessage message) => Received.Add((Host.World.Elapsed, message.As<string>()));

    public void OnWritable(SimConnection connection) => Writable++;

    public void OnClosed(SimConnection connection, CloseReason reason) => Closed.Add((Host.World.Elapsed, reason));

    public void OnStopping() => WasStopping = true;

    /// <summary>A world of some recorders, all started, on links of one exact delay.</summary>
    public static SimWorld World(int hosts, double delayMs = 1, ulong seed = 1)
    {
        var world = new SimWorld(seed);
        world.Network.Defaults = Exact(delayMs);
        world.AddHosts(hosts, host => new Recorder(host));
        world.StartAll();
        return world;
    }

    public static LinkSettings Exact(double delayMs) => new() { Delay = TimeSpan.FromMilliseconds(delayMs), Jitter = TimeSpan.Zero };

    public static Recorder Of(SimWorld world, int host) => world.Hosts[host].ProcessAs<Recorder>();

    /// <summary>A connection from host 0 to host 1 that is open on both sides.</summary>
    public static SimConnection Connected(SimWorld world)
    {
        var connection = world.Hosts[0].Connect(1);
        Check.That(world.RunUntil(() => connection.IsOpen && Of(world, 1).Opened.Count > 0, TimeSpan.FromSeconds(60)));

        // The last acknowledgement of the handshake.
        world.RunFor(TimeSpan.FromSeconds(1));
        return connection;
    }
}
