using System.Text;
using Cete.Core;

namespace Cete.Accounts;

/// <summary>
/// A device that asks to sign for an account, as a text that another device of that account approves: it holds nothing secret, and nobody keeps it. The
/// text is <c>cete_d_</c>, then in base32 the points of its two keys (x and y in 32 bytes each, the signing key first), the certificate of the exchange
/// key (64 bytes), and its label in UTF-8. A QR code of it may bear capitals.
/// </summary>
public static class PendingDevice
{
    /// <summary>What it begins with.</summary>
    public const string Start = "cete_d_";

    private const int PointSize = 64;
    private const int CertificateSize = 64;
    private const int FixedSize = (2 * PointSize) + CertificateSize;

    /// <summary>Characters of the longest: one with the longest label.</summary>
    private static readonly int TextLengthMax = Start.Length + Base32.TextLength(FixedSize + AccountsLimits.NoteBytesMax);

    /// <summary>What stands before the point in a public key on P-256 in DER (RFC 5480 §2); the last byte says that both coordinates follow.</summary>
    private static ReadOnlySpan<byte> KeyStart =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03,
        0x42, 0x00, 0x04,
    ];

    /// <summary>The text of a device.</summary>
    /// <param name="device">With both keys and its certificate.</param>
    public static string ToText(NewDevice device) => Start + Base32.Encode(
        [
            .. device.SigningKey.Span[KeyStart.Length..], .. device.ExchangeKey.Span[KeyStart.Length..], .. device.Certificate.Span,
            .. Encoding.UTF8.GetBytes(device.Label),
        ]);

    /// <summary>The device of a text; what was cut or changed on its way, or made for another community, is none.</summary>
    public static Outcome<NewDevice> Parse(string text, KeyId community)
    {
        var letters = text.Trim();
        if (!letters.StartsWith(Start, StringComparison.OrdinalIgnoreCase) || letters.Length > TextLengthMax)
        {
            return NoDevice;
        }

        var bytes = new byte[Base32.ByteLength(letters.Length - Start.Length)];
        if (bytes.Length < FixedSize || !Base32.TryDecode(letters.AsSpan(Start.Length), bytes))
        {
            return NoDevice;
        }

        var device = new NewDevice(
            KeyOf(bytes.AsSpan(0, PointSize)), KeyOf(bytes.AsSpan(PointSize, PointSize)), bytes.AsMemory(2 * PointSize, CertificateSize),
            Encoding.UTF8.GetString(bytes.AsSpan(FixedSize)));
        return Checks.Device(device, community) is { } failure ? failure : device;
    }

    private static Failure NoDevice =>
        new(FailureKind.Invalid, $"this is no device that asks to be added: one begins with {Start}; copy it again, whole");

    private static byte[] KeyOf(ReadOnlySpan<byte> point) => [.. KeyStart, .. point];
}
