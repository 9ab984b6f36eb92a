namespace Cete.Fuzzing;

/// <summary>A short run of each target from a fixed seed; by hand it runs for as long as somebody wants.</summary>
public sealed class FuzzTests
{
    /// <summary>Only what never ends is caught by time here: whoever else runs on the machine must not fail a test.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Names => [.. FuzzTargets.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_that_strangers_send_throws(string name)
    {
        using var target = Assert.Single(FuzzTargets.Make(name));
        var corpus = Corpus.Of(name);
        Assert.NotEmpty(corpus);
        var fuzzer = new Fuzzer(target, corpus, seed: 1, Slow);
        fuzzer.Begin();
        Assert.True(fuzzer.Taken > 0, "nothing of the corpus is read: mutations of it would test the first check alone");
        for (var i = 0; i < target.TestRuns; i++)
        {
            fuzzer.Step();
        }

        Assert.Empty(fuzzer.Findings.Select(finding => $"{finding.Said}\n{Convert.ToHexStringLower(finding.Input)}"));
        Assert.True(fuzzer.Ways > 1, "all inputs come out alike");
    }

    [Fact]
    public void What_throws_takes_memory_or_reads_otherwise_the_second_time_is_found()
    {
        AssertFound("IndexOutOfRange", input => $"{input[3]}");
        AssertFound("more memory", input => input is [.., 0x80] ? $"{new byte[64 * 1024 * 1024].Length > 0}" : FuzzTarget.Taken);
        AssertFound("another way", input => Oracle.Again(bytes => Cete.Core.Outcome.Of(bytes), bytes => bytes is [0x80, ..] ? [.. bytes, 0] : bytes, input));
    }

    [Fact]
    public void A_seed_gives_the_same_inputs()
    {
        var runs = Enumerable.Range(0, 2).Select(_ =>
        {
            List<string> seen = [];
            using var target = Noting(input => seen.Add(Convert.ToHexString(input)));
            var fuzzer = new Fuzzer(target, [.. target.Examples()], seed: 7, Slow);
            for (var i = 0; i < 200; i++)
            {
                fuzzer.Step();
            }

            return seen;
        }).ToList();
        Assert.Equal(runs[0], runs[1]);
        Assert.True(runs[0].Distinct().Count() > 150);
    }

    private static FuzzTarget Noting(Action<byte[]> note) => new(
        "noting",
        input =>
        {
            note(input);
            return FuzzTarget.Taken;
        },
        () => [[1, 2, 3, 4, 5]]);

    private static void AssertFound(string said, Func<byte[], string> run)
    {
        using var target = new FuzzTarget("planted", run, () => [[1, 2, 3, 4, 5]]);
        var fuzzer = new Fuzzer(target, [.. target.Examples()], seed: 1, Slow);
        fuzzer.Begin();
        for (var i = 0; i < 5_000; i++)
        {
            fuzzer.Step();
        }

        Assert.Contains(fuzzer.Findings, finding => finding.Said.Contains(said, StringComparison.Ordinal));
    }
}
