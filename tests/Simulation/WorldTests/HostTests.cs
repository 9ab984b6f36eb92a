using Cete.Simulation.World;

namespace Cete.Simulation.WorldTests;

public sealed class HostTests
{
    [Fact]
    public void A_crash_drops_timers_and_what_was_on_its_way()
    {
        foreach (var isPowerLost in (bool[])[false, true])
        {
            var world = Recorder.World(2, delayMs: 10);
            var (sender, host, fired) = (world.Hosts[0], world.Hosts[1], 0);
            var timer = host.After(TimeSpan.FromMilliseconds(5), () => fired++);
            sender.Send(1, SimMessage.Of("for the one before"));
            host.Send(0, SimMessage.Of("of the one before"));
            if (isPowerLost)
            {
                world.Crash(host);
            }
            else
            {
                world.Kill(host);
            }

            Assert.Equal((false, !isPowerLost, false), (host.IsRunning, host.IsUp, timer.IsPending));
            sender.Send(1, SimMessage.Of("for nobody"));
            world.Start(host);
            world.RunFor(TimeSpan.FromSeconds(1));
            Assert.Equal(2, host.Incarnation);
            Assert.Equal((0, 0), (fired, Recorder.Of(world, 1).Datagrams.Count));

            // What a process sent before its end is in the network, and comes.
            Assert.Equal("of the one before", Assert.Single(Recorder.Of(world, 0).Datagrams).Text);
        }
    }

    [Fact]
    public void The_disk_loses_what_was_not_synced_with_the_power_and_nothing_with_the_process()
    {
        var (kept, lost) = (0, 0);
        Seeds.ForEach(40, seed =>
        {
            var world = Recorder.World(1, seed: seed);
            var host = world.Hosts[0];
            using (var file = host.Disk.Open("f"))
            {
                file.Write([1, 2, 3], 0);
            }

            world.Kill(host);
            Assert.Equal([1, 2, 3], host.Disk.BytesOf("f"));
            world.Crash(host);
            var isThere = host.Disk.Exists("f") && host.Disk.BytesOf("f") is [1, 2, 3];
            (kept, lost) = (kept + (isThere ? 1 : 0), lost + (isThere ? 0 : 1));
        });
        Assert.True(kept > 0 && lost > 0, $"{(kept, lost)}");
    }

    [Fact]
    public void A_process_that_its_disk_stops_is_killed_or_loses_its_power()
    {
        var (killed, crashed) = (0, 0);
        Seeds.ForEach(40, seed =>
        {
            var world = Recorder.World(1, seed: seed);
            var host = world.Hosts[0];
            host.Disk.StopAtOperation = host.Disk.Operations + 2;
            host.Post(() =>
            {
                using var file = host.Disk.Open("f");
                file.Write([1, 2, 3], 0);
                Assert.Fail("the write was to be the end");
            });
            world.RunFor(TimeSpan.FromSeconds(1));
            Assert.False(host.IsRunning);
            (killed, crashed) = (killed + (host.IsUp ? 1 : 0), crashed + (host.IsUp ? 0 : 1));
            world.Start(host);
            Assert.True(host.IsUp && host.IsRunning);
        });
        Assert.True(killed > 5 && crashed > 5, $"{(killed, crashed)}");
    }

    [Fact]
    public void A_paused_process_gets_everything_in_a_burst_and_in_order()
    {
        var world = Recorder.World(2);
        var (host, fired) = (world.Hosts[1], TimeSpan.Zero);
        host.ReceiveQueueMost = 3;
        host.After(TimeSpan.FromSeconds(2), () => fired = world.Elapsed);
        var cancelled = host.After(TimeSpan.FromSeconds(1), () => Assert.Fail("called off while it waited"));
        world.Pause(host, TimeSpan.FromSeconds(10));
        for (var number = 0; number < 5; number++)
        {
            world.Hosts[0].Send(1, SimMessage.Of($"{number}"));
            world.RunFor(TimeSpan.FromSeconds(1));
        }

        cancelled.Cancel();
        Assert.Empty(Recorder.Of(world, 1).Datagrams);
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(
            [(TimeSpan.FromSeconds(10), 0, "0"), (TimeSpan.FromSeconds(10), 0, "1"), (TimeSpan.FromSeconds(10), 0, "2")],
            Recorder.Of(world, 1).Datagrams);
        Assert.Equal(TimeSpan.FromSeconds(10), fired);

        // Two pauses that overlap end together; a crash ends them all.
        world.Pause(host, TimeSpan.FromSeconds(2));
        world.Pause(host, TimeSpan.FromSeconds(1));
        world.RunFor(TimeSpan.FromSeconds(1.5));
        Assert.True(host.IsPaused);
        world.Restart(host);
        Assert.False(host.IsPaused);
    }

    [Fact]
    public void A_slow_host_does_one_thing_after_the_other_and_late()
    {
        var world = Recorder.World(2);
        world.Slow(world.Hosts[1], eventCost: TimeSpan.FromMilliseconds(100), extraDelay: TimeSpan.FromMilliseconds(50));
        world.Hosts[0].Send(1, SimMessage.Of("a"));
        world.Hosts[0].Send(1, SimMessage.Of("b"));
        world.RunFor(TimeSpan.FromSeconds(1));
        world.Slow(world.Hosts[1], TimeSpan.Zero);
        world.Hosts[0].Send(1, SimMessage.Of("c"));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([151, 251, 1001], Recorder.Of(world, 1).Datagrams.Select(datagram => datagram.At.TotalMilliseconds));
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_times_and_equal_ones_as_they_were_set()
    {
        var world = Recorder.World(1);
        var (host, order) = (world.Hosts[0], new List<int>());
        var due = Enumerable.Range(0, 20_000).Select(_ => (int)world.TestChance.Next(500L)).ToArray();
        var timers = due.Select((wait, number) => host.After(TimeSpan.FromMilliseconds(wait), () => order.Add(number))).ToArray();
        for (var number = 0; number < timers.Length; number += 3)
        {
            timers[number].Cancel();
            timers[number + 1].Cancel();
        }

        world.RunFor(TimeSpan.FromSeconds(1));
        var expected = Enumerable.Range(0, due.Length).Where(number => number % 3 == 2).OrderBy(number => due[number]);
        Assert.Equal(expected, order);
    }
}
