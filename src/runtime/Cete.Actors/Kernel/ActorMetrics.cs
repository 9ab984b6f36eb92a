using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Cete.Actors;

/// <summary>The source of the kernel's spans.</summary>
internal static class ActorTrace
{
    internal static readonly ActivitySource Source = new(ActorSystem.InstrumentationName);
}

/// <summary>
/// The instruments of one system; all systems share the meter and differ in the tag. Nothing is measured unless somebody listens.
/// </summary>
internal sealed class ActorMetrics(string system, TimeProvider clock)
{
    private const int SampleEvery = 64;

    private static readonly Meter Meter = new(ActorSystem.InstrumentationName);

    private static readonly UpDownCounter<long> Actors =
        Meter.CreateUpDownCounter<long>("cete.actors.count", "{actor}", "Actors spawned and not stopped.");

    private static readonly Counter<long> Messages =
        Meter.CreateCounter<long>("cete.actors.messages", "{message}", "Messages handled, those that threw included.");

    private static readonly Histogram<int> Length =
        Meter.CreateHistogram<int>("cete.actors.mailbox.length", "{message}", "Messages that an actor finds at the beginning of a turn.");

    private static readonly Histogram<double> Latency =
        Meter.CreateHistogram<double>("cete.actors.latency", "s", "From Tell to Receive, of every 64th message of an actor.");

    private static readonly Counter<long> Restarts = Meter.CreateCounter<long>("cete.actors.restarts", "{restart}", "Instances replaced.");

    private static readonly Counter<long> DeadLetters =
        Meter.CreateCounter<long>("cete.actors.dead_letters", "{message}", "Messages without a reader.");

    /// <summary>Somebody measures latencies: asked before anything else, so that nobody's sending pays for it.</summary>
    internal static bool MeasuresLatency => Latency.Enabled;

    private readonly KeyValuePair<string, object?> _tag = new("cete.actors.system", system);

    internal void Count(int change) => Actors.Add(change, _tag);

    internal void Handled(int messages)
    {
        if (messages > 0 && Messages.Enabled)
        {
            Messages.Add(messages, _tag);
        }
    }

    internal void TurnBegins(ActorCell cell)
    {
        if (Length.Enabled)
        {
            Length.Record(cell.MailboxCount, _tag);
        }
    }

    /// <summary>
    /// What goes with a message: the sender's activity, the asker, and for one message in so many of each actor the time.
    /// </summary>
    internal Note? NoteOf(long number, IAsker? asker)
    {
        var trace = ActorTrace.Source.HasListeners() ? Activity.Current : null;
        var stamp = MeasuresLatency && number % SampleEvery == 0 ? Math.Max(1, clock.GetTimestamp()) : 0;
        return trace is null && stamp == 0 && asker is null ? null : new Note(trace, stamp, asker);
    }

    internal void Waited(long stamp)
    {
        if (stamp != 0)
        {
            Latency.Record(clock.GetElapsedTime(stamp).TotalSeconds, _tag);
        }
    }

    internal void Restarted() => Restarts.Add(1, _tag);

    internal void Lost() => DeadLetters.Add(1, _tag);
}
