using System.Numerics;
using Cete.Core;

namespace Cete.Ledger;

/// <summary>
/// What it takes to go on with a tree: the roots of its perfect parts, the largest first. It grows by a leaf at a time, and tells its root.
/// </summary>
public sealed class MerkleFrontier
{
    private readonly List<Hash256> _parts = [];

    /// <summary>Leaves so far.</summary>
    public long Size { get; private set; }

    /// <summary>The root now.</summary>
    public Hash256 Root
    {
        get
        {
            if (_parts.Count == 0)
            {
                return MerkleTree.Empty;
            }

            var root = _parts[^1];
            for (var i = _parts.Count - 2; i >= 0; i--)
            {
                root = MerkleTree.Node(_parts[i], root);
            }

            return root;
        }
    }

    /// <summary>Takes over what <see cref="ToArray"/> wrote; null when it fits no tree of that size.</summary>
    public static MerkleFrontier? Read(long size, ReadOnlySpan<byte> bytes)
    {
        if (size < 0 || bytes.Length != BitOperations.PopCount((ulong)size) * Hash256.Size)
        {
            return null;
        }

        var frontier = new MerkleFrontier { Size = size };
        for (; bytes.Length > 0; bytes = bytes[Hash256.Size..])
        {
            frontier._parts.Add(new Hash256(bytes[..Hash256.Size]));
        }

        return frontier;
    }

    /// <summary>One more leaf.</summary>
    /// <param name="leaf">Its hash.</param>
    /// <param name="completed">Told each perfect part that it completes, of level 1 and up: level, place among those of its level, root.</param>
    public void Add(in Hash256 leaf, Action<int, long, Hash256>? completed = null)
    {
        var (hash, index) = (leaf, Size);
        for (var level = 1; (index & 1) == 1; level++, index >>= 1)
        {
            hash = MerkleTree.Node(_parts[^1], hash);
            _parts.RemoveAt(_parts.Count - 1);
            completed?.Invoke(level, index >> 1, hash);
        }

        _parts.Add(hash);
        Size++;
    }

    /// <summary>Its parts, 32 bytes each.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[_parts.Count * Hash256.Size];
        for (var i = 0; i < _parts.Count; i++)
        {
            _parts[i].CopyTo(bytes.AsSpan(i * Hash256.Size));
        }

        return bytes;
    }
}
