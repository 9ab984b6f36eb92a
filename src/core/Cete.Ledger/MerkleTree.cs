using System.Numerics;
using System.Security.Cryptography;
using Cete.Core;

namespace Cete.Ledger;

/// <summary>
/// The tree over a journal's entries, as in RFC 6962 §2.1: leaves are the entries' hashes, the root names all of them, and a short path shows that one
/// of them is among them.
/// </summary>
public static class MerkleTree
{
    /// <summary>The longest path of a tree whose size is a 63-bit number.</summary>
    public const int PathMax = 63;

    /// <summary>The root of no leaves (RFC 6962 §2.1).</summary>
    public static Hash256 Empty { get; } = Hash256.Of([]);

    /// <summary>An inner node.</summary>
    public static Hash256 Node(in Hash256 left, in Hash256 right)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * Hash256.Size)];
        bytes[0] = 1;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + Hash256.Size)..]);
        Span<byte> hash = stackalloc byte[Hash256.Size];
        SHA256.HashData(bytes, hash);
        return new Hash256(hash);
    }

    /// <summary>The root of some leaves.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">Behind the last.</param>
    /// <param name="perfect">
    /// The root of the 2^level leaves from a multiple of it on: that of level 0 is a leaf. Asked only for what lies within the bounds.
    /// </param>
    public static Hash256 Root(long from, long to, Func<int, long, Hash256> perfect)
    {
        if (from == to)
        {
            return Empty;
        }

        var size = to - from;
        if (BitOperations.IsPow2(size))
        {
            var level = BitOperations.Log2((ulong)size);
            return perfect(level, from >> level);
        }

        var split = from + Split(size);
        return Node(Root(from, split, perfect), Root(split, to, perfect));
    }

    /// <summary>The audit path of a leaf, from the bottom up (RFC 6962 §2.1.1).</summary>
    /// <param name="index">The leaf, from 0.</param>
    /// <param name="size">Leaves of the tree.</param>
    /// <param name="perfect">As in <see cref="Root"/>.</param>
    public static IReadOnlyList<Hash256> Path(long index, long size, Func<int, long, Hash256> perfect)
    {
        Check.That(index >= 0 && index < size);
        List<Hash256> path = [];
        var (from, to) = (0L, size);
        while (to - from > 1)
        {
            var split = from + Split(to - from);
            if (index < split)
            {
                path.Add(Root(split, to, perfect));
                to = split;
            }
            else
            {
                path.Add(Root(from, split, perfect));
                from = split;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>Whether a path shows that a leaf is in a tree (RFC 9162 §2.1.3.2).</summary>
    public static bool IsPath(in Hash256 leaf, long index, long size, IReadOnlyList<Hash256> path, in Hash256 root)
    {
        if (index < 0 || index >= size || path.Count > PathMax)
        {
            return false;
        }

        var (node, last, hash) = (index, size - 1, leaf);
        foreach (var sibling in path)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = Node(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                hash = Node(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash == root;
    }

    /// <summary>The largest power of two that is smaller.</summary>
    private static long Split(long size) => 1L << BitOperations.Log2((ulong)(size - 1));
}
