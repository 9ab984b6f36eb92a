using System.Text;
using Cete.Core;

namespace Cete.Index.Tests;

/// <summary>Text as nobody should type it.</summary>
internal static class Words
{
    private static readonly string[] Parts =
    [
        "\"", "\"\"", "'", "*", "^", "(", ")", "{", "}", ":", "-", "--", "+", ",", ";", "NEAR(", "NEAR", " AND ", " OR ", " NOT ", "AND", "name:", "text : ",
        "{name path}:", "tag:", "tag:\"", "-tag:", "TAG:x", "\0", "a\0b", "\ud800", "\udc00", "\ufffd", "\u200b", "\u0301", "\u202e", "\uff0f", "\u00e9",
        "\ud83d\ude00", "\u4e2d\u6587", "\u0939\u093f", "\u00bd", "\u2167", "\ufdfa", "\r\n", "\t", " ", "  ", "a", "alpha", "1", "%", "_", "\\", "/",
            "@p1", "$1", "?1",
        "--a", "/*", "rank", "rowid", "entry_words", "\u0130", "\u1e9e", "\ud835\udd4f",
    ];

    public static string Random(Prng chance, int partsMax)
    {
        var text = new StringBuilder();
        for (var count = chance.Next(partsMax + 1); count > 0; count--)
        {
            text.Append(chance.Chance(3, 4) ? Parts[chance.Next(Parts.Length)] : ((char)chance.Next(0x10000)).ToString());
        }

        return text.ToString();
    }
}
