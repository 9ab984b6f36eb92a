using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests.Rules;

/// <summary>A core has one caller at a time and never waits: the analyzers see calls, this sees the words.</summary>
internal static class PureCore
{
    private static readonly Regex Words = new(
        @"(?<![\w@])(async|await|Task|ValueTask|Thread|lock(?=\s*\())(?!\w)", RegexOptions.CultureInvariant);

    public static IEnumerable<Finding> Findings(Checkout checkout) =>
        from file in checkout.Under("src/core", ".cs")
        let source = checkout.CSharp(file)
        from match in Words.Matches(source.Code)
        select new Finding(
            file, source.LineOf(match.Index), $"'{match.Value}' in a core", "take the answer as an input, give the wish as an effect");
}
