namespace Cete.Actors.Tests;

public sealed class WatchTests
{
    private readonly World _world = new();

    [Fact]
    public void Watching_the_dead_signals_at_once()
    {
        var target = _world.Probe("t");
        _world.System.Stop(target);
        _world.Run();
        _world.Probe("w", (me, _) => me.Ctx.Watch(target)).Tell("x");
        _world.Run();
        Assert.Single(_world.Log, "w saw t");
    }

    [Fact]
    public void A_restart_is_no_end_but_a_limit_reached_is()
    {
        var target = _world.Probe("t", (_, _) => throw new InvalidOperationException(), new ActorOptions
        {
            Supervision = SupervisionStrategy.Restart with { RestartsMax = 1, BackoffMin = TimeSpan.Zero },
        });
        _world.Probe("w", (me, _) => me.Ctx.Watch(target)).Tell("x");
        _world.Run();
        target.Tell("1");
        _world.Run();
        Assert.DoesNotContain("w saw t", _world.Log);
        target.Tell("2");
        _world.Run();
        Assert.Single(_world.Log, "w saw t");
    }

    [Fact]
    public void A_watch_twice_signals_once_and_of_oneself_never()
    {
        var target = _world.Probe("t");
        var watcher = _world.Probe("w", (me, _) =>
        {
            me.Ctx.Watch(target);
            me.Ctx.Watch(target);
            me.Ctx.Watch(me.Ctx.Self);
        });
        watcher.Tell("x");
        _world.Run();
        _world.System.Stop(target);
        _world.Run();
        _world.System.Stop(watcher);
        _world.Run();
        Assert.Single(_world.Log, l => l.StartsWith("w saw", StringComparison.Ordinal));
    }

    [Fact]
    public void A_restart_of_the_watcher_ends_its_watches()
    {
        var target = _world.Probe("t");
        var watcher = _world.Probe(
            "w",
            (me, m) =>
            {
                me.Ctx.Watch(target);
                if (m == "throw")
                {
                    throw new InvalidOperationException();
                }
            },
            new ActorOptions { Supervision = SupervisionStrategy.Restart with { BackoffMin = TimeSpan.Zero } });
        watcher.Tell("throw");
        _world.Run();
        _world.System.Stop(target);
        _world.Run();
        Assert.DoesNotContain("w saw t", _world.Log);
    }

    [Fact]
    public void A_throwing_signal_hook_is_a_failure()
    {
        var target = _world.Probe("t");
        var watcher = _world.System.Spawn("w", () => new Touchy(target));
        _world.Run();
        _world.System.Stop(target);
        _world.Run();
        Assert.True(watcher.IsStopped);
    }

    [Fact]
    public void Signals_overtake_messages()
    {
        // Of two that are ready the later one goes first.
        var world = new World(new StepDispatcher(ready => ready - 1));
        var target = world.Probe("t");
        var watcher = world.Probe("w", (me, m) =>
        {
            if (m == "watch")
            {
                me.Ctx.Watch(target);
            }
        });
        watcher.Tell("watch");
        world.Run();
        watcher.Tell("1");
        watcher.Tell("2");
        world.System.Stop(target);
        world.Run();
        Assert.Equal(["t stopped", "w saw t", "w:1", "w:2"], world.Log.Skip(3));
    }

    private sealed class Touchy(ActorRef target) : Actor<string>
    {
        protected override void Started() => Context.Watch(target);

        protected override void Receive(string message)
        {
        }

        protected override void Signal(Signal signal) => throw new InvalidOperationException(signal.ToString());
    }
}
