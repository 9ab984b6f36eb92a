using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Cete.Groups.Tests.Simulated;

/// <summary>The simulation of feeds is worth nothing unless it notices each rule that is broken.</summary>
public sealed class FeedMutationTests
{
    private const string Name = "MUTATIONS.md";

    public static TheoryData<string> Rules => [.. FeedMutation.All.Select(mutation => mutation.Rule)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_broken_rule_is_noticed(string rule) => Assert.NotNull(FeedMutation.All.Single(mutation => mutation.Rule == rule).Caught());

    /// <summary>With CETE_GOLDEN=1 the table is written anew.</summary>
    [Fact]
    public void The_table_names_every_rule()
    {
        if (Environment.GetEnvironmentVariable("CETE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(Here())!, Name), Table());
            return;
        }

        // The copy beside the tests: a build that can be repeated knows no path of its sources.
        var table = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, Name));
        Assert.All(FeedMutation.All, mutation => Assert.Contains($"| {mutation.Rule} |", table, StringComparison.Ordinal));
    }

    private static string Table()
    {
        var text = new StringBuilder("""
            # Broken rules

            Each rule of `ImportRules` broken alone, how many seeds of `FeedCluster` from 1 on it took until somebody noticed, and what was said. Made by
            `FeedMutationTests` with `CETE_GOLDEN=1`; the tests ask for the first column and that each is noticed.

            | rule | seeds | said |
            | --- | --- | --- |

            """);
        foreach (var mutation in FeedMutation.All)
        {
            var (seeds, said) = mutation.Caught()!.Value;
            var what = string.Join(' ', said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(4));
            text.Append(CultureInfo.InvariantCulture, $"| {mutation.Rule} | {seeds} | {(what.Length > 200 ? what[..200] + "..." : what)} |\n");
        }

        return text.ToString();
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
