namespace Cete.Actors.Tests;

/// <summary>Each test holds in every interleaving of its actors, not in some.</summary>
public sealed class ScheduleTests
{
    [Fact]
    public void Each_sender_is_heard_in_order_and_each_message_at_most_once()
    {
        var merged = new HashSet<string>();
        var count = Schedules.Each(world =>
        {
            var sink = world.Probe("s");
            foreach (var sender in new[] { "a", "b" })
            {
                var actor = world.Probe(sender, (_, m) => sink.Tell(sender + m));
                actor.Tell("1");
                actor.Tell("2");
            }

            world.Run();
            var heard = world.Log.Where(l => l.StartsWith("s:", StringComparison.Ordinal)).Select(l => l[2..]).ToArray();
            Assert.Equal(["a1", "a2"], heard.Where(m => m[0] == 'a'));
            Assert.Equal(["b1", "b2"], heard.Where(m => m[0] == 'b'));
            merged.Add(string.Concat(heard));
        });

        Assert.True(count > 100, $"{count} schedules");
        Assert.Equal(6, merged.Count);
    }

    [Theory]
    [InlineData(MailboxOverflow.Reject)]
    [InlineData(MailboxOverflow.DropNewest)]
    [InlineData(MailboxOverflow.DropOldest)]
    public void Every_message_is_handled_or_a_dead_letter_exactly_once_when_the_mailbox_is_tight(MailboxOverflow overflow)
    {
        Schedules.Each(world =>
        {
            var sink = world.Probe("s", options: new ActorOptions { MailboxCapacity = 1, Overflow = overflow });
            var refused = 0;
            foreach (var sender in new[] { "a", "b" })
            {
                world.Probe(sender, (_, m) => refused += sink.Tell(sender + m) ? 0 : 1).Tell("1");
                sink.Tell($"{sender}0");
            }

            world.Run();
            var handled = world.Log.Where(l => l.StartsWith("s:", StringComparison.Ordinal)).Select(l => l[2..]);
            var lost = world.DeadLetters.Select(d => (string)d.Message!);
            Assert.Equal(["a0", "a1", "b0", "b1"], handled.Concat(lost).Order());
            Assert.True(overflow == MailboxOverflow.Reject ? refused <= world.DeadLetters.Count : refused == 0);
        });
    }

    [Fact]
    public void A_stop_that_races_with_messages_loses_none_of_them_silently()
    {
        Schedules.Each(world =>
        {
            var target = world.Probe("t");
            world.Probe("a", (_, m) => target.Tell(m)).Tell("1");
            world.Probe("b", (me, _) => me.Ctx.Stop(target)).Tell("stop");
            target.Tell("0");
            world.Run();
            var handled = world.Log.Where(l => l.StartsWith("t:", StringComparison.Ordinal)).Select(l => l[2..]).ToArray();
            Assert.Equal(["0", "1"], handled.Concat(world.DeadLetters.Select(d => (string)d.Message!)).Order());
            Assert.Equal("t stopped", world.Log.Last(l => l.StartsWith('t')));
            Assert.Single(world.Log, "t stopped");
            Assert.Equal(world.DeadLetters.Count, world.System.DeadLetterCount);
        });
    }

    [Fact]
    public void A_watcher_hears_of_a_stop_exactly_once_however_they_race()
    {
        Schedules.Each(world =>
        {
            var target = world.Probe("t");
            var watcher = world.Probe("w", (me, m) =>
            {
                if (m == "watch")
                {
                    me.Ctx.Watch(target);
                }
                else
                {
                    me.Ctx.Unwatch(target);
                }
            });
            watcher.Tell("watch");
            watcher.Tell("unwatch");
            watcher.Tell("watch");
            world.System.Stop(target);
            world.Run();

            // The first watch may have had its signal before it ended; the second one always gets one.
            var first = world.Log.Take(world.Log.IndexOf("w:unwatch")).Count(l => l == "w saw t");
            Assert.InRange(first, 0, 1);
            Assert.Equal(1, world.Log.Count(l => l == "w saw t") - first);
            Assert.True(world.Log.LastIndexOf("w saw t") > world.Log.LastIndexOf("w:watch"));
        });
    }

    [Fact]
    public void After_an_unwatch_no_signal_comes()
    {
        Schedules.Each(world =>
        {
            var target = world.Probe("t");
            var watcher = world.Probe("w", (me, m) =>
            {
                if (m == "unwatch")
                {
                    me.Ctx.Unwatch(target);
                }
                else
                {
                    me.Ctx.Watch(target);
                }
            });
            watcher.Tell("watch");
            watcher.Tell("unwatch");
            world.System.Stop(target);
            world.Run();
            var unwatched = world.Log.IndexOf("w:unwatch");
            Assert.DoesNotContain("w saw t", world.Log.Skip(unwatched));
        });
    }

