using System.Net;

namespace Cete.Web.Security;

/// <summary>
/// How much each address may ask: a rate, and a burst above it, by the Generic Cell Rate Algorithm (ITU-T I.371), which keeps one time for each address
/// and needs no timer. The framework's limiter by partitions wakes its process ten times a second for good, which is most of what an idle node did.
/// For several callers at once.
/// </summary>
public sealed class AddressRates
{
    /// <summary>What is counted at one time: some megabytes. Who comes while so many ask shares one count with others who do.</summary>
    public const int AddressesMax = 50_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, long> _theoretical = [];
    private readonly TimeProvider _clock;
    private readonly long _increment;
    private readonly long _tolerance;
    private int _sweepAt = 1_000;

    /// <param name="perSecond">Requests a second, 1 or more.</param>
    /// <param name="burst">Requests at once after a rest, 1 or more.</param>
    /// <param name="clock">What time it is.</param>
    public AddressRates(int perSecond, int burst, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perSecond, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        _clock = clock;
        _increment = Math.Max(1, clock.TimestampFrequency / perSecond);
        _tolerance = _increment * (burst - 1);
    }

    /// <summary>Addresses of which something is remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _theoretical.Count;
            }
        }
    }

    /// <summary>Counts a request. Null where it may be answered; else when the next one may, and this one is not counted.</summary>
    public TimeSpan? Take(IPAddress address)
    {
        lock (_lock)
        {
            var now = _clock.GetTimestamp();
            var key = address;
            if (!_theoretical.TryGetValue(key, out var due) && !HasRoom(now))
            {
                key = IPAddress.None;
                _theoretical.TryGetValue(key, out due);
            }

            due = Math.Max(due, now);
            if (due - now > _tolerance)
            {
                return _clock.GetElapsedTime(now, due - _tolerance);
            }

            _theoretical[key] = due + _increment;
            return null;
        }
    }

    /// <summary>Addresses whose time has come are as if they had never asked.</summary>
    private bool HasRoom(long now)
    {
        if (_theoretical.Count < _sweepAt)
        {
            return true;
        }

        foreach (var (address, due) in _theoretical)
        {
            if (due <= now)
            {
                _theoretical.Remove(address);
            }
        }

        // Often enough to stay small, seldom enough to cost each request little.
        _sweepAt = Math.Clamp(_theoretical.Count * 2, 1_000, AddressesMax);
        return _theoretical.Count < AddressesMax;
    }
}
