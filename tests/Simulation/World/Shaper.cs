using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>A pipe through which only so many bytes go in a second, one after the other.</summary>
public sealed class Shaper
{
    private const long Million = 1_000_000;
    private Instant _freeAt;
    private long _rest;

    /// <summary>Bytes a second; 0 is no bound.</summary>
    public long BytesPerSecond { get; set; }

    /// <summary>When a packet that comes now is through, if it is taken.</summary>
    internal Instant Take(Instant now, int bytes)
    {
        if (BytesPerSecond == 0)
        {
            return now;
        }

        if (_freeAt < now)
        {
            (_freeAt, _rest) = (now, 0);
        }

        // What does not fill a microsecond is carried over, or tiny messages would cost nothing.
        var busy = (bytes * Million) + _rest;
        _rest = busy % BytesPerSecond;
        _freeAt = new Instant(_freeAt.Microseconds + (busy / BytesPerSecond));
        return _freeAt;
    }

    /// <summary>Bytes that wait in front of the pipe.</summary>
    internal long Waiting(Instant now) =>
        BytesPerSecond == 0 || _freeAt <= now ? 0 : (long)((Int128)(_freeAt.Microseconds - now.Microseconds) * BytesPerSecond / Million);
}
