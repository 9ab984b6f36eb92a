using System.Security.Cryptography;
using System.Text;
using Cete.Core;
using Cete.Trust;

namespace Cete.Accounts;

/// <summary>
/// A recovery code: four groups of five letters and digits, 100 random bits. It is the private key of a pair on P-256, of which the accounts keep the
/// public half alone: so no node can use one that it was not shown. The key is <see cref="SeededKey"/> of the 20 letters for <c>cete-recovery-1</c>.
/// </summary>
public sealed class RecoveryCode
{
    /// <summary>Codes that an account is given at a time.</summary>
    public const int CountDefault = 8;

    private const int Groups = 4;
    private const int GroupLength = 5;
    private const int Letters = Groups * GroupLength;
    private readonly string _letters;

    private RecoveryCode(string letters) => _letters = letters;

    /// <summary>Makes one from the operating system's randomness.</summary>
    public static RecoveryCode Create() => new(Base32.Encode(RandomNumberGenerator.GetBytes(Base32.ByteLength(Letters) + 1))[..Letters]);

    /// <summary>Reads one as people type it: capitals, blanks and hyphens do not matter.</summary>
    public static Outcome<RecoveryCode> Parse(string text)
    {
        var letters = text.Length <= 4 * Letters
            ? new string([.. text.Where(c => c is not ('-' or ' ')).Select(char.ToLowerInvariant)])
            : string.Empty;
        return letters.Length == Letters && letters.All(c => c is (>= 'a' and <= 'z') or (>= '2' and <= '7'))
            ? new RecoveryCode(letters)
            : new Failure(FailureKind.Invalid, $"a recovery code is {Groups} groups of {GroupLength} letters and digits from 2 to 7; look for one that is missing");
    }

    /// <summary>Its key pair, owned by the caller.</summary>
    public ECDsa ToKey() => SeededKey.Of(Encoding.ASCII.GetBytes(_letters), "cete-recovery-1"u8);

    /// <summary>The half that accounts keep (SubjectPublicKeyInfo in DER).</summary>
    public byte[] PublicKey()
    {
        using var key = ToKey();
        return key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>What recovers an account: to be handed to <see cref="AccountsService"/> with a new password.</summary>
    /// <param name="community">Where the account is.</param>
    /// <param name="counter">Microseconds since 1970.</param>
    /// <param name="device">A device that may sign for the account from now on; null for none.</param>
    public SignedStatement Sign(KeyId community, long counter, NewDevice? device)
    {
        using var key = ToKey();
        return SignedStatement.Sign(key, community, RecoveryAct.Purpose, default, counter, new RecoveryAct(device).ToPayload());
    }

    public override string ToString() => string.Join('-', _letters.Chunk(GroupLength).Select(group => new string(group)));
}
