using System.Globalization;
using Cete.Core;

namespace Cete.Transfer.Limits;

/// <summary>Bytes a second as people write them.</summary>
public static class RateText
{
    private const string None = "none";

    private static readonly Dictionary<string, long> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = 1,
        ["B"] = 1,
        ["K"] = 1L << 10,
        ["KiB"] = 1L << 10,
        ["kB"] = 1_000,
        ["M"] = 1L << 20,
        ["MiB"] = 1L << 20,
        ["MB"] = 1_000_000,
        ["G"] = 1L << 30,
        ["GiB"] = 1L << 30,
        ["GB"] = 1_000_000_000,
    };

    /// <summary>Reads <c>500KiB</c>, <c>2.5MB/s</c>, <c>0</c> or <c>none</c>; 0 for no limit.</summary>
    public static Outcome<long> Parse(string text)
    {
        var plain = text.Trim();
        if (plain.Equals(None, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        plain = plain.EndsWith("/s", StringComparison.OrdinalIgnoreCase) ? plain[..^2] : plain;
        var digits = plain.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.').Count();
        return decimal.TryParse(plain[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && Units.TryGetValue(plain[digits..].Trim(), out var unit) && number <= LimitChanges.RateMax
            ? (long)Math.Min(number * unit, (decimal)LimitChanges.RateMax + 1)
            : new Failure(FailureKind.Invalid, $"'{EntryName.Show(text)}' is no rate; write it as 500KiB, 2MiB, 1.5MB (bytes a second), or 'none'");
    }
}
