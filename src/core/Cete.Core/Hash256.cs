using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Cete.Core;

/// <summary>A SHA-256 value: 32 bytes by value, compared and ordered as bytes, written as 64 lower-case hexadecimal digits.</summary>
public readonly record struct Hash256 : IComparable<Hash256>
{
    /// <summary>The length in bytes.</summary>
    public const int Size = 32;

    private readonly ulong _a, _b, _c, _d;

    /// <summary>Takes over 32 bytes.</summary>
    public Hash256(ReadOnlySpan<byte> bytes)
    {
        Check.That(bytes.Length == Size, "a SHA-256 value has 32 bytes");
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The SHA-256 of some bytes.</summary>
    public static Hash256 Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(bytes, hash);
        return new Hash256(hash);
    }

    /// <summary>The SHA-256 of two values, one behind the other: an inner node of a Merkle tree.</summary>
    public static Hash256 Of(in Hash256 left, in Hash256 right)
    {
        Span<byte> both = stackalloc byte[2 * Size];
        left.CopyTo(both);
        right.CopyTo(both[Size..]);
        return Of(both);
    }

    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, _a);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(target[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(target[24..], _d);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Reads 64 hexadecimal digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Hash256 hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text is not { Length: 2 * Size }
            || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        hash = new Hash256(bytes);
        return true;
    }

    public int CompareTo(Hash256 other)
    {
        var byA = _a.CompareTo(other._a);
        var byB = byA != 0 ? byA : _b.CompareTo(other._b);
        var byC = byB != 0 ? byB : _c.CompareTo(other._c);
        return byC != 0 ? byC : _d.CompareTo(other._d);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    public static bool operator <(Hash256 a, Hash256 b) => a.CompareTo(b) < 0;

    public static bool operator >(Hash256 a, Hash256 b) => a.CompareTo(b) > 0;

    public static bool operator <=(Hash256 a, Hash256 b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Hash256 a, Hash256 b) => a.CompareTo(b) >= 0;
}
