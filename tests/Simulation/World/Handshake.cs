using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>
/// The round trips before a connection can be used. The first is the kernels'; the others need both processes, so that a paused one
/// keeps its peers waiting. Unanswered flights are repeated with exponential back-off until the time is up.
/// </summary>
internal sealed class Handshake(SimNetwork network, SimConnection client)
{
    private readonly ConnectionSettings _settings = client.Settings;
    private readonly Instant _deadline = client.Host.World.Now + client.Settings.ConnectTimeout;
    private int _step = 1;
    private int _transmissions;
    private Instant _sentAt;
    private Timer? _timer;

    public SimConnection Client => client;

    private SimConnection Server => client.Other;

    private SimWorld World => client.Host.World;

    public void Send()
    {
        _sentAt = World.Now;
        network.SendPacket(new HandshakePacket(network, this, client, _step), _settings.HandshakeBytes);
        var first = _step == 1 ? _settings.HandshakeRetransmit : _settings.RetransmitLeast;
        var due = World.Now + (first * (1L << Math.Min(_transmissions++, 20)));
        World.Schedule(due < _deadline ? due : _deadline, _timer = new Timer(this));
    }

    public void OnFlight(bool isAnswer, int step)
    {
        var side = isAnswer ? client : Server;
        if (isAnswer)
        {
            TakeStep(side, step, () => OnAnswer(step));
        }
        else if (!side.Host.IsRunning || (step > 1 && side.Incarnation != side.Host.Incarnation))
        {
            side.Out.SendReset(step == 1 ? CloseReason.Refused : CloseReason.Reset);
        }
        else
        {
            // The listening process is the one that runs when the first flight comes.
            side.Incarnation = side.Host.Incarnation;
            TakeStep(side, step, () => Answer(step));
        }
    }

    private static void TakeStep(SimConnection side, int step, Action action)
    {
        if (step == 1)
        {
            action();
        }
        else
        {
            side.Host.Take(new Work(side, action));
        }
    }

    private void Answer(int step)
    {
        if (step == _settings.HandshakeRoundTrips && network.Happens(_settings.HandshakeFailurePpm))
        {
            Server.Out.SendReset(CloseReason.HandshakeFailed);
        }
        else
        {
            network.SendPacket(new HandshakePacket(network, this, Server, step), _settings.HandshakeBytes);
        }
    }

    private void OnAnswer(int step)
    {
        if (client.Transport != Transport.Opening || step != _step)
        {
            return;
        }

        if (step < _settings.HandshakeRoundTrips)
        {
            (_step, _transmissions) = (step + 1, 0);
            Send();
            return;
        }

        client.Out.Expect(World.Now - _sentAt);
        Server.Out.Expect(World.Now - _sentAt);
        client.Transport = Transport.Live;
        client.Host.Counters.ConnectionsOpened++;
        client.Out.EnqueueFinished();
        client.Host.Take(new ConnectionEvent(client, ConnectionEventKind.Opened, null));
    }

    private void OnTimer()
    {
        if (World.Now >= _deadline)
        {
            client.End(CloseReason.TimedOut, Transport.Gone);
        }
        else
        {
            Send();
        }
    }

    private sealed class Timer(Handshake handshake) : SimEvent
    {
        internal override bool IsStale => handshake._timer != this || handshake.Client.Transport != Transport.Opening;

        internal override string Name => $"{handshake.Client} waits for its handshake";

        internal override void Run() => handshake.OnTimer();
    }

    /// <summary>A step that a process has to do itself.</summary>
    private sealed class Work(SimConnection side, Action action) : HostEvent(side.Host, side.Incarnation)
    {
        internal override string Name => $"{side} shakes hands";

        internal override void Handle(ISimProcess process) => action();
    }
}
