using System.Globalization;

namespace Cete.Fuzzing;

/// <summary>What to fuzz by hand.</summary>
/// <param name="Minutes">For how long, all targets together.</param>
/// <param name="Seed">What mutations are drawn from.</param>
/// <param name="Only">The one target; null for all.</param>
/// <param name="Out">The folder that inputs are written to which show a bug.</param>
/// <param name="File">An input to be run once through the target, instead of mutations.</param>
/// <param name="IsListed">The targets are listed.</param>
/// <param name="IsCorpus">The corpus is written anew from the examples, into <see cref="Out"/>.</param>
internal sealed record FuzzArguments(double Minutes, ulong Seed, string? Only, string Out, string? File, bool IsListed, bool IsCorpus)
{
    public const string Usage = "usage: --minutes N [--seed S] [--target NAME] [--out FOLDER] | --target NAME --file INPUT | --corpus --out FOLDER | --list";

    /// <summary>Whether a command line is for us: all other ones are for the test runner.</summary>
    public static bool AreMeant(string[] args) => args is
        ["--minutes" or "--seed" or "--target" or "--out" or "--file" or "--list" or "--corpus", ..];

    /// <summary>Null when it cannot be understood.</summary>
    public static FuzzArguments? Parse(string[] args)
    {
        var parsed = new FuzzArguments(1, 0, null, ".", null, IsListed: false, IsCorpus: false);
        for (var at = 0; at < args.Length; at++)
        {
            var value = at + 1 < args.Length ? args[at + 1] : string.Empty;
            switch (args[at])
            {
                case "--list":
                    parsed = parsed with { IsListed = true };
                    continue;
                case "--corpus":
                    parsed = parsed with { IsCorpus = true };
                    continue;
                case "--minutes" when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var minutes):
                    parsed = parsed with { Minutes = minutes };
                    break;
                case "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed):
                    parsed = parsed with { Seed = seed };
                    break;
                case "--target" when Array.Exists(FuzzTargets.Names, name => name == value):
                    parsed = parsed with { Only = value };
                    break;
                case "--out" when value.Length > 0:
                    parsed = parsed with { Out = value };
                    break;
                case "--file" when System.IO.File.Exists(value):
                    parsed = parsed with { File = value };
                    break;
                default:
                    return null;
            }

            at++;
        }

        return parsed.File is null || parsed.Only is not null ? parsed : null;
    }
}
