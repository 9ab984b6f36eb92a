using Cete.Core;
using Cete.Net.Fabric.Proto;

namespace Cete.Net.Fabric.Tunnels;

/// <summary>
/// A tunnel that this node carries for two others: bytes that it cannot read, from one connection to the other, as many as there is credit for.
/// </summary>
internal sealed class RelayedTunnel
{
    private readonly Lock _gate = new();
    private readonly Action<RelayedTunnel> _forget;
    private readonly TimeProvider _clock;
    private readonly int _window;
    private long _lastUsed;
    private bool _isEnded;

    public RelayedTunnel(FabricConnection opener, ulong openerId, FabricConnection target, TimeProvider clock, Action<RelayedTunnel> forget)
    {
        (_clock, _forget, _window) = (clock, forget, TunnelLimits.Window(opener.Lane));
        Opener = new End(this, opener) { Id = openerId };
        Target = new End(this, target);
        _lastUsed = clock.GetTimestamp();
    }

    public End Opener { get; }

    public End Target { get; }

    /// <summary>The target has taken it.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Time since bytes passed.</summary>
    public TimeSpan Idle => _clock.GetElapsedTime(Volatile.Read(ref _lastUsed));

    public bool RunsOver(FabricConnection connection) => Opener.Connection == connection || Target.Connection == connection;

    /// <summary>Ends it and tells both sides.</summary>
    public void Close(Failure? failure) => Finish(failure, tellsOpener: true, tellsTarget: true);

    private void Take(End from, TunnelFrame frame)
    {
        var to = from == Opener ? Target : Opener;
        switch (frame.Kind)
        {
            case TunnelFrame.Types.Kind.Opened when from == Target && !IsOpen:
                IsOpen = true;
                Pass(to, TunnelFrames.Opened(to.Id));
                break;
            case TunnelFrame.Types.Kind.Data when IsOpen && Spend(from, frame.Data.Length):
                Volatile.Write(ref _lastUsed, _clock.GetTimestamp());
                Pass(to, TunnelFrames.Data(to.Id, frame.Data));
                break;
            case TunnelFrame.Types.Kind.Credit when IsOpen && GiveBack(to, frame.Credit):
                Pass(to, TunnelFrames.Credit(to.Id, (int)frame.Credit));
                break;
            case TunnelFrame.Types.Kind.Close:
                Finish(TunnelFrames.FailureOf(frame), tellsOpener: from == Target, tellsTarget: from == Opener);
                break;
            default:
                Close(new Failure(FailureKind.Invalid, "an end of the tunnel did not keep to its rules"));
                break;
        }
    }

    private bool Spend(End from, int bytes)
    {
        lock (_gate)
        {
            from.UnderWay += TunnelLimits.Cost(bytes);
            return bytes is > 0 and <= TunnelLimits.DataMax && from.UnderWay <= _window;
        }
    }

    private bool GiveBack(End to, uint bytes)
    {
        lock (_gate)
        {
            if (bytes > to.UnderWay)
            {
                return false;
            }

            to.UnderWay -= (int)bytes;
            return true;
        }
    }

    private void Pass(End to, TunnelFrame frame)
    {
        if (!TunnelFrames.TrySend(to.Connection, frame))
        {
            Close(new Failure(FailureKind.Unavailable, "too much waits at the relay to be sent to the other end"));
        }
    }

    private void Finish(Failure? failure, bool tellsOpener, bool tellsTarget)
    {
        lock (_gate)
        {
            if (_isEnded)
            {
                return;
            }

            _isEnded = true;
        }

        _forget(this);
        if (tellsOpener)
        {
            TunnelFrames.TrySend(Opener.Connection, TunnelFrames.Close(Opener.Id, failure));
        }

        if (tellsTarget)
        {
            TunnelFrames.TrySend(Target.Connection, TunnelFrames.Close(Target.Id, failure));
        }
    }

    /// <summary>One of its two sides.</summary>
    internal sealed class End(RelayedTunnel tunnel, FabricConnection connection) : ITunnelEnd
    {
        public RelayedTunnel Tunnel => tunnel;

        public FabricConnection Connection => connection;

        public ulong Id { get; set; }

        /// <summary>Credit that this side has used and was not given back.</summary>
        public int UnderWay { get; set; }

        public void Take(TunnelFrame frame) => tunnel.Take(this, frame);

        public void Lose(Failure failure) => tunnel.Finish(failure, tellsOpener: this == tunnel.Target, tellsTarget: this == tunnel.Opener);
    }
}
