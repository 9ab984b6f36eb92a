using Cete.Core;
using Cete.Ports;
using Cete.Storage.Contents;
using Cete.Swarm;

namespace Cete.Storage.Tests.Contents;

/// <summary>Contents of random bytes, and the ways that tests put them in and read them out.</summary>
internal static class ContentRig
{
    public const int Piece = 16 * 1024;

    public static byte[] Bytes(int length, ulong seed = 1)
    {
        var bytes = new byte[length];
        new Prng(seed).Fill(bytes);
        return bytes;
    }

    public static Manifest ManifestOf(byte[] content, int pieceLength = Piece)
    {
        var hashes = new List<byte>();
        for (var piece = 0; piece < Manifest.CountPieces(content.Length, pieceLength); piece++)
        {
            hashes.AddRange(Manifest.HashPiece(PieceOf(content, piece, pieceLength), content.Length, pieceLength).ToArray());
        }

        return Manifest.FromPieces(content.Length, pieceLength, new PieceLayer(hashes.ToArray()));
    }

    public static ReadOnlySpan<byte> PieceOf(byte[] content, int piece, int pieceLength = Piece) =>
        content.AsSpan(piece * pieceLength, Manifest.LengthOfPiece(piece, content.Length, pieceLength));

    public static ContentFile Open(IFileSystem files, byte[] content, bool hasManifest = true) =>
        ContentFile.Open(files, "data", "data.have", content.Length, Piece, hasManifest ? ManifestOf(content) : null).Value;

    public static void WriteAll(IContentFile file, byte[] content)
    {
        for (var piece = 0; piece < file.Pieces.Count; piece++)
        {
            Assert.True(file.Write(piece, PieceOf(content, piece, file.PieceLength)).Succeeded);
        }
    }

    /// <summary>What can be read from an offset on.</summary>
    public static async Task<byte[]> ReadAsync(IContentFile file, long offset)
    {
        var buffer = new byte[file.Length + 10];
        var count = await file.ReadAsync(buffer, offset, TestContext.Current.CancellationToken);
        return buffer[..count];
    }

    /// <summary>Every piece that counts has the bytes of the content.</summary>
    public static async Task AssertTrueAsync(IContentFile file, byte[] content, string what = "")
    {
        var pieces = file.Pieces;
        for (var piece = pieces.NextPresent(0); piece < pieces.Count; piece = piece + 1 < pieces.Count ? pieces.NextPresent(piece + 1) : pieces.Count)
        {
            var buffer = new byte[Manifest.LengthOfPiece(piece, content.Length, file.PieceLength)];
            var count = await file.ReadAsync(buffer, (long)piece * file.PieceLength, TestContext.Current.CancellationToken);
            Assert.True(count == buffer.Length && buffer.AsSpan().SequenceEqual(PieceOf(content, piece, file.PieceLength)), $"piece {piece} {what}");
        }
    }
}
