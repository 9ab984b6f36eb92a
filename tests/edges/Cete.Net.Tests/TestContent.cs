using Cete.Core;
using Cete.Swarm;

namespace Cete.Net.Tests;

/// <summary>Random bytes with their manifest.</summary>
public sealed record TestContent(ReadOnlyMemory<byte> Bytes, Manifest Manifest)
{
    public const int PieceLength = PieceLengths.Shortest;

    public Hash256 Root => Manifest.Root;

    public string Path => $"/content/{Root}";

    public static TestContent Make(int length, ulong seed)
    {
        var bytes = new byte[length];
        new Prng(seed).Fill(bytes);
        return Of(bytes);
    }

    public static TestContent Of(byte[] bytes)
    {
        var count = Manifest.CountPieces(bytes.Length, PieceLength);
        var layer = new byte[count * Hash256.Size];
        for (var piece = 0; piece < count; piece++)
        {
            var data = bytes.AsSpan(piece * PieceLength, Manifest.LengthOfPiece(piece, bytes.Length, PieceLength));
            Manifest.HashPiece(data, bytes.Length, PieceLength).CopyTo(layer.AsSpan(piece * Hash256.Size));
        }

        return new TestContent(bytes, Manifest.FromPieces(bytes.Length, PieceLength, new PieceLayer(layer)));
    }

    public ReadOnlyMemory<byte> Piece(int piece) => Bytes.Slice(piece * PieceLength, Manifest.LengthOfPiece(piece));

    /// <summary>Root and layer, as an upload hands them in.</summary>
    public byte[] ManifestBody() => [.. Root.ToArray(), .. Manifest.Pieces.Bytes.Span];
}
