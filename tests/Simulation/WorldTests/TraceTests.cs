using System.Globalization;
using Cete.Simulation.World;

namespace Cete.Simulation.WorldTests;

public sealed class TraceTests
{
    [Fact]
    public void A_seed_gives_the_same_hash_again_and_other_seeds_others()
    {
        var hashes = Enumerable.Range(0, 100).Select(seed => Gossip((ulong)seed).TraceHash).ToList();
        Assert.Equal(hashes, Enumerable.Range(0, 100).Select(seed => Gossip((ulong)seed).TraceHash));
        Assert.Equal(100, hashes.Distinct().Count());
    }

    [Fact]
    public void Content_time_and_order_count()
    {
        var hashes = new List<ulong>
        {
            Told((0, "a"), (1, "b")),
            Told((0, "a"), (1, "c")),
            Told((0, "a"), (2, "b")),
            Told((0, "b"), (1, "a")),
            Told((0, "a")),
            Told((0, "ab")),
            Told((0, "a"), (0, "b")),
            Told((0, "b"), (0, "a")),
        };
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
        Assert.Equal(hashes[0], Told((0, "a"), (1, "b")));
        Assert.NotEqual(Sent("one payload"), Sent("two payload"));

        // These are what every machine and every version must get.
        Assert.Equal(0xBA2FC9D24E371186, Fingerprint.Of("Cete"));
        Assert.Equal(Fingerprint.Of([0x43, 0x65, 0x74, 0x65]), Fingerprint.Of("Cete"u8));
        Assert.NotEqual(Fingerprint.Of("ab"), Fingerprint.Of(['a', 'b', '\0']));
    }

    [Fact]
    public void Text_is_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            var world = Recorder.World(1);
            world.Hosts[0].Trace($"load {1234.5} {-3:N1}");
            Assert.EndsWith("h0 load 1234.5 -3.0", world.Trace.Lines().Last(), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_last_lines_are_kept_and_the_hash_knows_all()
    {
        var world = Recorder.World(1);
        for (var number = 0; number < 20_000; number++)
        {
            world.Hosts[0].Trace($"{number}");
        }

        var lines = world.Trace.Lines().ToList();
        Assert.Equal((16_384, 20_002), (lines.Count, world.Trace.Count));
        Assert.Equal("     0.000000 h0 3616", lines[0]);
    }

    [Fact]
    public void One_part_s_chance_does_not_shift_another_s()
    {
        var (calm, busy) = (Recorder.World(2), Recorder.World(2));
        for (var count = 0; count < 100; count++)
        {
            busy.TestChance.NextBits();
            busy.FaultChance.NextBits();
            busy.Hosts[1].Random.NextBits();
        }

        Assert.Equal(calm.Hosts[0].Random.NextBits(), busy.Hosts[0].Random.NextBits());
        busy.Restart(busy.Hosts[1]);
        calm.Restart(calm.Hosts[1]);
        Assert.Equal(calm.Hosts[1].Random.NextBits(), busy.Hosts[1].Random.NextBits());
    }

    [Fact]
    public void A_run_that_does_not_end_names_what_keeps_it_going()
    {
        var world = Recorder.World(2);
        world.EventsAtOnceMost = 10_000;
        Spin(world.Hosts[1]);
        var error = Assert.Throws<SimulationException>(() => world.RunFor(TimeSpan.FromSeconds(1)));
        Assert.Contains("seed 1, 0.000000 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("4096 of 4096: h1 timer Spin", error.Message, StringComparison.Ordinal);

        // Time goes on, but there is no end to it.
        world = Recorder.World(2);
        world.EventsMost = 10_000;
        Pulse(world.Hosts[0]);
        error = Assert.Throws<SimulationException>(() => world.RunUntil(() => false, TimeSpan.FromDays(365)));
        Assert.Contains("h0 timer Pulse", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_a_process_says_where_and_when()
    {
        var world = Recorder.World(2, seed: 42);
        world.Hosts[1].After(TimeSpan.FromSeconds(1.5), () => throw new InvalidDataException("what a pity"));
        var error = Assert.Throws<SimulationException>(() => world.RunFor(TimeSpan.FromSeconds(2)));
        Assert.StartsWith("seed 42, 1.500000 s, event 1 (h1 timer ", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(error.InnerException);
    }

    [Fact]
    public void Runs_stop_where_they_are_told()
    {
        var world = Recorder.World(1);
        var count = 0;
        foreach (var second in Enumerable.Range(1, 10))
        {
            world.Hosts[0].After(TimeSpan.FromSeconds(second), () => count++);
        }

        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal((2, TimeSpan.FromSeconds(2)), (count, world.Elapsed));
        Assert.True(world.RunUntil(() => count == 5, TimeSpan.FromSeconds(60)));
        Assert.Equal(TimeSpan.FromSeconds(5), world.Elapsed);
        Assert.False(world.RunUntil(() => count == 7, TimeSpan.FromSeconds(1)));
        Assert.Equal((6, TimeSpan.FromSeconds(6)), (count, world.Elapsed));
        world.RunEvents(3);
        Assert.Equal((9, TimeSpan.FromSeconds(9)), (count, world.Elapsed));
    }

    private static void Spin(SimHost host) => host.Post(() => Spin(host));

    private static void Pulse(SimHost host) => host.After(TimeSpan.FromSeconds(1), () => Pulse(host));

    private static ulong Told(params (int Microsecond, string Text)[] lines)
    {
        var world = Recorder.World(1);
        foreach (var (microsecond, text) in lines)
        {
            world.RunUntil(SimWorld.Epoch + TimeSpan.FromMicroseconds(microsecond));
            world.Hosts[0].Trace(text);
        }

        return world.TraceHash;
    }

    private static ulong Sent(string text)
    {
        var world = Recorder.World(2);
        world.Hosts[0].Send(1, SimMessage.Of(text));
        world.RunFor(TimeSpan.FromSeconds(1));
        return world.TraceHash;
    }

    private static SimWorld Gossip(ulong seed)
    {
        var world = Recorder.World(5, seed: seed);
        world.Network.Defaults = LinkSettings.Wan;
        for (var count = 0; count < 20; count++)
        {
            world.Hosts[world.TestChance.Next(5)].Send(world.TestChance.Next(5), SimMessage.Of("rumour"));
        }

        world.RunFor(TimeSpan.FromSeconds(1));
        return world;
    }
}
