using System.Numerics;

namespace Cete.Swarm;

/// <summary>How long the pieces of a content are: what is lost by a resume against how long the piece layer is.</summary>
public static class PieceLengths
{
    /// <summary>Bytes of the shortest piece that Cete makes.</summary>
    public const int Shortest = 256 * 1024;

    /// <summary>Bytes of the longest piece that Cete reads: a piece is verified in memory.</summary>
    public const int Longest = 64 * 1024 * 1024;

    /// <summary>Pieces of one content: bounds a layer to 2 MiB.</summary>
    public const int CountMax = 65_536;

    /// <summary>Bytes of the longest content: 4 TiB.</summary>
    public const long ContentMax = (long)Longest * CountMax;

    /// <summary>
    /// The piece length that Cete gives to content of <paramref name="length"/> bytes: 256 KiB up to 1 GiB, then 1 MiB, doubled while there
    /// would be more than 65,536 pieces, but never beyond <see cref="Longest"/>.
    /// </summary>
    public static int For(long length)
    {
        long pieceLength = length <= 1L << 30 ? Shortest : 1L << 20;
        while (pieceLength < Longest && pieceLength * CountMax < length)
        {
            pieceLength *= 2;
        }

        return (int)pieceLength;
    }

    /// <summary>Whether a piece length can be read: a power of two from 16 KiB to 64 MiB that gives not too many pieces.</summary>
    public static bool IsValid(long pieceLength, long length) =>
        pieceLength is >= Merkle.LeafSize and <= Longest && BitOperations.IsPow2(pieceLength)
        && length >= 0 && length <= pieceLength * CountMax;
}
