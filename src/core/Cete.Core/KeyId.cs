using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Cete.Core;

/// <summary>
/// Names whoever holds a key, a node or a community: the first 160 bits of the SHA-256 of its public key (SubjectPublicKeyInfo, RFC 5280
/// §4.1), written as 32 letters and digits of base32 (RFC 4648 §6, lower case). Nobody can take another's name without its key.
/// </summary>
public readonly record struct KeyId : IComparable<KeyId>
{
    /// <summary>The length in bytes.</summary>
    public const int Size = 20;

    /// <summary>The length in characters.</summary>
    public const int TextLength = 32;

    private readonly ulong _a, _b;
    private readonly uint _c;

    /// <summary>Takes over 20 bytes.</summary>
    public KeyId(ReadOnlySpan<byte> bytes)
    {
        Check.That(bytes.Length == Size, "the name of a key has 20 bytes");
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>The name of a public key.</summary>
    /// <param name="subjectPublicKeyInfo">The key in DER.</param>
    public static KeyId Of(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(subjectPublicKeyInfo, hash);
        return new KeyId(hash[..Size]);
    }

    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, _a);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], _b);
        BinaryPrimitives.WriteUInt32BigEndian(target[16..], _c);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Reads 32 characters of base32 of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeyId id)
    {
        id = default;
        if (text is not { Length: TextLength })
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Size];
        if (!Base32.TryDecode(text, bytes))
        {
            return false;
        }

        id = new KeyId(bytes);
        return true;
    }

    public int CompareTo(KeyId other)
    {
        var byA = _a.CompareTo(other._a);
        var byB = byA != 0 ? byA : _b.CompareTo(other._b);
        return byB != 0 ? byB : _c.CompareTo(other._c);
    }

    public override int GetHashCode() => _a.GetHashCode();

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Base32.Encode(bytes);
    }

    public static bool operator <(KeyId a, KeyId b) => a.CompareTo(b) < 0;

    public static bool operator >(KeyId a, KeyId b) => a.CompareTo(b) > 0;

    public static bool operator <=(KeyId a, KeyId b) => a.CompareTo(b) <= 0;

    public static bool operator >=(KeyId a, KeyId b) => a.CompareTo(b) >= 0;
}
