using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Cete.Core;

namespace Cete.Ledger;

/// <summary>
/// Names a transfer, or a channel: 128 bits that whoever orders it draws, so that an order that is repeated is the same one. Written as 32 lower-case
/// hexadecimal digits. Unique for ever within a ledger.
/// </summary>
public readonly record struct TransferId : IComparable<TransferId>
{
    /// <summary>The length in bytes.</summary>
    public const int Size = 16;

    /// <summary>The length in characters.</summary>
    public const int TextLength = 2 * Size;

    private readonly UInt128 _bits;

    /// <summary>Takes over 16 bytes.</summary>
    public TransferId(ReadOnlySpan<byte> bytes)
    {
        Check.That(bytes.Length == Size, "the id of a transfer has 16 bytes");
        _bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Takes over 128 bits.</summary>
    public TransferId(UInt128 bits) => _bits = bits;

    /// <summary>Its 128 bits.</summary>
    public UInt128 Bits => _bits;

    /// <summary>
    /// The id of a transfer that follows from something else: the first 16 bytes of the SHA-256 of what it is for and of what it follows from, so that
    /// it happens once. Ids that are drawn do not meet it.
    /// </summary>
    /// <param name="purpose">What it is for.</param>
    /// <param name="from">What it follows from.</param>
    /// <param name="number">Tells several of one from another.</param>
    public static TransferId Of(string purpose, ReadOnlySpan<byte> from, long number = 0)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> rest = stackalloc byte[sizeof(long) + 1];
        BinaryPrimitives.WriteInt64BigEndian(rest[1..], number);
        hash.AppendData("cete-transfer\0"u8);
        hash.AppendData(Encoding.ASCII.GetBytes(purpose));
        hash.AppendData(rest);
        hash.AppendData(from);
        return new TransferId(hash.GetHashAndReset().AsSpan(0, Size));
    }

    /// <summary>Writes its 16 bytes.</summary>
    public void CopyTo(Span<byte> target) => BinaryPrimitives.WriteUInt128BigEndian(target, _bits);

    /// <summary>Its 16 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Reads 32 hexadecimal digits of either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TransferId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (text is not { Length: TextLength } || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        id = new TransferId(bytes);
        return true;
    }

    /// <summary>By their bytes.</summary>
    public int CompareTo(TransferId other) => _bits.CompareTo(other._bits);

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());

    public static bool operator <(TransferId a, TransferId b) => a.CompareTo(b) < 0;

    public static bool operator >(TransferId a, TransferId b) => a.CompareTo(b) > 0;

    public static bool operator <=(TransferId a, TransferId b) => a.CompareTo(b) <= 0;

    public static bool operator >=(TransferId a, TransferId b) => a.CompareTo(b) >= 0;
}
