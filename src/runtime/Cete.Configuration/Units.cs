using System.Globalization;

namespace Cete.Configuration;

/// <summary>Durations and sizes as people write them in HOCON, in the largest unit that leaves no fraction.</summary>
internal static class Units
{
    private static readonly (string Name, long Size)[] Times =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond),
    ];

    private static readonly (string Name, long Size)[] Sizes = [("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10)];

    public static string Show(TimeSpan time) =>
        time == TimeSpan.Zero ? "0s" : Show(Times, time.Ticks) ?? string.Create(CultureInfo.InvariantCulture, $"{time.TotalNanoseconds}ns");

    public static string Show(long bytes) => (bytes == 0 ? null : Show(Sizes, bytes)) ?? bytes.ToString(CultureInfo.InvariantCulture);

    private static string? Show((string Name, long Size)[] units, long number) =>
        Array.Find(units, unit => number % unit.Size == 0) is { Name: not null } fit
            ? string.Create(CultureInfo.InvariantCulture, $"{number / fit.Size}{fit.Name}")
            : null;
}
