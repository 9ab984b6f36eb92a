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
    private int _eager;

    public int Count => _byMember.Count;

    /// <summary>There is something that nobody was told yet.</summary>
    public bool HasFresh => _byTransmits.Count > 0 && _byTransmits[0].Count > 0;

    /// <summary>There is something that is to be told quickly, and was not yet often enough for that.</summary>
    public bool HasEager => _eager > 0;

    /// <summary>Adds news in the place of what was known of that member before.</summary>
    /// <param name="update">The news.</param>
    /// <param name="eager">It is to be told so many times quickly; 0 for what can wait.</param>
    public void Add(MemberUpdate update, int eager)
    {
        if (!_byMember.TryGetValue(update.Record.Id, out var node))
        {
            node = new LinkedListNode<Queued>(new Queued());
            _byMember.Add(update.Record.Id, node);
        }

        _eager -= node.Value.IsEager ? 1 : 0;
        (node.Value.Update, node.Value.Transmits, node.Value.Eager) = (update, 0, eager);
        _eager += node.Value.IsEager ? 1 : 0;
        Put(node);
    }

    public void Remove(KeyId member)
    {
        if (_byMember.Remove(member, out var node))
        {
            _eager -= node.Value.IsEager ? 1 : 0;
            node.List!.Remove(node);
        }
    }

    /// <summary>
    /// Takes what fits, and counts it as told once more; what was told <paramref name="transmits"/> times, and quickly as often as it is to be, goes.
    /// </summary>
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
            var wasEager = node.Value.IsEager;
            node.Value.Transmits++;
            _eager -= wasEager && !node.Value.IsEager ? 1 : 0;
            if (node.Value.Transmits < transmits || node.Value.IsEager)
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

        /// <summary>How many of its tellings are quick.</summary>
        public int Eager { get; set; }

        public bool IsEager => Transmits < Eager;
    }
}
