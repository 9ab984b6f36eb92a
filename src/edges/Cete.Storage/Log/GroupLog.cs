using Cete.Core;
using Cete.Ports;

namespace Cete.Storage.Log;

/// <summary>Where the data of an entry stands, with its checksum, so that what is read back later is checked again.</summary>
internal readonly record struct EntryPlace(LogSegment Segment, long Offset, int Length, uint Checksum, long Term, LogEntryKind Kind);

/// <summary>What the log holds of one group: the synced places by index, and what the next sync adds to them.</summary>
internal sealed class GroupLog
{
    private readonly List<EntryPlace> _places = [];
    private long _first = 1;
    private Additions? _pending;

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
            List<TermRun> terms = [];
            List<long> membersAt = [];
            foreach (var (index, term, kind) in Shown())
            {
                if (terms is not [.., var run] || run.Term != term)
                {
                    terms.Add(new TermRun(index, term));
                }

                if (kind == LogEntryKind.Members)
                {
                    membersAt.Add(index);
                }
            }

            return _pending is { } pending
                ? new LogBounds(First, pending.Last, pending.LastTerm, pending.HardState, terms, membersAt)
                : new LogBounds(First, Last, LastTerm, HardState, terms, membersAt);
        }
    }

    /// <summary>Whether anything was ever synced of the group; of others a new segment need not speak.</summary>
    public bool HasFacts => Last > 0 || HardState != HardState.Initial;

    private long First => _pending?.FirstAfterReset ?? Math.Max(_first, Released + 1);

    private Additions Pending => _pending ??= new Additions(this);

    public void Expect(long index, long term, LogEntryKind kind)
    {
        Check.That(index >= First && index <= (_pending?.Last ?? Last) + 1, "a log has no gaps and keeps what was released");
        Check.That(term >= 1);
        Check.That(kind is LogEntryKind.Command or LogEntryKind.Members, "an entry is of a known kind");
        Pending.Add(index, term, kind);
    }

    public void Expect(in HardState state) => Pending.HardState = state;

    public void ExpectReset(long index, long term)
    {
        Check.That(index == 0 ? term == 0 : index > 0 && term >= 1, "a snapshot stands at an entry and its term, or at the very start");
        Pending.Reset(index, term);
    }

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

    /// <summary>Takes over that a snapshot stands for everything up to an index. It may be an older one than what was released.</summary>
    public void Reset(long index, long term)
    {
        _places.Clear();
        (_first, Released, Last, LastTerm) = (index + 1, index, index, term);
    }

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

    /// <summary>What the entries are that <see cref="Bounds"/> speaks of: the synced ones up to where the additions begin, and these.</summary>
    private IEnumerable<(long Index, long Term, LogEntryKind Kind)> Shown()
    {
        foreach (var (index, place) in Places(First, (_pending?.From ?? long.MaxValue) - 1))
        {
            yield return (index, place.Term, place.Kind);
        }

        if (_pending is not { } pending)
        {
            yield break;
        }

        // An entry that was written a second time may have been released meanwhile.
        for (var index = Math.Max(First, pending.From); index <= pending.Last; index++)
        {
            var (term, kind) = pending.Entries[(int)(index - pending.From)];
            yield return (index, term, kind);
        }
    }

    /// <summary>What the next sync brings: entries from an index on, in the place of what stood there and after it.</summary>
    private sealed class Additions(GroupLog synced)
    {
        public List<(long Term, LogEntryKind Kind)> Entries { get; } = [];

        public long From { get; private set; } = synced.Last + 1;

        public long LastTerm { get; private set; } = synced.LastTerm;

        public HardState HardState { get; set; } = synced.HardState;

        /// <summary>The oldest index that can be there after the sync, where a snapshot then stands before it.</summary>
        public long? FirstAfterReset { get; private set; }

        public long Last => From + Entries.Count - 1;

        public void Add(long index, long term, LogEntryKind kind)
        {
            From = Math.Min(From, index);
            var kept = (int)Math.Min(index - From, Entries.Count);
            Entries.RemoveRange(kept, Entries.Count - kept);
            Entries.Add((term, kind));
            LastTerm = term;
        }

        public void Reset(long index, long term)
        {
            Entries.Clear();
            (FirstAfterReset, From, LastTerm) = (index + 1, index + 1, term);
        }
    }
}
