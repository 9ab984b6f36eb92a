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
}
