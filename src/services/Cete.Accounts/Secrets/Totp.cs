using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Cete.Core;

namespace Cete.Accounts;

/// <summary>
/// Codes of a second factor by time (RFC 6238): HMAC-SHA-1, six digits, steps of 30 seconds, which is what authenticator programs take for granted.
/// A code counts in its step, the one before and the one behind, since clocks differ; each step counts once.
/// </summary>
public static class Totp
{
    /// <summary>Bytes of a secret that is made here: those of a SHA-1 (RFC 4226 §4).</summary>
    public const int SecretSize = 20;

    /// <summary>Digits of a code.</summary>
    public const int Digits = 6;

    /// <summary>Seconds of a step.</summary>
    public const int StepSeconds = 30;

    /// <summary>The step of a moment.</summary>
    public static long StepOf(Instant at) => at.Microseconds / (StepSeconds * 1_000_000L);

    /// <summary>The code of a step.</summary>
    public static string CodeOf(ReadOnlySpan<byte> secret, long step, int digits = Digits)
    {
        Span<byte> message = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(message, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // SHA-1 is what RFC 6238 names and what authenticators do; as a keyed hash it is not broken.
        HMACSHA1.HashData(secret, message, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[^1] & 0xF)..]) & 0x7FFF_FFFF;
        var modulus = 1u;
        for (var i = 0; i < digits; i++)
        {
            modulus *= 10;
        }

        return (number % modulus).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The step whose code was typed, of those that count now and come behind the last one used; null when there is none.</summary>
    public static long? StepOf(ReadOnlySpan<byte> secret, string typed, Instant now, long lastStep)
    {
        var code = new string([.. typed.Where(c => c != ' ').Take(Digits + 1)]);
        var current = StepOf(now);
        long? found = null;
        for (var step = current - 1; step <= current + 1; step++)
        {
            var expected = CodeOf(secret, step);
            var isRight = CryptographicOperations.FixedTimeEquals(
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(expected.AsSpan()), System.Runtime.InteropServices.MemoryMarshal.AsBytes(code.AsSpan()));
            found = isRight && step > lastStep ? found ?? step : found;
        }

        return found;
    }

    /// <summary>The URI that authenticator programs read from a QR code.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="issuer">The community's name.</param>
    /// <param name="account">The account's name.</param>
    public static string UriOf(ReadOnlySpan<byte> secret, string issuer, string account) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={Base32.Encode(secret).ToUpperInvariant()}"
        + $"&issuer={Uri.EscapeDataString(issuer)}&algorithm=SHA1&digits={Digits}&period={StepSeconds}";
}
