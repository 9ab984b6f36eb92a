using System.Numerics;
using Cete.Core;

namespace Cete.Swarm;

/// <summary>
/// The hash tree of BitTorrent v2 (BEP 52): SHA-256 over leaves of 16 KiB, inner nodes over their two children, leaves
/// beyond the end of the content count as 32 zero bytes. A piece is a subtree, so pieces of any size give the same root.
/// Content of no bytes, for which BEP 52 has no root, is one leaf of no bytes here.
/// </summary>
public static class Merkle
{
    /// <summary>Bytes of a leaf.</summary>
    public const int LeafSize = 16 * 1024;

    // What the lanes hash at once: sixteen leaves, 256 KiB, a subtree of height 4.
    private const int LanesHeight = 4;
    private const int LanesSize = LeafSize << LanesHeight;

    private static readonly Hash256[] ZeroSubtrees = MakeZeroSubtrees();

    /// <summary>The root of a subtree of the given height (0: a leaf) that lies wholly beyond the end of the content.</summary>
    public static Hash256 ZeroSubtree(int height) => ZeroSubtrees[height];

    /// <summary>The height of the subtree of a piece: 4 for 256 KiB.</summary>
    public static int HeightOfPiece(int pieceLength)
    {
        Check.That(pieceLength >= LeafSize && BitOperations.IsPow2(pieceLength), "a piece length is a power of two of at least 16 KiB");
        return BitOperations.Log2((uint)(pieceLength / LeafSize));
    }

    /// <summary>The hash of one piece out of several: its subtree, padded to the full piece length.</summary>
    public static Hash256 HashPiece(ReadOnlySpan<byte> piece, int pieceLength)
    {
        Check.That(piece.Length <= pieceLength && piece.Length > 0);
        var stack = new MerkleStack(0);
        PushLeaves(ref stack, piece);
        return stack.Finish(HeightOfPiece(pieceLength));
    }

    /// <summary>The root of content that is held whole: padded only to the next power of two of leaves.</summary>
    public static Hash256 HashContent(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            return Hash256.Of(content);
        }

        var stack = new MerkleStack(0);
        PushLeaves(ref stack, content);
        return stack.Finish();
    }

    /// <summary>The root over the hashes of all pieces, in order. One piece alone is the root itself.</summary>
    public static Hash256 RootOfPieces(PieceLayer pieces, int pieceLength)
    {
        Check.That(pieces.Count > 0);
        var stack = new MerkleStack(HeightOfPiece(pieceLength));
        for (var i = 0; i < pieces.Count; i++)
        {
            stack.Push(pieces[i]);
        }

        return stack.Finish();
    }

    /// <summary>Hashes each leaf for itself; of no bytes, the one empty leaf.</summary>
    /// <param name="bytes">The leaves, one behind the other; the last may be short.</param>
    /// <param name="hashes">Takes their hashes.</param>
    internal static void HashLeaves(ReadOnlySpan<byte> bytes, Span<byte> hashes)
    {
        Check.That(hashes.Length == LeafHashes.CountLeaves(bytes.Length) * Hash256.Size);
        if (Sha256Lanes.IsAccelerated)
        {
            for (; bytes.Length >= LanesSize; bytes = bytes[LanesSize..], hashes = hashes[(Sha256Lanes.Count * Hash256.Size)..])
            {
                Sha256Lanes.Hash(bytes[..LanesSize], LeafSize, hashes[..(Sha256Lanes.Count * Hash256.Size)]);
            }
        }

        for (; !hashes.IsEmpty; hashes = hashes[Hash256.Size..])
        {
            var leaf = bytes[..Math.Min(LeafSize, bytes.Length)];
            Hash256.Of(leaf).CopyTo(hashes);
            bytes = bytes[leaf.Length..];
        }
    }

    /// <summary>The hash of a piece whose leaves have these hashes; of content of one piece it is the root.</summary>
    internal static Hash256 RootOfLeaves(ReadOnlySpan<byte> hashes, long contentLength, int pieceLength)
    {
        var stack = new MerkleStack(0);
        for (; !hashes.IsEmpty; hashes = hashes[Hash256.Size..])
        {
            stack.Push(new Hash256(hashes[..Hash256.Size]));
        }

        return contentLength <= pieceLength ? stack.Finish() : stack.Finish(HeightOfPiece(pieceLength));
    }

    /// <summary>Hashes leaves onto a stack; of no bytes, the one empty leaf.</summary>
    internal static void PushLeaves(ref MerkleStack stack, ReadOnlySpan<byte> bytes)
    {
        if (Sha256Lanes.IsAccelerated && stack.TakesSubtree(LanesHeight))
        {
            for (; bytes.Length >= LanesSize; bytes = bytes[LanesSize..])
            {
                stack.Push(HashInLanes(bytes[..LanesSize]), LanesHeight);
            }

            if (bytes.IsEmpty)
            {
                return;
            }
        }

        while (bytes.Length > LeafSize)
        {
            stack.Push(Hash256.Of(bytes[..LeafSize]));
            bytes = bytes[LeafSize..];
        }

        stack.Push(Hash256.Of(bytes));
    }

    /// <summary>The root of a subtree of as many whole leaves as there are lanes.</summary>
    private static Hash256 HashInLanes(ReadOnlySpan<byte> leaves)
    {
        // Parents need two nodes each, so half of the lanes hash what is left of the level below; their answers are not used.
        Span<byte> nodes = stackalloc byte[2 * Sha256Lanes.Count * Hash256.Size];
        nodes.Clear();
        Sha256Lanes.Hash(leaves, LeafSize, nodes[..(nodes.Length / 2)]);
        for (var level = 0; level < LanesHeight; level++)
        {
            Sha256Lanes.Hash(nodes, 2 * Hash256.Size, nodes[..(nodes.Length / 2)]);
        }

        return new Hash256(nodes[..Hash256.Size]);
    }

    private static Hash256[] MakeZeroSubtrees()
    {
        var subtrees = new Hash256[MerkleStack.HeightMax + 1];
        for (var height = 1; height < subtrees.Length; height++)
        {
            subtrees[height] = Hash256.Of(subtrees[height - 1], subtrees[height - 1]);
        }

        return subtrees;
    }
}
