namespace Cete.Swarm.Tests;

public sealed class PieceHasherTests
{
    private const int PieceLength = 256 * 1024;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(Merkle.LeafSize + 1, Merkle.LeafSize + 1)]
    [InlineData(PieceLength, PieceLength)]
    [InlineData(PieceLength, 3L * PieceLength)]
    [InlineData(4 * PieceLength, 12L * PieceLength, 4 * PieceLength)]
    [InlineData(5 * Merkle.LeafSize + 7, (2L * PieceLength) + (5 * Merkle.LeafSize) + 7)]
    public void A_piece_in_parts_has_the_hash_of_the_whole(int length, long contentLength, int pieceLength = PieceLength)
    {
        var piece = new byte[length];
        new Cete.Core.Prng(7).Fill(piece);
        foreach (var leaves in new[] { 1, 2, 3, 8, 16, 17 })
        {
            var hasher = new PieceHasher(contentLength, pieceLength);
            for (var at = 0; at < length; at += leaves * Merkle.LeafSize)
            {
                hasher.Append(piece.AsSpan(at, Math.Min(leaves * Merkle.LeafSize, length - at)));
            }

            Assert.Equal(Manifest.HashPiece(piece, contentLength, pieceLength), hasher.Finish());
        }
    }
}
