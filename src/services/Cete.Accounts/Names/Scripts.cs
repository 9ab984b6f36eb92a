using System.Globalization;

namespace Cete.Accounts;

/// <summary>The scripts that names are written in. Chinese and Japanese are one: a Japanese name mixes both.</summary>
internal enum Script
{
    None,
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Devanagari,
    Thai,
    Hangul,
    Han,
}

/// <summary>Which script a character belongs to, by ranges of Unicode's blocks, those with letters in daily use.</summary>
internal static class Scripts
{
    private static readonly (char First, char Last, Script Script)[] Ranges =
    [
        ('A', 'Z', Script.Latin), ('a', 'z', Script.Latin), ('\u00C0', '\u024F', Script.Latin), ('\u0370', '\u03FF', Script.Greek),
        ('\u0400', '\u052F', Script.Cyrillic), ('\u05D0', '\u05EA', Script.Hebrew), ('\u0620', '\u064A', Script.Arabic),
        ('\u066E', '\u06D3', Script.Arabic), ('\u0900', '\u0963', Script.Devanagari), ('\u0971', '\u097F', Script.Devanagari),
        ('\u0E01', '\u0E3A', Script.Thai), ('\u0E40', '\u0E4E', Script.Thai), ('\u1E00', '\u1EFF', Script.Latin), ('\u1F00', '\u1FFF', Script.Greek),
        ('\u3005', '\u3005', Script.Han), ('\u3041', '\u3096', Script.Han), ('\u30A1', '\u30FA', Script.Han), ('\u30FC', '\u30FC', Script.Han),
        ('\u3400', '\u4DBF', Script.Han), ('\u4E00', '\u9FFF', Script.Han), ('\uAC00', '\uD7A3', Script.Hangul),
    ];

    /// <summary>The script of a letter, or of a mark behind one; none for all else.</summary>
    public static (Script Script, bool IsMark) Of(char c)
    {
        var category = CharUnicodeInfo.GetUnicodeCategory(c);
        var isMark = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
        if (!isMark && !char.IsLetter(c))
        {
            return (Script.None, false);
        }

        foreach (var (first, last, script) in Ranges)
        {
            if (c >= first && c <= last)
            {
                // Of the others' marks those that exist are part of a letter by now.
                return isMark && script is not (Script.Devanagari or Script.Thai) ? (Script.None, true) : (script, isMark);
            }
        }

        return (Script.None, isMark);
    }
}
