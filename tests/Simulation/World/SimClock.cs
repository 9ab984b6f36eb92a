using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>
/// The clocks of one host, both driven by one oscillator: a wall clock, which may be years off and may jump, and a monotonic one,
/// which counts from some moment of its own and never goes back. Drift is in parts per million of true time.
/// </summary>
public sealed class SimClock
{
    private const long Million = 1_000_000;
    private readonly Func<Instant> _trueTime;
    private Instant _reference;
    private long _wall;
    private long _monotonic;

    internal SimClock(Func<Instant> trueTime, Instant monotonicStart)
    {
        _trueTime = trueTime;
        _reference = trueTime();
        (_wall, _monotonic) = (_reference.Microseconds, monotonicStart.Microseconds);
    }

    /// <summary>How much faster (or, below zero, slower) than true time both clocks run, in parts per million.</summary>
    public int DriftPpm { get; private set; }

    /// <summary>The time of day as the host has it.</summary>
    public Instant Wall => new(_wall + Elapsed);

    /// <summary>Time since some moment that means nothing elsewhere.</summary>
    public Instant Monotonic => new(_monotonic + Elapsed);

    /// <summary>How far the wall clock is ahead of true time.</summary>
    public TimeSpan Offset => Wall - _trueTime();

    private long Elapsed => Drifted(_trueTime().Microseconds - _reference.Microseconds, DriftPpm);

    /// <summary>Moves the wall clock by a span; the monotonic one does not notice.</summary>
    public void Jump(TimeSpan by) => _wall += by.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Changes the rate of both clocks from now on.</summary>
    public void SetDrift(int ppm)
    {
        Check.That(ppm is > -500_000 and <= 1_000_000, "a clock runs between half and double speed");
        (_wall, _monotonic) = (Wall.Microseconds, Monotonic.Microseconds);
        _reference = _trueTime();
        DriftPpm = ppm;
    }

    /// <summary>What the clocks of a host count while some true microseconds pass; exact, and far from overflow in 100,000 years.</summary>
    internal static long Drifted(long elapsed, int ppm) => elapsed + (elapsed / Million * ppm) + (elapsed % Million * ppm / Million);

    /// <summary>How much true time passes, at the least, while the clocks of the host count <paramref name="span"/>.</summary>
    internal TimeSpan TrueTimeOf(TimeSpan span)
    {
        if (DriftPpm == 0)
        {
            return span;
        }

        var counted = (Int128)(span.Ticks / TimeSpan.TicksPerMicrosecond);
        var rate = Million + DriftPpm;
        return TimeSpan.FromMicroseconds((long)(((counted * Million) + rate - 1) / rate));
    }
}
