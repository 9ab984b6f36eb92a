namespace Cete.Simulation;

public sealed class SegmentLogCrashTests
{
    [Fact]
    public void What_was_synced_outlives_every_crash()
    {
        var (crashes, fulls, deaths, kills, kept, segments, resets, aheads) = (0, 0, 0, 0, 0, 0, 0, 0);
        Seeds.ForEach(400, seed =>
        {
            var run = new LogCrashRun(seed);
            run.Run(200);
            (crashes, fulls, deaths, kept) = (crashes + run.Crashes, fulls + run.Fulls, deaths + run.Deaths, kept + run.Kept);
            (kills, resets, aheads) = (kills + run.Kills, resets + run.Resets, aheads + run.Aheads);
            segments = Math.Max(segments, run.SegmentsMost);
        });

        // The runs are worth nothing unless they reached the rare ends.
        var reached = crashes > 1000 && fulls > 100 && deaths > 100 && kills > 300 && kept > 10 && segments > 5 && resets > 1000 && aheads > 1000;
        Assert.True(reached, $"{(crashes, fulls, deaths, kills, kept, segments, resets, aheads)}");
    }
}
