namespace Cete.Accounts;

/// <summary>A password as it is kept: PBKDF2-HMAC-SHA-256 (RFC 8018) with what it was made by.</summary>
/// <param name="Iterations">Rounds.</param>
/// <param name="Salt">16 random bytes.</param>
/// <param name="Hash">32 bytes.</param>
public sealed record PasswordHash(int Iterations, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The number of the only algorithm there is.</summary>
    public const int Pbkdf2Sha256 = 1;
}

/// <summary>What came of holding a password against a hash.</summary>
/// <param name="IsRight">It is the one.</param>
/// <param name="Upgrade">Its hash by the parameters of today, where it is right and was kept by others; else null.</param>
public sealed record PasswordVerdict(bool IsRight, PasswordHash? Upgrade);
