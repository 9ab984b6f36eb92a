using System.Security.Cryptography;
using Cete.Core;
using Cete.Trust;

namespace Cete.Accounts;

/// <summary>
/// How a device's signing key vouches for its exchange key, and shows that whoever adds the device has it: the signature of a
/// <see cref="SignedStatement"/> for <see cref="Purpose"/>, of an account of all zero and the counter zero, whose payload is the exchange key.
/// </summary>
public static class DeviceCertificate
{
    /// <summary>The purpose of the statement.</summary>
    public const string Purpose = "accounts.exchange-key";

    /// <summary>Makes one.</summary>
    public static byte[] Make(ECDsa signingKey, KeyId community, ReadOnlySpan<byte> exchangeKey) =>
        SignedStatement.Sign(signingKey, community, Purpose, default, 0, exchangeKey).Signature.ToArray();

    /// <summary>Makes one for a key of a file.</summary>
    public static byte[] Make(NodeKey signingKey, KeyId community, ReadOnlySpan<byte> exchangeKey) =>
        SignedStatement.Sign(signingKey, community, Purpose, default, 0, exchangeKey).Signature.ToArray();

    /// <summary>Whether a certificate is right.</summary>
    public static bool IsRight(
        ReadOnlyMemory<byte> certificate, ReadOnlyMemory<byte> signingKey, KeyId community, ReadOnlyMemory<byte> exchangeKey) =>
        new SignedStatement(community, Purpose, default, KeyId.Of(signingKey.Span), 0, exchangeKey, certificate)
            .Verify(signingKey.Span, community, Purpose) is null;
}
