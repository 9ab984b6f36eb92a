using System.Security.Cryptography;
using Cete.Core;

namespace Cete.Accounts;

/// <summary>
/// The secret of a session as text: <c>cete_s_</c>, or <c>cete_t_</c> for a token, and 32 random bytes in base32. What it begins with is for programs
/// that look for secrets where none should be. Only its hash is kept.
/// </summary>
public static class SessionSecret
{
    /// <summary>What the secret of a browser or terminal begins with.</summary>
    public const string SessionStart = "cete_s_";

    /// <summary>What the secret of a token begins with.</summary>
    public const string TokenStart = "cete_t_";

    /// <summary>Random bytes of a secret.</summary>
    public const int Size = 32;

    /// <summary>Characters of the whole text.</summary>
    public static readonly int TextLength = SessionStart.Length + Base32.TextLength(Size);

    /// <summary>Makes one.</summary>
    public static string Create(SessionKind kind) =>
        (kind == SessionKind.Token ? TokenStart : SessionStart) + Base32.Encode(RandomNumberGenerator.GetBytes(Size));

    /// <summary>SHA-256 of the 32 bytes; null when the text is no secret of a session.</summary>
    public static Hash256? HashOf(string? text)
    {
        var isSecret = text is not null && text.Length == TextLength
            && (text.StartsWith(SessionStart, StringComparison.Ordinal) || text.StartsWith(TokenStart, StringComparison.Ordinal));
        Span<byte> secret = stackalloc byte[Size];
        return isSecret && Base32.TryDecode(text.AsSpan(SessionStart.Length), secret) ? Hash256.Of(secret) : null;
    }
}
