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

    private static readonly MarkdownPipeline Whole = Pipeline().UsePipeTables().Build();
    private static readonly MarkdownPipeline Tableless = Pipeline().Build();

    /// <summary>The tree of a text; null where it is not read.</summary>
    public static MarkdownDocument? Read(string text)
    {
        if (text.Length > CharsMax || Marks(text) > MarksMax)
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
