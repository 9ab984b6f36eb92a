using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>
/// A whole cluster on one thread, with a time of its own, from one seed: whoever runs it twice sees the same. Chance comes from
/// generators of its own for the network, for each host and for faults, so that none of them shifts what the others draw.
/// </summary>
public sealed partial class SimWorld
{
    // What a seed means for each part; a new part takes a new number.
    private const long NetworkPart = 1;
    private const long FaultPart = 2;
    private const long TestPart = 3;
    private const long FirstHostPart = 1_000_000;
    private readonly Scheduler _scheduler = new(Epoch);
    private readonly List<SimHost> _hosts = [];

    /// <summary>Makes an empty world.</summary>
    public SimWorld(ulong seed)
    {
        Seed = seed;
        Trace = new SimTrace(seed, Epoch);
        Network = new SimNetwork(this, PrngOf(NetworkPart));
        FaultChance = PrngOf(FaultPart);
        TestChance = PrngOf(TestPart);
    }

    /// <summary>The true time at which each world begins: 2026-01-01.</summary>
    public static Instant Epoch { get; } = new(1_767_225_600_000_000);

    /// <summary>What everything in it comes from.</summary>
    public ulong Seed { get; }

    /// <summary>True time, which no host knows.</summary>
    public Instant Now => _scheduler.Now;

    /// <summary>True time since the world began.</summary>
    public TimeSpan Elapsed => Now - Epoch;

    /// <summary>The network between the hosts.</summary>
    public SimNetwork Network { get; }

    /// <summary>What happened.</summary>
    public SimTrace Trace { get; }

    /// <summary>The hash of all that happened; equal for one seed in every process.</summary>
    public ulong TraceHash => Trace.Hash;

    /// <summary>All hosts, by number.</summary>
    public IReadOnlyList<SimHost> Hosts => _hosts;

    /// <summary>Chance for whoever draws up the faults.</summary>
    public Prng FaultChance { get; }

    /// <summary>Chance for the test itself, for its workload for example.</summary>
    public Prng TestChance { get; }

    /// <summary>Adds a host on which nothing runs yet; <paramref name="factory"/> makes its process at each start.</summary>
    public SimHost AddHost(Func<SimHost, ISimProcess> factory)
    {
        var host = new SimHost(this, _hosts.Count, factory, PrngOf(FirstHostPart + _hosts.Count));
        _hosts.Add(host);
        return host;
    }

    /// <summary>Adds hosts that run the same program; see <see cref="AddHost"/>.</summary>
    public IReadOnlyList<SimHost> AddHosts(int count, Func<SimHost, ISimProcess> factory) =>
        [.. Enumerable.Range(0, count).Select(_ => AddHost(factory))];

    /// <summary>Does something from outside at a time.</summary>
    public void At(Instant time, Action action) => Schedule(time, new OutsideEvent(action));

    /// <summary>Does something from outside after a span of true time.</summary>
    public void After(TimeSpan span, Action action) => At(Now + span, action);

    internal void Schedule(Instant due, SimEvent item) => _scheduler.Add(due, item);

    internal void NoteCancelled() => _scheduler.NoteCancelled();

    internal void Record(TraceKind kind, int host, int peer, long id, long value, object? detail, ulong digest) =>
        Trace.Add(new TraceLine(Now, kind, host, peer, id, value, detail), digest);

    private Prng PrngOf(long part) => new(Fingerprint.Of((long)Seed, part));
}
