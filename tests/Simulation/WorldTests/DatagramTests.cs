using Cete.Simulation.World;

namespace Cete.Simulation.WorldTests;

public sealed class DatagramTests
{
    private const int Many = 20_000;

    [Fact]
    public void A_datagram_comes_after_the_delay_of_its_link()
    {
        var world = Recorder.World(3, delayMs: 1);
        world.Network.SetLink(0, 1, Recorder.Exact(25));
        world.Hosts[0].Send(1, SimMessage.Of("slow way"));
        world.Hosts[1].Send(0, SimMessage.Of("and back"));
        world.Hosts[2].Send(2, SimMessage.Of("to myself"));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([(TimeSpan.FromMilliseconds(25), 0, "slow way")], Recorder.Of(world, 1).Datagrams);
        Assert.Equal([(TimeSpan.FromMilliseconds(1), 1, "and back")], Recorder.Of(world, 0).Datagrams);
        Assert.Equal([(TimeSpan.FromMicroseconds(10), 2, "to myself")], Recorder.Of(world, 2).Datagrams);
    }

    [Fact]
    public void Jitter_is_exponential_and_reorders()
    {
        var world = Recorder.World(2);
        world.Network.Defaults = Recorder.Exact(5) with { Jitter = TimeSpan.FromMilliseconds(10) };
        SendMany(world);
        var delays = Recorder.Of(world, 1).Datagrams.Select(datagram => (datagram.At - SentAt(datagram.Text)).TotalMilliseconds - 5).ToList();
        Assert.Equal(Many, delays.Count);
        Assert.InRange(delays.Average(), 9.7, 10.3);
        Assert.True(delays.Min() is >= 0 and < 0.01);

        // Of an exponential distribution, 1/e is above its mean and 1/e³ above three times it.
        Assert.InRange(delays.Count(delay => delay > 10), Many * 0.35, Many * 0.385);
        Assert.InRange(delays.Count(delay => delay > 30), Many * 0.045, Many * 0.055);
        Assert.True(Overtakings(world) > Many / 3);
    }

    [Fact]
    public void Without_jitter_only_what_is_held_back_is_overtaken()
    {
        var world = Recorder.World(2);
        SendMany(world);
        Assert.Equal(0, Overtakings(world));
        world = Recorder.World(2);
        world.Network.Defaults = Recorder.Exact(1) with { ReorderPpm = 50_000 };
        SendMany(world);
        Assert.InRange(Overtakings(world), Many * 0.04, Many * 0.06);
    }

    [Fact]
    public void Loss_and_duplication_come_at_their_rates()
    {
        var world = Recorder.World(2, seed: 7);
        world.Network.Defaults = Recorder.Exact(1) with { LossPpm = 200_000 };
        SendMany(world);
        Assert.InRange(Recorder.Of(world, 1).Datagrams.Count, Many * 0.79, Many * 0.81);
        world = Recorder.World(2, seed: 7);
        world.Network.Defaults = Recorder.Exact(1) with { DuplicatePpm = 100_000 };
        SendMany(world);
        Assert.InRange(Recorder.Of(world, 1).Datagrams.Count, Many * 1.09, Many * 1.11);
        Assert.Equal(Many, Recorder.Of(world, 1).Datagrams.Distinct().Count());
    }

    [Fact]
    public void What_is_too_large_or_does_not_fit_the_queue_is_lost()
    {
        var world = Recorder.World(2);
        world.Network.Defaults = Recorder.Exact(1) with { DatagramBytesMost = 100, BytesPerSecond = 1000, QueueBytes = 450 };
        Assert.False(world.Hosts[0].Send(1, SimMessage.Of(new string('x', 101))));
        for (var count = 0; count < 20; count++)
        {
            Assert.True(world.Hosts[0].Send(1, SimMessage.Of(new string('x', 100))));
        }

        world.RunFor(TimeSpan.FromSeconds(10));
        var arrivals = Recorder.Of(world, 1).Datagrams.Select(datagram => datagram.At.TotalMilliseconds);
        Assert.Equal([101, 201, 301, 401, 501], arrivals);
    }

    [Fact]
    public void All_links_of_a_host_share_its_uplink_and_its_downlink()
    {
        var world = Recorder.World(5);
        world.Hosts[0].Uplink.BytesPerSecond = 1000;
        world.Hosts[4].Downlink.BytesPerSecond = 500;
        foreach (var to in (int[])[1, 2])
        {
            world.Hosts[0].Send(to, SimMessage.Of(new string('x', 100)));
        }

        world.Hosts[1].Send(4, SimMessage.Of(new string('x', 100)));
        world.Hosts[2].Send(4, SimMessage.Of(new string('x', 100)));
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(101, Assert.Single(Recorder.Of(world, 1).Datagrams).At.TotalMilliseconds);
        Assert.Equal(201, Assert.Single(Recorder.Of(world, 2).Datagrams).At.TotalMilliseconds);
        Assert.Equal([201, 401], Recorder.Of(world, 4).Datagrams.Select(datagram => datagram.At.TotalMilliseconds));
    }

    [Fact]
    public void What_takes_less_than_a_microsecond_still_takes_its_time()
    {
        var world = Recorder.World(2, delayMs: 0);
        world.Hosts[0].Uplink.BytesPerSecond = 2_000_000;
        for (var count = 0; count < 1000; count++)
        {
            world.Hosts[0].Send(1, SimMessage.Of("3 B"));
        }

        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(1.5, Recorder.Of(world, 1).Datagrams[^1].At.TotalMilliseconds);
    }

    [Fact]
    public void Hosts_count_what_they_send_and_receive()
    {
        var world = Recorder.World(2);
        world.Hosts[0].Send(1, SimMessage.Of("four"));
        world.Hosts[0].Send(1, SimMessage.Of("and six"));
        world.RunFor(TimeSpan.FromSeconds(1));
        var (sender, receiver) = (world.Hosts[0].Counters, world.Hosts[1].Counters);
        Assert.Equal((2, 11, 0), (sender.DatagramsSent, sender.BytesSent, sender.DatagramsReceived));
        Assert.Equal((2, 11, 0), (receiver.DatagramsReceived, receiver.BytesReceived, receiver.DatagramsSent));
    }

    private static void SendMany(SimWorld world)
    {
        for (var count = 0; count < Many; count++)
        {
            world.Hosts[0].Send(1, SimMessage.Of(FormattableString.Invariant($"{world.Elapsed.Ticks}")));
            world.RunFor(TimeSpan.FromMilliseconds(1));
        }

        world.RunFor(TimeSpan.FromMinutes(1));
    }

    private static TimeSpan SentAt(string text) => TimeSpan.FromTicks(long.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    private static int Overtakings(SimWorld world)
    {
        var sent = Recorder.Of(world, 1).Datagrams.Select(datagram => SentAt(datagram.Text)).ToList();
        return sent.Zip(sent.Skip(1)).Count(pair => pair.First > pair.Second);
    }
}
