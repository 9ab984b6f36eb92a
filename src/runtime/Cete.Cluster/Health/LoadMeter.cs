namespace Cete.Cluster.Health;

/// <summary>
/// How busy the process is: the part of the machine's processors that it uses, smoothed over some seconds. What it tells the community moves in
/// steps, since each change is gossiped to all. For several callers at once.
/// </summary>
/// <param name="clock">What time it is.</param>
/// <param name="used">Processor time that the process has used so far.</param>
/// <param name="processors">Processors of the machine.</param>
public sealed class LoadMeter(TimeProvider clock, Func<TimeSpan> used, int processors)
{
    /// <summary>Full load.</summary>
    public const int Full = 1_000;

    /// <summary>A change that is told at once.</summary>
    private const int LargeStep = 100;

    /// <summary>A change that is told when nothing was for a while.</summary>
    private const int SmallStep = 20;

    private static readonly TimeSpan Smoothing = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private long _measuredAt = clock.GetTimestamp();
    private TimeSpan _used = used();
    private double _load;
    private long _toldAt = clock.GetTimestamp();
    private int _told;

    /// <summary>The load of now, 0 to 1,000.</summary>
    public int Current
    {
        get
        {
            lock (_gate)
            {
                return (int)Math.Round(_load);
            }
        }
    }

    /// <summary>Measures, and tells the load that the community is to know: it differs from the one before only when that is worth it.</summary>
    public int Measure()
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            var (span, spent) = (clock.GetElapsedTime(_measuredAt, now), used());
            if (span > TimeSpan.Zero)
            {
                var share = Math.Clamp(Full * ((spent - _used) / (span * processors)), 0, Full);
                _load += (share - _load) * (1 - Math.Exp(-(span / Smoothing)));
                (_measuredAt, _used) = (now, spent);
            }

            var (load, change) = ((int)Math.Round(_load), Math.Abs((int)Math.Round(_load) - _told));
            if (change >= LargeStep || (change >= SmallStep && clock.GetElapsedTime(_toldAt, now) >= QuietTime))
            {
                (_told, _toldAt) = (load, now);
            }

            return _told;
        }
    }
}
