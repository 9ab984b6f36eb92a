namespace Cete.Actors.Tests;

public sealed class MailboxTests
{
    private readonly World _world = new();

    [Fact]
    public void Reject_refuses_exactly_beyond_the_capacity()
    {
        var actor = _world.Probe("a", options: new ActorOptions { MailboxCapacity = 3 });
        Assert.Equal([true, true, true, false], new[] { "1", "2", "3", "4" }.Select(actor.Tell));
        _world.Dispatcher.Step();
        Assert.False(actor.Tell("5"));
        _world.Dispatcher.Step();
        Assert.True(actor.Tell("6"));
        _world.Run();
        Assert.Equal(["a started", "a:1", "a:2", "a:3", "a:6"], _world.Log);
        Assert.All(_world.DeadLetters, d => Assert.Equal(DeadLetterReason.MailboxFull, d.Reason));
        Assert.Equal(["4", "5"], _world.DeadLetters.Select(d => d.Message));
        Assert.Same(actor, _world.DeadLetters[0].Recipient);
    }

    [Fact]
    public void DropNewest_accepts_and_loses_the_new_one()
    {
        var actor = _world.Probe("a", options: new ActorOptions { MailboxCapacity = 2, Overflow = MailboxOverflow.DropNewest });
        Assert.All(new[] { "1", "2", "3" }, m => Assert.True(actor.Tell(m)));
        _world.Run();
        Assert.Equal(["a started", "a:1", "a:2"], _world.Log);
        Assert.Equal(DeadLetterReason.Dropped, Assert.Single(_world.DeadLetters).Reason);
        Assert.Equal("3", _world.DeadLetters[0].Message);
    }

    [Fact]
    public void DropOldest_keeps_the_latest()
    {
        var actor = _world.Probe("a", options: new ActorOptions { MailboxCapacity = 2, Overflow = MailboxOverflow.DropOldest });
        for (var i = 1; i <= 9; i++)
        {
            Assert.True(actor.Tell($"{i}"));
        }

        _world.Run();
        Assert.Equal(["a started", "a:8", "a:9"], _world.Log);
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], _world.DeadLetters.Select(d => d.Message));
    }

    /// <summary>Bursts of every size up to one that links several rings, with the reader behind by every distance.</summary>
    [Theory]
    [InlineData(MailboxOverflow.Reject)]
    [InlineData(MailboxOverflow.DropOldest)]
    public void Order_survives_growth_wrap_and_idling(MailboxOverflow overflow)
    {
        var seen = 0;
        var dispatcher = new StepDispatcher(_ => 0);
        var system = new ActorSystem("s", new ActorSystemOptions { Default = dispatcher });
        var actor = system.Spawn("a", () => new Counter(n => Assert.Equal(seen++, n)), new ActorOptions { Overflow = overflow });
        var sent = 0;
        for (var burst = 1; burst < 200; burst++)
        {
            for (var i = 0; i < burst; i++)
            {
                Assert.True(actor.Tell(sent++));
            }

            for (var i = 0; i < burst * 2 / 3; i++)
            {
                dispatcher.Step();
            }

            if (burst % 10 == 0)
            {
                dispatcher.RunUntilIdle();
            }
        }

        dispatcher.RunUntilIdle();
        Assert.Equal(sent, seen);
        Assert.False(actor.IsStopped);
    }

    [Fact]
    public void A_ring_that_was_needed_once_is_given_up_after_long_quiet_use()
    {
        var dispatcher = new StepDispatcher(_ => 0);
        var system = new ActorSystem("s", new ActorSystemOptions { Default = dispatcher });
        var seen = 0;
        var inOrder = true;
        var actor = system.Spawn("a", () => new Counter(n => inOrder &= seen++ == n));
        var sent = 0;
        for (; sent < 1_000; sent++)
        {
            actor.Tell(sent);
        }

        dispatcher.RunUntilIdle();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (; sent < 200_000; sent++)
        {
            actor.Tell(sent);
            dispatcher.Step();
        }

        // Giving up and making rings again must cost next to nothing a message.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.True(inOrder);
        Assert.Equal(sent, seen);
    }

    [Fact]
    public void A_message_allocates_nothing()
    {
        var dispatcher = new StepDispatcher(_ => 0);
        var system = new ActorSystem("s", new ActorSystemOptions { Default = dispatcher });
        var actor = system.Spawn("a", () => new Counter(_ => { }));
        for (var i = 0; i < 1_000; i++)
        {
            actor.Tell(i);
            dispatcher.Step();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            actor.Tell(i);
            dispatcher.Step();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    /// <summary>Everything that a spawned and started actor has ever allocated, its name and its place among its siblings included.</summary>
    [Fact]
    public void An_actor_is_small()
    {
        const int actors = 10_000;
        var dispatcher = new StepDispatcher(n => n - 1);
        var system = new ActorSystem("s", new ActorSystemOptions { Default = dispatcher });
        Func<Actor<int>> factory = static () => new Counter(static _ => { });
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < actors; i++)
        {
            system.Spawn($"actor{i}", factory);
            dispatcher.Step();
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / actors, 0, 550);
    }

    private sealed class Counter(Action<int> seen) : Actor<int>
    {
        protected override void Receive(int message) => seen(message);
    }
}
