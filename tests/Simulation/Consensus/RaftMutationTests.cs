using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Cete.Simulation.Consensus;

/// <summary>The scenarios are worth nothing unless they notice each rule that is broken.</summary>
public sealed class RaftMutationTests
{
    private const string Name = "MUTATIONS.md";

    public static TheoryData<string> Rules => [.. RaftMutation.All.Select(mutation => mutation.Rule)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_broken_rule_is_noticed(string rule) => Assert.NotNull(RaftMutation.All.Single(mutation => mutation.Rule == rule).Caught(SeedOf(rule)));

    /// <summary>With CETE_GOLDEN=1 the table is written anew.</summary>
    [Fact]
    public void The_table_names_every_rule()
    {
        if (Environment.GetEnvironmentVariable("CETE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(Here())!, Name), Table());
            return;
        }

        var table = Read();
        Assert.All(RaftMutation.All, mutation => Assert.Contains($"| {mutation.Rule} | {mutation.Scenario} |", table, StringComparison.Ordinal));
    }

    /// <summary>The copy beside the tests: a build that can be repeated knows no path of its sources.</summary>
    private static string Read() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, Name));

    /// <summary>The seed that noticed when the table was made; with other code it may be another one.</summary>
    private static int SeedOf(string rule) => Read().Split('\n').FirstOrDefault(line => line.StartsWith($"| {rule} |", StringComparison.Ordinal)) is { } line
        ? int.Parse(line.Split('|')[3], CultureInfo.InvariantCulture) - 1
        : 0;

    private static string Table()
    {
        var text = new StringBuilder("""
            # Broken rules

            Each rule of `RaftRules` broken alone, the scenario that notices, how many seeds from 0 on it took, and what it said. Made by
            `RaftMutationTests` with `CETE_GOLDEN=1`; the tests ask for the first two columns and that each is noticed.

            | rule | scenario | seeds | said |
            | --- | --- | --- | --- |

            """);
        foreach (var mutation in RaftMutation.All)
        {
            var (seeds, said) = mutation.Caught()!.Value;
            // A failed check ends with its expression, which says nothing here.
            var what = said.Split(" (")[0];
            text.Append(CultureInfo.InvariantCulture, $"| {mutation.Rule} | {mutation.Scenario} | {seeds} | {what} |\n");
        }

        return text.ToString();
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
