using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>A timer of a process. It goes with its process, and fires at most once.</summary>
public sealed class SimTimer : HostEvent
{
    private readonly Instant _due;
    private readonly long _number;
    private readonly Action _fire;
    private readonly string _name;

    internal SimTimer(SimHost host, long number, Instant due, Action fire, string name)
        : base(host, host.Incarnation)
    {
        (_number, _due, _fire, _name) = (number, due, fire, name);
        IsCancelled = !host.IsRunning;
    }

    /// <summary>True until it fired, was cancelled, or lost its process.</summary>
    public bool IsPending => !IsCancelled && !HasFired && IsForLivingProcess;

    internal bool HasFired { get; private set; }

    internal override bool IsStale => !IsForLivingProcess;

    internal override string Name => $"h{Host.Id} timer {_name}";

    /// <summary>Calls it off, even when it is due and waits for a paused process.</summary>
    public void Cancel()
    {
        if (IsPending)
        {
            IsCancelled = true;
            Host.World.NoteCancelled();
        }
    }

    internal override void Run()
    {
        // The clock was made slower while the timer waited.
        var missing = _due - Host.Clock.Monotonic;
        if (missing > TimeSpan.Zero)
        {
            Host.World.Schedule(Host.World.Now + Host.Clock.TrueTimeOf(missing), this);
            return;
        }

        Host.Take(this);
    }

    internal override void Handle(ISimProcess process)
    {
        if (IsCancelled)
        {
            return;
        }

        HasFired = true;
        Host.Counters.TimersFired++;
        Host.World.Record(TraceKind.Timer, Host.Id, -1, _number, 0, _name, 0);
        _fire();
    }
}
