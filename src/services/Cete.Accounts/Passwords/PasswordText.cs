using System.Globalization;
using System.Text;
using Cete.Core;

namespace Cete.Accounts;

/// <summary>
/// What may be a password: 10 to 256 characters without control characters (RFC 8265 §4.2, OpaqueString), neither the account's name nor one of the
/// commonest. What it is made of is nobody's business (NIST SP 800-63B §5.1.1.2).
/// </summary>
public static class PasswordText
{
    /// <summary>Characters of the shortest.</summary>
    public const int LengthMin = 10;

    /// <summary>Characters of the longest.</summary>
    public const int LengthMax = 256;

    private static readonly Lazy<HashSet<string>> Common = new(ReadCommon);

    /// <summary>The one form of a password that is typed here or there: NFC, blanks of other scripts as blanks; null when it can be none.</summary>
    public static string? Canonical(string typed)
    {
        if (typed.Length is 0 or > 4 * LengthMax)
        {
            return null;
        }

        try
        {
            var blanks = new string([.. typed.Select(c => char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator ? ' ' : c)]);
            var form = blanks.Normalize(NormalizationForm.FormC);
            return form.Length > LengthMax || form.Any(char.IsControl) ? null : form;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The canonical form of a password that somebody chooses for an account, or what is wrong with it.</summary>
    public static Outcome<string> Choose(string typed, AccountName? name)
    {
        if (typed.Length > LengthMax)
        {
            return Invalid($"the password has {typed.Length} characters; {LengthMax} is the most");
        }

        if (Canonical(typed) is not { } password)
        {
            return Invalid("the password is empty or holds control characters; choose another");
        }

        if (password.Length < LengthMin)
        {
            return Invalid($"the password has {password.Length} characters; choose one of {LengthMin} at least, several words for instance");
        }

        var folded = Likeness.Fold(password);
        if (name is not null && Likeness.WithoutDots(password) == Likeness.WithoutDots(name.Text))
        {
            return Invalid("the password is the account's name; choose another");
        }

        return Common.Value.Contains(folded) || folded.All(c => c == folded[0])
            ? Invalid("this password is one of those that are tried first; choose another, several words for instance")
            : password;
    }

    private static HashSet<string> ReadCommon()
    {
        using var stream = typeof(PasswordText).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }

    private static Failure Invalid(string why) => new(FailureKind.Invalid, why);
}
