using Cete.Core;

namespace Cete.Simulation.World;

/// <content>What waits for a process that is paused or slow.</content>
public sealed partial class SimHost
{
    private readonly Queue<(HostEvent Item, Instant Ready)> _backlog = new();
    private PumpEvent? _pump;
    private int _datagramsWaiting;
    private Instant _busyUntil;
    private TimeSpan _eventCost;
    private TimeSpan _extraDelay;

    /// <summary>How many datagrams a host keeps for a process that does not read them; more are lost, as with a full receive buffer.</summary>
    public int ReceiveQueueMost { get; set; } = 4096;

    /// <summary>Whether its process is paused.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Until when its process is paused.</summary>
    internal Instant PausedUntil { get; private set; }

    private bool IsSlow => _eventCost > TimeSpan.Zero || _extraDelay > TimeSpan.Zero;

    /// <summary>Something is to happen to the process: now, or when it comes to it.</summary>
    internal void Take(HostEvent item)
    {
        if (!item.IsForLivingProcess)
        {
            item.Drop(IsRunning ? DropReason.StaleIncarnation : DropReason.NoProcess);
        }
        else if (!IsPaused && !IsSlow && _backlog.Count == 0)
        {
            Execute(item);
        }
        else if (item.IsDatagram && _datagramsWaiting >= ReceiveQueueMost)
        {
            item.Drop(DropReason.ReceiveQueueFull);
        }
        else
        {
            _datagramsWaiting += item.IsDatagram ? 1 : 0;
            _busyUntil = Instant.Max(World.Now + _extraDelay, _busyUntil) + _eventCost;
            _backlog.Enqueue((item, _busyUntil));
            Pump();
        }
    }

    internal void Pause(TimeSpan span)
    {
        IsPaused = true;
        PausedUntil = Instant.Max(PausedUntil, World.Now + span);
        World.Record(TraceKind.Paused, Id, -1, 0, (long)span.TotalMicroseconds, null, 0);
    }

    internal void Resume()
    {
        if (IsPaused)
        {
            (IsPaused, PausedUntil) = (false, World.Now);
            World.Record(TraceKind.Resumed, Id, -1, 0, 0, null, 0);
            Pump();
        }
    }

    internal void Slow(TimeSpan eventCost, TimeSpan extraDelay)
    {
        (_eventCost, _extraDelay) = (eventCost, extraDelay);
        _busyUntil = World.Now;
        World.Record(TraceKind.Slowed, Id, -1, (long)extraDelay.TotalMicroseconds, (long)eventCost.TotalMicroseconds, null, 0);
    }

    private void Pump()
    {
        if (_pump is null && !IsPaused && _backlog.Count > 0)
        {
            _pump = new PumpEvent(this);
            World.Schedule(Instant.Max(World.Now, _backlog.Peek().Ready), _pump);
        }
    }

    private void PumpOne(PumpEvent pump)
    {
        // An earlier incarnation's pump, or one that a pause overtook.
        if (pump != _pump)
        {
            return;
        }

        _pump = null;
        if (!IsPaused && _backlog.TryDequeue(out var waiting))
        {
            _datagramsWaiting -= waiting.Item.IsDatagram ? 1 : 0;
            Execute(waiting.Item);
            Pump();
        }
    }

    private void Execute(HostEvent item)
    {
        Counters.EventsHandled++;
        try
        {
            item.Handle(_process!);
        }
        catch (SimStoppedException)
        {
            Stopped();
        }
    }

    private void DropBacklog()
    {
        var dropped = _backlog.ToArray();
        _backlog.Clear();
        (_pump, _datagramsWaiting, IsPaused, PausedUntil) = (null, 0, false, World.Now);
        foreach (var (item, _) in dropped)
        {
            item.Drop(DropReason.NoProcess);
        }
    }

    private sealed class PumpEvent(SimHost host) : SimEvent
    {
        internal override bool IsStale => host._pump != this;

        internal override string Name => $"h{host.Id} works off what waited";

        internal override void Run() => host.PumpOne(this);
    }
}
