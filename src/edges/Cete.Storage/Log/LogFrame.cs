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

    /// <summary>
    /// The payload of the frame that starts here; false when there is no whole and sound one with a sequence in these bounds.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long sequenceMin, long sequenceMax, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        var sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        if (length < 0 || length > bytes.Length - HeaderSize || sequence < sequenceMin || sequence > sequenceMax)
        {
            return false;
        }

        var frame = bytes[..(HeaderSize + length)];
        payload = frame[HeaderSize..];
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]) == Checksum(frame);
    }

    /// <summary>
    /// Whether a sound frame stands behind these bytes' first one, which is not sound itself and was to have the given sequence.
    /// What the first one says of its length is believed, and later sequences are bounded by the room for frames: an entry
    /// may hold bytes that look like a frame, and its author must not be able to make a torn tail look like damage.
    /// </summary>
    public static bool IsFollowed(ReadOnlySpan<byte> bytes, long sequence)
    {
        Span<byte> magic = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, Magic);
        for (var at = EndOfFirst(bytes, sequence); at < bytes.Length; at++)
        {
            var next = bytes[at..].IndexOf(magic);
            if (next < 0)
            {
                return false;
            }

            at += next;
            if (TryRead(bytes[at..], sequence + 1, sequence + (at / HeaderSize), out _))
            {
                return true;
            }
        }

        return false;
    }

    private static int EndOfFirst(ReadOnlySpan<byte> bytes, long sequence)
    {
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) != sequence)
        {
            return 1;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        return length >= 0 && length <= bytes.Length - HeaderSize ? HeaderSize + length : 1;
    }

    private static uint Checksum(ReadOnlySpan<byte> frame)
    {
        Check.That(frame.Length >= HeaderSize);
        return Crc32C.Of(frame[HeaderSize..], Crc32C.Of(frame[4..16]));
    }
}
