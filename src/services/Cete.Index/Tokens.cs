using System.Globalization;
using System.Text;

namespace Cete.Index;

/// <summary>
/// The words of a text as they are searched by: no case, no accents, one of Chinese or Japanese a character, one a symbol. Made by the node
/// that takes a command in, since it needs Unicode's tables.
/// </summary>
internal static class Tokens
{
    /// <summary>Characters of a word; the rest of a longer one is left out.</summary>
    private const int LengthMax = 64;

    /// <summary>The words of a text, in order.</summary>
    public static List<string> Of(string text)
    {
        List<string> words = [];
        var word = new StringBuilder();
        foreach (var rune in Fold(text).EnumerateRunes())
        {
            var sort = SortOf(rune);
            if (sort != Sort.Part)
            {
                Take(words, word);
            }

            if (sort == Sort.Part && word.Length < LengthMax)
            {
                word.Append(rune.ToString());
            }
            else if (sort == Sort.Whole)
            {
                words.Add(rune.ToString());
            }
        }

        Take(words, word);
        return words;
    }

    /// <summary>
    /// The words of a name or text to be found by, with a blank between them: as it stands, and split where its case and digits change, when
    /// that gives others.
    /// </summary>
    public static string Line(string text)
    {
        var plain = string.Join(' ', Of(text));
        var split = string.Join(' ', Of(NameKey.SplitWords(text)));
        return split == plain ? plain : $"{plain} {split}";
    }

    /// <summary>A text without case and accents.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        var folded = new StringBuilder(text.Length + 8);
        foreach (var c in Decompose(text))
        {
            if (!IsAccent(c))
            {
                folded.Append(char.ToLowerInvariant(c));
            }
        }

        return folded.ToString();
    }

    /// <summary>Whether a character is of a word, or a word of its own.</summary>
    public static bool IsOfWords(Rune rune) => SortOf(rune) != Sort.None;

    /// <summary>Whether a character is a word by itself, whatever stands beside it.</summary>
    public static bool IsWhole(Rune rune) => SortOf(rune) == Sort.Whole;

    /// <summary>Compatibility forms taken apart.</summary>
    internal static string Decompose(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair, which no checked name holds, but what people search for may.
            return text;
        }
    }

    // Accents of Latin, Greek and Cyrillic letters, points of Hebrew, vowel signs of Arabic: not the vowels of India's scripts, which are letters to
    // their readers.
    private static bool IsAccent(char c) => c is (>= '\u0300' and <= '\u036f') or (>= '\u0591' and <= '\u05c7') or (>= '\u064b' and <= '\u0652') or '\u0670';

    private static Sort SortOf(Rune rune) => rune.IsAscii
        ? char.IsAsciiLetterOrDigit((char)rune.Value) ? Sort.Part : Sort.None
        : Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.OtherLetter => IsIdeograph(rune.Value) ? Sort.Whole : Sort.Part,
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => Sort.Part,
            UnicodeCategory.OtherSymbol when rune != Rune.ReplacementChar => Sort.Whole,
            _ => Sort.None,
        };

    private static bool IsIdeograph(int value) => value is (>= 0x3041 and <= 0x30ff) or (>= 0x3400 and <= 0x9fff) or (>= 0xf900 and <= 0xfaff) or >= 0x20000;

    private static void Take(List<string> words, StringBuilder word)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }

    private enum Sort
    {
        None,
        Part,
        Whole,
    }
}
