using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests.Rules;

/// <summary>A link from one of our pages to another leads somewhere.</summary>
internal static class Links
{
    private static readonly Regex Inline = new(@"\]\(\s*(?:<([^>]*)>|([^)\s]+))[^)]*\)", RegexOptions.CultureInvariant);
    private static readonly Regex Reference = new(@"^ {0,3}\[[^\]^]+\]:\s*(?:<([^>]*)>|(\S+))", RegexOptions.CultureInvariant);
    private static readonly Regex Code = new(@"(`+)[^`].*?\1", RegexOptions.CultureInvariant);
    private static readonly string[] Fences = ["```", "~~~"];
    private static readonly Regex Scheme = new(@"^([A-Za-z][\w+.\-]*:|//|#)", RegexOptions.CultureInvariant);

    public static IEnumerable<Finding> Findings(Checkout checkout) =>
        from file in checkout.Under("", ".md")
        from line in Prose(checkout.Lines(file))
        from match in Inline.Matches(line.Text).Concat(Reference.Matches(line.Text))
        let link = match.Groups[1].Value + match.Groups[2].Value
        where !Scheme.IsMatch(link) && !LeadsSomewhere(checkout, file, link)
        select new Finding(file, line.Number, $"the link '{link}' leads nowhere", "correct it, or link to what took its place");

    private static bool LeadsSomewhere(Checkout checkout, string file, string link)
    {
        var path = Uri.UnescapeDataString(link.Split('#', '?')[0]);
        var folder = path.StartsWith('/') ? string.Empty : Checkout.FolderOf(file);
        return Checkout.Resolve(folder, path) is { } target && checkout.Exists(target);
    }

    /// <summary>The lines outside fenced blocks, without code.</summary>
    private static IEnumerable<(int Number, string Text)> Prose(string[] lines)
    {
        var fence = string.Empty;
        foreach (var (index, line) in lines.Index())
        {
            var text = line.Trim();
            var mark = Fences.FirstOrDefault(start => text.StartsWith(start, StringComparison.Ordinal), string.Empty);
            if (mark.Length > 0 && (fence.Length == 0 || fence == mark))
            {
                fence = fence.Length == 0 ? mark : string.Empty;
            }
            else if (fence.Length == 0)
            {
                yield return (index + 1, Code.Replace(line.TrimEnd('\r'), string.Empty));
            }
        }
    }
}
