using Cete.Core;

namespace Cete.Swarm;

/// <summary>The hashes of all pieces of a content in order, 32 bytes each, as they stand in files and on the wire.</summary>
public readonly struct PieceLayer(ReadOnlyMemory<byte> bytes)
{
    /// <summary>The raw hashes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public int Count => Bytes.Length / Hash256.Size;

    public Hash256 this[int piece] => new(Bytes.Span.Slice(piece * Hash256.Size, Hash256.Size));

    /// <summary>The layer of the same content for longer pieces: hashes of a level further up the tree, the last filled up with zeros.</summary>
    /// <param name="from">Bytes of a piece of this layer.</param>
    /// <param name="to">Bytes of a piece of the layer asked for: as many or more, a power of two.</param>
    public PieceLayer AtPieceLength(int from, int to)
    {
        Check.That(to >= from);
        var heights = Merkle.HeightOfPiece(to) - Merkle.HeightOfPiece(from);
        if (heights == 0)
        {
            return this;
        }

        var each = 1 << heights;
        var count = (Count + each - 1) / each;
        var bytes = new byte[count * Hash256.Size];
        for (var piece = 0; piece < count; piece++)
        {
            var stack = new MerkleStack(Merkle.HeightOfPiece(from));
            for (var i = piece * each; i < Math.Min((piece + 1) * each, Count); i++)
            {
                stack.Push(this[i]);
            }

            stack.Finish(Merkle.HeightOfPiece(to)).CopyTo(bytes.AsSpan(piece * Hash256.Size));
        }

        return new PieceLayer(bytes);
    }
}
