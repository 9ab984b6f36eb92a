using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests.Rules;

/// <summary>What was meant to be finished later: marks, swallowed exceptions, silenced warnings.</summary>
internal static class Leftovers
{
    // In halves, so that the rule does not find itself.
    private static readonly Regex Marks = new(
        @"\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|XX" + @"X|NotImple" + @"mentedException)\b", RegexOptions.CultureInvariant);

    private static readonly Regex Catch = new(@"\bcatch\b[^{}]*\{(\s*)\}", RegexOptions.CultureInvariant);

    private static readonly Regex Silenced = new(
        @"^[ \t]*#\s*pragma\s+warning\s+disable\b", RegexOptions.Multiline | RegexOptions.CultureInvariant);

    public static IEnumerable<Finding> Findings(Checkout checkout)
    {
        var files = checkout.Under("src").Concat(checkout.Under("tests")).ToList();
        var sources = files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).ToList();
        return files.Where(file => !checkout.IsBinary(file)).SelectMany(file => Marked(checkout, file))
            .Concat(sources.SelectMany(file => EmptyCatches(file, checkout.CSharp(file))))
            .Concat(sources.SelectMany(file => Pragmas(file, checkout.CSharp(file))));
    }

    private static IEnumerable<Finding> Marked(Checkout checkout, string file) =>
        from line in checkout.Lines(file).Index()
        from match in Marks.Matches(line.Item)
        select new Finding(file, line.Index + 1, $"{match.Value} is left in", "finish it, or write the task where tasks are kept");

    /// <summary>A comment in the block counts as its content: it says why nothing is to be done.</summary>
    private static IEnumerable<Finding> EmptyCatches(string file, CSharpText source) =>
        from match in Catch.Matches(source.Code)
        let block = match.Groups[1]
        where string.IsNullOrWhiteSpace(source.Raw.Substring(block.Index, block.Length))
        select new Finding(
            file, source.LineOf(match.Index), "an empty catch block", "handle it, let it rise, or say in the block why it is nothing");

    private static IEnumerable<Finding> Pragmas(string file, CSharpText source)
    {
        var comments = source.View(TextKind.Comment).Split('\n');
        return from match in Silenced.Matches(source.View(TextKind.Directive))
               let line = source.LineOf(match.Index)
               where !comments[Math.Max(0, line - 2)..line].Any(comment => comment.Any(char.IsLetter))
               select new Finding(
                   file, line, "a warning is silenced without a reason", "say why in a comment on this line or the one above");
    }
}
