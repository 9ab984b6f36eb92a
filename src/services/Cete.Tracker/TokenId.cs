using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Cete.Tracker;

/// <summary>Names a join token: 8 bytes, written as 16 hexadecimal digits. It is no secret.</summary>
/// <param name="Value">The bytes as a big-endian number.</param>
public readonly record struct TokenId(ulong Value)
{
    /// <summary>The length in bytes.</summary>
    public const int Size = 8;

    /// <summary>Takes over 8 bytes.</summary>
    public TokenId(ReadOnlySpan<byte> bytes)
        : this(BinaryPrimitives.ReadUInt64BigEndian(bytes))
    {
    }

    /// <summary>The bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Value);
        return bytes;
    }

    /// <summary>Reads 16 hexadecimal digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TokenId id)
    {
        var isRead = ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && text.Length == 2 * Size;
        id = isRead ? new TokenId(value) : default;
        return isRead;
    }

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
