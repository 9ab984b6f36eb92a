using System.Globalization;

namespace Cete.Simulation;

/// <summary>What to run by hand: which scenarios, which seeds, and whether all that happens is printed, or its hash.</summary>
internal sealed record SimulationArguments(ulong From, ulong Seeds, string? ScenarioName, bool IsTraced, bool IsHashed, bool IsListed)
{
    public const string Usage = "usage: --seeds N [--from S] [--scenario NAME] [--trace | --hash] | --list";

    /// <summary>Whether a command line is for us: all other ones are for the test runner.</summary>
    public static bool AreMeant(string[] args) => args is
        ["--seeds" or "--from" or "--scenario" or "--trace" or "--hash" or "--list", ..];

    /// <summary>Null when it cannot be understood.</summary>
    public static SimulationArguments? Parse(string[] args)
    {
        var parsed = new SimulationArguments(0, 1, null, IsTraced: false, IsHashed: false, IsListed: false);
        for (var at = 0; at < args.Length; at++)
        {
            var value = at + 1 < args.Length ? args[at + 1] : string.Empty;
            var isNumber = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            switch (args[at])
            {
                case "--trace":
                    parsed = parsed with { IsTraced = true };
                    continue;
                case "--hash":
                    parsed = parsed with { IsHashed = true };
                    continue;
                case "--list":
                    parsed = parsed with { IsListed = true };
                    continue;
                case "--seeds" when isNumber:
                    parsed = parsed with { Seeds = number };
                    break;
                case "--from" when isNumber:
                    parsed = parsed with { From = number };
                    break;
                case "--scenario" when Scenarios.Find(value) is not null:
                    parsed = parsed with { ScenarioName = value };
                    break;
                default:
                    return null;
            }

            at++;
        }

        return parsed;
    }
}
