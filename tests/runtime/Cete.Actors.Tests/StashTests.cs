namespace Cete.Actors.Tests;

public sealed class StashTests
{
    private readonly World _world = new();

    [Fact]
    public void Stashed_messages_come_back_in_order_before_the_mailbox()
    {
        var open = false;
        var actor = _world.Probe("a", (me, m) =>
        {
            if (m == "open")
            {
                open = true;
                me.Ctx.UnstashAll();
            }
            else if (!open)
            {
                Assert.True(me.Ctx.Stash(m));
            }
        });
        foreach (var m in new[] { "1", "2", "open", "3" })
        {
            actor.Tell(m);
        }

        _world.Run();
        Assert.Equal(["a started", "a:1", "a:2", "a:open", "a:1", "a:2", "a:3"], _world.Log);
    }

    [Fact]
    public void What_is_stashed_again_while_coming_back_keeps_its_place()
    {
        var round = 0;
        var actor = _world.Probe("a", (me, m) =>
        {
            if (m == "go")
            {
                round++;
                me.Ctx.UnstashAll();
            }
            else if (round == 0 || (round == 1 && m == "1"))
            {
                me.Ctx.Stash(m);
                if (round == 1)
                {
                    round++;
                    me.Ctx.UnstashAll();
                }
            }
        });
        foreach (var m in new[] { "1", "2", "go", "3" })
        {
            actor.Tell(m);
        }

        _world.Run();
        Assert.Equal(["a:go", "a:1", "a:1", "a:2", "a:3"], _world.Log.Skip(3));
    }

    [Fact]
    public void The_stash_is_bounded_also_across_unstashing()
    {
        var results = new List<bool>();
        var actor = _world.Probe("a", (me, m) => results.Add(me.Ctx.Stash(m)), new ActorOptions { StashCapacity = 2 });
        actor.Tell("1");
        actor.Tell("2");
        actor.Tell("3");
        _world.Run();
        Assert.Equal([true, true, false], results);
        var lost = Assert.Single(_world.DeadLetters);
        Assert.Equal((DeadLetterReason.StashFull, "3"), (lost.Reason, lost.Message));
    }

    [Fact]
    public void A_restart_unstashes_and_a_stop_makes_dead_letters()
    {
        var actor = _world.Probe(
            "a",
            (me, m) =>
            {
                if (m == "throw")
                {
                    throw new InvalidOperationException();
                }

                me.Ctx.Stash(m);
            },
            new ActorOptions { Supervision = SupervisionStrategy.Restart with { BackoffMin = TimeSpan.Zero } });
        actor.Tell("1");
        actor.Tell("2");
        actor.Tell("throw");
        actor.Tell("3");
        _world.Run();
        Assert.Equal(["a started", "a:1", "a:2", "a:3"], _world.Log.Skip(5));
        _world.System.Stop(actor);
        _world.Run();
        Assert.Equal(["1", "2", "3"], _world.DeadLetters.Select(d => d.Message));
    }
}
