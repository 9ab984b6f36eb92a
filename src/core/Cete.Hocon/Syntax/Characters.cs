using System.Buffers;
using System.Globalization;

namespace Cete.Hocon;

/// <summary>The character classes of the specification ("Whitespace", "Unquoted strings").</summary>
internal static class Characters
{
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";

    // Zs, Zl, Zp, the byte order mark and the control characters that HOCON counts as whitespace; the newline is one of them.
    private const string Spaces =
        "\t\n\v\f\r\u001C\u001D\u001E\u001F \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A" +
        "\u2028\u2029\u202F\u205F\u3000\uFEFF";

    /// <summary>What may end a word of an unquoted string; <c>/</c> and <c>+</c> need a second look.</summary>
    public static readonly SearchValues<char> WordStops = SearchValues.Create(Reserved + Spaces + "/");

    /// <summary>What may end a word of a path expression.</summary>
    public static readonly SearchValues<char> PathStops = SearchValues.Create(Reserved + Spaces + "/.");

    /// <summary>What may end the plain part of a quoted string.</summary>
    public static readonly SearchValues<char> QuotedStops = SearchValues.Create(
        "\"\\" + string.Concat(Enumerable.Range(0, 32).Select(static c => (char)c)));

    public static bool IsSpace(char c) => c is ' ' or '\n' or '\t' or '\r' || ((c < ' ' || c > '~') && Spaces.Contains(c));

    public static bool IsInlineSpace(char c) => c != '\n' && IsSpace(c);

    /// <summary>How an error message shows a character.</summary>
    public static string Show(char c)
        => c == '\n' ? "the end of the line" : c < ' ' || char.IsSurrogate(c) || IsSpace(c)
            ? string.Create(CultureInfo.InvariantCulture, $"the character U+{(int)c:X4}")
            : $"'{c}'";

    /// <summary>The number grammar of JSON.</summary>
    public static bool IsNumber(ReadOnlySpan<char> text)
    {
        var at = text.Length > 0 && text[0] == '-' ? 1 : 0;
        var digits = CountDigits(text, at);
        if (digits == 0 || (digits > 1 && text[at] == '0'))
        {
            return false;
        }

        at += digits;
        if (at < text.Length && text[at] == '.')
        {
            digits = CountDigits(text, at + 1);
            if (digits == 0)
            {
                return false;
            }

            at += 1 + digits;
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at += at + 1 < text.Length && text[at + 1] is '+' or '-' ? 2 : 1;
            digits = CountDigits(text, at);
            return digits > 0 && at + digits == text.Length;
        }

        return at == text.Length;
    }

    private static int CountDigits(ReadOnlySpan<char> text, int from)
    {
        var at = from;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at - from;
    }
}
