using Cete.Core;

namespace Cete.Membership;

/// <summary>
/// News to tell, those first that were told least (SWIM §4.1): one piece a member, since newer news of it stand in the place of older ones.
/// </summary>
internal sealed class UpdateQueue
{
    private readonly SortedSet<Queued> _order = new(ByTransmits.Instance);
    private readonly Dictionary<KeyId, Queued> _byMember = [];
    private long _sequence;

    public int Count => _order.Count;

    /// <summary>There is something that nobody was told yet.</summary>
    public bool HasFresh => _order.Min is { Transmits: 0 };

    public void Add(MemberUpdate update)
    {
        Remove(update.Record.Id);
        var queued = new Queued(update, 0, _sequence++);
        _byMember[update.Record.Id] = queued;
        _order.Add(queued);
    }

    public void Remove(KeyId member)
    {
        if (_byMember.Remove(member, out var queued))
        {
            _order.Remove(queued);
        }
    }

    /// <summary>Takes what fits, and counts it as told once more; what was told <paramref name="transmits"/> times goes.</summary>
    public List<MemberUpdate> Take(int bytes, int transmits)
    {
        var told = new List<Queued>();
        foreach (var queued in _order)
        {
            var cost = queued.Update.Record.Cost;
            if (cost > bytes)
            {
                break;
            }

            bytes -= cost;
            told.Add(queued);
        }

        foreach (var queued in told)
        {
            _order.Remove(queued);
            if (queued.Transmits + 1 >= transmits)
            {
                _byMember.Remove(queued.Update.Record.Id);
                continue;
            }

            var again = queued with { Transmits = queued.Transmits + 1 };
            _byMember[queued.Update.Record.Id] = again;
            _order.Add(again);
        }

        return told.ConvertAll(queued => queued.Update);
    }

    private sealed record Queued(MemberUpdate Update, int Transmits, long Sequence);

    private sealed class ByTransmits : IComparer<Queued>
    {
        public static ByTransmits Instance { get; } = new();

        public int Compare(Queued? x, Queued? y)
        {
            var byTransmits = x!.Transmits.CompareTo(y!.Transmits);

            // The newest first: it is the one that fewest have heard elsewhere.
            return byTransmits != 0 ? byTransmits : y.Sequence.CompareTo(x.Sequence);
        }
    }
}
