using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Cete.Actors.Tests;

public sealed class InstrumentTests
{
    private readonly World _world = new();

    [Fact]
    public void The_meter_counts_actors_messages_restarts_dead_letters_and_samples_waiting()
    {
        var sums = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, me) =>
            {
                if (instrument.Meter.Name == ActorSystem.InstrumentationName)
                {
                    me.EnableMeasurementEvents(instrument);
                }
            },
        };

        // Other tests run beside this one in systems of other names.
        var dispatcher = new StepDispatcher(_ => 0);
        var time = new ManualTime();
        var system = new ActorSystem("measured", new ActorSystemOptions { Default = dispatcher, Clock = time });
        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags[0].Value is "measured")
            {
                sums[instrument.Name] = sums.GetValueOrDefault(instrument.Name) + value;
            }
        }

        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Add(i, v, tags));
        listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Add(i, v, tags));
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Add(i, v, tags));
        listener.Start();

        var actor = system.Spawn<string>(
            "a",
            () => new Probe("a", []) { OnReceive = (_, _) => throw new InvalidOperationException() },
            new ActorOptions { Supervision = SupervisionStrategy.Restart with { BackoffMin = TimeSpan.Zero }, MailboxCapacity = 3 });
        system.Spawn<string>("b", () => new Probe("b", []));
        for (var i = 0; i < 4; i++)
        {
            actor.Tell("x");
        }

        time.Advance(TimeSpan.FromSeconds(2));
        dispatcher.RunUntilIdle();
        Assert.Equal(2, sums["cete.actors.count"]);
        Assert.Equal(3, sums["cete.actors.messages"]);
        Assert.Equal(3, sums["cete.actors.restarts"]);
        Assert.Equal(1, sums["cete.actors.dead_letters"]);
        Assert.Equal(2, sums["cete.actors.latency"], 3);
        Assert.True(sums["cete.actors.mailbox.length"] > 0);
        system.Stop(actor);
        dispatcher.RunUntilIdle();
        Assert.Equal(1, sums["cete.actors.count"]);
    }

    [Fact]
    public void A_trace_goes_from_sender_to_receiver_and_on()
    {
        using var source = new ActivitySource("Cete.Actors.Tests");
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is ActorSystem.InstrumentationName or "Cete.Actors.Tests",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        var seen = new List<(string Actor, Activity? Current)>();
        var second = _world.Probe("b", (_, _) => seen.Add(("b", Activity.Current)));
        var first = _world.Probe("a", (_, m) =>
        {
            seen.Add(("a", Activity.Current));
            second.Tell(m);
        });

        ActivityTraceId trace;
        using (var root = source.StartActivity("root"))
        {
            Assert.NotNull(root);
            trace = root.TraceId;
            first.Tell("x");
        }

        _world.Run();
        Assert.Equal(["a", "b"], seen.Select(s => s.Actor));
        Assert.All(seen, s => Assert.Equal(trace, s.Current?.TraceId));
        Assert.Equal("test/b", seen[1].Current!.GetTagItem("cete.actor.path"));
        Assert.Equal(seen[0].Current!.SpanId, seen[1].Current!.ParentSpanId);
        Assert.Null(Activity.Current);

        first.Tell("untraced");
        _world.Run();
        Assert.Null(seen[^1].Current);
    }

    [Fact]
    public void A_trace_comes_back_with_a_stashed_message()
    {
        using var source = new ActivitySource("Cete.Actors.Tests.Stash");
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is ActorSystem.InstrumentationName or "Cete.Actors.Tests.Stash",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        var seen = new List<(string Message, ActivityTraceId? Trace)>();
        var actor = _world.Probe("a", (me, m) =>
        {
            seen.Add((m, Activity.Current?.TraceId));
            if (m == "open")
            {
                me.Ctx.UnstashAll();
            }
            else if (seen.Count == 1)
            {
                me.Ctx.Stash(m);
            }
        });
        ActivityTraceId trace;
        using (var root = source.StartActivity("root"))
        {
            trace = root!.TraceId;
            actor.Tell("x");
        }

        actor.Tell("open");
        _world.Run();
        Assert.Equal([("x", trace), ("open", null), ("x", trace)], seen);
    }

    [Fact]
    public void Dead_letters_are_counted_without_a_callback_and_with_a_broken_one()
    {
        foreach (var sink in new Action<DeadLetter>?[] { null, _ => throw new FormatException() })
        {
            var dispatcher = new StepDispatcher(_ => 0);
            var system = new ActorSystem("s", new ActorSystemOptions { Default = dispatcher, DeadLetters = sink });
            var actor = system.Spawn<string>("a", () => new Probe("a", []));
            system.Stop(actor);
            dispatcher.RunUntilIdle();
            Assert.False(actor.Tell("x"));
            Assert.Equal(1, system.DeadLetterCount);
        }
    }
}
