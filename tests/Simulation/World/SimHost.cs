using System.Runtime.CompilerServices;
using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>
/// A machine: clocks, a disk, links, and at most one process. To its process it is everything that there is; what is done to it
/// from outside (start, crash, pause) is done by the <see cref="SimWorld"/>.
/// </summary>
public sealed partial class SimHost
{
    private readonly Func<SimHost, ISimProcess> _factory;
    private readonly Prng _seeds;
    private ISimProcess? _process;
    private long _timers;

    internal SimHost(SimWorld world, int id, Func<SimHost, ISimProcess> factory, Prng seeds)
    {
        (World, Id, _factory, _seeds) = (world, id, factory, seeds);
        Disk = new SimFiles(seeds.NextBits());
        Whims = seeds.Split();
        Random = seeds.Split();

        // Monotonic clocks begin anywhere, so that nobody takes one host's for another's or for the time of day.
        Clock = new SimClock(() => World.Now, new Instant(seeds.Next(1_000_000_000_000)));
        Time = new SimTimeProvider(this);
    }

    /// <summary>Its number, which is its address.</summary>
    public int Id { get; }

    /// <summary>Its clocks.</summary>
    public SimClock Clock { get; }

    /// <summary>Its clocks and timers for code that takes a <see cref="TimeProvider"/>; a new one for each incarnation.</summary>
    public TimeProvider Time { get; private set; }

    /// <summary>Its disk, which outlives its processes.</summary>
    public SimFiles Disk { get; }

    /// <summary>Chance for its process: a sequence of its own for each incarnation.</summary>
    public Prng Random { get; private set; }

    /// <summary>What it has done so far.</summary>
    public HostCounters Counters { get; } = new();

    /// <summary>What it can send in a second, over all links.</summary>
    public Shaper Uplink { get; } = new();

    /// <summary>What it can receive in a second, over all links.</summary>
    public Shaper Downlink { get; } = new();

    /// <summary>Whether it has power: without, it answers nobody.</summary>
    public bool IsUp { get; internal set; } = true;

    /// <summary>Whether a process runs on it, paused or not.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>How many processes were started on it so far: the number of the one that runs.</summary>
    public int Incarnation { get; private set; }

    /// <summary>The process that runs, for tests to look into.</summary>
    public ISimProcess Process => _process ?? throw new InvalidOperationException($"nothing runs on h{Id}");

    internal SimWorld World { get; }

    /// <summary>Chance for what the host, not its process, does.</summary>
    internal Prng Whims { get; }

    internal List<SimConnection> Connections { get; } = [];

    /// <summary>The process that runs as what it is, for tests to look into.</summary>
    public T ProcessAs<T>()
        where T : ISimProcess => (T)Process;

    /// <summary>Sends a datagram; false when it was refused at once, because it is too large or nothing runs here.</summary>
    public bool Send(int to, in SimMessage message) => IsRunning && World.Network.SendDatagram(this, to, message);

    /// <summary>Asks for a connection; the answer comes to <see cref="ISimProcess.OnOpened"/> or <see cref="ISimProcess.OnClosed"/>.</summary>
    public SimConnection Connect(int to)
    {
        Check.That(IsRunning, "a process that is gone opened a connection");
        return World.Network.Connect(this, to);
    }

    /// <summary>Calls back once, after a span of the monotonic clock, unless the process is gone by then.</summary>
    public SimTimer After(TimeSpan span, Action fire, [CallerMemberName] string name = "")
    {
        var wait = span > TimeSpan.Zero ? span : TimeSpan.Zero;
        var timer = new SimTimer(this, ++_timers, Clock.Monotonic + wait, fire, name);
        if (IsRunning)
        {
            World.Schedule(World.Now + Clock.TrueTimeOf(wait), timer);
        }

        return timer;
    }

    /// <summary>Calls back as soon as what already waits at this moment is done.</summary>
    public void Post(Action action, [CallerMemberName] string name = "") => After(TimeSpan.Zero, action, name);

    /// <summary>Writes a line into the trace; its text counts in the trace's hash.</summary>
    public void Trace(string text) => World.Record(TraceKind.Text, Id, -1, 0, 0, text, Fingerprint.Of(text));

    /// <summary>Writes a line into the trace; its text counts in the trace's hash, and is the same in every culture.</summary>
    public void Trace(ref TraceText text) => Trace(text.ToStringAndClear());

    /// <summary>The host's number, as the trace writes it.</summary>
    public override string ToString() => $"h{Id}";

    internal void StartProcess()
    {
        Check.That(!IsRunning, "one process a host");
        (IsUp, IsRunning) = (true, true);
        Incarnation++;
        Random = _seeds.Split();
        Time = new SimTimeProvider(this);
        World.Record(TraceKind.Started, Id, -1, Incarnation, 0, null, 0);
        Guarded(() =>
        {
            _process = _factory(this);
            _process.Start();
        });
    }

    internal void StopProcess()
    {
        if (_process is not null)
        {
            Guarded(_process.OnStopping);
        }
    }

    /// <summary>Forgets the process and all that waits for it.</summary>
    internal void DropProcess()
    {
        (IsRunning, _process) = (false, null);
        DropBacklog();
    }

    /// <summary>Runs code of the process; when its disk stops it in the middle of an operation, that is a kill or a loss of power.</summary>
    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (SimStoppedException)
        {
            Stopped();
        }
    }

    private void Stopped()
    {
        if (Whims.Chance(1, 2))
        {
            World.Crash(this);
        }
        else
        {
            Disk.StopAtOperation = 0;
            World.Kill(this);
        }
    }
}
