using Cete.Consensus;
using Cete.Core;

namespace Cete.Simulation.Consensus;

/// <summary>
/// Sees all that the members and clients do, and checks at each step what Raft promises (Ongaro 2014, figure 3.2) and that the history of the
/// clients is linearizable (Herlihy, Wing 1990). For the latter each operation gets a point: the index of a write's entry, just behind the index as of
/// which a read was answered. These points are an order of all operations; here it is checked that an operation begins behind the points of all
/// that were over before it was asked (so the order keeps real time), and that its answer is what one copy of the store, given the committed
/// entries in that order, answers. Both together are what linearizable means, so a history that passes is; and since points may not go back even
/// where no value shows it, more is asked than that.
/// </summary>
internal sealed class RaftWitness
{
    private readonly List<(ConsensusEntry Entry, long SeenInTerm, ulong Digest)> _committed = [];
    private readonly Dictionary<long, (int Host, int Incarnation)> _leaders = [];
    private readonly Dictionary<(long Index, long Term), (long Digest, long PreviousTerm)> _entries = [];
    private readonly Dictionary<(int Client, long Sequence), StoreReply> _replies = [];
    private readonly Dictionary<int, List<StoreReading>> _readings = [];
    private readonly RaftStore _model;
    private long _pointMost;

    public RaftWitness(Members members) => _model = new RaftStore(members);

    /// <summary>How many entries are known to be committed.</summary>
    public long Committed => _committed.Count;

    public int Elections => _leaders.Count;

    public int Writes { get; private set; }

    public int Reads { get; private set; }

    public int Snapshots { get; set; }

    /// <summary>Election safety and leader completeness.</summary>
    public void Led(int host, int incarnation, long term, RaftImage log)
    {
        Check.That(
            _leaders.TryAdd(term, (host, incarnation)) || _leaders[term] == (host, incarnation),
            $"two leaders in term {term}: h{host} and h{_leaders[term].Host}");
        for (var index = _committed.Count; index > log.Base; index--)
        {
            var (entry, seenInTerm, _) = _committed[index - 1];
            Check.That(
                seenInTerm >= term || (log.TermAt(index) == entry.Term),
                $"the leader of term {term}, h{host}, lacks entry {index} of term {entry.Term}, which was committed");
        }
    }

    /// <summary>Log matching: what is equal in index and term is equal, and so is what stands in front of it.</summary>
    public void Appended(IReadOnlyList<ConsensusEntry> entries, long previousTerm)
    {
        foreach (var entry in entries)
        {
            var seen = (RaftWire.DigestOf(entry), previousTerm);
            Check.That(
                _entries.TryAdd((entry.Index, entry.Term), seen) || _entries[(entry.Index, entry.Term)] == seen,
                $"two entries {entry.Index} of term {entry.Term}");
            previousTerm = entry.Term;
        }
    }

    /// <summary>State machine safety: everybody applies the same, and comes to the same state.</summary>
    public void Applied(int host, in ConsensusEntry entry, long term, RaftStore store)
    {
        if (entry.Index == _committed.Count + 1)
        {
            var before = _model.Members!;
            Note(entry, _model.Apply(entry));
            Check.That(before.IsOneStepFrom(_model.Members!), $"members changed by more than one voter at {entry.Index}");
            _committed.Add((entry, term, _model.Digest));
        }

        var known = _committed[(int)entry.Index - 1];
        Check.That(RaftWire.DigestOf(known.Entry) == RaftWire.DigestOf(entry), $"h{host} applied another entry {entry.Index} than was committed");
        CheckState(host, store);
    }

    public void CheckState(int host, RaftStore store) => Check.That(
        store.Applied == 0 || _committed[(int)store.Applied - 1].Digest == store.Digest, $"h{host} has another state at {store.Applied}");

    /// <summary>An operation is asked for: its point has to lie behind this one.</summary>
    public long Asked() => _pointMost;

    public void Answered(long floor, StoreReply reply)
    {
        Writes++;
        Check.That(
            _replies.TryGetValue((reply.Client, reply.Sequence), out var known) && known == reply,
            $"{reply} was acknowledged, and {known} committed");
        Check.That(2 * reply.Index > floor, $"not linearizable: a write at {reply.Index} was asked after {floor / 2} was answered");
        _pointMost = Math.Max(_pointMost, 2 * reply.Index);
    }

    public void Answered(long floor, int key, StoreReading reading)
    {
        Reads++;
        var point = (2 * reading.Index) + 1;
        Check.That(point >= floor, $"not linearizable: a read at {reading.Index} was asked after {floor / 2} was answered");
        var history = _readings.GetValueOrDefault(key) ?? [];
        var known = history.FindLast(other => other.Index <= reading.Index);
        Check.That(
            (known.Length, known.Register) == (reading.Length, reading.Register),
            $"a read answered {reading}, where the order of commands says {known}");
        _pointMost = Math.Max(_pointMost, point);
    }

    /// <summary>At the end: each value stands in a list once, however often it was sent.</summary>
    public void CheckOnce()
    {
        foreach (var list in _model.Lists)
        {
            Check.That(list.Distinct().Count() == list.Count, "a command took effect twice");
        }
    }

    private void Note(in ConsensusEntry entry, StoreReply? applied)
    {
        if (applied is { } reply && reply.Index == entry.Index)
        {
            _replies.Add((reply.Client, reply.Sequence), reply);
            var key = StoreCommand.From(entry.Data.Span).Key;
            if (!_readings.TryGetValue(key, out var history))
            {
                _readings.Add(key, history = []);
            }

            history.Add(_model.Read(key));
        }
    }
}
