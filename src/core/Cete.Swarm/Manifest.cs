using Cete.Core;

namespace Cete.Swarm;

/// <summary>
/// The immutable facts of a content: length, piece length, Merkle root and piece layer. One that exists is consistent:
/// the layer leads to the root.
/// </summary>
public sealed class Manifest
{
    private Manifest(long length, int pieceLength, Hash256 root, PieceLayer pieces) =>
        (Length, PieceLength, Root, Pieces) = (length, pieceLength, root, pieces);

    /// <summary>Bytes of the content, 0 or more.</summary>
    public long Length { get; }

    /// <summary>Bytes of each piece but the last.</summary>
    public int PieceLength { get; }

    /// <summary>The Merkle root, which names the content.</summary>
    public Hash256 Root { get; }

    /// <summary>The hash of each piece; for content of one piece the root alone.</summary>
    public PieceLayer Pieces { get; }

    /// <summary>Number of pieces: 1 or more, for even content of no bytes is one piece of no bytes.</summary>
    public int PieceCount => Pieces.Count;

    /// <summary>Pieces of content of <paramref name="length"/> bytes.</summary>
    public static int CountPieces(long length, int pieceLength) => length == 0 ? 1 : (int)((length + pieceLength - 1) / pieceLength);

    /// <summary>Content of a single piece needs no more than its root.</summary>
    public static Manifest OfOnePiece(long length, Hash256 root)
    {
        var pieceLength = PieceLengths.For(length);
        Check.That(length <= pieceLength);
        return new Manifest(length, pieceLength, root, new PieceLayer(root.ToArray()));
    }

    /// <summary>Puts a manifest together from what a stranger says, or tells what is wrong with it.</summary>
    public static Outcome<Manifest> Create(long length, long pieceLength, Hash256 root, PieceLayer pieces)
    {
        if (!PieceLengths.IsValid(pieceLength, length))
        {
            return new Failure(FailureKind.Invalid, $"length {length} with piece length {pieceLength} is not possible; a piece length is a power of two from 16 KiB to 64 MiB, with at most {PieceLengths.CountMax} pieces");
        }

        var count = CountPieces(length, (int)pieceLength);
        if (pieces.Bytes.Length != (long)count * Hash256.Size)
        {
            return new Failure(FailureKind.Invalid, $"the piece layer has {pieces.Bytes.Length} bytes, but {count} pieces need {(long)count * Hash256.Size}");
        }

        var found = count == 1 ? pieces[0] : Merkle.RootOfPieces(pieces, (int)pieceLength);
        return found == root
            ? new Manifest(length, (int)pieceLength, root, pieces)
            : new Failure(FailureKind.Damaged, $"the piece layer leads to root {found}, not to {root}: it is damaged or belongs to another content");
    }

    /// <summary>Makes the manifest of content whose pieces were hashed here.</summary>
    public static Manifest FromPieces(long length, int pieceLength, PieceLayer pieces)
    {
        Check.That(pieces.Count == CountPieces(length, pieceLength));
        return new Manifest(length, pieceLength, pieces.Count == 1 ? pieces[0] : Merkle.RootOfPieces(pieces, pieceLength), pieces);
    }

    /// <summary>Bytes of piece number <paramref name="piece"/>.</summary>
    public int LengthOfPiece(int piece) => LengthOfPiece(piece, Length, PieceLength);

    /// <summary>Bytes of a piece of content of the given length.</summary>
    public static int LengthOfPiece(int piece, long length, int pieceLength) =>
        (int)Math.Min(pieceLength, length - ((long)piece * pieceLength));

    /// <summary>The hash of a piece, as it stands in the layer of a content of the given length.</summary>
    public static Hash256 HashPiece(ReadOnlySpan<byte> data, long length, int pieceLength) =>
        length <= pieceLength ? Merkle.HashContent(data) : Merkle.HashPiece(data, pieceLength);

    /// <summary>Whether <paramref name="data"/> is piece number <paramref name="piece"/>.</summary>
    public bool Verifies(int piece, ReadOnlySpan<byte> data) =>
        data.Length == LengthOfPiece(piece) && HashPiece(data, Length, PieceLength) == Pieces[piece];
}
