using Cete.Consensus;
using Cete.Groups.Store;

namespace Cete.Groups;

/// <summary>Which group of its name this replica is of: those of another one are not listened to.</summary>
internal sealed partial class GroupActor
{
    /// <summary>Null for a replica that waits to be told.</summary>
    private Lineage? _lineage;

    /// <summary>What a root or a candidate said first, while the store notes of which group that is.</summary>
    private GroupMessage.Received? _firstWord;

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

        if (_machine is null || _firstWord is not null
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
