using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Store;

namespace Cete.Groups;

/// <summary>Which group of its name this replica is of: those of another one are not listened to.</summary>
internal sealed partial class GroupActor
{
    /// <summary>Null for a replica that waits to be told.</summary>
    private Lineage? _lineage;

    /// <summary>What a root or a candidate said first, while the store notes of which group that is.</summary>
    private GroupMessage.Received? _firstWord;

    /// <summary>Who has this replica begin the group, while the store notes that.</summary>
    private GroupMessage.Found? _founding;

    /// <summary>Others remember that this replica was of a group, of which it has nothing.</summary>
    private bool _isMissed;

    /// <summary>A replica with anything in store or log belongs to a group already; one of an older program to one without a lineage.</summary>
    private void FindLineage() => _lineage = !_opened!.Lineage.IsNone || _opened.Members is not null || _log!.Bounds.Last > 0 ? _opened.Lineage : _lineage;

    /// <summary>
    /// Whether a message is for this replica; the first root that speaks to one which belongs nowhere yet takes it in, or who wants to be root and
    /// needs its vote.
    /// </summary>
    private bool IsOfThisGroup(GroupMessage.Received received)
    {
        var told = received.Envelope.Lineage;
        if (_lineage is { } own)
        {
            if (told != own)
            {
                GroupMetrics.OtherLineage(_group);
            }

            return told == own;
        }

        if (_machine is null || _firstWord is not null || _founding is not null
            || received.Envelope.Message is not (RaftMessage.Append or RaftMessage.Heartbeat or RaftMessage.SnapshotOffer or RaftMessage.VoteRequest))
        {
            return false;
        }

        if (told.IsNone)
        {
            _lineage = told;
            return true;
        }

        // Durable before anything else is: what it acknowledges to one group it must not bring into another.
        _firstWord = _store?.Tell(new StoreMessage.Adopt(told)) == true ? received : null;
        return false;
    }

    /// <summary>Begins the group with this replica, unless it is of one, or is about to be.</summary>
    private void Found(GroupMessage.Found found)
    {
        if (_lineage == found.Lineage)
        {
            found.Answer.Reply(false);
        }
        else if (_lineage is not null || _firstWord is not null)
        {
            found.Answer.Reply(new Failure(FailureKind.Conflict, $"this node's replica is of a group '{_group}' already; it does not begin another one"));
        }
        else if (_isMissed)
        {
            found.Answer.Reply(new Failure(
                FailureKind.Conflict,
                $"others remember that this node had a replica of group '{_group}', which is gone from its folder; a group that began already does not begin anew"));
        }
        else if (_machine is null || _founding is not null || _store?.Tell(new StoreMessage.Begin(found.Lineage)) != true)
        {
            found.Answer.Reply(_failure ?? new Failure(FailureKind.Unavailable, $"the replica of group '{_group}' is not ready to begin; ask again"));
        }
        else
        {
            // Until the store has it, no root is listened to: this replica belongs to its own group or, stopped before, to none.
            _founding = found;
        }
    }

    private void FoundedHere()
    {
        if (_founding is { } founding && _lineage is not null)
        {
            _founding = null;
            Publish();
            founding.Answer.Reply(true);
        }
    }

    private void Adopted(Lineage? lineage)
    {
        var first = _firstWord;
        (_lineage, _firstWord) = (lineage, null);
        if (lineage is { } known && first is not null)
        {
            _opened = _opened! with { Lineage = known };
            Publish();
            Received(first);
        }
    }
}
