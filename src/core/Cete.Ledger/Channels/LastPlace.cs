using Cete.Core;

namespace Cete.Ledger.Channels;

/// <summary>
/// Whoever pays nothing comes last: he is sent a chunk at a time, at once while nobody else is served, else all of them together one chunk in each
/// interval, so that those who pay do not notice and those who do not never wait for ever. Chunks go round in the order in which they were asked for.
/// Times are counted from any moment, and never fall.
/// </summary>
public sealed class LastPlace
{
    /// <summary>Bytes that are sent in one turn.</summary>
    public const int ChunkBytes = 256 * 1024;

    /// <summary>Bytes that one request may ask for, where a piece is not larger: then its place is free for another one.</summary>
    public const long RequestBytesMax = 4L * 1024 * 1024;

    /// <summary>Requests that are let in: with as many each of them is sent a chunk in eight intervals at the latest.</summary>
    public const int PlacesMax = 8;

    /// <summary>Between two chunks while others are served.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Whoever pays asks again when a part was verified: he counts as there for so long after an answer.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>A chunk that is not taken for so long holds nobody up any more.</summary>
    public static readonly TimeSpan TurnMax = TimeSpan.FromSeconds(5);

    private readonly SortedSet<long> _places = [];
    private readonly LinkedList<long> _waiting = [];
    private readonly SortedDictionary<long, TimeSpan> _turns = [];
    private long _last;
    private int _others;
    private TimeSpan _othersUntil = TimeSpan.MinValue;
    private TimeSpan _nextAt = TimeSpan.MinValue;

    /// <summary>Requests that are let in now.</summary>
    public int Places => _places.Count;

    /// <summary>Somebody who comes first is served.</summary>
    public void Begin() => _others++;

    /// <summary>He is not any more.</summary>
    public void End(TimeSpan now)
    {
        Check.That(_others > 0);
        _others--;
        _othersUntil = now + Pause;
    }

    /// <summary>Lets a request in that nobody pays for.</summary>
    /// <returns>Its number; or that there is no place.</returns>
    public Outcome<long> Enter()
    {
        if (_places.Count >= PlacesMax)
        {
            return new Failure(FailureKind.Unavailable, $"{PlacesMax} others wait in the last place, which is as many as there may be; try again in a moment")
            {
                RetryAfter = PlacesMax * Interval,
            };
        }

        _places.Add(++_last);
        return _last;
    }

    /// <summary>A request has its next chunk ready, and waits for its turn.</summary>
    public void Ask(long place)
    {
        Check.That(_places.Contains(place) && !_waiting.Contains(place));
        _turns.Remove(place);
        _waiting.AddLast(place);
    }

    /// <summary>A request has ended, however.</summary>
    public void Leave(long place)
    {
        _places.Remove(place);
        _waiting.Remove(place);
        _turns.Remove(place);
    }

    /// <summary>Whose turn it is now, and may send a chunk.</summary>
    public IReadOnlyList<long> Give(TimeSpan now)
    {
        foreach (var late in _turns.Where(turn => now - turn.Value >= TurnMax).Select(turn => turn.Key).ToList())
        {
            _turns.Remove(late);
        }

        List<long> given = [];
        while (_waiting.First is { } first && (IsCalm(now) ? _turns.Count == 0 : now >= _nextAt))
        {
            _waiting.RemoveFirst();
            _turns[first.Value] = now;
            _nextAt = now + Interval;
            given.Add(first.Value);
        }

        return given;
    }

    /// <summary>When to look again, should nothing happen before; null where nobody waits.</summary>
    public TimeSpan? LookAt(TimeSpan now)
    {
        if (_waiting.Count == 0)
        {
            return null;
        }

        var calm = _others > 0 ? TimeSpan.MaxValue : _othersUntil > now ? _othersUntil : _turns.Count == 0 ? now : _turns.Values.Min() + TurnMax;
        var share = IsCalm(now) ? TimeSpan.MaxValue : _nextAt;
        return calm < share ? calm : share;
    }

    private bool IsCalm(TimeSpan now) => _others == 0 && now >= _othersUntil;
}
