using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Cete.Web.Pages.Prose;

/// <summary>What a text with markup says, without the markup: for lists, where there is one line for it.</summary>
internal static class ProseText
{
    /// <summary>The beginning of a text in one line of so many characters at most.</summary>
    public static string Short(string text, int lengthMax)
    {
        // The beginning of a long text is read, and what stands at its end is not looked at.
        const int Ahead = 8;
        var begun = text.Length > lengthMax * Ahead ? Whole(text, lengthMax * Ahead) : text;
        var plain = ProseReader.Read(begun) is { } tree ? Say(tree, lengthMax + 1) : begun;
        var line = Clean(string.Join(' ', plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        return line.Length <= lengthMax && begun.Length == text.Length ? line : Whole(line, lengthMax) + "…";
    }

    /// <summary>A text of strangers with nothing in it that moves or hides others.</summary>
    public static string Clean(string text)
    {
        var shown = Texts.Show(text);
        return !shown.EnumerateRunes().Any(IsHidden)
            ? shown
            : string.Concat(shown.EnumerateRunes().Where(rune => !IsHidden(rune)).Select(rune => rune.ToString()));
    }

    /// <summary>Marks without width that no writing needs: they make texts that look alike differ. Those that join letters stay.</summary>
    public static bool IsHidden(Rune rune) => rune.Value is 0x200B or (>= 0x2060 and <= 0x2064) or 0xFEFF or 0x180E or (>= 0xE0000 and <= 0xE007F);

    private static string Whole(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static string Say(MarkdownDocument tree, int enough)
    {
        StringBuilder said = new();
        foreach (var node in tree.Descendants())
        {
            if (said.Length > enough)
            {
                break;
            }

            switch (node)
            {
                case LiteralInline literal:
                    said.Append(literal.Content.AsSpan());
                    break;
                case CodeInline code:
                    said.Append(code.Content);
                    break;
                case HtmlEntityInline entity:
                    said.Append(entity.Transcoded.AsSpan());
                    break;
                case AutolinkInline link:
                    said.Append(link.Url);
                    break;
                case CodeBlock block:
                    said.Append(' ').Append(block.Lines.ToString()).Append(' ');
                    break;
                case LineBreakInline or LeafBlock or TableCell:
                    said.Append(' ');
                    break;
                default:
                    break;
            }
        }

        return said.ToString();
    }
}
