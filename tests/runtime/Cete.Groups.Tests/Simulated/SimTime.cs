namespace Cete.Groups.Tests.Simulated;

/// <summary>What all clocks of a run have in common: how much time went by, and what is due when.</summary>
internal sealed class SimTimeline
{
    private readonly PriorityQueue<(Action Fire, Func<bool> IsStill), (long Due, long Number)> _due = new();
    private long _number;

    /// <summary>Ticks since the run began.</summary>
    public long Now { get; private set; }

    public void At(long due, Action fire, Func<bool>? isStill = null) =>
        _due.Enqueue((fire, isStill ?? (() => true)), (due, ++_number));

    /// <summary>Goes on by a time at most, up to the first moment at which something was due if it is only to get there.</summary>
    public void Advance(TimeSpan by, bool toFirst = false)
    {
        var end = Now + by.Ticks;
        var isDone = false;
        while (!isDone && _due.TryPeek(out var next, out var at) && at.Due <= end)
        {
            _due.Dequeue();
            if (next.IsStill())
            {
                Now = Math.Max(Now, at.Due);
                isDone = toFirst;
                next.Fire();
            }
        }

        Now = isDone ? Now : end;
    }
}

/// <summary>Time that moves when it is told to. The clock on the wall can be set back without timers noticing.</summary>
internal sealed class SimTime(SimTimeline line) : TimeProvider
{
    private TimeSpan _wall = TimeSpan.FromDays(20_000);
    private int _process;

    public SimTime()
        : this(new SimTimeline())
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => line.Now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _wall + TimeSpan.FromTicks(line.Now);

    public void SetWall(TimeSpan by) => _wall += by;

    /// <summary>Somebody sets the clock right.</summary>
    public void ResetWall() => _wall = TimeSpan.FromDays(20_000);

    /// <summary>The timers of a process end with it.</summary>
    public void Crash() => _process++;

    public void Advance(TimeSpan by) => line.Advance(by);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(this, line, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimTimer(SimTime time, SimTimeline line, Action fire) : ITimer
    {
        private readonly int _process = time._process;
        private TimeSpan _period;
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (_period, _setting) = (period, _setting + 1);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Await(dueTime);
            }

            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Await(TimeSpan due)
        {
            var setting = _setting;
            line.At(line.Now + due.Ticks, Fire, () => setting == _setting && _process == time._process);
        }

        private void Fire()
        {
            if (_period != Timeout.InfiniteTimeSpan && _period > TimeSpan.Zero)
            {
                Await(_period);
            }

            fire();
        }
    }
}

/// <summary>Runs what awaits on the one thread of the simulation, in order.</summary>
internal sealed class SimContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public override void Post(SendOrPostCallback d, object? state)
    {
        Assert.Equal(_thread, Environment.CurrentManagedThreadId);
        _posted.Enqueue((d, state));
    }

    public void Drain()
    {
        while (_posted.TryDequeue(out var posted))
        {
            posted.Callback(posted.State);
        }
    }
}
