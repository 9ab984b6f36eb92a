using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <summary>A client with a session: one operation after the other, each asked again and again, of any member, until it is answered.</summary>
internal sealed class RaftClient(SimHost host, RaftCluster cluster) : ISimProcess
{
    private const int Keys = 3;
    private int _target;
    private int _key;
    private long _floor;
    private StoreCommand? _command;
    private SimTimer? _retry;

    public long Sequence { get; private set; }

    /// <summary>How many operations were answered.</summary>
    public long Answered { get; private set; }

    /// <summary>It waits for an answer.</summary>
    public bool IsOpen => Answered < Sequence;

    public void Start() => host.After(Span(0, 1_000), Begin);

    public void OnDatagram(int from, in SimMessage message)
    {
        switch (message.As<StoreMessage>())
        {
            case StoreMessage.Redirect redirect when redirect.Sequence == Sequence && _retry is { IsPending: true } && from == _target:
                _target = redirect.Leader >= 0 ? redirect.Leader : Anybody();
                AskAgain(Span(10, 100));
                break;
            case StoreMessage.Written { Reply: var reply } when _command is not null && reply.Sequence == Sequence && IsOpen:
                cluster.Witness.Answered(_floor, reply);
                Done();
                break;
            case StoreMessage.Told told when _command is null && told.Sequence == Sequence && IsOpen:
                cluster.Witness.Answered(_floor, _key, told.Reading);
                Done();
                break;
        }
    }

    private void Begin()
    {
        if (cluster.IsIdle)
        {
            host.After(Span(50, 100), Begin);
            return;
        }

        Sequence++;
        (_key, _floor) = (host.Random.Next(Keys), cluster.Witness.Asked());
        var operation = (StoreOperation)host.Random.Next(3);
        var value = operation == StoreOperation.Append ? (host.Id * 1_000_000L) + Sequence : host.Random.Next(4);
        var readPercent = host.Id % 2 == 0 ? cluster.Options.ReadPercent : cluster.Options.ReadPercentOfOdd;
        _command = host.Random.Chance(readPercent, 100)
            ? null
            : new StoreCommand(host.Id, Sequence, operation, _key, value, host.Random.Next(4));
        Ask();
    }

    private void Ask()
    {
        host.Send(_target, RaftWire.Pack(new StoreMessage.Request(Sequence, _key, _command)));
        _retry?.Cancel();
        _retry = host.After(Span(cluster.Options.RetryMilliseconds, 5 * cluster.Options.RetryMilliseconds), () =>
        {
            _target = Anybody();
            Ask();
        });
    }

    private void AskAgain(TimeSpan after)
    {
        _retry?.Cancel();
        _retry = host.After(after, Ask);
    }

    private void Done()
    {
        Answered = Sequence;
        _retry?.Cancel();
        host.After(Span(0, cluster.Options.ThinkMilliseconds), Begin);
    }

    private int Anybody() => host.Random.Next(cluster.Servers.Count);

    private TimeSpan Span(int least, int most) => TimeSpan.FromMicroseconds((least * 1_000L) + host.Random.Next(((most - least) * 1_000L) + 1));
}
