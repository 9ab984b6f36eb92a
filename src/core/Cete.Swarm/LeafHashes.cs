using Cete.Core;

namespace Cete.Swarm;

/// <summary>
/// The hashes of the leaves of one piece, 32 bytes each. One that exists leads to the hash of its piece, so that each leaf can be verified, written and
/// passed on by itself while the rest of the piece is on its way.
/// </summary>
public sealed class LeafHashes
{
    private LeafHashes(int piece, int length, ReadOnlyMemory<byte> bytes, Hash256 pieceHash) =>
        (Piece, Length, Bytes, PieceHash) = (piece, length, bytes, pieceHash);

    /// <summary>The number of the piece.</summary>
    public int Piece { get; }

    /// <summary>Bytes of the piece.</summary>
    public int Length { get; }

    /// <summary>The raw hashes, in order.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The hash of the piece, as it stands in the layer.</summary>
    public Hash256 PieceHash { get; }

    /// <summary>Leaves of the piece.</summary>
    public int Count => Bytes.Length / Hash256.Size;

    /// <summary>Leaves of so many bytes: of none one, which is empty.</summary>
    public static int CountLeaves(int length) => Math.Max(1, (length + Merkle.LeafSize - 1) / Merkle.LeafSize);

    /// <summary>Takes over hashes that come from a stranger, or tells what is wrong with them.</summary>
    /// <param name="manifest">The content.</param>
    /// <param name="piece">The number of the piece.</param>
    /// <param name="bytes">The hashes, which must not change any more.</param>
    public static Outcome<LeafHashes> Create(Manifest manifest, int piece, ReadOnlyMemory<byte> bytes)
    {
        if ((uint)piece >= (uint)manifest.PieceCount)
        {
            return new Failure(FailureKind.Invalid, $"there is no piece {piece} of {manifest.PieceCount}");
        }

        var length = manifest.LengthOfPiece(piece);
        if (bytes.Length != CountLeaves(length) * Hash256.Size)
        {
            return new Failure(FailureKind.Invalid, $"piece {piece} has {CountLeaves(length)} leaves, and {bytes.Length} bytes of hashes came");
        }

        return Merkle.RootOfLeaves(bytes.Span, manifest.Length, manifest.PieceLength) == manifest.Pieces[piece]
            ? new LeafHashes(piece, length, bytes, manifest.Pieces[piece])
            : new Failure(FailureKind.Damaged, $"the hashes of the leaves of piece {piece} of {manifest.Root} do not lead to its hash");
    }

    /// <summary>Hashes a piece.</summary>
    /// <param name="piece">Its number.</param>
    /// <param name="data">All of its bytes.</param>
    /// <param name="contentLength">Bytes of the content.</param>
    /// <param name="pieceLength">Bytes of a piece of it.</param>
    public static LeafHashes Of(int piece, ReadOnlySpan<byte> data, long contentLength, int pieceLength)
    {
        var bytes = new byte[CountLeaves(data.Length) * Hash256.Size];
        Merkle.HashLeaves(data, bytes);
        return new LeafHashes(piece, data.Length, bytes, Merkle.RootOfLeaves(bytes, contentLength, pieceLength));
    }

    /// <summary>Whether so many bytes are whole leaves of the piece from a leaf on: one at least.</summary>
    public bool AreLeaves(int first, int length) =>
        (uint)first < (uint)Count && length <= Length - (first * Merkle.LeafSize)
        && (length == Length - (first * Merkle.LeafSize) || (length > 0 && length % Merkle.LeafSize == 0));

    /// <summary>How many leaves verify before one that does not.</summary>
    /// <param name="first">The first leaf.</param>
    /// <param name="data">Whole leaves; see <see cref="AreLeaves"/>.</param>
    public int CountVerified(int first, ReadOnlySpan<byte> data)
    {
        Check.That(AreLeaves(first, data.Length));
        const int Batch = Sha256Lanes.Count;
        Span<byte> found = stackalloc byte[Batch * Hash256.Size];
        var count = CountLeaves(data.Length);
        for (var done = 0; done < count; done += Batch)
        {
            var leaves = Math.Min(Batch, count - done);
            var hashes = found[..(leaves * Hash256.Size)];
            var start = done * Merkle.LeafSize;
            Merkle.HashLeaves(data[start..Math.Min(start + (leaves * Merkle.LeafSize), data.Length)], hashes);
            var same = hashes.CommonPrefixLength(Bytes.Span.Slice((first + done) * Hash256.Size, hashes.Length));
            if (same < hashes.Length)
            {
                return done + (same / Hash256.Size);
            }
        }

        return count;
    }
}
