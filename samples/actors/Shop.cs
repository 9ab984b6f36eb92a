using Cete.Actors;

namespace Cete.Samples.Actors;

// A print shop: customers ask the desk, the desk hands the jobs to its printers, and a printer answers the customer.

/// <summary>What the desk understands.</summary>
internal abstract record DeskMessage;

internal sealed record Order(string Text, ReplyTo<string> Reply) : DeskMessage;

internal sealed record CountOrders : DeskMessage;

/// <summary>What a printer understands.</summary>
internal abstract record PrinterMessage;

internal sealed record Job(string Text, ReplyTo<string> Reply) : PrinterMessage;

internal sealed record Printed(Job Job) : PrinterMessage;

/// <summary>What a customer understands: the answers to its own questions, as messages.</summary>
internal sealed record Answer(string Text);

/// <summary>Spawns the printers, hands out jobs in turn, and hears when a printer is gone for good.</summary>
internal sealed class Desk(Action<string> say) : Actor<DeskMessage>
{
    // A printer that fails starts afresh after 100 ms; the second failure within a minute stops it.
    private static readonly ActorOptions PrinterOptions = new()
    {
        Supervision = SupervisionStrategy.Restart with { RestartsMax = 1, BackoffMin = TimeSpan.FromMilliseconds(100), JitterPercent = 0 },
    };

    private ActorPool<PrinterMessage>? _printers;
    private int _orders;

    protected override void Started()
    {
        // Children stop before their parent does. A pool is a router without a hop: the sender picks the member.
        var printers = ActorPool.Spawn(2, "printer", name => Context.Spawn(name, () => new Printer(name, say), PrinterOptions));
        Array.ForEach(printers, Context.Watch);
        _printers = ActorPool.RoundRobin(printers);
        Context.Timers.StartPeriodic("count", new CountOrders(), TimeSpan.FromMilliseconds(400));
    }

    protected override void Receive(DeskMessage message)
    {
        switch (message)
        {
            case Order order:
                _orders++;
                _printers!.Tell(new Job(order.Text, order.Reply));
                break;
            case CountOrders:
                say($"desk: {_orders} orders so far");
                break;
        }
    }

    protected override void Signal(Signal signal)
    {
        if (signal is Terminated gone)
        {
            say($"desk: {gone.Actor.Name} is gone, the pool passes it over");
        }
    }

    protected override void Stopped() => say("desk: closed");
}

/// <summary>Prints one job at a time, 150 ms each. It never waits: a timer brings the end of a job, and the stash keeps the others.</summary>
internal sealed class Printer(string name, Action<string> say) : Actor<PrinterMessage>
{
    private bool _isBusy;

    protected override void Started() => say($"{name}: ready");

    protected override void Receive(PrinterMessage message)
    {
        switch (message)
        {
            case Job when _isBusy:
                Context.Stash(message);
                break;
            case Job { Text: "crumpled paper" }:
                // The kernel throws this instance away and makes another; mailbox and stash stay, this job is lost.
                say($"{name}: jammed");
                throw new InvalidOperationException("paper jam");
            case Job job:
                _isBusy = true;
                Context.Timers.StartSingle("job", new Printed(job), TimeSpan.FromMilliseconds(150));
                break;
            case Printed printed:
                _isBusy = false;
                printed.Job.Reply.Reply($"{printed.Job.Text}, printed by {name}");
                Context.UnstashAll();
                break;
        }
    }

    protected override void Stopped() => say($"{name}: off");
}

/// <summary>Asks for all its jobs at once; each question ends, by its answer or by its deadline.</summary>
internal sealed class Customer(string name, ActorRef<DeskMessage> desk, string[] jobs, Action<string> say, Action served) : Actor<Answer>
{
    private int _open = jobs.Length;

    protected override void Started()
    {
        foreach (var job in jobs)
        {
            Context.Ask<DeskMessage, string>(
                desk,
                reply => new Order(job, reply),
                deadline: TimeSpan.FromSeconds(1),
                reply: text => new Answer(text),
                failure: _ => new Answer($"no word about {job} within a second"));
        }
    }

    protected override void Receive(Answer message)
    {
        say($"{name}: {message.Text}");
        if (--_open == 0)
        {
            served();
        }
    }
}
