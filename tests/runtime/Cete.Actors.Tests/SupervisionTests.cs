using Cete.Core;

namespace Cete.Actors.Tests;

public sealed class SupervisionTests
{
    private static readonly SupervisionStrategy Backoff = SupervisionStrategy.Restart with
    {
        BackoffMin = TimeSpan.FromSeconds(1),
        BackoffMax = TimeSpan.FromSeconds(5),
        Window = TimeSpan.FromMinutes(10),
        RestartsMax = 5,
        JitterPercent = 0,
    };

    private readonly World _world = new();

    [Fact]
    public void By_default_a_failure_stops_the_actor_and_is_reported()
    {
        var actor = Failing("a", null);
        actor.Tell("throw");
        actor.Tell("late");
        _world.Run();
        Assert.Equal(["a started", "a:throw", "a stopped"], _world.Log);
        Assert.Equal(SupervisionDirective.Stop, Assert.Single(_world.Failures).Answer);
        Assert.Same(actor, _world.Failures[0].Actor);
        Assert.Equal("late", Assert.Single(_world.DeadLetters).Message);
    }

    [Fact]
    public void A_restart_keeps_the_mailbox_and_waits_out_its_delay()
    {
        var actor = Failing("a", Backoff);
        actor.Tell("throw");
        actor.Tell("next");
        _world.Run();
        Assert.True(actor.Tell("during"));
        _world.Advance(0.9);
        Assert.Equal(["a started", "a:throw", "a stopped"], _world.Log);
        _world.Advance(0.1);
        Assert.Equal(["a started", "a:next", "a:during"], _world.Log.Skip(3));
        Assert.False(actor.IsStopped);
    }

    [Fact]
    public void The_delay_doubles_up_to_its_bound_and_the_limit_stops_the_actor()
    {
        var actor = Failing("a", Backoff);
        for (var i = 0; i < 6; i++)
        {
            actor.Tell("throw");
            _world.Run();
            _world.Advance(5);
        }

        Assert.Equal([1, 2, 4, 5, 5, 0], _world.Failures.Select(f => f.Delay.TotalSeconds));
        Assert.True(actor.IsStopped);
        Assert.Equal(SupervisionDirective.Stop, _world.Failures[^1].Answer);
    }

    [Fact]
    public void Restarts_outside_the_window_do_not_count()
    {
        var actor = Failing("a", Backoff with { RestartsMax = 1, Window = TimeSpan.FromSeconds(10) });
        for (var i = 0; i < 5; i++)
        {
            actor.Tell("throw");
            _world.Run();
            _world.Advance(11);
        }

        Assert.False(actor.IsStopped);
        Assert.All(_world.Failures, f => Assert.Equal(1, f.Delay.TotalSeconds));
    }

