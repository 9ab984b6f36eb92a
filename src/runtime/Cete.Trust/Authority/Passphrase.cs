using System.Security.Cryptography;
using Cete.Core;

namespace Cete.Trust;

/// <summary>Passphrases for the exported root key.</summary>
public static class Passphrase
{
    private const int Groups = 6;
    private const int GroupLength = 5;

    /// <summary>
    /// A new one: six groups of five letters and digits, 150 random bits. No search finds it, however fast; it fits on a slip of paper.
    /// </summary>
    public static string Create()
    {
        var letters = Base32.Encode(RandomNumberGenerator.GetBytes(Base32.ByteLength(Groups * GroupLength) + 1))[..(Groups * GroupLength)];
        return string.Join('-', letters.Chunk(GroupLength).Select(group => new string(group)));
    }

    /// <summary>
    /// What was meant: of one that was made by <see cref="Create"/>, capitals, blanks and hyphens may be typed as people like; any other
    /// passphrase is taken as it is, but for blanks around it.
    /// </summary>
    internal static string Canonical(string typed)
    {
        var letters = new string([.. typed.Where(c => c is not ('-' or ' ')).Select(char.ToLowerInvariant)]);
        var isMade = letters.Length == Groups * GroupLength && letters.All(c => c is (>= 'a' and <= 'z') or (>= '2' and <= '7'));
        return isMade ? letters : typed.Trim();
    }
}
