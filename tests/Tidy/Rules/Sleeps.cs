using System.Text.RegularExpressions;

namespace Cete.Tidy.Tests.Rules;

/// <summary>A test waits for a condition, never for time: what sleeps is slow on a fast machine and fails on a slow one.</summary>
internal static class Sleeps
{
    private static readonly Regex Calls = new(
        @"\b(Thread\s*\.\s*Sleep|Task\s*\.\s*Delay|SpinWait\s*\.\s*SpinUntil)\b", RegexOptions.CultureInvariant);

    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["tests/Testing/Eventually.cs"] = "polls a condition, up to a bound, where no event tells of it",
    };

    public static IEnumerable<Finding> Findings(Checkout checkout) =>
        from file in checkout.Under("tests", ".cs")
        where !Exceptions.ContainsKey(file)
        let source = checkout.CSharp(file)
        from match in Calls.Matches(source.Code)
        select new Finding(
            file, source.LineOf(match.Index), $"a test sleeps ({match.Value})",
            "step the clock, await the event, or poll a condition with tests/Testing/Eventually.cs");
}
