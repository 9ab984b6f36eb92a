using System.Globalization;
using System.Text;

namespace Cete.Index;

/// <summary>
/// What names are sorted and found by. Made by the node that takes a command in, since it needs Unicode's tables, and carried in the
/// command, so that replicas with other tables come to the same state.
/// </summary>
public static class NameKey
{
    /// <summary>The name in the form in which it is kept: NFC, so that the same name typed on two systems is the same name.</summary>
    public static string Normalize(string name)
    {
        try
        {
            return name.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair, which no checked name holds, but what people search for may.
            return name;
        }
    }

    /// <summary>A key whose ordinal order is the order people expect: no case, no accents, numbers by value ("file2" before "file10").</summary>
    public static string Of(string name)
    {
        var key = new StringBuilder(name.Length + 4);
        var text = Tokens.Decompose(name);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                var end = i;
                while (end < text.Length && char.IsAsciiDigit(text[end]))
                {
                    end++;
                }

                var digits = text.AsSpan(i, end - i).TrimStart('0');

                // The number of digits first: a longer number is a greater one.
                key.Append((char)('0' + Math.Min(digits.Length, 60))).Append(digits);
                i = end - 1;
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(text[i]) != UnicodeCategory.NonSpacingMark)
            {
                key.Append(char.ToLowerInvariant(text[i]));
            }
        }

        return key.ToString();
    }

    /// <summary>
    /// The words of a file name: as it stands, and split where its case and digits change ("MyHoliday2026" is found by "holiday", "HTMLParser" by "parser").
    /// </summary>
    public static string WordsOf(string name) => $"{name} {SplitWords(name)}";

    /// <summary>A text with a blank where its case and digits change.</summary>
    internal static string SplitWords(string text)
    {
        var words = new StringBuilder(text.Length * 2);
        for (var i = 0; i < text.Length; i++)
        {
            if (i > 0 && IsWordStart(text[i - 1], text[i], i + 1 < text.Length ? text[i + 1] : ' '))
            {
                words.Append(' ');
            }

            words.Append(text[i]);
        }

        return words.ToString();
    }

    internal static bool IsWordStart(char before, char c, char next) =>
        (char.IsUpper(c) && (char.IsLower(before) || (char.IsUpper(before) && char.IsLower(next)))) || char.IsDigit(c) != char.IsDigit(before);
}
