namespace Cete.Simulation.World;

/// <summary>Something that is going to happen at a time.</summary>
public abstract class SimEvent
{
    private protected SimEvent()
    {
    }

    /// <summary>Set by whoever called it off; it is skipped, and time does not move for it.</summary>
    public bool IsCancelled { get; private protected set; }

    /// <summary>True when nobody is left to whom it could happen: it is skipped like a cancelled one.</summary>
    internal virtual bool IsStale => false;

    /// <summary>What a person reads when a run does not end.</summary>
    internal abstract string Name { get; }

    internal abstract void Run();
}

/// <summary>A step of whoever stands outside of the world: a test or a fault schedule.</summary>
internal sealed class OutsideEvent(Action action) : SimEvent
{
    internal override string Name => $"outside: {action.Method.Name}";

    internal override void Run() => action();
}

/// <summary>What happens to a process: it waits while the process is paused, and does not happen to a later incarnation.</summary>
public abstract class HostEvent : SimEvent
{
    private protected HostEvent(SimHost host, int incarnation)
    {
        Host = host;
        Incarnation = incarnation;
    }

    internal SimHost Host { get; }

    internal int Incarnation { get; }

    /// <summary>Counts against the bound of what a host keeps for a process that does not read.</summary>
    internal virtual bool IsDatagram => false;

    internal bool IsForLivingProcess => Host.IsRunning && Host.Incarnation == Incarnation;

    internal override void Run() => Host.Take(this);

    /// <summary>Does it, in the process.</summary>
    internal abstract void Handle(ISimProcess process);

    /// <summary>It did not happen.</summary>
    internal virtual void Drop(DropReason reason)
    {
    }
}
