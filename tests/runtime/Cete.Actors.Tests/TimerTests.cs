using Cete.Core;

namespace Cete.Actors.Tests;

public sealed class TimerTests
{
    private readonly World _world = new();

    [Fact]
    public void A_single_timer_fires_once_and_overtakes_the_mailbox()
    {
        var actor = Spawn(me => me.Ctx.Timers.StartSingle("k", "tick", TimeSpan.FromSeconds(2)));
        _world.Run();
        _world.Advance(1.9);
        Assert.DoesNotContain("a:tick", _world.Log);
        actor.Tell("waiting");
        _world.Time.Advance(TimeSpan.FromSeconds(0.1));
        _world.Run();
        Assert.Equal(["a started", "a:tick", "a:waiting"], _world.Log);
        _world.Advance(10);
        Assert.Single(_world.Log, "a:tick");
    }

    [Fact]
    public void A_periodic_timer_fires_until_cancelled_and_a_late_actor_gets_one_message()
    {
        var actor = Spawn(me => me.Ctx.Timers.StartPeriodic("k", "tick", TimeSpan.FromSeconds(1)));
        _world.Run();
        _world.Advance(1);
        _world.Advance(1);
        Assert.Equal(2, Ticks());
        _world.Time.Advance(TimeSpan.FromSeconds(5));
        _world.Run();
        Assert.Equal(3, Ticks());
        actor.Tell("cancel");
        _world.Run();
        _world.Advance(5);
        Assert.Equal(3, Ticks());
        Assert.Equal(0, _world.Time.TimerCount);
    }

    [Fact]
    public void What_fired_before_a_cancel_does_not_arrive_after_it()
    {
        Spawn(me =>
        {
            me.Ctx.Timers.StartSingle("k", "tick", TimeSpan.FromSeconds(1));
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(me.Ctx.Timers.IsActive("k"));
            Assert.True(me.Ctx.Timers.Cancel("k"));
            Assert.False(me.Ctx.Timers.Cancel("k"));
        });
        _world.Advance(5);
        Assert.DoesNotContain("a:tick", _world.Log);
    }

    [Fact]
    public void A_replaced_timer_does_not_arrive_even_if_it_had_fired()
    {
        Spawn(me =>
        {
            me.Ctx.Timers.StartSingle("k", "old", TimeSpan.FromSeconds(1));
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            me.Ctx.Timers.StartSingle("k", "new", TimeSpan.FromSeconds(1));
        });
        _world.Run();
        _world.Advance(1);
        Assert.Equal(["a started", "a:new"], _world.Log);
    }

    [Fact]
    public void A_restart_and_a_stop_end_all_timers()
    {
        var starts = 0;
        var actor = _world.System.Spawn<string>(
            "a",
            () => new Probe("a", _world.Log)
            {
                OnStarted = me =>
                {
                    if (++starts == 1)
                    {
                        me.Ctx.Timers.StartSingle("k", "tick", TimeSpan.FromSeconds(1));
                        me.Ctx.Timers.StartPeriodic("l", "tock", TimeSpan.FromSeconds(1));
                    }
                    else
                    {
                        me.Ctx.Timers.StartPeriodic("l", "new", TimeSpan.FromSeconds(100));
                    }
                },
                OnReceive = (_, _) =>
                {
                    _world.Time.Advance(TimeSpan.FromSeconds(1));
                    throw new InvalidOperationException();
                },
            },
            new ActorOptions { Supervision = SupervisionStrategy.Restart with { BackoffMin = TimeSpan.Zero } });
        actor.Tell("throw");
        _world.Run();
        _world.Advance(5);
        Assert.Equal(["a started", "a:throw", "a stopped", "a started"], _world.Log);
        Assert.Equal(1, _world.Time.TimerCount);
        _world.System.Stop(actor);
        _world.Run();
        Assert.Equal(0, _world.Time.TimerCount);
    }

    [Fact]
    public void Bad_delays_are_bugs()
    {
        Spawn(me => Assert.Throws<CheckFailedException>(() => me.Ctx.Timers.StartPeriodic("k", "x", TimeSpan.Zero)));
        Spawn(me => Assert.Throws<CheckFailedException>(() => me.Ctx.Timers.StartSingle("k", "x", TimeSpan.FromSeconds(-1))), "b");
        _world.Run();
        Assert.Empty(_world.Failures);
    }

    private ActorRef<string> Spawn(Action<Probe> started, string name = "a") =>
        _world.System.Spawn<string>(name, () => new Probe(name, _world.Log)
        {
            OnStarted = started,
            OnReceive = (me, m) =>
            {
                if (m == "cancel")
                {
                    me.Ctx.Timers.CancelAll();
                }
            },
        });

    private int Ticks() => _world.Log.Count(l => l == "a:tick");
}
