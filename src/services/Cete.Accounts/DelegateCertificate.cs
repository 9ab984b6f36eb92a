using System.Security.Cryptography;
using Cete.Core;
using Cete.Trust;

namespace Cete.Accounts;

/// <summary>
/// How a delegate's key shows that whoever adds it has it: the signature of a <see cref="SignedStatement"/> for <see cref="Purpose"/>, of the account
/// that it is for and the counter zero, whose payload is the name of the node's key (20 bytes).
/// </summary>
public static class DelegateCertificate
{
    /// <summary>The purpose of the statement.</summary>
    public const string Purpose = "accounts.delegate";

    /// <summary>Makes one.</summary>
    public static byte[] Make(ECDsa key, KeyId community, AccountId account, KeyId node) =>
        SignedStatement.Sign(key, community, Purpose, account, 0, node.ToArray()).Signature.ToArray();

    /// <summary>Whether a certificate is right.</summary>
    public static bool IsRight(ReadOnlyMemory<byte> certificate, ReadOnlyMemory<byte> key, KeyId community, AccountId account, KeyId node) =>
        new SignedStatement(community, Purpose, account, KeyId.Of(key.Span), 0, node.ToArray(), certificate).Verify(key.Span, community, Purpose) is null;
}
