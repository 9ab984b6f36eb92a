using System.Security.Cryptography;
using Cete.Core;
using Cete.Trust;

namespace Cete.Accounts;

/// <summary>
/// An invitation as text: <c>cete_i_</c>, then its id (8 bytes) and its secret (32 random bytes) in base32. The secret is the private key of a pair on
/// P-256 (for <c>cete-invitation-1</c>), of which the accounts keep the public half alone: whoever reads their tables, or the command by which somebody
/// registers, can make nothing of it. Of invitations of before apply level 3 they keep the secret's hash.
/// </summary>
public sealed class InvitationText
{
    /// <summary>What it begins with.</summary>
    public const string Start = "cete_i_";

    /// <summary>Bytes of an id.</summary>
    public const int IdSize = 8;

    private const int SecretSize = 32;

    private readonly byte[] _bytes;

    private InvitationText(byte[] bytes) => _bytes = bytes;

    /// <summary>The whole text; whoever has it can use it.</summary>
    public string Text => Start + Base32.Encode(_bytes);

    /// <summary>8 bytes; no secret.</summary>
    public ReadOnlyMemory<byte> Id => _bytes.AsMemory(0, IdSize);

    /// <summary>SHA-256 of the secret: how invitations were known before.</summary>
    public Hash256 SecretHash => Hash256.Of(Secret);

    private byte[] Secret => _bytes[IdSize..];

    /// <summary>Makes one.</summary>
    public static InvitationText Create() => new(RandomNumberGenerator.GetBytes(IdSize + SecretSize));

    /// <summary>Reads one.</summary>
    public static Outcome<InvitationText> Parse(string text)
    {
        var bytes = new byte[IdSize + SecretSize];
        var letters = text.Trim();
        return letters.Length == Start.Length + Base32.TextLength(bytes.Length) && letters.StartsWith(Start, StringComparison.Ordinal)
            && Base32.TryDecode(letters.AsSpan(Start.Length), bytes)
            ? new InvitationText(bytes)
            : new Failure(FailureKind.Invalid, $"this is no invitation: one begins with {Start}; copy it again, whole");
    }

    /// <summary>The half that accounts keep (SubjectPublicKeyInfo in DER).</summary>
    public byte[] PublicKey()
    {
        using var key = ToKey();
        return key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>What lets one account in.</summary>
    /// <param name="community">Where.</param>
    /// <param name="account">Which.</param>
    /// <param name="name">Its name.</param>
    /// <param name="entry">SHA-256 of all that it begins with.</param>
    public SignedStatement Sign(KeyId community, AccountId account, string name, Hash256 entry)
    {
        using var key = ToKey();
        var act = new RegisterAct(Convert.ToHexStringLower(Id.Span), name, entry.ToArray());
        return SignedStatement.Sign(key, community, RegisterAct.Purpose, account, 0, act.ToPayload());
    }

    /// <summary>What stands where the hash of the secret stood: two invitations of one id and one key are the same.</summary>
    internal static Hash256 HashFor(ReadOnlySpan<byte> publicKey) => Hash256.Of(publicKey);

    private ECDsa ToKey() => SeededKey.Of(Secret, "cete-invitation-1"u8);
}
