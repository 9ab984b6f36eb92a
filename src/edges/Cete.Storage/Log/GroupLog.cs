using Cete.Core;
using Cete.Ports;

namespace Cete.Storage.Log;

/// <summary>Where the data of an entry stands, with its checksum, so that what is read back later is checked again.</summary>
internal readonly record struct EntryPlace(LogSegment Segment, long Offset, int Length, uint Checksum, long Term);

/// <summary>What the log holds of one group: the synced places by index, and how far additions go that are not synced yet.</summary>
internal sealed class GroupLog
{
    private readonly List<EntryPlace> _places = [];
    private long _first = 1;
    private Tail? _pending;

    /// <summary>Entries up to here are not needed any more.</summary>
    public long Released { get; private set; }

    /// <summary>The newest synced index and its term; they outlive the entries themselves.</summary>
    public long Last { get; private set; }

    public long LastTerm { get; private set; }

    public HardState HardState { get; private set; } = HardState.Initial;

    public LogBounds Bounds
    {
        get
        {
            var tail = _pending ?? Synced;
            return new LogBounds(First, tail.Last, tail.LastTerm, tail.HardState);
        }
    }

    /// <summary>Whether anything was ever synced of the group; of others a new segment need not speak.</summary>
    public bool HasFacts => Last > 0 || HardState != HardState.Initial;

    private long First => Math.Max(_first, Released + 1);

    private Tail Synced => new(Last, LastTerm, HardState);

    public void Expect(long index, long term)
    {
        var tail = _pending ?? Synced;
        Check.That(index >= First && index <= tail.Last + 1, "a log has no gaps and keeps what was released");
        Check.That(term >= 1);
        _pending = tail with { Last = index, LastTerm = term };
    }

    public void Expect(in HardState state) => _pending = (_pending ?? Synced) with { HardState = state };

    public void ForgetPending() => _pending = null;

    /// <summary>Takes over an entry that was synced; what stood at its index and after it is gone.</summary>
    public void Add(long index, in EntryPlace place)
    {
        // When a start finds the older segments gone, an overwritten suffix may begin before all that it has seen.
        if (_places.Count == 0 || index < _first)
        {
            _places.Clear();
            _first = index;
        }

        Check.That(index <= _first + _places.Count, "a log has no gaps");
        _places.RemoveRange((int)(index - _first), _places.Count - (int)(index - _first));
        _places.Add(place);
        (Last, LastTerm) = (index, place.Term);
    }

    public void Set(in HardState state) => HardState = state;

    /// <summary>Takes over where the group stood when a segment began; entries in hand agree with it.</summary>
    public void SetBounds(long released, long last, long lastTerm)
    {
        if (_places.Count == 0)
        {
            (_first, Last, LastTerm) = (last + 1, last, lastTerm);
        }

        Release(Math.Min(released, last));
    }

    public void Release(long through)
    {
        Released = Math.Max(Released, Math.Min(through, Last));
        var drop = (int)Math.Clamp(Released + 1 - _first, 0, _places.Count);
        if (drop > 0)
        {
            _places.RemoveRange(0, drop);
            _first += drop;
        }
    }

    /// <summary>The places of synced entries from one index to another, both included.</summary>
    public IEnumerable<(long Index, EntryPlace Place)> Places(long from, long to)
    {
        for (var index = Math.Max(from, _first); index <= to && index < _first + _places.Count; index++)
        {
            yield return (index, _places[(int)(index - _first)]);
        }
    }

    /// <summary>Whether an unreleased entry stands in a segment.</summary>
    public bool Holds(LogSegment segment) => _places.Count > 0 && _places[0].Segment.FirstSequence <= segment.FirstSequence;

    private readonly record struct Tail(long Last, long LastTerm, HardState HardState);
}
