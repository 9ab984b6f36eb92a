using Cete.Actors;
using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.WorldTests;

/// <summary>Actors of the runtime run in a simulated process as they do in a real one.</summary>
public sealed class ActorTests
{
    [Fact]
    public void Actors_take_turns_in_the_world_s_time_and_end_with_their_process()
    {
        var world = new SimWorld(1);
        var host = world.AddHost(host => new Beats(host));
        world.Start(host);
        world.RunFor(TimeSpan.FromSeconds(5.5));
        var beats = host.ProcessAs<Beats>();
        Assert.Equal([1, 2, 3, 4, 5], beats.At);

        world.Pause(host, TimeSpan.FromSeconds(3));
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(5, beats.At.Count);
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.True(beats.At.Count > 5 && beats.At[5] == 8.5);

        var count = beats.At.Count;
        world.Crash(host);
        world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(count, beats.At.Count);
    }

    [Fact]
    public void The_order_of_turns_comes_from_the_seed()
    {
        var orders = Enumerable.Range(0, 20).Select(seed => Order((ulong)seed)).ToList();
        Assert.Equal(orders, Enumerable.Range(0, 20).Select(seed => Order((ulong)seed)));
        Assert.True(orders.Distinct().Count() > 5);
    }

    [Fact]
    public void A_failed_check_ends_the_run_and_a_stopping_disk_ends_the_process()
    {
        var world = new SimWorld(1);
        var host = world.AddHost(host => new Beats(host) { Failure = () => new CheckFailedException("a bug") });
        world.Start(host);
        Assert.IsType<CheckFailedException>(Assert.Throws<SimulationException>(() => world.RunFor(TimeSpan.FromSeconds(2))).InnerException);

        host = world.AddHost(host => new Beats(host) { Failure = () => new SimStoppedException() });
        world.Start(host);
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.False(host.IsRunning);
    }

    private static string Order(ulong seed)
    {
        var world = new SimWorld(seed);
        var host = world.AddHost(host => new Beats(host));
        world.Start(host);
        var order = new List<int>();
        var system = new ActorSystem("many", SimDispatcher.OptionsFor(host));
        foreach (var number in Enumerable.Range(0, 5))
        {
            system.Spawn($"{number}", () => new Voice(() => order.Add(number))).Tell(0);
        }

        world.RunFor(TimeSpan.FromMilliseconds(1));
        return string.Concat(order);
    }

    private sealed class Beats(SimHost host) : ISimProcess
    {
        public List<double> At { get; } = [];

        public Func<Exception>? Failure { get; init; }

        public void Start() => new ActorSystem("beats", SimDispatcher.OptionsFor(host)).Spawn("heart", () => new Heart(Beat));

        private void Beat()
        {
            At.Add(host.World.Elapsed.TotalSeconds);
            if (Failure is not null)
            {
                throw Failure();
            }
        }
    }

    private sealed class Heart(Action beat) : Actor<int>
    {
        protected override void Started() => Context.Timers.StartPeriodic("beat", 0, TimeSpan.FromSeconds(1));

        protected override void Receive(int message) => beat();
    }

    private sealed class Voice(Action speak) : Actor<int>
    {
        protected override void Receive(int message) => speak();
    }
}
