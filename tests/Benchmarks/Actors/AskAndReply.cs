using BenchmarkDotNet.Attributes;
using Cete.Actors;

namespace Cete.Benchmarks.Actors;

/// <summary>Asks of one actor on the thread pool, with a deadline each.</summary>
public class AskAndReply
{
    private const int Asks = 200_000;
    private const int AtOnce = 1_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly Task<int>[] _waiting = new Task<int>[AtOnce];
    private ActorSystem _system = null!;
    private ActorRef<Question> _actor = null!;

    /// <summary>Starts the actor that is asked.</summary>
    [GlobalSetup]
    public void Start()
    {
        _system = new ActorSystem("bench", new ActorSystemOptions());
        _actor = _system.Spawn("oracle", () => new Oracle());
    }

    /// <summary>Stops it.</summary>
    [GlobalCleanup]
    public Task StopAsync() => _system.StopAsync();

    /// <summary>Each ask waits for the reply of the one before.</summary>
    [Benchmark(OperationsPerInvoke = Asks)]
    public async Task<int> OneAfterAnother()
    {
        var sum = 0;
        for (var i = 0; i < Asks; i++)
        {
            sum += await AskAsync();
        }

        return sum;
    }

    /// <summary>A thousand asks are under way.</summary>
    [Benchmark(OperationsPerInvoke = Asks)]
    public async Task<int> ThousandAtOnce()
    {
        var sum = 0;
        for (var i = 0; i < Asks / AtOnce; i++)
        {
            for (var k = 0; k < AtOnce; k++)
            {
                _waiting[k] = AskAsync();
            }

            foreach (var reply in _waiting)
            {
                sum += await reply;
            }
        }

        return sum;
    }

    private Task<int> AskAsync() => _actor.AskAsync<Question, int>(static reply => new Question(reply), Deadline);

    private readonly record struct Question(ReplyTo<int> Reply);

    private sealed class Oracle : Actor<Question>
    {
        protected override void Receive(Question message) => message.Reply.Reply(42);
    }
}
