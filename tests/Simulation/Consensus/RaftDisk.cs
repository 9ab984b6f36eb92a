using Cete.Consensus;
using Cete.Core;

namespace Cete.Simulation.Consensus;

/// <summary>A store as it stood at an index; nobody changes it any more.</summary>
internal sealed record RaftSnapshot(RaftStore Store)
{
    public long Index => Store.Applied;

    public long Term => Store.AppliedTerm;

    public Members Members => Store.Members!;
}

/// <summary>Term, vote and log after some writes.</summary>
internal sealed class RaftImage
{
    public long Term { get; private set; }

    public KeyId? VotedFor { get; private set; }

    /// <summary>The entry in front of the first.</summary>
    public long Base { get; private set; }

    public long BaseTerm { get; private set; }

    public long Last => Base + Entries.Count;

    public List<ConsensusEntry> Entries { get; private set; } = [];

    public RaftImage Clone() => new() { Term = Term, VotedFor = VotedFor, Base = Base, BaseTerm = BaseTerm, Entries = [.. Entries] };

    public ConsensusEntry At(long index) => Entries[(int)(index - Base - 1)];

    /// <summary>Null for what it does not hold.</summary>
    public long? TermAt(long index) => index == Base ? BaseTerm : index > Base && index <= Last ? At(index).Term : null;

    public void Write(ConsensusEffect effect)
    {
        switch (effect)
        {
            case ConsensusEffect.PersistState state:
                (Term, VotedFor) = (state.Term, state.VotedFor);
                break;
            case ConsensusEffect.Append append:
                var first = append.Entries[0].Index;
                Check.That(first > Base && first <= Last + 1, "a log has no gaps");
                Entries.RemoveRange((int)(first - Base - 1), (int)(Last - first + 1));
                Entries.AddRange(append.Entries);
                break;
            case ConsensusEffect.ResetLog reset:
                Reset(reset.Index, reset.Term);
                break;
        }
    }

    public void Reset(long index, long term)
    {
        (Base, BaseTerm) = (index, term);
        Entries.Clear();
    }

    public void Compact(long index)
    {
        if (index > Base && index <= Last)
        {
            BaseTerm = At(index).Term;
            Entries.RemoveRange(0, (int)(index - Base));
            Base = index;
        }
    }

    /// <summary>As a machine is told of it at its start: the store knows only the term of the entry that it has applied last.</summary>
    public LogExtent Extent(long applied)
    {
        var terms = new List<TermSpan>();
        foreach (var entry in Entries.Where(entry => terms.Count == 0 || terms[^1].Term != entry.Term))
        {
            terms.Add(new TermSpan(entry.Index, entry.Term));
        }

        return new LogExtent(Base + 1, Last, TermAt(Last)!.Value, terms) { PreviousTerm = Base == applied ? BaseTerm : null };
    }
}

/// <summary>
/// What a member keeps through crashes. Writes wait in the order in which they were asked for and become durable in it; at a crash a random
/// prefix of those that wait survives.
/// </summary>
internal sealed class RaftDisk
{
    private readonly Queue<(long Number, ConsensusEffect Effect)> _waiting = new();

    public RaftImage Durable { get; private set; } = new();

    public RaftSnapshot? Snapshot { get; private set; }

    public int Waiting => _waiting.Count;

    public void Write(long number, ConsensusEffect effect) => _waiting.Enqueue((number, effect));

    /// <summary>Makes the oldest of the waiting writes durable; returns the number of the last.</summary>
    public long Sync(int count)
    {
        var last = 0L;
        for (var done = 0; done < count; done++)
        {
            (last, var effect) = _waiting.Dequeue();
            Durable.Write(effect);
        }

        return last;
    }

    /// <summary>Power is gone, or a write failed.</summary>
    public void Lose(Prng chance)
    {
        Sync(chance.Next(_waiting.Count + 1));
        _waiting.Clear();
    }

    public void Keep(RaftSnapshot snapshot) => Snapshot = snapshot;

    public RaftCopy Copy() => new(Durable.Clone(), Snapshot);

    public void PutBack(RaftCopy copy) => (Durable, Snapshot) = (copy.Image.Clone(), copy.Snapshot);
}
