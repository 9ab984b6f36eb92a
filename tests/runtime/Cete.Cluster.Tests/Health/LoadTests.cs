using Cete.Actors.Tests;
using Cete.Cluster.Health;
using Cete.Core;

namespace Cete.Cluster.Tests.Health;

public sealed class LoadTests
{
    private readonly ManualTime _clock = new();

    [Fact]
    public void The_history_keeps_an_hour_and_forgets_what_is_older()
    {
        var count = 0;
        using var history = new LoadHistory(_clock, () => new LoadSample(Instant.From(_clock.GetUtcNow()), ++count, 0, 0, null));
        Assert.Empty(history.Samples);
        _clock.Advance(LoadHistory.Interval * 3);
        Assert.Equal([1, 2, 3], history.Samples.Select(sample => sample.Load));

        _clock.Advance(TimeSpan.FromHours(2));
        var samples = history.Samples;
        Assert.Equal(LoadHistory.Capacity, samples.Count);
        Assert.Equal(count, samples[^1].Load);
        Assert.Equal(samples.Select(sample => sample.Load).Order(), samples.Select(sample => sample.Load));
        Assert.Equal(LoadHistory.Interval * (LoadHistory.Capacity - 1), samples[^1].Taken - samples[0].Taken);
    }

    [Fact]
    public void A_history_that_is_disposed_of_takes_no_samples()
    {
        var count = 0;
        new LoadHistory(_clock, () => new LoadSample(default, ++count, 0, 0, null)).Dispose();
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, count);
    }

    [Fact]
    public void The_load_is_the_part_of_all_processors_that_is_used()
    {
        var used = TimeSpan.FromHours(1);
        var meter = new LoadMeter(_clock, () => used, 4);
        Assert.Equal(0, meter.Measure());
        for (var i = 0; i < 60; i++)
        {
            // Two of four processors.
            used += TimeSpan.FromSeconds(2);
            _clock.Advance(TimeSpan.FromSeconds(1));
            meter.Measure();
        }

        Assert.Equal(500, meter.Current);
        Assert.InRange(meter.Measure(), 401, 600);
    }

    [Fact]
    public void A_short_peak_is_not_told_and_small_changes_are_told_seldom()
    {
        var used = TimeSpan.Zero;
        var meter = new LoadMeter(_clock, () => used, 1);
        used += TimeSpan.FromMilliseconds(200);
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(0, meter.Measure());

        var told = new List<int>();
        for (var i = 0; i < 600; i++)
        {
            // Between 10 % and 16 %, which nobody needs to hear of each time.
            used += TimeSpan.FromMilliseconds(i / 10 % 2 == 0 ? 100 : 160);
            _clock.Advance(TimeSpan.FromSeconds(1));
            told.Add(meter.Measure());
        }

        Assert.InRange(told.Zip(told.Skip(1)).Count(pair => pair.First != pair.Second), 1, 20);
        Assert.InRange(told[^1], 90, 170);
    }

    [Fact]
    public void More_than_there_is_counts_as_all_and_time_that_stands_still_changes_nothing()
    {
        var used = TimeSpan.Zero;
        var meter = new LoadMeter(_clock, () => used, 1);
        used += TimeSpan.FromHours(1);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1_000, meter.Measure());
        used += TimeSpan.FromHours(1);
        Assert.Equal(1_000, meter.Measure());
        Assert.Equal(1_000, meter.Current);
    }
}
