using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using Cete.Actors;

namespace Cete.Benchmarks.Actors;

/// <summary>
/// A million messages from their senders to one reader: an actor on the thread pool against a bare unbounded channel with a single
/// reader. The actor's mailbox has a bound that is not reached, since the channel has none.
/// </summary>
public class TellToReceive
{
    private const int Messages = 1_000_000;

    private readonly Channel<Letter> _channel = Channel.CreateUnbounded<Letter>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Rounds _rounds = new(Messages);
    private ActorSystem _system = null!;
    private ActorRef<Letter> _actor = null!;
    private Task _reading = Task.CompletedTask;

    /// <summary>Threads that send, the measuring one among them.</summary>
    [Params(1, 2, 4)]
    public int Senders { get; set; }

    /// <summary>Starts both readers; the one that is not sent to sleeps.</summary>
    [GlobalSetup]
    public void Start()
    {
        _system = new ActorSystem("bench", new ActorSystemOptions());
        _actor = _system.Spawn("reader", () => new Reader(_rounds), new ActorOptions { MailboxCapacity = 10 * Messages });
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Ends both.</summary>
    [GlobalCleanup]
    public async Task StopAsync()
    {
        _channel.Writer.Complete();
        await _reading;
        await _system.StopAsync();
        _rounds.Dispose();
    }

    /// <summary>The limit.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Messages)]
    public void ToChannel() => Send(count =>
    {
        var writer = _channel.Writer;
        for (var i = 0; i < count; i++)
        {
            writer.TryWrite(Letter.Only);
        }
    });

    /// <summary>What is compared with it.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public void ToActor() => Send(count =>
    {
        var actor = _actor;
        for (var i = 0; i < count; i++)
        {
            actor.Tell(Letter.Only);
        }
    });

    private void Send(Action<int> send)
    {
        var others = new Thread[Senders - 1];
        for (var i = 0; i < others.Length; i++)
        {
            others[i] = new Thread(() => send(Messages / Senders));
            others[i].Start();
        }

        send(Messages / Senders);
        foreach (var other in others)
        {
            other.Join();
        }

        _rounds.Await();
    }

    private async Task ReadAsync()
    {
        var reader = _channel.Reader;
        while (await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out _))
            {
                _rounds.Count();
            }
        }
    }
}
