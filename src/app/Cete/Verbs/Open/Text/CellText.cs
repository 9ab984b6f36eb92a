using System.Globalization;
using System.Text;

namespace Cete.App.Verbs.Open.Text;

/// <summary>
/// Texts of others, made fit for a terminal: what would move its cursor, change its colours, turn the order of letters or hide some of them is shown as
/// a sign in its place, and what stands on a letter is bounded, so that no text draws over its neighbours.
/// </summary>
internal static class CellText
{
    /// <summary>Marks that may stand on one letter; languages need up to three.</summary>
    private const int MarksMax = 4;

    /// <summary>What stands for something that is not shown.</summary>
    private const char Sign = '\uFFFD';

    /// <summary>A text on one line.</summary>
    public static string Line(string text)
    {
        var line = new StringBuilder(text.Length);
        var marks = MarksMax;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t')
            {
                marks = 0;
                line.Append(' ');
            }
            else if (IsHidden(rune))
            {
                marks = MarksMax;
                line.Append(Sign);
            }
            else if (!CellWidth.IsMark(rune))
            {
                marks = 0;
                line.Append(rune.ToString());
            }
            else if (!IsVariation(rune) && marks++ < MarksMax)
            {
                line.Append(rune.ToString());
            }
        }

        return line.ToString();
    }

    /// <summary>A text as lines of so many cells, broken between words where that can be.</summary>
    public static List<string> Wrap(string text, int width)
    {
        List<string> lines = [];
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            WrapLine(Line(paragraph), Math.Max(2, width), lines);
        }

        return lines;
    }

    /// <summary>As much of a harmless text as has room, with a sign where something is left out.</summary>
    public static string Cut(string text, int width)
    {
        if (width <= 0)
        {
            return string.Empty;
        }

        if (CellWidth.Of(text) <= width)
        {
            return text;
        }

        return string.Concat(text.AsSpan(0, Fitting(text, 0, width - 1)), "…");
    }

    /// <summary>A harmless text in exactly so many cells.</summary>
    public static string Fit(string text, int width, bool atRight = false)
    {
        var cut = Cut(text, width);
        var blanks = new string(' ', Math.Max(0, width - CellWidth.Of(cut)));
        return atRight ? blanks + cut : cut + blanks;
    }

    /// <summary>Where the part of a text ends that begins at a place and has room.</summary>
    public static int Fitting(string text, int start, int width)
    {
        var (at, cells) = (start, 0);
        while (at < text.Length)
        {
            var rune = Rune.GetRuneAt(text, at);
            cells += CellWidth.Of(rune);
            if (cells > width)
            {
                break;
            }

            at += rune.Utf16SequenceLength;
        }

        return at;
    }

    /// <summary>Controls, what turns the direction of text, what has no width and no place in writing, and what no font has.</summary>
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
        || rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or 0x034F;

    /// <summary>It picks a form of the letter before it, of which terminals have one.</summary>
    private static bool IsVariation(Rune rune) => rune.Value is >= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF;

    private static void WrapLine(string text, int width, List<string> lines)
    {
        var start = 0;
        do
        {
            var end = Fitting(text, start, width);
            if (end < text.Length)
            {
                var blank = text.LastIndexOf(' ', end, end - start + 1);
                end = blank > start ? blank : Math.Max(end, start + 1);
            }

            lines.Add(text[start..end].TrimEnd(' '));
            start = end;
            while (start < text.Length && text[start] == ' ' && start > 0)
            {
                start++;
            }
        }
        while (start < text.Length);
    }
}
