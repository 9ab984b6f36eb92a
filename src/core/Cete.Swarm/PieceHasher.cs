using Cete.Core;

namespace Cete.Swarm;

/// <summary>Hashes one piece that comes in parts, so that each part is hashed while it is still in the processor's cache.</summary>
/// <param name="contentLength">Bytes of the content that the piece belongs to.</param>
/// <param name="pieceLength">Bytes of a piece.</param>
public struct PieceHasher(long contentLength, int pieceLength)
{
    private MerkleStack _stack = new(0);
    private bool _isEmpty = true;

    /// <summary>Adds bytes: whole leaves, but for the end of the content.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            Merkle.PushLeaves(ref _stack, bytes);
            _isEmpty = false;
        }
    }

    /// <summary>The hash, as it stands in the piece layer; of content of one piece it is the root.</summary>
    public Hash256 Finish() =>
        _isEmpty ? Hash256.Of([])
        : contentLength <= pieceLength ? _stack.Finish()
        : _stack.Finish(Merkle.HeightOfPiece(pieceLength));
}
