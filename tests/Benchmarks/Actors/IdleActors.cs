using Cete.Actors;

namespace Cete.Benchmarks.Actors;

/// <summary>What a million actors hold in memory while they wait, their names and instances included; in a process of its own.</summary>
internal static class IdleActors
{
    public const string Argument = "actors-idle";

    private const int Actors = 1_000_000;

    /// <param name="messages">How many messages each has handled before it is weighed.</param>
    public static async Task<double> WeighAsync(int messages)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var system = new ActorSystem("bench", new ActorSystemOptions());
        using var started = new CountdownEvent(Actors);
        using var handled = new CountdownEvent(Math.Max(1, Actors * messages));
        Func<Actor<Letter>> factory = () => new Idler(started, handled);
        var actors = new ActorRef<Letter>[Actors];
        for (var i = 0; i < Actors; i++)
        {
            actors[i] = system.Spawn($"actor-{i}", factory);
        }

        started.Wait();
        for (var i = 0; i < messages; i++)
        {
            Array.ForEach(actors, actor => actor.Tell(Letter.Only));
        }

        if (messages > 0)
        {
            handled.Wait();
        }

        var held = GC.GetTotalMemory(forceFullCollection: true) - before - ((long)Actors * IntPtr.Size);
        GC.KeepAlive(actors);
        return held / (double)Actors;
    }

    private sealed class Idler(CountdownEvent started, CountdownEvent handled) : Actor<Letter>
    {
        protected override void Started() => started.Signal();

        protected override void Receive(Letter message) => handled.Signal();
    }
}
