using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.WorldTests;

public sealed class ClockTests
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(-50)]
    [InlineData(500_000)]
    [InlineData(-499_999)]
    public void Drift_is_exact_over_centuries(int ppm)
    {
        foreach (var elapsed in (long[])[0, 1, 999_999, 1_000_000, 1_000_001, 3_155_760_000_000_000, 3_155_760_000_000_000_000])
        {
            var exact = (Int128)elapsed + ((Int128)elapsed * ppm / 1_000_000);
            Assert.Equal(exact, SimClock.Drifted(elapsed, ppm));
        }
    }

    [Fact]
    public void Both_clocks_drift_and_only_the_wall_clock_jumps()
    {
        var world = Recorder.World(1);
        var clock = world.Hosts[0].Clock;
        var (wall, monotonic) = (clock.Wall, clock.Monotonic);
        Assert.Equal(world.Now, wall);
        world.DriftClock(world.Hosts[0], 100);
        world.JumpClock(world.Hosts[0], -20 * Year);
        world.RunFor(10 * Year);
        Assert.Equal(10 * Year * 1.0001, clock.Monotonic - monotonic);
        Assert.Equal((-10 * Year) + (10 * Year * 0.0001), clock.Wall - wall);
        Assert.Equal((-20 * Year) + (10 * Year * 0.0001), clock.Offset);
    }

    [Fact]
    public void A_clock_never_goes_back_by_drift()
    {
        var world = Recorder.World(1);
        var (host, last) = (world.Hosts[0], default(Instant));
        for (var step = 0; step < 5_000; step++)
        {
            world.DriftClock(host, world.TestChance.Next(1_400_000) - 400_000);
            world.RunFor(TimeSpan.FromMicroseconds(world.TestChance.Next(2_000)));
            Assert.True(host.Clock.Monotonic >= last);
            last = host.Clock.Monotonic;
        }
    }

    [Fact]
    public void Timers_run_by_the_monotonic_clock_and_never_early_by_it()
    {
        foreach (var ppm in (int[])[-300_000, -7, 0, 7, 300_000])
        {
            var world = Recorder.World(1);
            var host = world.Hosts[0];
            world.DriftClock(host, ppm);
            var began = host.Clock.Monotonic;
            var fired = default(Instant?);
            host.After(TimeSpan.FromHours(10), () => fired = host.Clock.Monotonic);
            world.After(TimeSpan.FromHours(1), () => world.JumpClock(host, Year));
            world.RunFor(TimeSpan.FromDays(1));
            Assert.InRange((fired!.Value - began - TimeSpan.FromHours(10)).TotalMicroseconds, 0, 2);
        }
    }

    [Fact]
    public void A_timer_waits_for_a_clock_that_became_slower()
    {
        var world = Recorder.World(1);
        var (host, fired) = (world.Hosts[0], TimeSpan.Zero);
        host.After(TimeSpan.FromSeconds(10), () => fired = world.Elapsed);
        world.RunFor(TimeSpan.FromSeconds(5));
        world.DriftClock(host, -200_000);
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(11.25, fired.TotalSeconds, 0.00001);
    }

    [Fact]
    public void The_library_s_timers_run_in_the_world()
    {
        var world = Recorder.World(1);
        var (host, fired) = (world.Hosts[0], new List<double>());
        world.DriftClock(host, 250_000);
        world.JumpClock(host, TimeSpan.FromDays(1));
        var time = host.Time;
        var began = time.GetTimestamp();
        Assert.Equal(world.Now.ToDateTimeOffset().AddDays(1), time.GetUtcNow());
        using var timer = time.CreateTimer(_ => fired.Add(world.Elapsed.TotalSeconds), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        world.RunFor(TimeSpan.FromSeconds(9));
        Assert.Equal([0.8, 4.8, 8.8], fired);
        Assert.Equal(TimeSpan.FromSeconds(11.25), time.GetElapsedTime(began));
        Assert.True(timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan));
        world.RunFor(TimeSpan.FromSeconds(9));
        Assert.Equal([0.8, 4.8, 8.8, 9.8], fired);

        // A new incarnation has a time of its own, and the old one's timers are gone.
        timer.Change(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        world.Restart(host);
        Assert.NotSame(time, host.Time);
        timer.Change(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        world.RunFor(TimeSpan.FromSeconds(9));
        Assert.Equal(4, fired.Count);
    }
}
