using Cete.Core;

namespace Cete.Consensus;

/// <summary>
/// Raft with a single voter (Ongaro 2014, chapter 3): it votes for itself at each start, is root at once, and what it has made durable
/// is committed by that. It opens its term with an entry of its own (section 6.4), so that what earlier terms left is committed too.
/// </summary>
public sealed class SoleVoter : IMachine<ConsensusInput, ConsensusEffect>
{
    private static readonly ReadOnlyMemory<byte>[] OpeningEntry = [ReadOnlyMemory<byte>.Empty];
    private string _self = string.Empty;
    private long _term;
    private long _lastIndex;
    private long _openingIndex;
    private long _commitIndex;
    private bool _isRoot;

    public void Step(in ConsensusInput input, Instant now, EffectSink<ConsensusEffect> effects)
    {
        switch (input)
        {
            case ConsensusInput.Start start:
                Start(start, effects);
                break;
            case ConsensusInput.Propose propose:
                Check.That(_term > 0, "a voter is started before it is asked");
                Append(propose.Commands, effects);
                break;
            case ConsensusInput.Persisted persisted:
                Persisted(persisted.Index, effects);
                break;
            case ConsensusInput.PersistFailed failed:
                Check.That(failed.FromIndex > _commitIndex, "what is committed stays");
                _lastIndex = Math.Min(_lastIndex, failed.FromIndex - 1);
                if (_lastIndex < _openingIndex)
                {
                    // Neither is the term persisted that it would propose in: the opening is tried again, as soon as the driver says so.
                    Open(effects);
                }

                break;
        }
    }

    private void Start(ConsensusInput.Start start, EffectSink<ConsensusEffect> effects)
    {
        Check.That(_term == 0, "a voter starts once");
        Check.That(start.LastTerm <= start.Term);
        _term = start.Term + 1;
        _lastIndex = start.LastIndex;
        _openingIndex = start.LastIndex + 1;
        _self = start.Self;
        Open(effects);
    }

    private void Open(EffectSink<ConsensusEffect> effects)
    {
        effects.Add(new ConsensusEffect.PersistState(_term, _self));
        Append(OpeningEntry, effects);
    }

    private void Append(IReadOnlyList<ReadOnlyMemory<byte>> commands, EffectSink<ConsensusEffect> effects)
    {
        var entries = new ConsensusEntry[commands.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new ConsensusEntry(++_lastIndex, _term, commands[i]);
        }

        effects.Add(new ConsensusEffect.Append(entries));
    }

    private void Persisted(long index, EffectSink<ConsensusEffect> effects)
    {
        Check.That(index <= _lastIndex);
        if (index <= _commitIndex)
        {
            return;
        }

        // An old term's entries are committed only through one of the own term (section 3.6.2).
        if (index < _openingIndex)
        {
            return;
        }

        _commitIndex = index;
        effects.Add(new ConsensusEffect.Commit(index));
        if (!_isRoot)
        {
            _isRoot = true;
            effects.Add(new ConsensusEffect.BecameRoot(_term));
        }
    }
}
