using Cete.Core;

namespace Cete.Actors.Tests;

/// <summary>A system under full control: stepped actors, manual time, and lists of what was reported.</summary>
internal sealed class World
{
    public World(ulong seed = 1)
        : this(new StepDispatcher(new Prng(seed)))
    {
    }

    public World(StepDispatcher dispatcher)
    {
        Dispatcher = dispatcher;
        System = new ActorSystem("test", new ActorSystemOptions
        {
            Clock = Time,
            Default = dispatcher,
            Blocking = dispatcher,
            DeadLetters = DeadLetters.Add,
            Failures = Failures.Add,
        });
    }

    public StepDispatcher Dispatcher { get; }

    public ManualTime Time { get; } = new();

    public ActorSystem System { get; }

    public List<DeadLetter> DeadLetters { get; } = [];

    public List<ActorFailure> Failures { get; } = [];

    /// <summary>What probes have seen.</summary>
    public List<string> Log { get; } = [];

    public ActorRef<string> Probe(string name, Action<Probe, string>? receive = null, ActorOptions? options = null) =>
        System.Spawn(name, () => new Probe(name, Log) { OnReceive = receive }, options);

    public void Run() => Dispatcher.RunUntilIdle();

    public void Advance(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        Run();
    }
}

/// <summary>An actor that writes down its life: "name:message", "name started", "name stopped", "name saw path".</summary>
internal sealed class Probe(string name, List<string> log) : Actor<string>
{
    public Action<Probe, string>? OnReceive { get; init; }

    public Action<Probe>? OnStarted { get; init; }

    public Action<Probe>? OnStopped { get; init; }

    public ActorContext<string> Ctx => Context;

    protected override void Started()
    {
        log.Add($"{name} started");
        OnStarted?.Invoke(this);
    }

    protected override void Receive(string message)
    {
        log.Add($"{name}:{message}");
        OnReceive?.Invoke(this, message);
    }

    protected override void Signal(Signal signal)
    {
        if (signal is Terminated terminated)
        {
            log.Add($"{name} saw {terminated.Actor.Name}");
        }
    }

    protected override void Stopped()
    {
        log.Add($"{name} stopped");
        OnStopped?.Invoke(this);
    }
}
