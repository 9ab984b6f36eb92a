using Cete.Core;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>A piece of which some leaves are there. Guarded by the content that owns it.</summary>
/// <param name="leaves">The hashes of its leaves.</param>
internal sealed class PartialPiece(LeafHashes leaves)
{
    private readonly PieceMap _map = new(leaves.Count);

    /// <summary>The hashes of its leaves.</summary>
    public LeafHashes Leaves => leaves;

    /// <summary>When it was touched last, counted in touches.</summary>
    public long Touched { get; set; }

    public bool IsWhole => _map.IsFull;

    /// <summary>The first leaf from one on that is missing; the count of leaves when none is.</summary>
    public int NextMissing(int from) => _map.NextMissing(from);

    /// <summary>Leaves came.</summary>
    public void Set(int first, int end)
    {
        Check.That(first >= 0 && first < end);
        for (var leaf = first; leaf < end; leaf++)
        {
            _map.Set(leaf);
        }
    }
}
