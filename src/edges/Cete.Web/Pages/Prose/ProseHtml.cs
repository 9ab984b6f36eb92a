using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Cete.Web.Pages.Prose;

/// <summary>
/// Writes a text with markup as HTML. It is made anew of what is known here: nothing of the text gets onto the page but as text, and as addresses that
/// <see cref="ProseLinks"/> lets through.
/// </summary>
internal sealed class ProseHtml
{
    /// <summary>Characters that are written: a short text can ask for a long one by naming an address again and again.</summary>
    private const int WrittenMax = 512 * 1024;

    /// <summary>Lists in quotes in lists: deeper ones are written without more of them.</summary>
    private const int DepthMax = 24;

    /// <summary>Of HTML.</summary>
    private const int HeadingMax = 6;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _html = new();
    private readonly List<int> _headings = [];
    private readonly int _top;

    private ProseHtml(int top) => _top = top;

    /// <summary>A text as HTML.</summary>
    /// <param name="text">As it was typed.</param>
    /// <param name="top">The level of its highest headings.</param>
    public static string Write(string text, int top)
    {
        var writer = new ProseHtml(top);
        if (ProseReader.Read(text) is { } tree)
        {
            writer.Blocks(tree, 0);
        }
        else
        {
            foreach (var paragraph in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                writer.Element("p", () => writer.Text(paragraph));
            }
        }

        return writer._html.ToString();
    }

    private bool IsFull => _html.Length > WrittenMax;

    private void Blocks(ContainerBlock blocks, int depth)
    {
        foreach (var block in blocks)
        {
            if (IsFull)
            {
                return;
            }

            Write(block, depth + 1);
        }
    }

    private void Write(Block block, int depth)
    {
        switch (block)
        {
            case LinkReferenceDefinitionGroup or LinkReferenceDefinition:
                break;
            case ContainerBlock when depth > DepthMax:
                Element("p", () => Text(Flat(block)));
                break;
            case HeadingBlock heading:
                Element($"h{LevelOf(heading.Level)}", () => Inlines(heading.Inline, 0));
                break;
            case QuoteBlock quote:
                Element("blockquote", () => Blocks(quote, depth));
                break;
            case ListBlock list:
                Write(list, depth);
                break;
            case CodeBlock code:
                _html.Append("<pre dir=\"auto\"><code>");
                Text(code.Lines.ToString());
                _html.Append("</code></pre>");
                break;
            case ThematicBreakBlock:
                _html.Append("<hr />");
                break;
            case Table table:
                Write(table);
                break;
            case ParagraphBlock { Parent: ListItemBlock { Parent: ListBlock { IsLoose: false } } } tight:
                Inlines(tight.Inline, 0);
                break;
            case LeafBlock leaf:
                Element("p", () => Inlines(leaf.Inline, 0));
                break;
            case ContainerBlock other:
                Blocks(other, depth);
                break;
            default:
                break;
        }
    }

    private void Write(ListBlock list, int depth)
    {
        var start = list.IsOrdered && int.TryParse(list.OrderedStart, out var first) && first is > 1 and < 1_000_000 ? $" start=\"{first}\"" : string.Empty;
        _html.Append(list.IsOrdered ? $"<ol{start}>" : "<ul>");
        foreach (var item in list.OfType<ListItemBlock>())
        {
            Element("li", () => Blocks(item, depth));
        }

        _html.Append(list.IsOrdered ? "</ol>" : "</ul>");
    }

    /// <summary>A table that is too wide is moved sideways by itself, also with keys.</summary>
    private void Write(Table table)
    {
        _html.Append("<div class=\"scrolls\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table>");
        foreach (var row in table.OfType<TableRow>())
        {
            if (IsFull)
            {
                break;
            }

            Element("tr", () => Cells(row), isText: false);
        }

        _html.Append("</table></div>");
    }

    private void Cells(TableRow row)
    {
        foreach (var cell in row.OfType<TableCell>())
        {
            Element(row.IsHeader ? "th" : "td", () =>
            {
                foreach (var leaf in cell.OfType<LeafBlock>())
                {
                    Inlines(leaf.Inline, 0);
                }
            });
        }
    }

