using Cete.Core;

namespace Cete.Swarm;

/// <summary>The hashes of all pieces of a content in order, 32 bytes each, as they stand in files and on the wire.</summary>
public readonly struct PieceLayer(ReadOnlyMemory<byte> bytes)
{
    /// <summary>The raw hashes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public int Count => Bytes.Length / Hash256.Size;

    public Hash256 this[int piece] => new(Bytes.Span.Slice(piece * Hash256.Size, Hash256.Size));
}
