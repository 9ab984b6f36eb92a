using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Cete.Bank;
using Cete.Core;

namespace Cete.Simulation.Bank;

/// <summary>The simulation of the bank is worth nothing unless it notices each rule that is broken, and tells each lie.</summary>
public sealed class BankMutationTests
{
    private const string Name = "BANK-MUTATIONS.md";

    public static TheoryData<string> Rules => [.. BankMutation.All.Select(mutation => mutation.Rule)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_broken_rule_is_noticed(string rule) => Assert.NotNull(BankMutation.All.Single(mutation => mutation.Rule == rule).Caught());

    [Fact]
    public void Every_lie_is_told_every_cheat_is_tried_and_credits_move_all_the_same()
    {
        var (told, cheated, entries, crashes) = (new SortedSet<BankLie>(), new SortedSet<Cheat>(), 0L, 0);
        for (ulong seed = 0; seed < 10; seed++)
        {
            using var cluster = new BankCluster(new Prng(seed), LedgerRules.Right, TextWriter.Null);
            cluster.Run();
            told.UnionWith(cluster.Told.Keys);
            cheated.UnionWith(cluster.Cheated.Keys);
            (entries, crashes) = (entries + cluster.Entries, crashes + cluster.Crashes);
        }

        Assert.Equal(Enum.GetValues<BankLie>(), told);
        Assert.Equal(Enum.GetValues<Cheat>(), cheated);
        Assert.True(entries > 2_000 && crashes > 5, $"{entries} entries and {crashes} crashes are too few");
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
        Assert.All(BankMutation.All, mutation => Assert.Contains($"| {mutation.Rule} |", table, StringComparison.Ordinal));
    }

    private static string Table()
    {
        var text = new StringBuilder("""
            # Broken rules

            Each rule of `LedgerRules` (bank) broken alone on all replicas, how many seeds of the scenario `bank` from 0 on it took until
            somebody noticed, and what was said. Made by `BankMutationTests` with `CETE_GOLDEN=1`; the tests ask for the first column and that each is
            noticed.

            | rule | seeds | said |
            | --- | --- | --- |

            """);
        foreach (var mutation in BankMutation.All)
        {
            var (seeds, said) = mutation.Caught()!.Value;
            var what = said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[0];
            text.Append(CultureInfo.InvariantCulture, $"| {mutation.Rule} | {seeds} | {(what.Length > 120 ? what[..120] + "..." : what)} |\n");
        }

        return text.ToString();
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
