using System.Globalization;
using Cete.Actors;
using Cete.Core;
using Cete.Samples.Actors;

// The same actors twice: on the thread pool, and step by step on this thread. dotnet run --project samples/actors [-- SEED]
var seed = args.Length > 0 ? ulong.Parse(args[0], CultureInfo.InvariantCulture) : 42;

Console.WriteLine("On the thread pool, in real time. Who is first may differ from run to run:");
(await OnThePoolAsync()).ForEach(Console.WriteLine);

Console.WriteLine($"Step by step, in virtual time, in an order drawn from seed {seed}:");
var trace = await StepByStepAsync(seed);
trace.ForEach(Console.WriteLine);

var again = await StepByStepAsync(seed);
Console.WriteLine(again.SequenceEqual(trace) ? "Once more from that seed: the same trace." : "Once more from that seed: ANOTHER TRACE!");

static async Task<List<string>> OnThePoolAsync()
{
    List<string> trace = [];
    var (system, served) = Open(new ActorSystemOptions(), trace);
    await served;
    await system.StopAsync();
    return trace;
}

static async Task<List<string>> StepByStepAsync(ulong seed)
{
    // Clock, dispatcher and seed are handed in; the actors cannot tell the difference.
    List<string> trace = [];
    var time = new VirtualTime();
    var dispatcher = new StepDispatcher(new Prng(seed));
    var (system, served) = Open(new ActorSystemOptions { Clock = time, Default = dispatcher, Seed = seed }, trace);
    dispatcher.RunUntilIdle();
    while (!served.IsCompleted)
    {
        time.FireNext();
        dispatcher.RunUntilIdle();
    }

    var stopped = system.StopAsync();
    dispatcher.RunUntilIdle();
    await stopped;
    return trace;
}

static (ActorSystem System, Task Served) Open(ActorSystemOptions options, List<string> trace)
{
    var start = options.Clock.GetTimestamp();
    void Say(string line)
    {
        // On the pool several actors may speak at once.
        lock (trace)
        {
            trace.Add(string.Create(CultureInfo.InvariantCulture, $"  {options.Clock.GetElapsedTime(start).TotalSeconds:0.0} s  {line}"));
        }
    }

    // The system hears of each failure, whatever its supervision answers, and of each message that found no reader.
    var system = new ActorSystem("shop", options with
    {
        Failures = failure => Say($"kernel: {failure.Actor?.Name} failed ({failure.Cause.Message}), answer: {failure.Answer}"),
        DeadLetters = letter => Say($"kernel: a dead letter to {letter.Recipient.Name}: {letter.Message?.GetType().Name} ({letter.Reason})"),
    });
    var open = 3;
    var served = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    void Served()
    {
        if (Interlocked.Decrement(ref open) == 0)
        {
            served.SetResult();
        }
    }

    var desk = system.Spawn("desk", () => new Desk(Say));
    system.Spawn("ada", () => new Customer("ada", desk, ["a letter", "crumpled paper"], Say, Served));
    system.Spawn("ben", () => new Customer("ben", desk, ["a poster", "crumpled paper"], Say, Served));
    system.Spawn("eve", () => new Customer("eve", desk, ["a map", "a book"], Say, Served));

    // A shutdown has phases; the actors stop in the last one.
    system.Shutdown.Add(CoordinatedShutdown.Unbind, "door", _ => Note("the door is shut"));
    system.Shutdown.Add(CoordinatedShutdown.ServiceStop, "lights", _ => Note("the lights go out"));
    return (system, served.Task);

    Task Note(string line)
    {
        Say($"shutdown: {line}");
        return Task.CompletedTask;
    }
}
