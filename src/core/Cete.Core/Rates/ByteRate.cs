namespace Cete.Core.Rates;

/// <summary>
/// A limit in bytes a second, by the Generic Cell Rate Algorithm (ITU-T I.371): one time is kept, and no timer is needed. What is taken may be more than a
/// moment's worth; the next one waits for it. Its times are spans since any beginning.
/// </summary>
public sealed class ByteRate
{
    /// <summary>What was not used for so long may be used at once: less would be lost between two looks at a clock, more would be felt by others.</summary>
    public static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(100);

    private TimeSpan _due;

    /// <summary>Bytes a second; 0 for no limit.</summary>
    public long PerSecond { get; private set; }

    /// <summary>Sets another limit; what was taken under the one before is forgiven.</summary>
    public void Set(long perSecond, TimeSpan now)
    {
        Check.That(perSecond >= 0);
        (PerSecond, _due) = (perSecond, now);
    }

    /// <summary>How long the next one waits; zero where it may go.</summary>
    public TimeSpan WaitAt(TimeSpan now) => PerSecond == 0 || _due - now <= Burst ? TimeSpan.Zero : _due - now - Burst;

    /// <summary>Takes bytes, whether or not it is time.</summary>
    public void Take(int bytes, TimeSpan now)
    {
        Check.That(bytes >= 0);
        if (PerSecond > 0)
        {
            _due = (_due > now ? _due : now) + new TimeSpan((bytes * TimeSpan.TicksPerSecond) / PerSecond);
        }
    }
}
