using System.Globalization;
using System.Text;

namespace Cete.Described;

/// <summary>
/// Which characters make words, for what is filed and for what is searched alike. It goes by numbers of characters alone, so that it is the same in every
/// replica; case and accents are SQLite's to fold (<see cref="TextIndex"/>).
/// </summary>
internal static class SearchText
{
    /// <summary>
    /// The text as it is filed: what is not seen is taken out (marks of direction, characters without width: they would part words, or hide them), what ends
    /// a text of the database is a blank, and each ideograph stands alone, since Chinese and Japanese are written without blanks.
    /// </summary>
    public static string Clean(string text)
    {
        var at = 0;
        while (at < text.Length && !IsSpecial(text, at))
        {
            at++;
        }

        if (at == text.Length)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length + 16).Append(text, 0, at);
        for (var i = at; i < text.Length; i++)
        {
            if (IsIdeograph(text, i, out var length))
            {
                clean.Append(' ').Append(text, i, length).Append(' ');
                i += length - 1;
            }
            else if (char.IsSurrogate(text[i]) && (length == 1 || !char.IsHighSurrogate(text[i])))
            {
                clean.Append(' ');
            }
            else if (char.IsHighSurrogate(text[i]))
            {
                clean.Append(text, i, 2);
                i++;
            }
            else if (!IsUnseen(text[i]))
            {
                clean.Append(text[i] < ' ' ? ' ' : text[i]);
            }
        }

        return clean.ToString();
    }

    /// <summary>A character that nobody sees: it is no part of a word, and parts none.</summary>
    public static bool IsUnseen(char c) =>
        c is '\u00ad' or '\u034f' or '\u061c' or '\u180e' or '\ufeff' or (>= '\u200b' and <= '\u200f') or (>= '\u202a' and <= '\u202e')
            or (>= '\u2060' and <= '\u206f');

    /// <summary>Whether a character is a word by itself.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where in it.</param>
    /// <param name="length">Of the character: 2 for a pair of surrogates.</param>
    public static bool IsIdeograph(ReadOnlySpan<char> text, int at, out int length)
    {
        var c = text[at];
        if (char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
        {
            length = 2;
            return char.ConvertToUtf32(c, text[at + 1]) is >= 0x20000 and <= 0x3ffff;
        }

        length = 1;
        return c is (>= '\u3041' and <= '\u30ff') or (>= '\u3400' and <= '\u4dbf') or (>= '\u4e00' and <= '\u9fff') or (>= '\uf900' and <= '\ufaff');
    }

    /// <summary>Whether it is of a word: a letter, a digit, or a mark on one; the categories that <see cref="TextIndex"/> names to SQLite.</summary>
    public static bool IsOfWord(ReadOnlySpan<char> text, int at, out int length)
    {
        length = 1;
        var c = text[at];
        if (c < 128)
        {
            return char.IsAsciiLetterOrDigit(c);
        }

        if (Rune.DecodeFromUtf16(text[at..], out var rune, out var count) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        length = count;
        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
            or UnicodeCategory.OtherNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.PrivateUse;
    }

    private static bool IsSpecial(string text, int at)
    {
        var c = text[at];
        return c < ' ' || (c >= '\u00ad' && (IsUnseen(c) || char.IsSurrogate(c) || IsIdeograph(text, at, out _)));
    }
}
