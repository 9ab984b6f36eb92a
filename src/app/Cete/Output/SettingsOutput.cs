using Cete.Configuration;
using Cete.Core;

namespace Cete.App.Output;

/// <summary>What is wrong with settings, said on the error stream.</summary>
internal static class SettingsOutput
{
    /// <summary>Says warnings and problems; returns the exit code.</summary>
    public static int Say(SettingsLoad load)
    {
        foreach (var warning in load.Warnings)
        {
            Line($"{warning}");
        }

        foreach (var problem in load.Problems)
        {
            Line(SettingsLoad.Describe(problem));
        }

        return load.Problems.Count == 0 ? ExitCodes.Ok : ExitCodes.Of(new Failure(load.Kind, string.Empty));
    }

    /// <summary>One line about a node for the people who run it. Whoever reads it may be gone; the node goes on.</summary>
    public static void Line(string text)
    {
        try
        {
            Console.Error.WriteLine($"cete: {EntryName.Show(text)}");
        }
        catch (IOException)
        {
            // The terminal was closed.
        }
    }
}