    [Fact]
    public void Jitter_comes_from_the_seed()
    {
        static TimeSpan[] Delays(ulong seed)
        {
            var failures = new List<ActorFailure>();
            var dispatcher = new StepDispatcher(_ => 0);
            var time = new ManualTime();
            var system = new ActorSystem("s", new ActorSystemOptions
            {
                Clock = time,
                Default = dispatcher,
                Seed = seed,
                Failures = failures.Add,
            });
            var actor = system.Spawn<string>(
                "a", () => throw new InvalidOperationException(), new ActorOptions { Supervision = Backoff with { JitterPercent = 50 } });
            for (var i = 0; i < 3; i++)
            {
                dispatcher.RunUntilIdle();
                time.Advance(TimeSpan.FromSeconds(10));
            }

            return [.. failures.Select(f => f.Delay)];
        }

        Assert.Equal(Delays(7), Delays(7));
        Assert.NotEqual(Delays(7), Delays(8));
        Assert.InRange(Delays(7)[0], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public void A_failed_check_stops_under_every_strategy()
    {
        var actor = _world.Probe("a", (_, _) => Check.Fail("bug"), new ActorOptions { Supervision = Backoff });
        actor.Tell("x");
        _world.Run();
        Assert.True(actor.IsStopped);
        Assert.IsType<CheckFailedException>(Assert.Single(_world.Failures).Cause);
    }

    [Fact]
    public void An_answer_may_depend_on_the_exception_and_a_broken_one_stops()
    {
        var strategy = Backoff with
        {
            Decide = e => e is TimeoutException ? SupervisionDirective.Restart : throw new InvalidOperationException(),
        };
        var kept = _world.Probe("a", (_, _) => throw new TimeoutException(), new ActorOptions { Supervision = strategy });
        var lost = _world.Probe("b", (_, _) => throw new FormatException(), new ActorOptions { Supervision = strategy });
        kept.Tell("x");
        lost.Tell("x");
        _world.Run();
        Assert.False(kept.IsStopped);
        Assert.True(lost.IsStopped);
    }

    [Fact]
    public void An_escalation_fails_the_parent_which_restarts_without_the_child()
    {
        var escalate = new ActorOptions { Supervision = SupervisionStrategy.Escalate };
        ActorRef<string>? child = null;
        var parent = _world.System.Spawn<string>(
            "p",
            () => new Probe("p", _world.Log)
            {
                OnStarted = p => child = p.Ctx.Spawn(
                    "c", () => new Probe("c", _world.Log) { OnReceive = (_, _) => throw new FormatException() }, escalate),
            },
            new ActorOptions { Supervision = Backoff });
        _world.Run();
        var first = child!;
        first.Tell("x");
        first.Tell("unhandled");
        _world.Run();
        Assert.True(first.IsStopped);
        Assert.Equal(["p started", "c started", "c:x", "p stopped", "c stopped"], _world.Log);
        _world.Advance(1);
        Assert.Equal(["p started", "c started"], _world.Log.Skip(5));
        Assert.NotSame(first, child);
        Assert.Equal([SupervisionDirective.Escalate, SupervisionDirective.Restart], _world.Failures.Select(f => f.Answer));
        Assert.False(parent.IsStopped);
    }

    [Fact]
    public void An_escalation_without_a_parent_stops()
    {
        var actor = Failing("a", SupervisionStrategy.Escalate);
        actor.Tell("throw");
        _world.Run();
        Assert.True(actor.IsStopped);
    }

    [Fact]
    public void Failing_factories_and_Started_count_as_failures()
    {
        var tries = 0;
        var actor = _world.System.Spawn<string>("a", () => ++tries switch
        {
            1 => throw new InvalidOperationException(),
            2 => new Probe("a", _world.Log) { OnStarted = _ => throw new InvalidOperationException() },
            _ => new Probe("a", _world.Log),
        }, new ActorOptions { Supervision = Backoff });
        actor.Tell("kept");
        _world.Run();
        _world.Advance(1);
        _world.Advance(2);
        Assert.Equal(["a started", "a stopped", "a started", "a:kept"], _world.Log);
    }

    [Fact]
    public void A_throwing_Stopped_and_a_throwing_callback_change_nothing()
    {
        var dispatcher = new StepDispatcher(_ => 0);
        var system = new ActorSystem("s", new ActorSystemOptions { Default = dispatcher, Failures = _ => throw new FormatException() });
        var actor = system.Spawn<string>("a", () => new Probe("a", []) { OnStopped = _ => throw new FormatException() });
        dispatcher.RunUntilIdle();
        system.Stop(actor);
        dispatcher.RunUntilIdle();
        Assert.True(actor.IsStopped);
    }

    [Fact]
    public void A_stop_during_the_delay_ends_the_restart()
    {
        var actor = Failing("a", Backoff);
        actor.Tell("throw");
        actor.Tell("late");
        _world.Run();
        _world.System.Stop(actor);
        _world.Run();
        Assert.True(actor.IsStopped);
        Assert.Equal(0, _world.Time.TimerCount);
        _world.Advance(60);
        Assert.Equal(["a started", "a:throw", "a stopped"], _world.Log);
        Assert.Equal("late", Assert.Single(_world.DeadLetters).Message);
    }

    [Fact]
    public void Bounds_out_of_range_are_bugs()
    {
        var strategy = SupervisionStrategy.Restart;
        Assert.Throws<CheckFailedException>(() => strategy with { RestartsMax = -1 });
        Assert.Throws<CheckFailedException>(() => strategy with { RestartsMax = 10_001 });
        Assert.Throws<CheckFailedException>(() => strategy with { Window = TimeSpan.Zero });
        Assert.Throws<CheckFailedException>(() => strategy with { BackoffMin = TimeSpan.FromTicks(-1) });
        Assert.Throws<CheckFailedException>(() => strategy with { BackoffMax = TimeSpan.FromDays(1.1) });
        Assert.Throws<CheckFailedException>(() => strategy with { JitterPercent = 101 });
        Assert.Equal((10, 1, 0.1, 10, 20), (strategy.RestartsMax, strategy.Window.TotalMinutes, strategy.BackoffMin.TotalSeconds,
            strategy.BackoffMax.TotalSeconds, strategy.JitterPercent));
    }

    private ActorRef<string> Failing(string name, SupervisionStrategy? strategy) => _world.Probe(
        name,
        (_, m) =>
        {
            if (m == "throw")
            {
                throw new InvalidOperationException();
            }
        },
        new ActorOptions { Supervision = strategy ?? SupervisionStrategy.Stop });
}
