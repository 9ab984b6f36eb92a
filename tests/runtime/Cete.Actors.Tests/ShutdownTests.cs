using Cete.Core;

namespace Cete.Actors.Tests;

public sealed class ShutdownTests
{
    private readonly World _world = new();
    private readonly List<string> _order = [];

    [Fact]
    public async Task Phases_run_in_order_and_the_actors_stop_in_the_last()
    {
        var actor = _world.Probe("a");
        _world.Run();
        Add(CoordinatedShutdown.ClusterExit, "leave");
        Add(CoordinatedShutdown.Unbind, "unbind 1");
        Add(CoordinatedShutdown.Unbind, "unbind 2");
        Add(CoordinatedShutdown.ActorSystemTerminate, "last");
        var stop = _world.System.StopAsync();
        Assert.Same(stop, _world.System.StopAsync());
        await Done(stop);
        Assert.Equal(["unbind 1", "unbind 2", "leave", "last"], _order);
        Assert.True(actor.IsStopped);
        Assert.Throws<ActorStoppedException>(() => _world.Probe("b"));
        Assert.Throws<ActorStoppedException>(() => Add(CoordinatedShutdown.Unbind, "late"));
        await _world.System.DisposeAsync();
    }

    [Fact]
    public async Task A_late_task_and_a_failing_one_are_reported_and_passed_over()
    {
        var cancelled = false;
        _world.System.Shutdown.Add(CoordinatedShutdown.Unbind, "stuck", token =>
        {
            token.Register(() => cancelled = true);
            return new TaskCompletionSource().Task;
        });
        _world.System.Shutdown.Add(CoordinatedShutdown.ServiceStop, "broken", _ => throw new FormatException());
        Add(CoordinatedShutdown.ClusterExit, "leave");
        var stop = _world.System.StopAsync();
        Assert.Empty(_order);
        _world.Advance(5);
        await Done(stop);
        Assert.True(cancelled);
        Assert.Equal(["leave"], _order);
        Assert.Equal([typeof(TimeoutException), typeof(FormatException)], _world.Failures.Select(f => f.Cause.GetType()));
        Assert.Contains("'stuck' of phase service-unbind", _world.Failures[0].Cause.Message, StringComparison.Ordinal);
        Assert.All(_world.Failures, f => Assert.Null(f.Actor));
    }

    [Fact]
    public async Task Actors_that_do_not_stop_hold_up_nobody_for_ever()
    {
        _world.Probe("a");
        var stop = _world.System.StopAsync();
        _world.Time.Advance(TimeSpan.FromSeconds(10));
        await stop.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Contains("actors", Assert.Single(_world.Failures).Cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_phases_are_refused() => Assert.Throws<ArgumentException>(() => Add("no such phase", "x"));

    [Fact]
    public async Task The_tasks_of_a_phase_run_side_by_side()
    {
        var other = new TaskCompletionSource();
        _world.System.Shutdown.Add(CoordinatedShutdown.Unbind, "waits for the other", _ => other.Task);
        _world.System.Shutdown.Add(CoordinatedShutdown.Unbind, "the other", _ =>
        {
            other.SetResult();
            return Task.CompletedTask;
        });
        await Done(_world.System.StopAsync());
        Assert.Empty(_world.Failures);
    }

    [Fact]
    public async Task Phases_may_be_ones_own_but_not_without_name_or_deadline()
    {
        var second = TimeSpan.FromSeconds(1);
        ActorSystem Make(params ShutdownPhase[] phases) =>
            new("s", new ActorSystemOptions { Default = _world.Dispatcher, Clock = _world.Time, ShutdownPhases = phases });
        Assert.Throws<CheckFailedException>(() => Make());
        Assert.Throws<CheckFailedException>(() => Make(new ShutdownPhase("a", second), new ShutdownPhase("a", second)));
        Assert.Throws<CheckFailedException>(() => Make(new ShutdownPhase("a", TimeSpan.Zero)));
        Assert.Throws<CheckFailedException>(() => Make(new ShutdownPhase("a", Timeout.InfiniteTimeSpan)));
        var system = Make(new ShutdownPhase("a", second), new ShutdownPhase("b", second));
        system.Shutdown.Add("b", "b", _ => Task.Run(() => _order.Add("b"), TestContext.Current.CancellationToken));
        await Done(system.StopAsync());
        Assert.Equal(["b"], _order);
        Assert.Equal(
            ["service-unbind", "service-requests-done", "service-stop", "cluster-exiting", "actor-system-terminate"],
            CoordinatedShutdown.DefaultPhases.Select(p => p.Name));
    }

    private void Add(string phase, string name) => _world.System.Shutdown.Add(phase, name, _ =>
    {
        _order.Add(name);
        return Task.CompletedTask;
    });

    /// <summary>Phases may go on over the thread pool, so the actors are stepped until the end is there.</summary>
    private async Task Done(Task stop)
    {
        while (!stop.IsCompleted)
        {
            _world.Run();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await stop;
    }
}
