namespace Cete.Ports;

/// <summary>Counts bytes, and tells how many came a second lately. For several callers at once.</summary>
/// <param name="clock">The time here.</param>
public sealed class RateMeter(TimeProvider clock)
{
    /// <summary>Pieces count when they are whole: long enough for those of a slow source to be seen as a stream, short enough to see it stop.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);

    private readonly Lock _gate = new();
    private readonly long _began = clock.GetTimestamp();
    private long _total;
    private long _number;
    private long _now;
    private long _before;

    /// <summary>Bytes in all.</summary>
    public long Total
    {
        get
        {
            lock (_gate)
            {
                return _total;
            }
        }
    }

    /// <summary>Bytes a second: of this window and the part of the one before that is not past yet.</summary>
    public long PerSecond
    {
        get
        {
            lock (_gate)
            {
                var since = Turn();
                var past = since - (_number * Window);
                var measured = since < Window ? past : Window;
                return measured <= TimeSpan.Zero ? 0 : (long)((_now + (_before * (1 - (past / Window)))) / Math.Max(1, measured.TotalSeconds));
            }
        }
    }

    /// <summary>So many came.</summary>
    public void Add(long bytes)
    {
        lock (_gate)
        {
            Turn();
            _total += bytes;
            _now += bytes;
        }
    }

    private TimeSpan Turn()
    {
        var since = clock.GetElapsedTime(_began);
        var number = since.Ticks / Window.Ticks;
        if (number != _number)
        {
            (_before, _now, _number) = (number == _number + 1 ? _now : 0, 0, number);
        }

        return since;
    }
}
