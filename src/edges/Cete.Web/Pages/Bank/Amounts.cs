using System.Globalization;
using Cete.Ledger;

namespace Cete.Web.Pages.Bank;

/// <summary>Credits as people read them on a page: digits in groups of three.</summary>
internal static class Amounts
{
    /// <summary>To the last micro-credit: "1,234.5".</summary>
    public static string Exact(long micro) => (micro / (decimal)Credits.Micro).ToString("#,##0.######", CultureInfo.InvariantCulture);

    /// <summary>Enough to compare by: "1,234", "0.25", "12.3 million".</summary>
    public static string Short(long micro)
    {
        var credits = micro / (decimal)Credits.Micro;
        return Math.Abs(credits) switch
        {
            >= 1_000_000 => (credits / 1_000_000).ToString("#,##0.#", CultureInfo.InvariantCulture) + " million",
            >= 100 => credits.ToString("#,##0", CultureInfo.InvariantCulture),
            >= 1 => credits.ToString("0.##", CultureInfo.InvariantCulture),
            _ => credits.ToString("0.######", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The same, with what it is an amount of: "1 credit", "1,234 credits".</summary>
    public static string Counted(long micro, string one = "credit", string many = "credits") => Short(micro) is var shown && shown == "1"
        ? $"{shown} {one}" : $"{shown} {many}";

    /// <summary>"12.5 %" of thousandths.</summary>
    public static string Percent(long permille) => (permille / 10m).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    /// <summary>A day of the bank's counting as a date.</summary>
    public static string Day(long day) => Times.Day(new Core.Instant(day * 24 * 60 * 60 * 1_000_000));
}
