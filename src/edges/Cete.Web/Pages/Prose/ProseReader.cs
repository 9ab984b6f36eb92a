using Markdig;
using Markdig.Syntax;

namespace Cete.Web.Pages.Prose;

/// <summary>
/// Reads CommonMark with tables, strike-through and bare addresses. Markup of HTML is text like any other, and what is too long or too deep to be read in
/// a moment is not read at all.
/// </summary>
internal static class ProseReader
{
    /// <summary>Characters that are read: what is longer is shown as it was typed.</summary>
    public const int CharsMax = 64 * 1024;

    /// <summary>Characters of a line that are read: some marks are looked for from each of their kind to the end of a paragraph.</summary>
    private const int MarksMax = 4_000;

    /// <summary>Quotes and lists that begin on one line: each is looked at for each of them.</summary>
    private const int OpenedMax = 32;

    private static readonly MarkdownPipeline Whole = Pipeline().UsePipeTables().Build();
    private static readonly MarkdownPipeline Tableless = Pipeline().Build();

    /// <summary>The tree of a text; null where it is not read.</summary>
    public static MarkdownDocument? Read(string text)
    {
        if (text.Length > CharsMax || Marks(text) > MarksMax || Opens(text))
        {
            return null;
        }

        try
        {
            return Markdown.Parse(text, text.Contains('|', StringComparison.Ordinal) ? Whole : Tableless);
        }
        catch (ArgumentException)
        {
            // Deeper than the library goes.
            return null;
        }
    }

    private static MarkdownPipelineBuilder Pipeline() => new MarkdownPipelineBuilder()
        .DisableHtml()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
        .UseAutoLinks();

    /// <summary>Some line begins more quotes and lists within each other than anybody writes.</summary>
    private static bool Opens(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var rest = line.TrimStart(" \t");
            var opened = 0;
            while (MarkerOf(rest) is var length && length > 0)
            {
                rest = rest[length..].TrimStart(" \t");
                if (++opened > OpenedMax)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Characters of what begins a quote or an item of a list; 0 for none.</summary>
    private static int MarkerOf(ReadOnlySpan<char> text)
    {
        if (text is ['>', ..] or ['-' or '+' or '*', ' ' or '\t', ..])
        {
            return 1;
        }

        var digits = text.IndexOfAnyExceptInRange('0', '9');
        return digits is > 0 and < 10 && (text[digits] is '.' or ')') ? digits + 1 : 0;
    }

    /// <summary>Characters in the longest paragraph that open something: each may be compared with all others.</summary>
    private static int Marks(string text)
    {
        var (most, here) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' && i + 1 < text.Length && text[i + 1] is '\n' or '\r')
            {
                here = 0;
            }
            else if (text[i] is '[' or ']' or '*' or '_' or '`' or '|' or '~' or '<' or '!' or '>')
            {
                most = Math.Max(most, ++here);
            }
        }

        return most;
    }
}
