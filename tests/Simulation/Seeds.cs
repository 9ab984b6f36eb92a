using System.Globalization;

namespace Cete.Simulation;

/// <summary>How many seeds a random test runs, and how a failing one is told.</summary>
public static class Seeds
{
    /// <summary>The usual number, or CETE_SEEDS from the environment if that is more.</summary>
    public static ulong Count(int usual) =>
        ulong.TryParse(Environment.GetEnvironmentVariable("CETE_SEEDS"), CultureInfo.InvariantCulture, out var asked)
            ? Math.Max(asked, (ulong)usual)
            : (ulong)usual;

    /// <summary>Runs a test for each seed; a failure names its seed.</summary>
    public static void ForEach(int usual, Action<ulong> test)
    {
        for (ulong seed = 0; seed < Count(usual); seed++)
        {
            try
            {
                test(seed);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {seed}: {error.Message}", error);
            }
        }
    }

    /// <summary>Runs a scenario for its usual number of seeds; a failure says how it is replayed.</summary>
    public static void ForEach(Scenario scenario)
    {
        for (ulong seed = 0; seed < Count(scenario.UsualSeeds); seed++)
        {
            if (scenario.Failure(seed, TextWriter.Null) is { } error)
            {
                throw new InvalidOperationException($"seed {seed}: {error.Message}\n  replay: {scenario.ReplayCommand(seed)}", error);
            }
        }
    }
}
