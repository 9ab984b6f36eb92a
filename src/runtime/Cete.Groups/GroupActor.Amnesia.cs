using Cete.Consensus;

namespace Cete.Groups;

/// <summary>What others remember of this replica, and what they may be told to remember: what its disk holds for certain.</summary>
internal sealed partial class GroupActor
{
    private readonly Queue<(long Write, long Term)> _terms = new();
    private long _durableTerm;
    private long? _foundOld;

    /// <summary>Others had the chance to say how far this replica was, or it was trusted once since the node's start.</summary>
    private bool _isVouched = !parts.AwaitsWord();

    /// <summary>What they said, for a machine that is not there yet or begins anew.</summary>
    private GroupMessage.Remembered? _forgotten;

    private void Remembered(GroupMessage.Remembered remembered)
    {
        if (_machine is null)
        {
            _forgotten = remembered;
        }
        else if (_lineage is null)
        {
            _isMissed = true;
        }
        else if (remembered.Lineage == _lineage)
        {
            Step(new ConsensusInput.Remembered(remembered.Term, remembered.Index, remembered.HasForgotten));
        }
    }

    /// <summary>A machine begins anew within one start of the node: what was known of it before still is.</summary>
    private void KeepStanding()
    {
        if (_machine is not { } machine)
        {
            return;
        }

        _isVouched = machine.IsVouched;
        _forgotten = machine.Forgotten is { } index ? new GroupMessage.Remembered(_lineage ?? Lineage.None, machine.Term, index, true) : null;
    }

    private void TellRemembered()
    {
        if (_forgotten is { } remembered)
        {
            _forgotten = null;
            Remembered(remembered);
        }
    }

    private void TakeDurable(long write)
    {
        while (_terms.TryPeek(out var oldest) && oldest.Write <= write)
        {
            _durableTerm = _terms.Dequeue().Term;
        }
    }
}
