using System.Globalization;
using System.Text;
using Cete.Core;

namespace Cete.Formats.Entries;

/// <summary>Texts of files of other programs: bounded, and in the encoding that they are in, whatever they say.</summary>
public static class FormatText
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding Little = new(false, true, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding Big = new(true, true, throwOnInvalidBytes: true);

    /// <summary>The text of a file: UTF-8, or UTF-16 where it begins with its mark. Anything else is refused and not guessed.</summary>
    public static Outcome<string> Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > FormatLimits.BytesMax)
        {
            return new Failure(FailureKind.TooLarge, $"the file has {bytes.Length} bytes; {FormatLimits.BytesMax} is the most");
        }

        try
        {
            return bytes is [0xEF, 0xBB, 0xBF, ..] ? Utf8.GetString(bytes[3..])
                : bytes is [0xFF, 0xFE, ..] ? Little.GetString(bytes[2..])
                : bytes is [0xFE, 0xFF, ..] ? Big.GetString(bytes[2..])
                : Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            var at = error.Index.ToString(CultureInfo.InvariantCulture);
            return new Failure(FailureKind.Invalid, $"the file is no text in UTF-8: byte {at} does not fit; save it as UTF-8");
        }
    }

    /// <summary>A text without what no field holds: control characters but line ends and tabs.</summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001F') && !text.Contains('\u007F', StringComparison.Ordinal))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var c in text.ReplaceLineEndings("\n"))
        {
            if (c is '\n' or '\t' || (c >= ' ' && c != '\u007F'))
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    /// <summary>A text in one line.</summary>
    public static string OneLine(string text) => Clean(text).Replace('\n', ' ').Replace('\t', ' ').Trim();

    /// <summary>A foreign text as it may stand in a message.</summary>
    public static string Show(string text) => EntryName.Show(text.Length > 60 ? text[..60] + "..." : text);
}
