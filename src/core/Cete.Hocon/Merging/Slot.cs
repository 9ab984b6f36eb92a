namespace Cete.Hocon;

/// <summary>
/// A field of the merged tree: everything that was assigned to it and may still matter, the earliest first. A later layer hides the
/// earlier ones unless both turn out to be objects or the later one refers back.
/// </summary>
internal sealed class Slot
{
    private readonly List<Node> _layers = new(1);

    public IReadOnlyList<Node> Layers => _layers;

    /// <summary>The layer that is being evaluated, or -1 when none is.</summary>
    public int Current { get; set; } = -1;

    public bool IsEvaluating => Current >= 0;

    public bool IsEvaluated { get; set; }

    /// <summary>What it evaluated to; null when it is undefined.</summary>
    public Head? Head { get; set; }

    /// <summary>Whether it is undefined because of an error that was reported, so that what refers to it is not reported as well.</summary>
    public bool HasFailed { get; set; }

    /// <summary>How many substitutions were being followed when its evaluation began: where a cycle through it starts.</summary>
    public int ChainStart { get; set; }

    /// <summary>Adds a layer; a scalar or an array drops those below, which it hides for good.</summary>
    public void Assign(Node layer, bool hidesEarlier)
    {
        if (hidesEarlier)
        {
            _layers.Clear();
        }

        _layers.Add(layer);
    }

    /// <summary>The object that later fields of this object go to: the top layer if it is one, else a new layer.</summary>
    public ObjectHead TopObject(HoconOrigin origin)
    {
        if (_layers.Count > 0 && _layers[^1] is ObjectHead top)
        {
            return top;
        }

        var added = new ObjectHead(origin);
        // An object above a scalar or an array never merges with it.
        Assign(added, hidesEarlier: _layers.Count > 0 && _layers[^1].HidesEarlier);
        return added;
    }
}
