using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>
/// Does a random schedule of faults to a world, drawn in advance from the world's seed, tells each in the trace, and heals all that it
/// did at the end, so that a test can ask whether the cluster came back.
/// </summary>
public sealed class Nemesis
{
    private readonly SimWorld _world;
    private readonly NemesisOptions _options;
    private readonly LinkSettings _calm;
    private readonly Instant _start;
    private readonly List<(Fault Fault, Action Undo)> _holding = [];

    private Nemesis(SimWorld world, NemesisOptions options)
    {
        (_world, _options, _calm, _start) = (world, options, world.Network.Defaults, world.Now);
        var hosts = options.Hosts.Count == 0 ? [.. world.Hosts.Select(host => host.Id)] : options.Hosts;
        Schedule = new FaultSchedule(options, hosts).Draw(world.FaultChance);
    }

    /// <summary>What it does, in order; times count from when it was unleashed.</summary>
    public IReadOnlyList<Fault> Schedule { get; }

    /// <summary>When everything is healed.</summary>
    public Instant End => _start + _options.Duration;

    /// <summary>Whether everything is healed.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Draws a schedule and begins with it now.</summary>
    public static Nemesis Unleash(SimWorld world, NemesisOptions options)
    {
        var nemesis = new Nemesis(world, options);
        foreach (var fault in nemesis.Schedule)
        {
            world.At(nemesis._start + fault.At, () => nemesis.Begin(fault));
        }

        world.At(nemesis.End, nemesis.HealAll);
        return nemesis;
    }

    private void Begin(Fault fault)
    {
        Tell(fault.ToString());
        var item = (fault, Do(fault));
        _holding.Add(item);
        _world.At(_start + fault.Until, () =>
        {
            if (_holding.Remove(item))
            {
                Tell($"end of {fault}");
                item.Item2();
            }
        });
    }

    /// <summary>Does a fault, and returns what undoes it.</summary>
    private Action Do(Fault fault)
    {
        var host = _world.Hosts[fault.Host];
        switch (fault.Kind)
        {
            case FaultKind.Crash or FaultKind.Kill or FaultKind.StopAtDisk:
                TakeDown(host, fault);
                return () => BringUp(host);
            case FaultKind.Pause when host.IsRunning:
                _world.Pause(host, fault.Until - fault.At);
                return () => _world.Resume(host);
            case FaultKind.Slow:
                _world.Slow(host, TimeSpan.FromMicroseconds(fault.Amount / 10), TimeSpan.FromMicroseconds(fault.Amount));
                return () => _world.Slow(host, TimeSpan.Zero);
            case FaultKind.Isolate or FaultKind.Split or FaultKind.OneWay or FaultKind.CutPair:
                return Cut(fault).Heal;
            case FaultKind.Clog:
                _world.Network.Clog(fault.Host, fault.Peer, fault.Until - fault.At);
                return () => { };
            case FaultKind.Noise:
                _world.Network.Defaults = _options.Noise;
                return () => _world.Network.Defaults = _calm;
            case FaultKind.ClockJump:
                _world.JumpClock(host, TimeSpan.FromMicroseconds(fault.Amount));
                return () => _world.JumpClock(host, TimeSpan.FromMicroseconds(-fault.Amount));
            case FaultKind.ClockDrift:
                var drift = host.Clock.DriftPpm;
                _world.DriftClock(host, (int)fault.Amount);
                return () => _world.DriftClock(host, drift);
            case FaultKind.DiskFull:
                host.Disk.IsFull = true;
                return () => host.Disk.IsFull = false;
            default:
                return () => { };
        }
    }

    private void TakeDown(SimHost host, Fault fault)
    {
        if (fault.Kind == FaultKind.StopAtDisk)
        {
            host.Disk.StopAtOperation = host.Disk.Operations + (int)fault.Amount;
        }
        else if (fault.Kind == FaultKind.Crash)
        {
            _world.Crash(host);
        }
        else if (host.IsRunning)
        {
            _world.Kill(host);
        }
    }

    private void BringUp(SimHost host)
    {
        host.Disk.StopAtOperation = 0;
        if (!host.IsRunning)
        {
            _world.Start(host);
        }
    }

    private SimPartition Cut(Fault fault) => fault.Kind switch
    {
        FaultKind.Isolate => _world.Network.Isolate(fault.Host),
        FaultKind.Split => _world.Network.Partition(fault.Group),
        FaultKind.OneWay => _world.Network.CutOneWay([fault.Host], [.. _world.Hosts.Select(host => host.Id).Where(id => id != fault.Host)]),
        _ => _world.Network.Cut(fault.Host, fault.Peer),
    };

    private void HealAll()
    {
        Tell("heals everything");
        foreach (var (_, undo) in _holding.ToArray())
        {
            undo();
        }

        _holding.Clear();
        IsOver = true;
    }

    private void Tell(string text) => _world.Record(TraceKind.Fault, -1, -1, 0, 0, text, Fingerprint.Of(text));
}
