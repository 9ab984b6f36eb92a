using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Cete.Accounts;
using Cete.Core;

namespace Cete.Simulation.Accounts;

/// <summary>The simulation of accounts is worth nothing unless it notices each rule that is broken, and tells each lie.</summary>
public sealed class AccountsMutationTests
{
    private const string Name = "ACCOUNTS-MUTATIONS.md";

    public static TheoryData<string> Rules => [.. AccountsMutation.All.Select(mutation => mutation.Rule)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_broken_rule_is_noticed(string rule) => Assert.NotNull(AccountsMutation.All.Single(mutation => mutation.Rule == rule).Caught());

    [Fact]
    public void Every_lie_is_told_and_rights_change_all_the_same()
    {
        var (told, changes, crashes) = (new SortedSet<Lie>(), 0, 0);
        for (ulong seed = 0; seed < 10; seed++)
        {
            using var cluster = new AccountsCluster(new Prng(seed), StatementRules.Right, TextWriter.Null);
            cluster.Run();
            told.UnionWith(cluster.Told.Keys);
            (changes, crashes) = (changes + cluster.Changes, crashes + cluster.Crashes);
        }

        Assert.Equal(Enum.GetValues<Lie>(), told);
        Assert.True(changes > 100 && crashes > 5, $"{changes} changes and {crashes} crashes are too few");
    }

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
        Assert.All(AccountsMutation.All, mutation => Assert.Contains($"| {mutation.Rule} |", table, StringComparison.Ordinal));
    }

    private static string Table()
    {
        var text = new StringBuilder("""
            # Broken rules

            Each rule of `StatementRules` (accounts) broken alone on all replicas, how many seeds of the scenario `accounts` from 0 on it took until
            somebody noticed, and what was said. Made by `AccountsMutationTests` with `CETE_GOLDEN=1`; the tests ask for the first column and that each is
            noticed.

            | rule | seeds | said |
            | --- | --- | --- |

            """);
        foreach (var mutation in AccountsMutation.All)
        {
            var (seeds, said) = mutation.Caught()!.Value;
            var what = said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[0];
            text.Append(CultureInfo.InvariantCulture, $"| {mutation.Rule} | {seeds} | {(what.Length > 120 ? what[..120] + "..." : what)} |\n");
        }

        return text.ToString();
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
