using System.Globalization;
using Cete.Core;

namespace Cete.Benchmarks.Index;

/// <summary>The file index with a million entries: how fast they come in, how fast they are found.</summary>
internal static class IndexBenchmark
{
    private const ulong Seed = 2_026;

    public static async Task RunAsync(Report report, string? count)
    {
        await using var host = new IndexHost();
        var corpus = new Corpus(Seed);
        await IndexFilling.RunAsync(report, host, corpus, count is null ? 1_000_000 : int.Parse(count, CultureInfo.InvariantCulture));
        await new IndexQueries(host, corpus, new Prng(Seed + 1)).RunAsync(report);
    }
}
