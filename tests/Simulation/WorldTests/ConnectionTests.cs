using System.Globalization;
using Cete.Simulation.World;

namespace Cete.Simulation.WorldTests;

public sealed class ConnectionTests
{
    [Fact]
    public void A_handshake_takes_its_round_trips_and_both_sides_count_it()
    {
        var world = Recorder.World(2, delayMs: 10);
        var connection = world.Hosts[0].Connect(1);
        Assert.False(connection.Send(SimMessage.Of("too early")));
        Assert.True(world.RunUntil(() => connection.IsOpen, TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromMilliseconds(60), world.Elapsed);
        Assert.Empty(Recorder.Of(world, 1).Opened);
        world.RunFor(TimeSpan.FromMilliseconds(10));
        Assert.Equal(connection.Id, Assert.Single(Recorder.Of(world, 1).Opened).Id);
        var (asked, was) = (world.Hosts[0].Counters, world.Hosts[1].Counters);
        Assert.Equal((1, 1, 0), (asked.ConnectionsAttempted, asked.ConnectionsOpened, asked.ConnectionsAccepted));
        Assert.Equal((0, 0, 1), (was.ConnectionsAttempted, was.ConnectionsOpened, was.ConnectionsAccepted));
    }

    [Fact]
    public void Messages_come_once_and_in_order_whatever_the_link_does()
    {
        var repeated = 0;
        Seeds.ForEach(20, seed =>
        {
            var world = Recorder.World(2, seed: seed);
            world.Network.Defaults = LinkSettings.Wan with { LossPpm = 100_000, DuplicatePpm = 50_000, ReorderPpm = 50_000 };
            var connection = Recorder.Connected(world);
            for (var number = 0; number < 300; number++)
            {
                Assert.True(connection.Send(SimMessage.Of(number.ToString(CultureInfo.InvariantCulture))));
                world.RunFor(TimeSpan.FromMilliseconds(1));
            }

            connection.Close();
            Assert.True(world.RunUntil(() => Recorder.Of(world, 1).Closed.Count > 0, TimeSpan.FromMinutes(2)));
            Assert.Equal(Enumerable.Range(0, 300).Select(number => number.ToString(CultureInfo.InvariantCulture)), Recorder.Of(world, 1).Texts);
            Assert.Equal(CloseReason.Ended, Recorder.Of(world, 1).Closed[0].Reason);
            world.RunFor(TimeSpan.FromSeconds(60));
            Assert.Empty(world.Hosts[0].Connections);
            Assert.Empty(world.Hosts[1].Connections);
            repeated += world.Trace.Lines().Count(line => line.Contains(nameof(TraceKind.Retransmitted), StringComparison.Ordinal));
        });
        Assert.True(repeated > 300, $"{repeated}");
    }

    [Fact]
    public void A_process_that_is_gone_is_known_at_once_and_a_host_that_is_gone_only_by_its_silence()
    {
        var world = Recorder.World(2, delayMs: 10);
        Recorder.Connected(world);
        var before = world.Elapsed;
        world.Kill(world.Hosts[1]);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([(before + TimeSpan.FromMilliseconds(10), CloseReason.Reset)], Recorder.Of(world, 0).Closed);

        before = world.Elapsed;
        world.Hosts[0].Connect(1);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal((before + TimeSpan.FromMilliseconds(20), CloseReason.Refused), Recorder.Of(world, 0).Closed[1]);

        world.Start(world.Hosts[1]);
        var connection = Recorder.Connected(world);
        world.Crash(world.Hosts[1]);
        world.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal(2, Recorder.Of(world, 0).Closed.Count);
        before = world.Elapsed;
        connection.Send(SimMessage.Of("is anybody there"));
        world.Hosts[0].Connect(1);
        world.RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal(
            [(before + TimeSpan.FromSeconds(10), CloseReason.TimedOut), (before + TimeSpan.FromSeconds(20), CloseReason.TimedOut)],
            Recorder.Of(world, 0).Closed[2..]);
    }

    [Fact]
    public void What_is_sent_to_a_later_incarnation_over_an_old_connection_is_answered_by_a_reset()
    {
        var world = Recorder.World(2, delayMs: 10);
        var connection = Recorder.Connected(world);
        world.Crash(world.Hosts[1]);
        world.Start(world.Hosts[1]);
        connection.Send(SimMessage.Of("for the one before"));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(CloseReason.Reset, Assert.Single(Recorder.Of(world, 0).Closed).Reason);
        Assert.Empty(Recorder.Of(world, 1).Received);
    }

    [Fact]
    public void A_full_queue_refuses_and_tells_when_there_is_room()
    {
        var world = Recorder.World(2);
        world.Network.Connections = new ConnectionSettings { SendQueueBytes = 1000, WindowBytes = 500 };
        var connection = Recorder.Connected(world);
        world.Pause(world.Hosts[1], TimeSpan.FromMinutes(10));
        var taken = 0;
        while (connection.Send(SimMessage.Of(new string('x', 100))))
        {
            taken++;
        }

        Assert.Equal(10, taken);

        // The kernel acknowledges for a paused process, so that the connection does not break, but the window stays closed.
        world.RunFor(TimeSpan.FromMinutes(9));
        Assert.Equal(500, connection.QueuedBytes);
        Assert.True(connection.IsOpen);
        Assert.Equal(1, Recorder.Of(world, 0).Writable);

        // Once it reads, the sender hears of it at once, and not only when it asks again.
        world.RunFor(TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(100));
        Assert.Equal((0, 10), (connection.QueuedBytes, Recorder.Of(world, 1).Received.Count));
    }

    [Fact]
    public void A_link_passes_no_more_than_its_bandwidth()
    {
        var world = Recorder.World(2);
        var connection = Recorder.Connected(world);
        world.Network.SetLink(0, 1, Recorder.Exact(1) with { BytesPerSecond = 100_000 });
        var before = world.Elapsed;
        Assert.True(connection.Send(SimMessage.Of(new string('x', 1_000_000))));
        Assert.True(world.RunUntil(() => Recorder.Of(world, 1).Received.Count == 1, TimeSpan.FromMinutes(1)));
        Assert.Equal(10.001, (world.Elapsed - before).TotalSeconds, 0.001);
        Assert.DoesNotContain(world.Trace.Lines(), line => line.Contains(nameof(TraceKind.Retransmitted), StringComparison.Ordinal));
    }

    [Fact]
    public void After_a_cut_a_connection_goes_on_at_its_next_retransmission_or_is_broken_by_its_timeout()
    {
        var world = Recorder.World(2);
        var connection = Recorder.Connected(world);
        var cut = world.Network.Cut(0, 1);
        var before = world.Elapsed;
        connection.Send(SimMessage.Of("held up"));
        world.RunFor(TimeSpan.FromSeconds(4));
        cut.Heal();
        world.RunFor(TimeSpan.FromSeconds(30));

        // 0.2 + 0.4 + 0.8 + 1.6 + 3.2 s: the first repetition after the healing.
        Assert.Equal([(before + TimeSpan.FromMilliseconds(6201), "held up")], Recorder.Of(world, 1).Received);

        world.Network.CutOneWay([1], [0]);
        before = world.Elapsed;
        connection.Send(SimMessage.Of("acknowledged in vain"));
        world.RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(2, Recorder.Of(world, 1).Received.Count);
        Assert.Equal([(before + TimeSpan.FromSeconds(20), CloseReason.TimedOut)], Recorder.Of(world, 0).Closed);
        Assert.Empty(Recorder.Of(world, 1).Closed);
    }

    [Fact]
    public void A_clogged_link_delivers_everything_at_once_when_it_is_free()
    {
        var world = Recorder.World(2);
        var connection = Recorder.Connected(world);
        world.Network.Clog(0, 1, TimeSpan.FromSeconds(5));
        var free = world.Elapsed + TimeSpan.FromSeconds(5);
        for (var number = 0; number < 5; number++)
        {
            connection.Send(SimMessage.Of($"{number}"));
            world.RunFor(TimeSpan.FromMilliseconds(500));
        }

        Assert.Empty(Recorder.Of(world, 1).Received);
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(Enumerable.Range(0, 5).Select(number => (free, $"{number}")), Recorder.Of(world, 1).Received);
    }

    [Fact]
    public void Handshakes_can_fail_and_repeat_lost_flights()
    {
        var world = Recorder.World(2);
        world.Network.Connections = new ConnectionSettings { HandshakeFailurePpm = 1_000_000 };
        world.Hosts[0].Connect(1);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(CloseReason.HandshakeFailed, Assert.Single(Recorder.Of(world, 0).Closed).Reason);

        world.Network.Connections = new ConnectionSettings();
        var cut = world.Network.Isolate(0);
        var before = world.Elapsed;
        var connection = world.Hosts[0].Connect(1);
        world.RunFor(TimeSpan.FromSeconds(2));
        cut.Heal();
        Assert.True(world.RunUntil(() => connection.IsOpen, TimeSpan.FromSeconds(10)));
        Assert.Equal(before + TimeSpan.FromSeconds(3) + TimeSpan.FromMilliseconds(6), world.Elapsed);
    }

    [Fact]
    public void A_graceful_stop_sends_what_was_taken()
    {
        var world = Recorder.World(2);
        var connection = Recorder.Connected(world);
        world.Network.SetLink(0, 1, Recorder.Exact(1) with { BytesPerSecond = 1000 });
        connection.Send(SimMessage.Of(new string('x', 3000)));
        connection.Send(SimMessage.Of("last words"));
        var process = Recorder.Of(world, 0);
        world.Stop(world.Hosts[0]);
        Assert.True(process.WasStopping);
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal("last words", Recorder.Of(world, 1).Texts.Last());
        Assert.Equal(CloseReason.Ended, Assert.Single(Recorder.Of(world, 1).Closed).Reason);
    }

    [Fact]
    public void A_paused_process_keeps_its_peers_waiting_at_the_second_flight()
    {
        var world = Recorder.World(3, delayMs: 10);
        world.Pause(world.Hosts[1], TimeSpan.FromSeconds(5));
        var connection = world.Hosts[0].Connect(1);
        Assert.True(world.RunUntil(() => connection.IsOpen, TimeSpan.FromSeconds(10)));
        Assert.Equal(5.03, world.Elapsed.TotalSeconds, 0.001);

        // Longer than anybody waits.
        world.Pause(world.Hosts[1], TimeSpan.FromSeconds(50));
        world.Hosts[2].Connect(1);
        world.RunFor(TimeSpan.FromSeconds(60));
        Assert.Equal(CloseReason.TimedOut, Assert.Single(Recorder.Of(world, 2).Closed).Reason);
        Assert.Single(Recorder.Of(world, 1).Opened);
    }

    [Fact]
    public void One_lost_segment_costs_a_round_trip_when_others_follow_it_and_the_timer_when_none_do()
    {
        var world = Recorder.World(2, delayMs: 10);
        var connection = Recorder.Connected(world);
        var before = world.Elapsed;
        foreach (var number in (int[])[0, 1, 2])
        {
            world.Network.SetLink(0, 1, number == 1 ? Recorder.Exact(10) with { LossPpm = 1_000_000 } : null);
            connection.Send(SimMessage.Of($"{number}"));
            world.RunFor(TimeSpan.FromMilliseconds(1));
        }

        world.RunFor(TimeSpan.FromSeconds(1));

        // The news of the gap is back after 22 ms, and what was missing comes 10 ms later, with what waited behind it.
        Assert.Equal([10, 32, 32], Recorder.Of(world, 1).Received.Select(received => (received.At - before).TotalMilliseconds));

        before = world.Elapsed;
        world.Network.SetLink(0, 1, Recorder.Exact(10) with { LossPpm = 1_000_000 });
        connection.Send(SimMessage.Of("last"));
        world.Network.SetLink(0, 1, null);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(210, (Recorder.Of(world, 1).Received[^1].At - before).TotalMilliseconds);
    }

    [Fact]
    public void An_abort_loses_what_was_taken_and_tells_the_other_side()
    {
        var world = Recorder.World(2, delayMs: 10);
        world.Network.Connections = new ConnectionSettings { WindowBytes = 10 };
        var connection = Recorder.Connected(world);
        connection.Send(SimMessage.Of("0123456789"));
        connection.Send(SimMessage.Of("never sent"));
        connection.Abort();
        Assert.False(connection.Send(SimMessage.Of("too late")));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("0123456789", Assert.Single(Recorder.Of(world, 1).Received).Text);
        Assert.Equal(CloseReason.Reset, Assert.Single(Recorder.Of(world, 1).Closed).Reason);
        Assert.Empty(Recorder.Of(world, 0).Closed);
    }
}
