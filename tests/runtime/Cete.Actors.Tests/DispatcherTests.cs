using System.Collections.Concurrent;
using Cete.Core;

namespace Cete.Actors.Tests;

public sealed class DispatcherTests
{
    /// <summary>A bound for what takes milliseconds: reached only if it never comes.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(99)]
    public void The_same_seed_gives_the_same_trace(ulong seed)
    {
        Assert.Equal(Trace(seed), Trace(seed));
        Assert.NotEqual(Trace(seed), Trace(seed + 1));
    }

    /// <summary>Pinned, so that two processes are compared and not two runs in one.</summary>
    [Fact]
    public void A_trace_is_the_same_in_every_process()
    {
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Trace(1)));
        Assert.Equal("e9e38c02377f21e1", Convert.ToHexStringLower(hash.AsSpan(0, 8)));
    }

    [Fact]
    public void RunUntilIdle_has_a_bound()
    {
        var world = new World();
        ActorRef<string>? self = null;
        self = world.Probe("a", (_, m) => self!.Tell(m));
        self.Tell("x");
        Assert.Throws<CheckFailedException>(() => world.Dispatcher.RunUntilIdle(100));
        Assert.Equal(1, world.Dispatcher.ReadyCount);
    }

    [Theory]
    [InlineData(MailboxOverflow.Reject)]
    [InlineData(MailboxOverflow.DropOldest)]
    public async Task On_the_pool_each_sender_is_heard_in_order_at_most_once_and_by_one_turn_at_a_time(MailboxOverflow overflow)
    {
        const int senders = 4;
        const int each = 50_000;
        var lost = 0;
        var bad = 0;
        var busy = 0;
        var next = new int[senders + 1];
        var handled = 0;
        var done = new TaskCompletionSource();
        await using var system = new ActorSystem("s", new ActorSystemOptions { DeadLetters = _ => Interlocked.Increment(ref lost) });
        var sink = system.Spawn("sink", () => new Lambda<(int Sender, int Number)>(m =>
        {
            bad += Interlocked.Exchange(ref busy, 1) | (m.Number < next[m.Sender] ? 1 : 0);
            next[m.Sender] = m.Number + 1;
            handled++;
            Volatile.Write(ref busy, 0);
            if (m.Sender == senders)
            {
                done.SetResult();
            }
        }), new ActorOptions { MailboxCapacity = 512, Overflow = overflow });
        var threads = Enumerable.Range(0, senders).Select(s => new Thread(() =>
        {
            for (var i = 0; i < each; i++)
            {
                sink.Tell((s, i));
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        while (!sink.Tell((senders, 0)))
        {
            Interlocked.Decrement(ref lost);
            await Task.Yield();
        }

        await done.Task.WaitAsync(Long, Token);
        Assert.Equal(0, bad);
        Assert.Equal((senders * each) + 1, handled + lost);
    }

    [Fact]
    public async Task On_the_pool_a_restart_neither_loses_nor_repeats_others()
    {
        var seen = new List<int>();
        var done = new TaskCompletionSource();
        await using var system = new ActorSystem("s", new ActorSystemOptions());
        var actor = system.Spawn("a", () => new Lambda<int>(m =>
        {
            if (m % 1_000 == 999)
            {
                throw new InvalidOperationException();
            }

            seen.Add(m);
            if (m == 20_000)
            {
                done.SetResult();
            }
        }), new ActorOptions
        {
            MailboxCapacity = 30_000,
            Supervision = SupervisionStrategy.Restart with
            {
                BackoffMin = TimeSpan.FromMilliseconds(1),
                BackoffMax = TimeSpan.FromMilliseconds(2),
                RestartsMax = 100,
            },
        });
        for (var i = 0; i <= 20_000; i++)
        {
            Assert.True(actor.Tell(i));
        }

        await done.Task.WaitAsync(Long, Token);
        Assert.Equal(Enumerable.Range(0, 20_001).Where(m => m % 1_000 != 999), seen);
    }

    [Fact]
    public async Task Ten_thousand_actors_stop_with_their_system()
    {
        var stopped = 0;
        var system = new ActorSystem("s", new ActorSystemOptions());
        for (var i = 0; i < 100; i++)
        {
            var parent = i;
            system.Spawn<string>($"p{i}", () => new Probe($"p{parent}", [])
            {
                OnStarted = me =>
                {
                    for (var c = 0; c < 99; c++)
                    {
                        me.Ctx.Spawn($"c{c}", () => new Probe("c", []) { OnStopped = _ => Interlocked.Increment(ref stopped) });
                    }
                },
                OnStopped = _ => Interlocked.Increment(ref stopped),
            }).Tell("x");
        }

        var last = system.Spawn<ReplyTo<int>>("last", () => new Lambda<ReplyTo<int>>(r => r.Reply(1)));
        await last.AskAsync<ReplyTo<int>, int>(r => r, Long, Token);
        await system.StopAsync().WaitAsync(Long, Token);
        Assert.Equal(10_000, stopped);
    }

    [Fact]
    public async Task Blocking_actors_run_on_threads_of_their_own_and_at_most_so_many_at_once()
    {
        using var dispatcher = new BlockingDispatcher("store", 2);
        var system = new ActorSystem("s", new ActorSystemOptions { Blocking = dispatcher });
        using var both = new Barrier(2);
        var names = new ConcurrentBag<string?>();
        var running = 0;
        var counts = new ConcurrentBag<int>();
        using var all = new CountdownEvent(6);
        for (var i = 0; i < 6; i++)
        {
            system.Spawn($"a{i}", () => new Lambda<string>(_ =>
            {
                counts.Add(Interlocked.Increment(ref running));
                names.Add(Thread.CurrentThread.Name);
                Assert.False(Thread.CurrentThread.IsThreadPoolThread);

                // Two at a time: each turn needs another one beside it.
                both.SignalAndWait(Long, Token);
                Interlocked.Decrement(ref running);
                all.Signal();
            }), new ActorOptions { Dispatcher = system.Blocking }).Tell("x");
        }

        Assert.True(all.Wait(Long, Token));
        Assert.Equal(["store-0", "store-1"], names.Distinct().Order());
        Assert.Equal(2, counts.Max());
        await system.StopAsync().WaitAsync(Long, Token);
    }

    [Fact]
    public async Task A_system_makes_and_ends_its_own_blocking_dispatcher()
    {
        var system = new ActorSystem("s", new ActorSystemOptions { BlockingThreads = 1 });
        var actor = system.Spawn(
            "a",
            () => new Lambda<ReplyTo<string?>>(r => r.Reply(Thread.CurrentThread.Name)),
            new ActorOptions { Dispatcher = system.Blocking });
        Assert.Equal("s-blocking-0", await actor.AskAsync<ReplyTo<string?>, string?>(r => r, Long, Token));
        await system.StopAsync().WaitAsync(Long, Token);
        Assert.True(actor.IsStopped);
    }

    [Fact]
    public void A_dispatcher_owes_turns_until_one_returns_false()
    {
        using var blocking = new BlockingDispatcher("b", 1);
        foreach (var (dispatcher, throughput) in new (IDispatcher, int)[] { (new PoolDispatcher(7), 7), (blocking, 32) })
        {
            var work = new Owed(turns: 3);
            dispatcher.Schedule(work);
            Assert.True(work.Done.Wait(Long, Token));
            Assert.Equal([throughput, throughput, throughput], work.Turns);
        }

        Assert.Throws<CheckFailedException>(() => new PoolDispatcher(0));
        Assert.Throws<CheckFailedException>(() => new BlockingDispatcher("b", 0));
        Assert.Throws<CheckFailedException>(() => new BlockingDispatcher("b", 1_025));
    }

    [Fact]
    public void A_blocking_dispatcher_ends_at_once_also_from_its_own_thread_and_drops_what_waits()
    {
        var dispatcher = new BlockingDispatcher("b", 1);
        var dropped = new Owed(1);
        var work = new Owed(1, () =>
        {
            dispatcher.Schedule(dropped);
            dispatcher.Dispose();
            dispatcher.Dispose();
            dispatcher.Schedule(dropped);
        });
        dispatcher.Schedule(work);
        Assert.True(work.Done.Wait(Long, Token));
        Assert.Empty(dropped.Turns);
    }

    [Fact]
    public void One_step_is_one_message_of_one_actor()
    {
        var world = new World(new StepDispatcher(ready => ready - 1));
        world.Probe("a").Tell("1");
        world.Probe("b").Tell("2");
        Assert.Equal(2, world.Dispatcher.ReadyCount);
        Assert.True(world.Dispatcher.Step());
        Assert.Equal(["b started"], world.Log);
        Assert.True(world.Dispatcher.Step());
        Assert.Equal(["b started", "b:2"], world.Log);
        world.Run();
        Assert.False(world.Dispatcher.Step());
        Assert.Equal(["a started", "a:1"], world.Log.Skip(2));
    }

    private static string Trace(ulong seed)
    {
        var world = new World(seed);
        ActorRef<string>[] actors = [];
        actors = [.. Enumerable.Range(0, 5).Select(i => world.Probe($"{i}", (_, m) =>
        {
            if (m.Length < 6)
            {
                actors[(i * 3 + m.Length) % 5].Tell(m + i);
                actors[(i + 1) % 5].Tell(m + i);
            }
        }))];
        actors[0].Tell("m");
        actors[3].Tell("n");
        world.Run();
        return string.Join(' ', world.Log);
    }

    /// <summary>Work that wants so many turns, and notes what each may handle.</summary>
    private sealed class Owed(int turns, Action? last = null) : IRunnable
    {
        public ManualResetEventSlim Done { get; } = new();

        public ConcurrentQueue<int> Turns { get; } = new();

        public bool Run(int messagesMax)
        {
            Turns.Enqueue(messagesMax);
            if (Turns.Count < turns)
            {
                return true;
            }

            last?.Invoke();
            Done.Set();
            return false;
        }
    }

    private sealed class Lambda<T>(Action<T> receive) : Actor<T>
    {
        protected override void Receive(T message) => receive(message);
    }
}
