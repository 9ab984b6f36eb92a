using Cete.Core;

namespace Cete.Swarm.Planning;

/// <summary>What the planner knows of a peer.</summary>
internal sealed class PlannerPeer(KeyId key, PieceMap have)
{
    private const int RefusedMax = 32;

    private List<KeyId>? _refused;

    public KeyId Key { get; } = key;

    /// <summary>What it has, by its own word.</summary>
    public PieceMap Have { get; } = have;

    /// <summary>Its pieces count as copies: it neither leaves nor lies.</summary>
    public bool IsCounted { get; set; } = true;

    public long Uplink { get; set; }

    /// <summary>How many newcomers it serves at a time.</summary>
    public int Slots { get; set; }

    public int NeighboursMax { get; set; }

    public string Near { get; set; } = string.Empty;

    /// <summary>When it announced last.</summary>
    public Instant At { get; set; }

    /// <summary>Where it stands in the list of all.</summary>
    public int Index { get; set; }

    /// <summary>Where it stands in the order of announces.</summary>
    public LinkedListNode<PlannerPeer>? Node { get; set; }

    public List<PlannerPeer> Neighbours { get; } = [];

    /// <summary>Neighbours that are not whole: they share its uplink.</summary>
    public int Hungry { get; set; }

    /// <summary>What one of its neighbours may hope for, in bytes a second.</summary>
    public long Share => Uplink / Math.Max(1, Hungry);

    /// <summary>What it may hope for from its neighbours, in bytes a second.</summary>
    public long Supply
    {
        get
        {
            var sum = 0L;
            foreach (var neighbour in Neighbours)
            {
                sum += neighbour.Share;
            }

            return sum;
        }
    }

    /// <summary>It got bad bytes from this one and is not given it again.</summary>
    public void Refuse(KeyId liar)
    {
        _refused ??= [];
        if (_refused.Count == RefusedMax)
        {
            _refused.RemoveAt(0);
        }

        _refused.Add(liar);
    }

    public bool Refuses(KeyId other) => _refused is not null && _refused.Contains(other);
}
