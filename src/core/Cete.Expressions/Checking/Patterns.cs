using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Cete.Expressions.Checking;

/// <summary>Patterns of `matches`: without backtracking, so that no text takes longer than its length allows, and small when compiled.</summary>
internal static class Patterns
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    public static bool TryMake(string pattern, [NotNullWhen(true)] out Regex? regex, [NotNullWhen(false)] out string? fault)
    {
        (regex, fault) = (null, null);
        if (pattern.Length > ExpressionLimits.PatternCharsMax)
        {
            fault = FormattableString.Invariant($"the pattern is longer than {ExpressionLimits.PatternCharsMax} characters");
            return false;
        }

        if (Repeats(pattern) > ExpressionLimits.PatternRepeatsMax)
        {
            fault = FormattableString.Invariant($"the repetitions in the pattern come to more than {ExpressionLimits.PatternRepeatsMax}");
            return false;
        }

        try
        {
            regex = new Regex(pattern, Options);
            return true;
        }
        catch (ArgumentException)
        {
            fault = "this is no regular expression; look at its parentheses, brackets and backslashes";
        }
        catch (NotSupportedException)
        {
            fault = "patterns may not look around, refer back or be atomic: texts are matched without backtracking";
        }

        return false;
    }

    /// <summary>All numbers of `{n,m}` multiplied, as if each stood within the others.</summary>
    private static long Repeats(string pattern)
    {
        var product = 1L;
        for (var at = pattern.IndexOf('{', StringComparison.Ordinal); at >= 0; at = pattern.IndexOf('{', at + 1))
        {
            var end = pattern.IndexOf('}', at);
            var most = end < 0 ? 1 : pattern[(at + 1)..end].Split(',')
                .Max(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1);
            product *= Math.Clamp(most, 1, ExpressionLimits.PatternRepeatsMax + 1);
            if (product > ExpressionLimits.PatternRepeatsMax)
            {
                return product;
            }
        }

        return product;
    }
}
