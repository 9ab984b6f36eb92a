namespace Cete.Samples.Actors;

/// <summary>Time that stands still until the next timer is called for. For one thread.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly List<Alarm> _alarms = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Jumps to the next timer and fires it. Of two that are due together, the one that was set first comes first.</summary>
    public void FireNext()
    {
        var next = _alarms.MinBy(alarm => alarm.Due) ?? throw new InvalidOperationException("nobody waits for anything");
        _now = next.Due;
        next.Change(next.Period, next.Period);
        next.Fire();
    }

    private sealed class Alarm(VirtualTime time, Action fire) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time._alarms.Remove(this);
            if (dueTime >= TimeSpan.Zero)
            {
                (Due, Period) = (time._now + dueTime, period);
                time._alarms.Add(this);
            }

            return true;
        }

        public void Dispose() => time._alarms.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
