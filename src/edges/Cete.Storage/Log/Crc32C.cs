using System.Buffers.Binary;
using System.Numerics;

namespace Cete.Storage.Log;

/// <summary>CRC-32C (Castagnoli; RFC 3720 appendix B.4), by the processor's own instruction where there is one.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of some bytes, going on from that of the bytes before them (0 at the start).</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var crc = ~before;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
