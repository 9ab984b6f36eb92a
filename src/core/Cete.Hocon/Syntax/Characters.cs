using System.Globalization;

namespace Cete.Hocon;

/// <summary>What a character may end. <c>/</c> and <c>+</c> need a second look.</summary>
[Flags]
internal enum Stops : byte
{
    None = 0,

    /// <summary>A word of an unquoted string.</summary>
    Word = 1,

    /// <summary>A word of a path expression.</summary>
    Path = 2,

    /// <summary>The plain part of a quoted string.</summary>
    Quoted = 4,
}

/// <summary>The character classes of the specification ("Whitespace", "Unquoted strings").</summary>
internal static class Characters
{
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";

    // A table, and not the framework's vectorized search: words are short, and its code for all their characters is not compiled ahead
    // of time, which cost the first text of a process 10 ms.
    private static readonly Stops[] Ascii = Table();

    /// <summary>Zs, Zl, Zp, the byte order mark and the control characters that HOCON counts as whitespace.</summary>
    public static bool IsSpace(char c) => c is ' ' or (>= '\t' and <= '\r') or (>= '\u001C' and <= '\u001F') or '\u00A0' or '\u1680'
        or (>= '\u2000' and <= '\u200A') or '\u2028' or '\u2029' or '\u202F' or '\u205F' or '\u3000' or '\uFEFF';

    /// <summary>The first place at or behind <paramref name="from"/> that may end something; the length of the text if there is none.</summary>
    public static int Find(string text, int from, Stops stops)
    {
        var at = from;
        while (at < text.Length && !IsStop(text[at], stops))
        {
            at++;
        }

        return at;
    }

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

    private static bool IsStop(char c, Stops stops) => c < Ascii.Length ? (Ascii[c] & stops) != 0 : stops != Stops.Quoted && IsSpace(c);

    private static Stops[] Table()
    {
        var table = new Stops[128];
        for (var c = 0; c < table.Length; c++)
        {
            table[c] = Classify((char)c);
        }

        return table;
    }

    private static Stops Classify(char c)
    {
        var isWordStop = c == '/' || IsSpace(c) || Reserved.Contains(c);
        return (isWordStop ? Stops.Word | Stops.Path : Stops.None)
            | (c == '.' ? Stops.Path : Stops.None)
            | (c is '"' or '\\' or < ' ' ? Stops.Quoted : Stops.None);
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
