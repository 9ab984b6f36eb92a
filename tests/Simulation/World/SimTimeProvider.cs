namespace Cete.Simulation.World;

/// <summary>A host's clocks and timers as the library's <see cref="TimeProvider"/>, for one incarnation of its process.</summary>
internal sealed class SimTimeProvider(SimHost host) : TimeProvider
{
    private readonly int _incarnation = host.Incarnation;

    public override long TimestampFrequency => 1_000_000;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => host.Clock.Wall.ToDateTimeOffset();

    public override long GetTimestamp() => host.Clock.Monotonic.Microseconds;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ProvidedTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private SimTimer? Arm(TimeSpan due, Action fire) =>
        host.IsRunning && host.Incarnation == _incarnation ? host.After(due, fire, nameof(TimeProvider)) : null;

    private sealed class ProvidedTimer(SimTimeProvider time, Action fire) : ITimer
    {
        private SimTimer? _timer;
        private bool _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _timer?.Cancel();
            _timer = null;
            if (!_isDisposed && dueTime >= TimeSpan.Zero)
            {
                Start(dueTime, period);
            }

            return !_isDisposed;
        }

        public void Dispose()
        {
            _isDisposed = true;
            _timer?.Cancel();
            _timer = null;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Start(TimeSpan dueTime, TimeSpan period) => _timer = time.Arm(dueTime, () =>
        {
            if (period > TimeSpan.Zero)
            {
                Start(period, period);
            }

            fire();
        });
    }
}
