using System.Globalization;

namespace Cete.Web.Pages;

/// <summary>Numbers as people read them, the same in every country.</summary>
internal static class Sizes
{
    private static readonly string[] Units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>"512 B", "2.4 MiB", "117 GiB": enough digits to compare by, no more.</summary>
    public static string Show(long bytes)
    {
        if (bytes < 1024)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");
        }

        var value = bytes / 1024.0;
        var unit = 0;

        // What would be shown as 1024 belongs to the next unit.
        while (Math.Round(value) >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        // 9.96 would be shown as 10.0, one digit more than the 10 beside it.
        return value < 9.95
            ? string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {Units[unit]}")
            : string.Create(CultureInfo.InvariantCulture, $"{value:0} {Units[unit]}");
    }

    /// <summary>"1,234,567".</summary>
    public static string Digits(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 piece", "1,200 pieces".</summary>
    public static string Count(long number, string one, string many) => $"{Digits(number)} {(number == 1 ? one : many)}";
}
