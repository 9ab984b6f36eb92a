using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Cete.Core;

/// <summary>
/// Names an account: 128 bits drawn at random when it is made, written as 26 letters and digits of base32 (RFC 4648 §6, lower case). It says
/// nothing about whoever has the account, so that journals and feeds can hold it for ever.
/// </summary>
public readonly record struct AccountId : IComparable<AccountId>
{
    /// <summary>The length in bytes.</summary>
    public const int Size = 16;

    /// <summary>The length in characters. No other id has this length, so that a text tells what it names.</summary>
    public const int TextLength = 26;

    private readonly UInt128 _bits;

    /// <summary>Takes over 16 bytes.</summary>
    public AccountId(ReadOnlySpan<byte> bytes)
    {
        Check.That(bytes.Length == Size, "the name of an account has 16 bytes");
        _bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _bits);
        return bytes;
    }

    /// <summary>Reads 26 characters of base32 of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AccountId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text is not { Length: TextLength } || !Base32.TryDecode(text, bytes))
        {
            return false;
        }

        id = new AccountId(bytes);
        return true;
    }

    public int CompareTo(AccountId other) => _bits.CompareTo(other._bits);

    public override string ToString() => Base32.Encode(ToArray());

    public static bool operator <(AccountId a, AccountId b) => a.CompareTo(b) < 0;

    public static bool operator >(AccountId a, AccountId b) => a.CompareTo(b) > 0;

    public static bool operator <=(AccountId a, AccountId b) => a.CompareTo(b) <= 0;

    public static bool operator >=(AccountId a, AccountId b) => a.CompareTo(b) >= 0;
}
