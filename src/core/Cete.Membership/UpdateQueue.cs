using Cete.Core;

namespace Cete.Membership;

/// <summary>
/// News to tell, those first that were told least (SWIM §4.1): one piece a member, since newer news of it stand in the place of older ones.
/// A list for each number of times told, so that each step costs the same however much there is to tell.
/// </summary>
internal sealed class UpdateQueue
{
    private readonly List<LinkedList<Queued>> _byTransmits = [];
    private readonly Dictionary<KeyId, LinkedListNode<Queued>> _byMember = [];
    private readonly List<LinkedListNode<Queued>> _told = [];

    public int Count => _byMember.Count;

    /// <summary>There is something that nobody was told yet.</summary>
    public bool HasFresh => _byTransmits.Count > 0 && _byTransmits[0].Count > 0;

    public void Add(MemberUpdate update)
    {
        if (!_byMember.TryGetValue(update.Record.Id, out var node))
        {
            node = new LinkedListNode<Queued>(new Queued());
            _byMember.Add(update.Record.Id, node);
        }

        (node.Value.Update, node.Value.Transmits) = (update, 0);
        Put(node);
    }

    public void Remove(KeyId member)
    {
        if (_byMember.Remove(member, out var node))
        {
            node.List!.Remove(node);
        }
    }

    /// <summary>Takes what fits, and counts it as told once more; what was told <paramref name="transmits"/> times goes.</summary>
    public List<MemberUpdate> Take(int bytes, int transmits)
    {
        var taken = new List<MemberUpdate>();
        foreach (var list in _byTransmits)
        {
            for (var node = list.First; node is not null && bytes >= 0; node = node.Next)
            {
                bytes -= node.Value.Update.Record.Cost;
                if (bytes >= 0)
                {
                    taken.Add(node.Value.Update);
                    _told.Add(node);
                }
            }
        }

        // The newest stay in front: they are those that fewest have heard elsewhere.
        for (var i = _told.Count - 1; i >= 0; i--)
        {
            var node = _told[i];
            if (++node.Value.Transmits < transmits)
            {
                Put(node);
            }
            else
            {
                Remove(node.Value.Update.Record.Id);
            }
        }

        _told.Clear();
        return taken;
    }

    private void Put(LinkedListNode<Queued> node)
    {
        node.List?.Remove(node);
        while (_byTransmits.Count <= node.Value.Transmits)
        {
            _byTransmits.Add(new LinkedList<Queued>());
        }

        _byTransmits[node.Value.Transmits].AddFirst(node);
    }

    private sealed class Queued
    {
        public MemberUpdate Update { get; set; } = null!;

        public int Transmits { get; set; }
    }
}
