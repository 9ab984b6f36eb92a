using System.Globalization;

namespace Cete.Swarm.Tests;

/// <summary>How many seeds a random test runs: its own number, or CETE_SEEDS from the environment if that is more.</summary>
internal static class Seeds
{
    public static ulong Count(int usual) =>
        ulong.TryParse(Environment.GetEnvironmentVariable("CETE_SEEDS"), CultureInfo.InvariantCulture, out var asked)
            ? Math.Max(asked, (ulong)usual)
            : (ulong)usual;
}
