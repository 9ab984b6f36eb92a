using Cete.Core;

namespace Cete.Consensus;

/// <summary>Changes of the members (chapter 4) and of the leader (section 3.10).</summary>
public sealed partial class RaftMachine
{
    private KeyId? _transferTo;
    private Instant _transferDue;
    private bool _isTransferTold;

    /// <summary>Whom this leader is handing over to; null when it is not.</summary>
    public KeyId? TransferTo => _transferTo;

    /// <summary>Whether this leader may make these the members now: one voter more or less, and only when the last change is committed.</summary>
    public bool MayChangeTo(Members members) => _role == RaftRole.Leader && _transferTo is null
        && _rules.MayChangeMembers(HasCommittedInTerm, _members.ChangedAt > _committed, members.IsOneStepFrom(_members.Current!));

    private void ChangeMembers(Members members)
    {
        Check.That(MayChangeTo(members), "members change one at a time");
        Lead([new ConsensusEntry(_log.Last + 1, _term, ReadOnlyMemory<byte>.Empty, members)]);
    }

    private void Transfer(KeyId to)
    {
        if (_role != RaftRole.Leader || to == _self || !_members.Current!.IsVoter(to))
        {
            return;
        }

        Wake();
        (_transferTo, _transferDue, _isTransferTold) = (to, _now + _settings.ElectionTimeout, false);
        HandOverWhenReady();
    }

    private void HandOverWhenReady()
    {
        if (_transferTo is { } to && !_isTransferTold && _others.TryGetValue(to, out var other) && other.Match == _log.Last)
        {
            // From now on another leader may come at any time, however late this message is: no lease in this term any more.
            (_isTransferTold, _isLeaseGivenUp) = (true, true);
            Send(to, new RaftMessage.TimeoutNow(_term));
        }
    }
}
