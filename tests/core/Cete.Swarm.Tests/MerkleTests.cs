using System.Globalization;
using Cete.Core;

namespace Cete.Swarm.Tests;

public sealed class MerkleTests
{
    private const int Kib = 1024;

    public static TheoryData<int> Lengths =>
    [
        0, 1, 2, 63, 64, 65, 16383, 16384, 16385, 32767, 32768, 32769, (3 * 16384) - 1, 3 * 16384, (256 * Kib) - 1, 256 * Kib, (256 * Kib) + 1,
        (512 * Kib) - 1, 512 * Kib, (512 * Kib) + 1, (768 * Kib) - 1, 768 * Kib, (768 * Kib) + 1, (1024 * Kib) - 1, 1024 * Kib, (1024 * Kib) + 1,
        (5 * 256 * Kib) + 1, 2048 * Kib, (2048 * Kib) + 16384, (2816 * Kib) - 1, (3072 * Kib) + 1,
    ];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Roots_and_layers_are_those_of_the_textbook(int length)
    {
        var content = TextbookTree.Pattern(length);
        var expected = new Hash256(TextbookTree.Root(content));
        Assert.Equal(expected, Merkle.HashContent(content));
        for (var pieceLength = 16 * Kib; pieceLength <= 1024 * Kib; pieceLength *= 2)
        {
            var layer = LayerOf(content, pieceLength);
            var textbook = TextbookTree.Layer(content, pieceLength);
            Assert.Equal(textbook.SelectMany(hash => hash).ToArray(), layer.Bytes.ToArray());
            var manifest = Manifest.FromPieces(length, pieceLength, layer);
            Assert.Equal(expected, manifest.Root);
            Assert.Equal(textbook.Count, manifest.PieceCount);
            Assert.Equal(expected, Manifest.Create(length, pieceLength, expected, layer).Value.Root);
        }
    }

    [Fact]
    public void Random_lengths_and_bytes_agree_with_the_textbook()
    {
        for (ulong seed = 0; seed < Seeds.Count(20); seed++)
        {
            var prng = new Prng(seed);
            var content = new byte[prng.Next(1500 * Kib)];
            prng.Fill(content);
            var pieceLength = (16 * Kib) << prng.Next(7);
            var layer = LayerOf(content, pieceLength);
            Assert.True(new Hash256(TextbookTree.Root(content)) == Manifest.FromPieces(content.Length, pieceLength, layer).Root, $"seed {seed}");
        }
    }

    [Fact]
    public void Roots_and_layers_are_those_that_hashlib_gave()
    {
        using var reader = new StreamReader(typeof(MerkleTests).Assembly.GetManifestResourceStream("roots.txt")!);
        var whole = TextbookTree.Pattern(4 * 1024 * Kib);
        var count = 0;
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            var (length, pieceLength) = (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
            var layer = LayerOf(whole[..length], pieceLength);
            Assert.Equal(parts[2], Manifest.FromPieces(length, pieceLength, layer).Root.ToString());
            Assert.Equal(parts[3], (layer.Count == 1 ? layer[0] : Hash256.Of(layer.Bytes.Span)).ToString());
            count++;
        }

        Assert.Equal(112, count);
    }

    [Fact]
    public void Many_pieces_give_the_root_of_the_textbook_without_the_content()
    {
        // Only the tree above the pieces: every count from 1 to 70 passes each shape of the binary counter.
        for (var count = 1; count <= 70; count++)
        {
            var hashes = Enumerable.Range(0, count).Select(i => Hash256.Of([(byte)i, 1])).ToList();
            var nodes = hashes.ToList();
            var zero = Hash256.Of(Hash256.Of(default, default), Hash256.Of(default, default));
            while (!System.Numerics.BitOperations.IsPow2(nodes.Count))
            {
                nodes.Add(zero);
            }

            while (nodes.Count > 1)
            {
                nodes = [.. nodes.Chunk(2).Select(pair => Hash256.Of(pair[0], pair[1]))];
            }

            var layer = new PieceLayer(hashes.SelectMany(hash => hash.ToArray()).ToArray());
            Assert.Equal(nodes[0], Merkle.RootOfPieces(layer, 64 * Kib));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8 * Kib)]
    [InlineData(24 * Kib)]
    [InlineData(-16384)]
    public void Piece_lengths_that_are_no_subtree_are_a_bug(int pieceLength) =>
        Assert.Throws<CheckFailedException>(() => Merkle.HashPiece(new byte[1], pieceLength));

    [Fact]
    public void A_zero_subtree_is_the_hash_of_two_lower_ones()
    {
        Assert.Equal(default, Merkle.ZeroSubtree(0));
        Assert.Equal(Hash256.Of(Merkle.ZeroSubtree(3), Merkle.ZeroSubtree(3)), Merkle.ZeroSubtree(4));
    }

    internal static PieceLayer LayerOf(byte[] content, int pieceLength)
    {
        var bytes = new List<byte>();
        for (var piece = 0; piece < Manifest.CountPieces(content.Length, pieceLength); piece++)
        {
            var length = Manifest.LengthOfPiece(piece, content.Length, pieceLength);
            bytes.AddRange(Manifest.HashPiece(content.AsSpan(piece * pieceLength, length), content.Length, pieceLength).ToArray());
        }

        return new PieceLayer(bytes.ToArray());
    }
}
