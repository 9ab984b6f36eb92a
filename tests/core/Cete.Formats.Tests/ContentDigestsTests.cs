using System.Security.Cryptography;
using Cete.Core;

namespace Cete.Formats.Tests;

public sealed class ContentDigestsTests
{
    private const int Piece = 16 * 1024;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Piece - 1)]
    [InlineData(Piece)]
    [InlineData(Piece + 1)]
    [InlineData((3 * Piece) + 77)]
    public void Digests_are_those_of_the_whole_and_of_its_pieces(int length)
    {
        var content = Parts.Bytes(length);
        foreach (var chunk in new[] { 1_000, Piece })
        {
            var digests = Parts.DigestsOf(content, Piece, chunk);
            Assert.Equal(SHA256.HashData(content), digests.Sha256.ToArray());
            Assert.Equal(content.Chunk(Piece).SelectMany(SHA1.HashData), digests.Pieces.ToArray());
            var padded = content.Chunk(Piece).SelectMany(piece => SHA1.HashData([.. piece, .. new byte[Piece - piece.Length]]));
            Assert.Equal(padded, digests.PaddedPieces);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(3 * Piece)]
    public void What_is_written_is_read_again_and_nothing_else(int length)
    {
        var made = Parts.DigestsOf(Parts.Bytes(length), Piece);
        var bytes = made.Write();
        var read = ContentDigests.Read(bytes)!;
        Assert.Equal((made.Length, made.PieceLength, made.Sha256), (read.Length, read.PieceLength, read.Sha256));
        Assert.Equal(made.Pieces, read.Pieces);
        Assert.Equal(made.PaddedPieces, read.PaddedPieces);
        for (var count = 0; count < bytes.Length; count++)
        {
            Assert.Null(ContentDigests.Read(bytes.AsSpan(0, count)));
        }

        Assert.Null(ContentDigests.Read([.. bytes, 0]));
    }

    [Fact]
    public void Garbage_is_no_digests_and_no_error()
    {
        var good = Parts.DigestsOf(Parts.Bytes(2 * Piece), Piece).Write();
        var prng = new Prng(3);
        for (var i = 0; i < 2_000; i++)
        {
            byte[] bad = [.. good];
            bad[prng.Next(24)] ^= (byte)(1 + prng.Next(255));

            // Length and piece length may still fit each other; what is read then is of that length.
            if (ContentDigests.Read(bad) is { } read)
            {
                Assert.Equal((read.Length + read.PieceLength - 1) / read.PieceLength, read.Pieces.Length / ContentDigests.Sha1Size);
            }
        }

        Assert.Null(ContentDigests.Read(Parts.Bytes(500)));
    }

    [Fact]
    public void Bytes_across_the_end_of_a_piece_or_too_few_are_a_bug()
    {
        using var maker = new ContentDigests.Maker(2 * Piece, Piece);
        maker.Append(new byte[10]);
        Assert.Throws<CheckFailedException>(() => maker.Append(new byte[Piece]));
        Assert.Throws<CheckFailedException>(() => maker.Finish());
    }
}
