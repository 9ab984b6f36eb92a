using Cete.Simulation.World;

namespace Cete.Simulation.Toys;

/// <summary>Raises a counter by one again and again over a connection, which it opens anew whenever it is lost.</summary>
internal sealed class CounterClient(SimHost host, int primary) : ISimProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private SimConnection? _connection;
    private SimTimer? _timer;

    /// <summary>The highest value that was acknowledged.</summary>
    public long Acknowledged { get; private set; }

    public void Start() => Connect();

    public void OnOpened(SimConnection connection) => Ask();

    public void OnReceived(SimConnection connection, in SimMessage message)
    {
        Acknowledged = Math.Max(Acknowledged, message.As<CounterInput.Raise>().Value);
        host.Trace($"acknowledged {Acknowledged}");
        host.After(TimeSpan.FromMilliseconds(host.Random.Next(200)), Ask);
    }

    public void OnClosed(SimConnection connection, CloseReason reason) => Retry();

    private void Connect()
    {
        _connection = host.Connect(primary);
        Watch();
    }

    private void Ask()
    {
        if (_connection is { IsOpen: true })
        {
            _connection.Send(CounterReplica.Message(new CounterInput.Raise(host.Id, Acknowledged + 1), Acknowledged + 1));
            Watch();
        }
    }

    private void Watch()
    {
        _timer?.Cancel();
        _timer = host.After(Patience, Retry);
    }

    private void Retry()
    {
        _connection?.Abort();
        _timer?.Cancel();
        _timer = host.After(TimeSpan.FromMilliseconds(100 + host.Random.Next(200)), Connect);
    }
}
