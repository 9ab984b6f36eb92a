using System.Globalization;

namespace Cete.Described;

/// <summary>A position of a change stream as text: the feed's epoch, which a restore changes, and the position in it.</summary>
public static class StreamPosition
{
    /// <summary>Writes one.</summary>
    public static string Write(long epoch, long position) => string.Create(CultureInfo.InvariantCulture, $"{epoch}-{position}");

    /// <summary>What makes no sense is of no epoch.</summary>
    public static (long Epoch, long Position) Read(string? text) =>
        text?.Split('-') is [var epoch, var position]
        && long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            ? (first, second)
            : (-1, 0);
}
