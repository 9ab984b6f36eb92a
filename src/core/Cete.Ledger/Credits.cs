using System.Globalization;
using Cete.Core;

namespace Cete.Ledger;

/// <summary>
/// Amounts of credits as people write them. The ledger counts in micro-credits, whole numbers of 64 bits: a credit is a million of them, so nothing is
/// ever rounded.
/// </summary>
public static class Credits
{
    /// <summary>Micro-credits of one credit.</summary>
    public const long Micro = 1_000_000;

    /// <summary>
    /// Micro-credits of the largest amount of one transfer, and of any balance: 2^53 - 1, which JSON's readers take without loss (RFC 8259 §6), nine
    /// thousand million credits.
    /// </summary>
    public const long Max = (1L << 53) - 1;

    private const int Decimals = 6;
    private static readonly Failure NotPositive = new(FailureKind.Invalid, "an amount is positive: 0.000001 credits at least");

    /// <summary>Whether a number can be the amount of a transfer: 1 to <see cref="Max"/>.</summary>
    public static bool IsAmount(long micro) => micro is > 0 and <= Max;

    /// <summary>An amount as people read it: <c>12.5</c>, with as many decimals as it takes.</summary>
    public static string Show(long micro)
    {
        var whole = Math.Abs(micro / Micro);
        var part = Math.Abs(micro % Micro).ToString(CultureInfo.InvariantCulture).PadLeft(Decimals, '0').TrimEnd('0');
        var sign = micro < 0 ? "-" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole}{(part.Length > 0 ? "." : string.Empty)}{part}");
    }

    /// <summary>With what it is an amount of: "1 credit", "12.5 credits".</summary>
    public static string Counted(long micro) => Counted(micro, "credit", "credits");

    /// <summary>With what is said of it: "1 credit was", "12.5 credits were".</summary>
    public static string Counted(long micro, string one, string many) => $"{Show(micro)} {(Math.Abs(micro) == Micro ? one : many)}";

    /// <summary>Reads what is to be given: an amount, and more than nothing.</summary>
    public static Outcome<long> ParsePositive(string? text)
    {
        var amount = text is ['-', >= '0' and <= '9', ..] ? 0 : Parse(text);
        return amount is { Succeeded: true, Value: 0 } ? NotPositive : amount;
    }

    /// <summary>Reads an amount: digits, and at most six decimals behind a point.</summary>
    /// <returns>Micro-credits of 0 to <see cref="Max"/>.</returns>
    public static Outcome<long> Parse(string? text)
    {
        var point = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        var whole = point < 0 ? text ?? string.Empty : text![..point];
        var part = point < 0 ? string.Empty : text![(point + 1)..];
        if (whole.Length is 0 or > 10 || part.Length > Decimals || (point >= 0 && part.Length == 0) || !(whole + part).All(char.IsAsciiDigit))
        {
            return new Failure(FailureKind.Invalid, $"'{EntryName.Show(Short(text))}' is no amount of credits; write it like 12 or 0.25, with six decimals at most");
        }

        var micro = (long.Parse(whole, CultureInfo.InvariantCulture) * Micro) + long.Parse(part.PadRight(Decimals, '0'), CultureInfo.InvariantCulture);
        return micro <= Max ? micro : new Failure(FailureKind.TooLarge, $"{whole} credits; {Show(Max)} is the most");
    }

    /// <summary>What so many bytes cost, of all that are counted together: cumulative sums never lose by rounding, and never fall.</summary>
    /// <param name="bytes">0 or more.</param>
    /// <param name="perMebibyte">Micro-credits of 2^20 bytes.</param>
    /// <returns>Micro-credits, rounded down.</returns>
    public static long CostOf(long bytes, long perMebibyte) => (long)Int128.Min((Int128)bytes * perMebibyte >> 20, long.MaxValue);

    /// <summary>
    /// The most bytes that cost no more than an amount: of what <see cref="CostOf"/> makes of a number of bytes, this makes that number again or a
    /// larger one. All there are where nothing is asked for them.
    /// </summary>
    /// <param name="micro">0 or more.</param>
    /// <param name="perMebibyte">Micro-credits of 2^20 bytes.</param>
    public static long BytesFor(long micro, long perMebibyte) =>
        perMebibyte == 0 ? long.MaxValue : (long)Int128.Min((((((Int128)micro) + 1) << 20) - 1) / perMebibyte, long.MaxValue);

    /// <summary>A part of a total, rounded down: paid as it grows, what each step brings adds up to the part of the whole.</summary>
    public static long Part(long total, int permille) => (long)((Int128)total * permille / 1000);

    private static string Short(string? text) => text is null ? string.Empty : text.Length > 40 ? text[..40] + "..." : text;
}