    [Fact]
    public void A_family_stops_from_the_leaves_up_and_each_member_once()
    {
        Schedules.Each(world =>
        {
            var parent = world.System.Spawn<string>("p", () => new Probe("p", world.Log)
            {
                OnStarted = p =>
                {
                    p.Ctx.Spawn("c1", () => new Probe("c1", world.Log));
                    p.Ctx.Spawn(
                        "c2", () => new Probe("c2", world.Log) { OnReceive = (_, _) => throw new InvalidOperationException() }).Tell("x");
                },
            });
            world.Dispatcher.Step();
            world.System.Stop(parent);
            world.Run();
            Assert.Equal("p stopped", world.Log[^1]);
            Assert.Single(world.Log, "p stopped");
            foreach (var child in new[] { "c1", "c2" })
            {
                Assert.Equal(world.Log.Contains($"{child} started"), world.Log.Contains($"{child} stopped"));
            }
        });
    }

    [Fact]
    public void A_restart_loses_the_failing_message_and_no_other()
    {
        var options = new ActorOptions { Supervision = SupervisionStrategy.Restart with { BackoffMin = TimeSpan.Zero } };
        Schedules.Each(world =>
        {
            var target = world.Probe("t", (_, m) =>
            {
                if (m == "bad")
                {
                    throw new InvalidOperationException();
                }
            }, options);
            world.Probe("a", (_, m) => target.Tell("a" + m)).Tell("1");
            target.Tell("bad");
            target.Tell("0");
            world.Run();
            Assert.Equal(["t:0", "t:a1", "t:bad"], world.Log.Where(l => l.StartsWith("t:", StringComparison.Ordinal)).Order());
            Assert.Equal(2, world.Log.Count(l => l == "t started"));
            Assert.Empty(world.DeadLetters);
        });
    }

    [Fact]
    public void Each_ask_of_an_actor_ends_once_however_reply_stop_and_stash_race()
    {
        var endings = new HashSet<string>();
        Schedules.Each(world =>
        {
            var server = world.System.Spawn("s", () => new Waiting(), new ActorOptions { StashCapacity = 1 });
            var asker = world.Probe("a", (me, m) =>
            {
                if (m.StartsWith("ask", StringComparison.Ordinal))
                {
                    me.Ctx.Ask<ReplyTo<string>, string>(
                        server, r => r, TimeSpan.FromSeconds(1), _ => $"end {m} reply", e => $"end {m} {e.GetType().Name}");
                }
            });
            asker.Tell("ask1");
            asker.Tell("ask2");
            world.Probe("b", (me, _) => me.Ctx.Stop(server)).Tell("stop");
            world.Probe("c", (_, _) => server.Tell(default)).Tell("open");
            world.Run();
            var ended = world.Log.Where(l => l.StartsWith("a:end", StringComparison.Ordinal)).ToArray();
            Assert.Equal(["ask1", "ask2"], ended.Select(l => l.Split(' ')[1]).Order());
            endings.UnionWith(ended.Select(l => l.Split(' ')[2]));
            Assert.Equal(0, world.Time.TimerCount);
        });
        Assert.Equal(["ActorStoppedException", "MailboxFullException", "reply"], endings.Order());
    }

    [Fact]
    public void A_timer_that_races_with_its_end_is_heard_before_it_or_never()
    {
        var heard = new HashSet<int>();
        Schedules.Each(world =>
        {
            var actor = world.System.Spawn<string>("t", () => new Probe("t", world.Log)
            {
                OnStarted = me => me.Ctx.Timers.StartPeriodic("k", "tick", TimeSpan.FromSeconds(1)),
                OnReceive = (me, m) => _ = m == "cancel" && me.Ctx.Timers.Cancel("k"),
            });
            world.Probe("time", (_, _) => world.Time.Advance(TimeSpan.FromSeconds(1))).Tell("pass");
            actor.Tell("cancel");
            world.Run();
            world.Advance(5);
            Assert.DoesNotContain("t:tick", world.Log.SkipWhile(l => l != "t:cancel"));
            heard.Add(world.Log.Count(l => l == "t:tick"));
        });
        Assert.Equal([0, 1], heard.Order());
    }

    /// <summary>Puts questions aside until nobody's question opens it, then answers them.</summary>
    private sealed class Waiting : Actor<ReplyTo<string>>
    {
        private bool _isOpen;

        protected override void Receive(ReplyTo<string> message)
        {
            if (message == default)
            {
                _isOpen = true;
                Context.UnstashAll();
            }
            else if (_isOpen)
            {
                message.Reply("x");
            }
            else
            {
                Context.Stash(message);
            }
        }
    }
}
