using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Cete.Ports;

/// <summary>
/// Reads messages that strangers sent. Google.Protobuf 3.25.1 adds lengths without a look at overflow: one near 2^31 before a message within a message
/// has it read on beyond the end of that, again and again, for seconds and gigabytes from a few hundred bytes. So every length is looked at first.
/// </summary>
public static class ProtobufBytes
{
    /// <summary>Messages within messages, as many as the parser allows.</summary>
    private const int DepthMax = 100;

    /// <summary>Reads a message.</summary>
    /// <exception cref="IOException">The bytes are none; others too, see <see cref="MalformedBytes"/>.</exception>
    public static T Read<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes)
        where T : IMessage<T>, new()
    {
        Look(Described<T>.By, bytes);
        return parser.ParseFrom(bytes);
    }

    /// <summary>The same, of bytes that stood in a message.</summary>
    /// <exception cref="IOException">The bytes are none; others too, see <see cref="MalformedBytes"/>.</exception>
    public static T Read<T>(MessageParser<T> parser, ByteString bytes)
        where T : IMessage<T>, new() => Read(parser, bytes.Span);

    /// <summary>The same, of a message that is known by what describes it.</summary>
    /// <exception cref="IOException">The bytes are none; others too, see <see cref="MalformedBytes"/>.</exception>
    public static IMessage Read(MessageDescriptor message, ReadOnlySpan<byte> bytes)
    {
        Look(message, bytes);
        return message.Parser.ParseFrom(bytes);
    }

    private static void Look(MessageDescriptor message, ReadOnlySpan<byte> bytes)
    {
        if (!IsSound(message, bytes, 0))
        {
            throw new EndOfStreamException("a message ends within one of its fields");
        }
    }

    private static bool IsSound(MessageDescriptor message, ReadOnlySpan<byte> bytes, int depth)
    {
        if (depth > DepthMax)
        {
            return false;
        }

        while (!bytes.IsEmpty)
        {
            if (!TryVarint(ref bytes, out var tag))
            {
                return false;
            }

            var length = 0UL;
            switch ((WireFormat.WireType)(tag & 7))
            {
                case WireFormat.WireType.Varint when TryVarint(ref bytes, out _):
                    continue;
                case WireFormat.WireType.Fixed64:
                    length = sizeof(ulong);
                    break;
                case WireFormat.WireType.Fixed32:
                    length = sizeof(uint);
                    break;
                case WireFormat.WireType.LengthDelimited when TryVarint(ref bytes, out length):
                    break;
                default:
                    // Groups too, which no message of ours has.
                    return false;
            }

            if (length > (ulong)bytes.Length || !IsFieldSound(message, tag, bytes[..(int)length], depth))
            {
                return false;
            }

            bytes = bytes[(int)length..];
        }

        return true;
    }

    private static bool IsFieldSound(MessageDescriptor message, ulong tag, ReadOnlySpan<byte> bytes, int depth) =>
        tag >> 3 > int.MaxValue || (WireFormat.WireType)(tag & 7) != WireFormat.WireType.LengthDelimited
        || message.FindFieldByNumber((int)(tag >> 3)) is not { FieldType: FieldType.Message } field
        || IsSound(field.MessageType, bytes, depth + 1);

    private static bool TryVarint(ref ReadOnlySpan<byte> bytes, out ulong number)
    {
        number = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            number |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private static class Described<T>
        where T : IMessage<T>, new()
    {
        public static readonly MessageDescriptor By = new T().Descriptor;
    }
}
