using System.Text;
using Cete.Core;

namespace Cete.Accounts;

/// <summary>
/// The name of an account: 2 to 32 letters, digits, '.', '_' and '-', a letter first, all letters of one script (or of Chinese and Japanese together).
/// It is put into form here, by the node that takes it: replicas compare what came out.
/// </summary>
public sealed record AccountName
{
    /// <summary>Characters of the shortest.</summary>
    public const int LengthMin = 2;

    /// <summary>Characters of the longest, after normalization.</summary>
    public const int LengthMax = 32;

    /// <summary>Marks behind one letter, as Thai and Devanagari write them.</summary>
    private const int MarksMax = 3;

    private static readonly HashSet<string> Reserved = new(
        new[]
        {
            "administrator", "admin", "root", "system", "guest", "member", "moderator", "local", "cete", "support", "node",
        }.Select(Likeness.WithoutDots), StringComparer.Ordinal);

    private AccountName(string text) => (Text, Key, Skeleton) = (text, Likeness.Fold(text), Likeness.Skeleton(text));

    /// <summary>As it is shown (NFKC).</summary>
    public string Text { get; }

    /// <summary>Equal for names that differ in small and capital letters alone.</summary>
    public string Key { get; }

    /// <summary>Equal for names that look alike.</summary>
    public string Skeleton { get; }

    /// <summary>Reads a name as it was typed.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="mayBeReserved">Names of roles and services are taken too: for the community's first account.</param>
    public static Outcome<AccountName> Parse(string text, bool mayBeReserved = false)
    {
        // Longer than any that could shrink to the bound: it is not even looked through.
        var form = text.Length <= 8 * LengthMax ? Normalize(text.Trim()) : text;
        if (form is null)
        {
            return Invalid("the account's name holds broken characters; type it again");
        }

        if (form.Length is < LengthMin or > LengthMax)
        {
            return Invalid($"an account's name has {LengthMin} to {LengthMax} characters, not {form.Length}");
        }

        if (CheckCharacters(form) is { } failure)
        {
            return failure;
        }

        return !mayBeReserved && Reserved.Contains(Likeness.WithoutDots(form))
            ? Invalid($"'{form}' is a name that nobody may have, or looks like one; choose another")
            : new AccountName(form);
    }

    /// <summary>What keys of names begin with that begin as typed.</summary>
    public static string FoldBeginning(string text) =>
        text.Length <= 8 * LengthMax && Normalize(text.Trim()) is { } form ? Likeness.Fold(form) : text;

    public override string ToString() => Text;

    private static string? Normalize(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Failure? CheckCharacters(string text)
    {
        var (script, marks) = (Script.None, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c) || c is '.' or '_' or '-')
            {
                if (i == 0)
                {
                    return Invalid($"an account's name begins with a letter, not with '{c}'");
                }

                if (c == '.' && text[i - 1] == '.')
                {
                    return Invalid("an account's name has no two dots in a row");
                }

                marks = 0;
                continue;
            }

            var (own, isMark) = Scripts.Of(c);
            marks = isMark ? marks + 1 : 0;
            if (own == Script.None || (isMark && (i == 0 || marks > MarksMax)))
            {
                return Invalid($"an account's name is made of letters, digits, '.', '_' and '-'; '{EntryName.Show(c.ToString())}' at place {i + 1} is none of these");
            }

            if (script != Script.None && script != own)
            {
                return Invalid($"the letters of an account's name are of one script; '{c}' at place {i + 1} is {own}, others are {script}");
            }

            script = own;
        }

        return null;
    }

    private static Failure Invalid(string why) => new(FailureKind.Invalid, why);
}
