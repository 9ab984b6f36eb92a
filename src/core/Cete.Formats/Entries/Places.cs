using System.Globalization;

namespace Cete.Formats.Entries;

/// <summary>Places on earth as fields hold them.</summary>
public static class Places
{
    /// <summary>Latitude and longitude with six digits behind the point, which is a hand's breadth; as it is where it is none.</summary>
    public static string Round(string text)
    {
        var parts = text.Split(',');
        return parts.Length == 2 && Degrees(parts[0]) is { } latitude && Degrees(parts[1]) is { } longitude ? $"{latitude},{longitude}" : text;
    }

    private static string? Degrees(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var degrees)
            ? Math.Round(degrees, 6).ToString("0.######", CultureInfo.InvariantCulture)
            : null;
}
