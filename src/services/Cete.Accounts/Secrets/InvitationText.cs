using System.Security.Cryptography;
using Cete.Core;

namespace Cete.Accounts;

/// <summary>An invitation as text: <c>cete_i_</c>, then its id (8 bytes) and its secret (32 random bytes) in base32. Only the secret's hash is kept.</summary>
/// <param name="Text">The whole text; whoever has it can use it.</param>
/// <param name="Id">8 bytes; no secret.</param>
/// <param name="SecretHash">SHA-256 of the secret.</param>
public sealed record InvitationText(string Text, ReadOnlyMemory<byte> Id, Hash256 SecretHash)
{
    /// <summary>What it begins with.</summary>
    public const string Start = "cete_i_";

    /// <summary>Bytes of an id.</summary>
    public const int IdSize = 8;

    private const int SecretSize = 32;

    /// <summary>Makes one.</summary>
    public static InvitationText Create() => Of(RandomNumberGenerator.GetBytes(IdSize + SecretSize));

    /// <summary>Reads one.</summary>
    public static Outcome<InvitationText> Parse(string text)
    {
        var bytes = new byte[IdSize + SecretSize];
        var letters = text.Trim();
        return letters.Length == Start.Length + Base32.TextLength(bytes.Length) && letters.StartsWith(Start, StringComparison.Ordinal)
            && Base32.TryDecode(letters.AsSpan(Start.Length), bytes)
            ? Of(bytes)
            : new Failure(FailureKind.Invalid, $"this is no invitation: one begins with {Start}; copy it again, whole");
    }

    private static InvitationText Of(byte[] bytes) =>
        new(Start + Base32.Encode(bytes), bytes.AsMemory(0, IdSize), Hash256.Of(bytes.AsSpan(IdSize)));
}
