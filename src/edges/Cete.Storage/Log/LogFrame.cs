using System.Buffers.Binary;
using Cete.Core;

namespace Cete.Storage.Log;

/// <summary>
/// A frame is one batch of the log, written and synced at once: magic, payload length, sequence, CRC-32C, payload. Only one
/// frame is ever unsynced, so a bad frame with a good one behind it had been synced: that is damage, not a torn tail.
/// </summary>
internal static class LogFrame
{
    public const int HeaderSize = 20;
    private const uint Magic = 0x464C4343;

    /// <summary>Fills in the header in front of a payload that stands from <see cref="HeaderSize"/> on.</summary>
    public static void Seal(Span<byte> frame, long sequence)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], frame.Length - HeaderSize);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[16..], Checksum(frame));
    }

    /// <summary>The payload of the frame that starts here; false when there is no whole and sound one of that sequence or a later one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long sequenceMin, out long sequence, out ReadOnlySpan<byte> payload)
    {
        sequence = 0;
        payload = default;
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        if (length < 0 || length > bytes.Length - HeaderSize || sequence < sequenceMin)
        {
            return false;
        }

        var frame = bytes[..(HeaderSize + length)];
        payload = frame[HeaderSize..];
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]) == Checksum(frame);
    }

    /// <summary>Whether a sound frame stands anywhere behind the start of these bytes.</summary>
    public static bool AnySoundFrame(ReadOnlySpan<byte> bytes, long sequenceMin)
    {
        Span<byte> magic = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, Magic);
        for (var at = bytes.IndexOf(magic); at >= 0;)
        {
            if (TryRead(bytes[at..], sequenceMin, out _, out _))
            {
                return true;
            }

            var next = bytes[(at + 1)..].IndexOf(magic);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static uint Checksum(ReadOnlySpan<byte> frame)
    {
        Check.That(frame.Length >= HeaderSize);
        return Crc32C.Of(frame[HeaderSize..], Crc32C.Of(frame[4..16]));
    }
}
