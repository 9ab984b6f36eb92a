using System.Security.Cryptography;

namespace Cete.Swarm.Tests;

/// <summary>
/// BEP 52 as its text reads, for comparison: all leaves in a list, padded with zero hashes to a power of two, halved recursively.
/// </summary>
internal static class TextbookTree
{
    private const int Leaf = 16 * 1024;

    public static byte[] Root(byte[] content) => Halve(Pad(Leaves(content), 1));

    /// <summary>The piece layer; the root alone where one piece holds everything.</summary>
    public static List<byte[]> Layer(byte[] content, int pieceLength) =>
        content.Length <= pieceLength
            ? [Root(content)]
            : [.. content.Chunk(pieceLength).Select(piece => Halve(Pad(Leaves(piece), pieceLength / Leaf)))];

    /// <summary>The fixed content of golden/make_roots.py.</summary>
    public static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)((i * 31) + ((i >> 8) * 7) + (i >> 16));
        }

        return bytes;
    }

    private static List<byte[]> Leaves(byte[] content) =>
        content.Length == 0 ? [SHA256.HashData([])] : [.. content.Chunk(Leaf).Select(SHA256.HashData)];

    private static List<byte[]> Pad(List<byte[]> leaves, int widthMin)
    {
        var width = widthMin;
        while (width < leaves.Count)
        {
            width *= 2;
        }

        return [.. leaves, .. Enumerable.Range(0, width - leaves.Count).Select(_ => new byte[32])];
    }

    private static byte[] Halve(List<byte[]> nodes)
    {
        if (nodes.Count == 1)
        {
            return nodes[0];
        }

        var half = nodes.Count / 2;
        return SHA256.HashData([.. Halve(nodes[..half]), .. Halve(nodes[half..])]);
    }
}
