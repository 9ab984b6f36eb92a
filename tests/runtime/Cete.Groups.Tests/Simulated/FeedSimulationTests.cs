using System.Globalization;
using Cete.Core;
using Cete.Groups.Import;

namespace Cete.Groups.Tests.Simulated;

/// <summary>Feeds between groups under the faults of <see cref="FeedCluster"/>.</summary>
public sealed class FeedSimulationTests
{
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("CETE_FEED_SEEDS") ?? "30", CultureInfo.InvariantCulture);
    private static readonly int First = int.Parse(Environment.GetEnvironmentVariable("CETE_FEED_FIRST") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public void What_is_imported_is_what_the_source_held_there_each_event_once()
    {
        var (crashes, scans, restores, backups, checks, counted) = (0, 0, 0, 0, 0, new CountedRules());
        for (var seed = First; seed < First + Seeds; seed++)
        {
            try
            {
                using var cluster = new FeedCluster(new Prng((ulong)seed), () => counted);
                cluster.Run();
                (crashes, scans, restores) = (crashes + cluster.Crashes, scans + cluster.Scans, restores + cluster.Restores);
                (backups, checks) = (backups + cluster.Backups, checks + cluster.Checks);
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}: {error}");
            }
        }

        var seen = $"{crashes} crashes, {scans} scans, {restores} restores, {backups} backups, {counted.Stale} late pages and {checks} comparisons";
        Assert.True(
            crashes > Seeds && scans > Seeds && restores > Seeds / 4 && backups > 0 && counted.Stale > 0 && checks > 5 * Seeds, $"{seen} are too few");
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        var runs = Enumerable.Range(0, 2).Select(_ =>
        {
            using var cluster = new FeedCluster(new Prng(77), () => new ImportRules());
            cluster.Run();
            return (cluster.Crashes, cluster.Scans, cluster.Restores, cluster.Checks, cluster.State);
        }).ToList();
        Assert.Equal(runs[0], runs[1]);
    }

    /// <summary>Counts pages that came when another one had been there before.</summary>
    private sealed class CountedRules : ImportRules
    {
        public int Stale { get; private set; }

        public override bool IsNext(ImportCursor? own, ImportCursor? from)
        {
            var isNext = base.IsNext(own, from);
            Stale += isNext ? 0 : 1;
            return isNext;
        }
    }
}