    private void Inlines(ContainerInline? inlines, int depth)
    {
        for (var inline = inlines?.FirstChild; inline is not null && !IsFull; inline = inline.NextSibling)
        {
            Write(inline, depth + 1);
        }
    }

    private void Write(Inline inline, int depth)
    {
        switch (inline)
        {
            case LiteralInline literal:
                Text(literal.Content.ToString());
                break;
            case CodeInline code:
                Around("code", () => Text(code.Content));
                break;
            case HtmlEntityInline entity:
                Text(entity.Transcoded.ToString());
                break;
            case LineBreakInline lines:
                _html.Append(lines.IsHard ? "<br />" : "\n");
                break;
            case AutolinkInline link:
                Link(link.IsEmail ? "mailto:" + link.Url : link.Url, null, () => Text(link.Url), link.Url);
                break;
            case ContainerInline container when depth > DepthMax:
                Text(Flat(container));
                break;
            case LinkInline { IsImage: true } image:
                Image(image);
                break;
            case LinkInline link:
                Link(link.GetDynamicUrl?.Invoke() ?? link.Url, link.Title, () => Inlines(link, depth), Flat(link));
                break;
            case EmphasisInline emphasis:
                Around(emphasis.DelimiterChar == '~' ? "s" : emphasis.DelimiterCount > 1 ? "strong" : "em", () => Inlines(emphasis, depth));
                break;
            case DelimiterInline delimiter:
                Text(delimiter.ToLiteral());
                Inlines(delimiter, depth);
                break;
            case ContainerInline other:
                Inlines(other, depth);
                break;
            default:
                break;
        }
    }

    /// <summary>Where a text looks like the address of another site than the one that it leads to, that one is named beside it.</summary>
    private void Link(string? address, string? title, Action text, string said)
    {
        if (ProseLinks.Find(address) is not { } found)
        {
            text();
            return;
        }

        _html.Append("<a href=\"").Append(Encoder.Encode(found)).Append("\" rel=\"nofollow ugc noopener noreferrer\"");
        if (title is { Length: > 0 })
        {
            _html.Append(" title=\"").Append(Encoder.Encode(ProseText.Clean(title))).Append('"');
        }

        _html.Append("><bdi>");
        text();
        _html.Append("</bdi></a>");
        if (ProseLinks.HostOf(found) is { } host && said.Contains('.', StringComparison.Ordinal) && !said.Contains(host, StringComparison.OrdinalIgnoreCase))
        {
            _html.Append(" <small class=\"faint\">(").Append(Encoder.Encode(host)).Append(")</small>");
        }
    }

    private void Image(LinkInline image)
    {
        var (address, alt) = (image.GetDynamicUrl?.Invoke() ?? image.Url, Flat(image));
        if (ProseLinks.Picture(address) is { } picture)
        {
            _html.Append("<img src=\"").Append(Encoder.Encode(picture)).Append("\" alt=\"").Append(Encoder.Encode(ProseText.Clean(alt)))
                .Append("\" loading=\"lazy\" decoding=\"async\" />");
        }
        else
        {
            Link(address, image.Title, () => Text(alt.Length > 0 ? alt : "picture"), alt);
        }
    }

    private void Text(string text) => _html.Append(Encoder.Encode(ProseText.Clean(text)));

    private void Element(string name, Action content, bool isText = true)
    {
        _html.Append('<').Append(name).Append(isText ? " dir=\"auto\">" : ">");
        content();
        _html.Append("</").Append(name).Append('>');
    }

    private void Around(string name, Action content) => Element(name, content, isText: false);

    /// <summary>Headings below each other without a gap, whatever the text leaves out.</summary>
    private int LevelOf(int level)
    {
        _headings.RemoveAll(open => open >= level);
        _headings.Add(level);
        return Math.Min(_top + _headings.Count - 1, HeadingMax);
    }

    private static string Flat(MarkdownObject node)
    {
        StringBuilder text = new();
        foreach (var each in node.Descendants())
        {
            text.Append(each switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                CodeBlock block => block.Lines.ToString(),
                LineBreakInline or LeafBlock => " ",
                _ => string.Empty,
            });
            if (text.Length > ProseReader.CharsMax)
            {
                break;
            }
        }

        return text.ToString();
    }
}
