using Cete.Core;

namespace Cete.Swarm.Tests;

public sealed class LeafHashesTests
{
    private const int Leaf = Merkle.LeafSize;

    [Theory]
    [InlineData(0, Leaf)]
    [InlineData(1, Leaf)]
    [InlineData(Leaf, Leaf)]
    [InlineData((3 * Leaf) + 5, 4 * Leaf)]
    [InlineData((4 * Leaf) + 5, 4 * Leaf)]
    [InlineData((35 * Leaf) + 700, 32 * Leaf)]
    [InlineData(40 * Leaf, 16 * Leaf)]
    public void Hashes_of_leaves_lead_to_the_hash_of_their_piece(int length, int pieceLength)
    {
        var (content, manifest) = Make(length, pieceLength);
        for (var piece = 0; piece < manifest.PieceCount; piece++)
        {
            var data = content.AsSpan(piece * pieceLength, manifest.LengthOfPiece(piece));
            var made = LeafHashes.Of(piece, data, length, pieceLength);
            Assert.Equal(manifest.Pieces[piece], made.PieceHash);
            var read = LeafHashes.Create(manifest, piece, made.Bytes).Value;
            Assert.Equal((piece, data.Length, made.Count, made.PieceHash), (read.Piece, read.Length, read.Count, read.PieceHash));
            Assert.Equal(read.Count, read.CountVerified(0, data));
            for (var leaf = 0; leaf < read.Count; leaf++)
            {
                Assert.Equal(1, read.CountVerified(leaf, data[(leaf * Leaf)..Math.Min((leaf + 1) * Leaf, data.Length)]));
            }
        }
    }

    [Fact]
    public void Hashes_that_do_not_lead_there_are_refused()
    {
        var (content, manifest) = Make((20 * Leaf) + 9, 16 * Leaf);
        var good = LeafHashes.Of(1, content.AsSpan(16 * Leaf), content.Length, 16 * Leaf).Bytes;
        Assert.Equal(5, LeafHashes.Create(manifest, 1, good).Value.Count);
        for (var at = 0; at < good.Length; at += 7)
        {
            var bad = good.ToArray();
            bad[at] ^= 1;
            Assert.Equal(FailureKind.Damaged, LeafHashes.Create(manifest, 1, bad).Failure?.Kind);
        }

        Assert.Equal(FailureKind.Invalid, LeafHashes.Create(manifest, 0, good).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, LeafHashes.Create(manifest, 1, good[..^1]).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, LeafHashes.Create(manifest, 1, new byte[good.Length + Hash256.Size]).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, LeafHashes.Create(manifest, 1, default).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, LeafHashes.Create(manifest, 2, good).Failure?.Kind);
        Assert.Equal(FailureKind.Invalid, LeafHashes.Create(manifest, -1, good).Failure?.Kind);
    }

    [Fact]
    public void The_first_wrong_leaf_is_found_wherever_it_is()
    {
        var (content, manifest) = Make(64 * Leaf, 64 * Leaf);
        var leaves = LeafHashes.Of(0, content, content.Length, manifest.PieceLength);
        for (var wrong = 0; wrong < 64; wrong++)
        {
            var data = content.ToArray();
            data[((wrong + 1) * Leaf) - 1] ^= 1;
            Assert.Equal(wrong, leaves.CountVerified(0, data));
            var from = wrong / 2;
            Assert.Equal(wrong - from, leaves.CountVerified(from, data.AsSpan(from * Leaf)));
        }
    }

    [Fact]
    public void Only_whole_leaves_are_leaves()
    {
        var (content, manifest) = Make((2 * Leaf) + 100, 4 * Leaf);
        var leaves = LeafHashes.Of(0, content, content.Length, manifest.PieceLength);
        Assert.All(
            new[] { (0, Leaf), (0, 2 * Leaf), (0, (2 * Leaf) + 100), (2, 100) },
            a => Assert.True(leaves.AreLeaves(a.Item1, a.Item2)));
        Assert.All(
            new[] { (0, 0), (0, 100), (0, Leaf + 100), (1, 2 * Leaf), (2, 99), (2, 0), (2, Leaf), (3, 0), (3, 1), (-1, Leaf), (0, -1), (int.MaxValue, Leaf) },
            a => Assert.False(leaves.AreLeaves(a.Item1, a.Item2)));
        Assert.Throws<CheckFailedException>(() => leaves.CountVerified(0, content.AsSpan(0, 100)));
    }

    private static (byte[] Content, Manifest Manifest) Make(int length, int pieceLength)
    {
        var content = new byte[length];
        new Prng(3).Fill(content);
        var layer = new List<byte>();
        for (var piece = 0; piece < Manifest.CountPieces(length, pieceLength); piece++)
        {
            var data = content.AsSpan(piece * pieceLength, Manifest.LengthOfPiece(piece, length, pieceLength));
            layer.AddRange(Manifest.HashPiece(data, length, pieceLength).ToArray());
        }

        return (content, Manifest.FromPieces(length, pieceLength, new PieceLayer(layer.ToArray())));
    }
}
