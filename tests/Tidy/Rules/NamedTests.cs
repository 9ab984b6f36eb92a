using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests.Rules;

/// <summary>A test that the list of requirements names is there, and each requirement stands there once, in order.</summary>
internal static class NamedTests
{
    private const string List = "tests/ASVS.md";

    /// <summary>Names of tests have several words; those of files have an ending.</summary>
    private static readonly Regex Named = new(@"`([A-Za-z0-9]+(?:_[A-Za-z0-9]+)+|(?:[A-Z][a-z0-9]*){3,})`", RegexOptions.CultureInvariant);

    private static readonly Regex Row = new(@"^\| (\d+)\.(\d+)\.(\d+) \| [^|]+ \| (holds|in part|no) \| [^|]+ \|$", RegexOptions.CultureInvariant);

    public static IEnumerable<Finding> Findings(Checkout checkout) =>
        checkout.Exists(List) ? Missing(checkout).Concat(Disordered(checkout)) : [new Finding(List, 1, "it is not there", "bring it back")];

    private static IEnumerable<Finding> Missing(Checkout checkout)
    {
        var sources = checkout.Under("tests",
            ".cs").Where(file => file.EndsWith("Tests.cs", StringComparison.Ordinal)).Select(file => checkout.CSharp(file).Code).ToList();
        return from line in checkout.Lines(List).Index()
               from match in Named.Matches(line.Item)
               let name = match.Groups[1].Value
               where !sources.Exists(code => code.Contains($" {name}(", StringComparison.Ordinal))
               select new Finding(List, line.Index + 1, $"there is no test '{name}'", "name the one that took its place, or say that it does not hold");
    }

    private static IEnumerable<Finding> Disordered(Checkout checkout)
    {
        var last = (0, 0, 0);
        foreach (var (index, line) in checkout.Lines(List).Index())
        {
            if (!line.StartsWith("| ", StringComparison.Ordinal) || line.StartsWith("| number", StringComparison.Ordinal)
                || line.StartsWith("| ---", StringComparison.Ordinal))
            {
                continue;
            }

            var match = Row.Match(line.TrimEnd('\r'));
            var number = match.Success
                ? (int.Parse(match.Groups[1].Value, null), int.Parse(match.Groups[2].Value, null), int.Parse(match.Groups[3].Value, null)) : last;
            if (number.CompareTo(last) <= 0)
            {
                yield return new Finding(List, index + 1, "no row, or not behind the one before",
                    "write '| number | what | holds, in part or no | why |' in order");
            }

            last = number;
        }
    }
}
