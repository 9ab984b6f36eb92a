using System.Buffers;
using System.Buffers.Text;
using Cete.Core;
using Cete.Trust;

namespace Cete.Transfer.Payments;

/// <summary>Vouchers as text that can stand in a field of HTTP: base64url without padding (RFC 4648 §5).</summary>
public static class VoucherText
{
    /// <summary>Characters of one.</summary>
    public static readonly int Length = Base64Url.GetEncodedLength(Voucher.Size);

    /// <summary>Writes one.</summary>
    public static string Write(Voucher voucher) => Base64Url.EncodeToString(voucher.ToArray());

    /// <summary>Reads one; whether its signature is right, <see cref="Voucher.Verify"/> tells.</summary>
    public static Outcome<Voucher> Read(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Voucher.Size];
        return text.Length == Length
            && Base64Url.DecodeFromChars(text, bytes, out var read, out var count) == OperationStatus.Done
            && read == text.Length && count == Voucher.Size
            ? Voucher.Parse(bytes)
            : new Failure(FailureKind.Invalid, $"the voucher is none; one has {Length} characters of base64url");
    }
}
