using System.Text;

namespace Cete.Expressions;

/// <summary>How texts are cleaned, counted and compared: as SQLite does it with UTF-8.</summary>
internal static class TextRules
{
    /// <summary>Before, between and after the items of a list in a column.</summary>
    public const string Separator = "\u001f";

    /// <summary>An item that is null.</summary>
    public const string NullItem = "\u001e";

    /// <summary>The separator as a letter.</summary>
    public const char Mark = '\u001f';

    /// <summary>The text without what databases do not keep as it is.</summary>
    public static string Clean(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (IsBad(text, at))
            {
                return Replaced(text);
            }
        }

        return text;
    }

    /// <summary>By code points, which is the order of the bytes in UTF-8 and not that of UTF-16.</summary>
    public static int Compare(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
        {
            if (a[i] != b[i])
            {
                // Code points beyond U+FFFF are pairs of surrogates, which must come after U+E000 to U+FFFF.
                return char.IsSurrogate(a[i]) == char.IsSurrogate(b[i]) ? a[i].CompareTo(b[i]) : char.IsSurrogate(a[i]) ? 1 : -1;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    /// <summary>Code points.</summary>
    public static long Size(string text) => text.Length - text.Count(char.IsLowSurrogate);

    /// <summary>Whether it is longer than a text may get by adding.</summary>
    public static bool IsTooLong(string text) =>
        text.Length > ExpressionLimits.TextBytesMax / 3 && Encoding.UTF8.GetByteCount(text) > ExpressionLimits.TextBytesMax;

    private static bool IsBad(string text, int at) =>
        text[at] is '\0' or '\u001e' or '\u001f'
        || (char.IsHighSurrogate(text[at]) && (at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1])))
        || (char.IsLowSurrogate(text[at]) && (at == 0 || !char.IsHighSurrogate(text[at - 1])));

    private static string Replaced(string text) =>
        string.Create(text.Length, text, (letters, from) =>
        {
            for (var at = 0; at < from.Length; at++)
            {
                letters[at] = IsBad(from, at) ? '\uFFFD' : from[at];
            }
        });
}
