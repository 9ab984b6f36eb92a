using System.Numerics;
using System.Runtime.CompilerServices;
using Cete.Core;

namespace Cete.Swarm;

/// <summary>
/// Builds a Merkle root from nodes that come in order, holding one node a level (a binary counter), so that the
/// memory does not depend on the length of the content. Use: <see cref="Push(Hash256)"/> each node, then <see cref="Finish()"/> once.
/// </summary>
internal struct MerkleStack(int baseHeight)
{
    /// <summary>Levels of the highest tree: 2^44 leaves are 2^58 bytes.</summary>
    public const int HeightMax = 44;

    private Levels _levels;
    private long _count;

    /// <summary>Whether the next node may be a whole subtree of this height, counted from the base.</summary>
    public readonly bool TakesSubtree(int height) => (_count & ((1L << height) - 1)) == 0;

    public void Push(Hash256 node) => Push(node, 0);

    /// <summary>Pushes the root of a whole subtree; see <see cref="TakesSubtree"/>.</summary>
    public void Push(Hash256 node, int height)
    {
        // A set bit of the count is a level that holds a finished left subtree waiting for its right one.
        var level = height;
        for (var bits = _count >> height; (bits & 1) == 1; bits >>= 1, level++)
        {
            node = Hash256.Of(_levels[level], node);
        }

        _levels[level] = node;
        _count += 1L << height;
    }

    /// <summary>The root, padded to the next power of two of nodes.</summary>
    public Hash256 Finish()
    {
        Check.That(_count > 0);
        return Finish(baseHeight + BitOperations.Log2(BitOperations.RoundUpToPowerOf2((ulong)_count)));
    }

    /// <summary>The root, padded to a tree of <paramref name="height"/>, counted from the leaves.</summary>
    public Hash256 Finish(int height)
    {
        var levels = height - baseHeight;
        Check.That(_count > 0 && _count <= 1L << levels);
        while (_count < 1L << levels)
        {
            // Padding whole zero subtrees where the counter ends, not node by node.
            var level = BitOperations.TrailingZeroCount(_count);
            Push(Merkle.ZeroSubtree(baseHeight + level), level);
        }

        return _levels[levels];
    }

    [InlineArray(HeightMax + 1)]
    private struct Levels
    {
        private Hash256 _first;
    }
}
