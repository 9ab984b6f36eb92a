using Cete.Core;

namespace Cete.Actors.Tests;

public sealed class LifecycleTests
{
    private readonly World _world = new();

    [Fact]
    public void Messages_come_after_Started_and_in_order()
    {
        var actor = _world.Probe("a");
        Assert.True(actor.Tell("1"));
        Assert.True(actor.Tell("2"));
        Assert.Empty(_world.Log);
        _world.Run();
        Assert.Equal(["a started", "a:1", "a:2"], _world.Log);
        Assert.Equal("test/a", actor.Path);
    }

    [Fact]
    public void Stop_overtakes_messages_and_what_waited_is_a_dead_letter()
    {
        var actor = _world.Probe("a", (me, m) =>
        {
            if (m == "stop")
            {
                me.Ctx.StopSelf();
            }
        });
        actor.Tell("stop");
        actor.Tell("late");
        _world.Run();
        Assert.Equal(["a started", "a:stop", "a stopped"], _world.Log);
        Assert.True(actor.IsStopped);
        Assert.False(actor.Tell("later"));
        Assert.Equal(["late", "later"], _world.DeadLetters.Select(d => d.Message));
        Assert.Equal(2, _world.System.DeadLetterCount);
    }

    [Fact]
    public void Names_are_unique_among_the_living_and_well_formed()
    {
        var actor = _world.Probe("a");
        Assert.Throws<ArgumentException>(() => _world.Probe("a"));
        Assert.Throws<ArgumentException>(() => _world.Probe("a/b"));
        Assert.Throws<ArgumentException>(() => _world.Probe(string.Empty));
        _world.System.Stop(actor);
        _world.Run();
        Assert.NotSame(actor, _world.Probe("a"));
    }

    [Fact]
    public void Children_have_paths_below_their_parent_and_unique_names()
    {
        ActorRef<string>? child = null;
        _world.System.Spawn<string>("p", () => new Probe("p", _world.Log)
        {
            OnStarted = p =>
            {
                child = p.Ctx.Spawn("c", () => new Probe("c", _world.Log));
                Assert.Throws<ArgumentException>(() => p.Ctx.Spawn("c", () => new Probe("c", _world.Log)));
                Assert.Null(p.Ctx.Parent);
            },
        });
        _world.Run();
        Assert.Equal("test/p/c", child!.Path);
        Assert.Equal("test/p/c", child.ToString());
        Assert.Empty(_world.Failures);
    }

    [Fact]
    public void A_stop_right_after_the_spawn_leaves_nothing_behind()
    {
        var actor = _world.Probe("a");
        _world.System.Stop(actor);
        actor.Tell("x");
        _world.Run();
        Assert.True(actor.IsStopped);
        Assert.Equal(["a started", "a stopped"], _world.Log);
        Assert.Equal("x", Assert.Single(_world.DeadLetters).Message);
    }

    [Fact]
    public void The_context_is_for_turns_only()
    {
        ActorContext<string>? context = null;
        _world.System.Spawn<string>("a", () => new Probe("a", _world.Log) { OnStarted = me => context = me.Ctx });
        _world.Run();
        Assert.Equal("test/a", context!.Self.Path);
        Assert.Throws<CheckFailedException>(() => context.StopSelf());
        Assert.Throws<CheckFailedException>(() => context.UnstashAll());
        Assert.Throws<CheckFailedException>(() => context.MailboxCount);
        Assert.Throws<CheckFailedException>(() => context.Timers);
        Assert.Throws<CheckFailedException>(() => context.Spawn("c", () => new Probe("c", [])));
        Assert.Throws<CheckFailedException>(() => context.Stop(context.Self));
        Assert.Throws<CheckFailedException>(() => context.Watch(context.Self));
        Assert.Throws<CheckFailedException>(() => context.Unwatch(context.Self));
        Assert.Throws<CheckFailedException>(() => context.Stash("x"));
        Assert.Throws<CheckFailedException>(() => context.StashCount);
        Assert.Throws<CheckFailedException>(() => context.PipeTo(Task.FromResult(1), _ => "x", _ => "x"));
        Assert.Throws<CheckFailedException>(
            () => context.Ask<string, string>(context.Self, _ => "x", TimeSpan.FromSeconds(1), _ => "x", _ => "x"));
        Assert.Same(_world.System, context.System);
        Assert.Same(_world.Time, context.Clock);
        Assert.Null(context.Parent);
    }

    [Fact]
    public void The_constructor_has_no_context()
    {
        _world.System.Spawn<string>("a", () => new TooEarly());
        _world.Run();
        Assert.IsType<CheckFailedException>(Assert.Single(_world.Failures).Cause);
    }

    [Fact]
    public void MailboxCount_counts_what_waits()
    {
        var counts = new List<int>();
        var actor = _world.Probe("a", (me, _) => counts.Add(me.Ctx.MailboxCount));
        actor.Tell("1");
        actor.Tell("2");
        actor.Tell("3");
        _world.Run();
        Assert.Equal([2, 1, 0], counts);
    }

    [Fact]
    public void Repeated_stops_of_an_actor_that_does_not_get_to_it_queue_once()
    {
        var actor = _world.Probe("a");
        actor.Tell("x");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            _world.System.Stop(actor);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);

        // Start, stop: and then there is nothing left.
        Assert.True(_world.Dispatcher.Step());
        Assert.True(_world.Dispatcher.Step());
        Assert.True(actor.IsStopped);
        Assert.False(_world.Dispatcher.Step());
        Assert.Equal(["a started", "a stopped"], _world.Log);
    }

    [Fact]
    public void A_system_stops_its_own_actors_only()
    {
        var other = new World();
        Assert.Throws<CheckFailedException>(() => other.System.Stop(_world.Probe("a")));
    }

    [Fact]
    public void Options_out_of_range_are_bugs()
    {
        Assert.Throws<CheckFailedException>(() => new ActorOptions { MailboxCapacity = 0 });
        Assert.Throws<CheckFailedException>(() => new ActorOptions { MailboxCapacity = 1_000_000_001 });
        Assert.Throws<CheckFailedException>(() => new ActorOptions { StashCapacity = -1 });
        Assert.Throws<CheckFailedException>(() => new ActorOptions { StashCapacity = 1_000_001 });
        Assert.Throws<CheckFailedException>(() => new ActorSystemOptions { BlockingThreads = 0 });
        Assert.Throws<CheckFailedException>(() => new ActorSystemOptions { BlockingThreads = 1_025 });
        Assert.Equal((8_192, 1_024), (new ActorOptions().MailboxCapacity, new ActorOptions().StashCapacity));
        Assert.Throws<ArgumentException>(() => new ActorSystem("a/b", new ActorSystemOptions()));
    }

    private sealed class TooEarly : Actor<string>
    {
        public TooEarly() => Context.StopSelf();

        protected override void Receive(string message)
        {
        }
    }
}
