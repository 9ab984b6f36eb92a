using Cete.Core;

namespace Cete.Swarm.Tests;

public sealed class ManifestTests
{
    private const int Piece = 16 * 1024;
    private static readonly byte[] Content = TextbookTree.Pattern((3 * Piece) + 100);
    private static readonly PieceLayer Layer = MerkleTests.LayerOf(Content, Piece);
    private static readonly Hash256 Root = new(TextbookTree.Root(Content));

    [Fact]
    public void A_true_manifest_verifies_its_pieces_and_no_others()
    {
        var manifest = Manifest.Create(Content.Length, Piece, Root, Layer).Value;
        for (var piece = 0; piece < 4; piece++)
        {
            var data = Content.AsSpan(piece * Piece, manifest.LengthOfPiece(piece)).ToArray();
            Assert.True(manifest.Verifies(piece, data));
            Assert.False(manifest.Verifies((piece + 1) % 4, data));
            Assert.False(manifest.Verifies(piece, data.AsSpan(1)));
            data[^1] ^= 1;
            Assert.False(manifest.Verifies(piece, data));
        }
    }

    [Fact]
    public void A_last_piece_that_is_filled_up_with_zero_bytes_is_another_piece()
    {
        var manifest = Manifest.Create(Content.Length, Piece, Root, Layer).Value;
        Assert.False(manifest.Verifies(3, [.. Content.AsSpan(3 * Piece), 0]));
    }

    [Fact]
    public void Any_flipped_bit_of_layer_or_root_is_found()
    {
        for (var bit = 0; bit < Layer.Bytes.Length * 8; bit += 7)
        {
            var bytes = Layer.Bytes.ToArray();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(FailureKind.Damaged, Manifest.Create(Content.Length, Piece, Root, new PieceLayer(bytes)).Failure?.Kind);
        }

        for (var bit = 0; bit < 256; bit++)
        {
            var bytes = Root.ToArray();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(FailureKind.Damaged, Manifest.Create(Content.Length, Piece, new Hash256(bytes), Layer).Failure?.Kind);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(3 * Piece)]
    [InlineData((4 * Piece) + 1)]
    [InlineData((65_536L * Piece) + 1)]
    public void A_length_that_does_not_go_with_the_layer_is_refused(long length) =>
        Assert.Equal(FailureKind.Invalid, Manifest.Create(length, Piece, Root, Layer).Failure?.Kind);

    [Theory]
    [InlineData(0)]
    [InlineData(-16384)]
    [InlineData(8192)]
    [InlineData(16385)]
    [InlineData(128L * 1024 * 1024)]
    [InlineData(long.MinValue)]
    [InlineData((1L << 32) + 16384)]
    public void A_piece_length_of_another_form_is_refused(long pieceLength) =>
        Assert.Equal(FailureKind.Invalid, Manifest.Create(Content.Length, pieceLength, Root, Layer).Failure?.Kind);

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(3 * 32)]
    [InlineData((4 * 32) - 1)]
    [InlineData((4 * 32) + 1)]
    [InlineData(5 * 32)]
    public void A_layer_of_another_length_is_refused(int bytes)
    {
        var layer = new PieceLayer(Layer.Bytes.ToArray().Concat(new byte[64]).Take(bytes).ToArray());
        Assert.Equal(FailureKind.Invalid, Manifest.Create(Content.Length, Piece, Root, layer).Failure?.Kind);
    }

    [Fact]
    public void A_layer_in_another_order_is_refused()
    {
        byte[] swapped = [.. Layer[1].ToArray(), .. Layer[0].ToArray(), .. Layer[2].ToArray(), .. Layer[3].ToArray()];
        Assert.Equal(FailureKind.Damaged, Manifest.Create(Content.Length, Piece, Root, new PieceLayer(swapped)).Failure?.Kind);
    }

    [Fact]
    public void One_piece_needs_its_root_alone()
    {
        foreach (var length in (int[])[0, 1, 64, 256 * 1024])
        {
            var content = TextbookTree.Pattern(length);
            var root = Merkle.HashContent(content);
            var manifest = Manifest.OfOnePiece(length, root);
            Assert.Equal((1, length), (manifest.PieceCount, manifest.LengthOfPiece(0)));
            Assert.True(manifest.Verifies(0, content));
            Assert.True(Manifest.Create(length, manifest.PieceLength, root, manifest.Pieces).Succeeded);
            Assert.Equal(FailureKind.Damaged, Manifest.Create(length, manifest.PieceLength, Hash256.Of([1]), manifest.Pieces).Failure?.Kind);
        }

        Assert.Throws<CheckFailedException>(() => Manifest.OfOnePiece((256 * 1024) + 1, Root));
    }

    [Theory]
    [InlineData(0, 256 * 1024)]
    [InlineData(1, 256 * 1024)]
    [InlineData(1L << 30, 256 * 1024)]
    [InlineData((1L << 30) + 1, 1 << 20)]
    [InlineData(20L << 30, 1 << 20)]
    [InlineData(64L << 30, 1 << 20)]
    [InlineData((64L << 30) + 1, 1 << 21)]
    [InlineData(PieceLengths.ContentMax, PieceLengths.Longest)]
    public void Piece_length_grows_with_the_content(long length, int expected)
    {
        Assert.Equal(expected, PieceLengths.For(length));
        Assert.True(PieceLengths.IsValid(expected, length));
    }

    [Theory]
    [InlineData(PieceLengths.ContentMax + 1)]
    [InlineData(1L << 60)]
    [InlineData((1L << 62) + 1)]
    [InlineData(long.MaxValue)]
    public void Content_that_is_too_long_gets_the_longest_piece_which_is_not_valid(long length)
    {
        Assert.Equal(PieceLengths.Longest, PieceLengths.For(length));
        Assert.False(PieceLengths.IsValid(PieceLengths.Longest, length));
    }

    [Fact]
    public void Piece_lengths_are_valid_up_to_the_most_pieces()
    {
        for (long pieceLength = 16 * 1024; pieceLength <= PieceLengths.Longest; pieceLength *= 2)
        {
            Assert.True(PieceLengths.IsValid(pieceLength, pieceLength * PieceLengths.CountMax));
            Assert.False(PieceLengths.IsValid(pieceLength, (pieceLength * PieceLengths.CountMax) + 1));
            Assert.Equal(PieceLengths.CountMax, Manifest.CountPieces(pieceLength * PieceLengths.CountMax, (int)pieceLength));
        }
    }
}
