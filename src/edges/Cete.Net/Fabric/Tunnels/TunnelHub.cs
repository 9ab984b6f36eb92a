using Cete.Core;
using Cete.Net.Fabric.Proto;
using Cete.Ports;

namespace Cete.Net.Fabric.Tunnels;

/// <summary>What the hub asks of the fabric.</summary>
internal interface ITunnelHost
{
    /// <summary>The direct connection with a node that stands now, if any.</summary>
    FabricConnection? Direct(KeyId node, FabricLane lane);

    /// <summary>Somebody calls through a tunnel; must not block.</summary>
    void TakeCall(TunnelStream tunnel);
}

/// <summary>
/// The tunnels of this node, over all its connections: those that end here, and those that it carries for others. A tunnel runs over the two
/// connections that it was opened over, so that its bytes come in order, and ends with either of them.
/// </summary>
internal sealed class TunnelHub(KeyId self, TimeProvider clock, ITunnelHost host)
{
    private static readonly Failure NotThere = new(FailureKind.NotFound, "there is no such tunnel any more");

    private readonly Lock _gate = new();
    private readonly Dictionary<FabricConnection, TunnelLeg> _legs = [];
    private readonly HashSet<RelayedTunnel> _relayed = [];
    private int _calls;

    /// <summary>Tunnels that are carried for others.</summary>
    public int Relayed
    {
        get
        {
            lock (_gate)
            {
                return _relayed.Count;
            }
        }
    }

    /// <summary>A connection is used from now on. One that runs through a tunnel itself carries none: there is one hop only.</summary>
    public void Add(FabricConnection connection)
    {
        if (connection.Relay is null)
        {
            lock (_gate)
            {
                _legs.TryAdd(connection, new TunnelLeg(connection, connection.Initiator == self));
            }
        }
    }

    /// <summary>A connection ended, and with it what ran over it.</summary>
    public void Remove(FabricConnection connection)
    {
        List<ITunnelEnd> ends;
        lock (_gate)
        {
            if (!_legs.Remove(connection, out var leg))
            {
                return;
            }

            ends = [.. leg.Ends];
        }

        var who = connection.Peer!.Id;
        foreach (var end in ends)
        {
            var gone = end is TunnelStream ? $"the connection to the relay {who} ended" : $"the relay lost its connection to node {who}";
            end.Lose(new Failure(FailureKind.Unavailable, gone));
        }
    }

    /// <summary>Opens a tunnel by way of a member that both reach.</summary>
    public async Task<Outcome<TunnelStream>> OpenAsync(FabricConnection leg, KeyId target, CancellationToken cancellation)
    {
        TunnelStream stream;
        lock (_gate)
        {
            if (!_legs.TryGetValue(leg, out var known))
            {
                return new Failure(FailureKind.Unavailable, "the connection to the relay is gone, or is none that may carry tunnels");
            }

            // Within the lock, since ids must come in order.
            stream = known.Add(id => new TunnelStream(leg, id, target, Forget));
            if (!TunnelFrames.TrySend(leg, TunnelFrames.Open(stream.Id, target)))
            {
                known.Remove(stream.Id);
                return new Failure(FailureKind.Unavailable, "too much waits to be sent to the relay");
            }
        }

        try
        {
            if (await stream.Opened.WaitAsync(TunnelLimits.OpenMax, clock, cancellation) is not { } failure)
            {
                return stream;
            }

            await stream.DisposeAsync();
            return failure;
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            await stream.DisposeAsync();
            return new Failure(FailureKind.Unavailable, $"the relay did not open a tunnel in {TunnelLimits.OpenMax.TotalSeconds:0} s");
        }
    }

    /// <summary>Takes a frame that came over a connection; a failure ends that connection.</summary>
    public Failure? Take(FabricConnection connection, ReadOnlySpan<byte> body)
    {
        var read = TunnelFrames.Read(body);
        if (!read.Succeeded)
        {
            return read.Failure;
        }

        var frame = read.Value;
        switch (frame.Kind)
        {
            case TunnelFrame.Types.Kind.Open:
                return Open(connection, frame);
            case TunnelFrame.Types.Kind.Call:
                return Answer(connection, frame);
            case TunnelFrame.Types.Kind.Opened or TunnelFrame.Types.Kind.Data or TunnelFrame.Types.Kind.Credit or TunnelFrame.Types.Kind.Close:
                return Pass(connection, frame);
            default:
                return null;
        }
    }

    /// <summary>Ends relayed tunnels that nobody uses. Called from time to time.</summary>
    public void Sweep()
    {
        List<RelayedTunnel> idle;
        lock (_gate)
        {
            idle = [.. _relayed.Where(tunnel => tunnel.Idle >= (tunnel.IsOpen ? TunnelLimits.IdleMax : TunnelLimits.OpenMax))];
        }

        foreach (var tunnel in idle)
        {
            tunnel.Close(tunnel.IsOpen ? null : new Failure(FailureKind.Unavailable, "the other end did not take the tunnel"));
        }
    }

    /// <summary>A call's handshake is over.</summary>
    public void EndCall() => Interlocked.Decrement(ref _calls);

    private Failure? Pass(FabricConnection connection, TunnelFrame frame)
    {
        ITunnelEnd? end;
        bool isKnown;
        lock (_gate)
        {
            if (!_legs.TryGetValue(connection, out var leg))
            {
                return OneHopOnly();
            }

            (end, isKnown) = (leg.Find(frame.Id), leg.WasUsed(frame.Id));
        }

        if (end is not null)
        {
            end.Take(frame);
            return null;
        }

        // What was under way when a tunnel ended is none's fault; that it ended may have been lost where too much waited to be sent.
        if (isKnown && frame.Kind == TunnelFrame.Types.Kind.Data)
        {
            TunnelFrames.TrySend(connection, TunnelFrames.Close(frame.Id, NotThere));
        }

        return isKnown ? null : new Failure(FailureKind.Invalid, "a message for a tunnel that never was");
    }

    /// <summary>This node is asked to carry a tunnel.</summary>
    private Failure? Open(FabricConnection connection, TunnelFrame frame)
    {
        if (frame.Node.Length != KeyId.Size)
        {
            return new Failure(FailureKind.Invalid, "a tunnel to nobody");
        }

        var target = new KeyId(frame.Node.Span);
        var onward = host.Direct(target, connection.Lane);
        RelayedTunnel? yields;
        RelayedTunnel? broken = null;
        lock (_gate)
        {
            if (!_legs.TryGetValue(connection, out var leg))
            {
                return OneHopOnly();
            }

            if (!leg.TryBegin(frame.Id))
            {
                return new Failure(FailureKind.Invalid, "a tunnel under a name that is none of the sender's, or was used before");
            }

            var refusal = Refusal(connection, target, onward, out yields);
            if (refusal is null && _legs.TryGetValue(onward!, out var second))
            {
                var tunnel = new RelayedTunnel(connection, frame.Id, onward!, clock, Forget);
                leg.Add(frame.Id, tunnel.Opener);
                tunnel.Target.Id = second.Add(id => Named(tunnel.Target, id)).Id;
                _relayed.Add(tunnel);
                broken = TunnelFrames.TrySend(onward!, TunnelFrames.Call(tunnel.Target.Id, connection.Peer!.Id)) ? null : tunnel;
            }
            else
            {
                refusal ??= NoWay(target);
                TunnelFrames.TrySend(connection, TunnelFrames.Close(frame.Id, refusal));
            }
        }

        yields?.Close(new Failure(FailureKind.Unavailable, "the relay needed room for others"));
        broken?.Close(NoWay(target));
        return null;

        static RelayedTunnel.End Named(RelayedTunnel.End end, ulong id)
        {
            end.Id = id;
            return end;
        }
    }

    /// <summary>Why a tunnel is not carried; else the one that gives way to it, if one must.</summary>
    private Failure? Refusal(FabricConnection opener, KeyId target, FabricConnection? onward, out RelayedTunnel? yields)
    {
        yields = null;
        if (onward is null || target == opener.Peer!.Id)
        {
            return NoWay(target);
        }

        var lane = opener.Lane;
        (List<RelayedTunnel> Tunnels, int Max)[] bounds =
        [
            (Those(tunnel => tunnel.Opener.Connection.Lane == lane && tunnel.Opener.Connection.Peer!.Id == opener.Peer.Id), TunnelLimits.PerOpener(lane)),
            (Those(tunnel => tunnel.RunsOver(onward)), TunnelLimits.PerConnection(lane)),
            (Those(tunnel => tunnel.RunsOver(opener)), TunnelLimits.PerConnection(lane)),
            (Those(tunnel => tunnel.Opener.Connection.Lane == lane), TunnelLimits.Relayed(lane)),
        ];
        foreach (var (tunnels, max) in bounds)
        {
            if (tunnels.Count < max || (yields is not null && tunnels.Contains(yields)))
            {
                continue;
            }

            var idlest = tunnels.MaxBy(tunnel => tunnel.Idle)!;
            if (yields is not null || idlest.Idle < TunnelLimits.YieldAfter)
            {
                yields = null;
                return new Failure(FailureKind.Unavailable, "the relay carries as many tunnels as it may");
            }

            yields = idlest;
        }

        return null;

        List<RelayedTunnel> Those(Func<RelayedTunnel, bool> are) => [.. _relayed.Where(are)];
    }

    /// <summary>A tunnel ends at this node.</summary>
    private Failure? Answer(FabricConnection connection, TunnelFrame frame)
    {
        if (frame.Node.Length != KeyId.Size)
        {
            return new Failure(FailureKind.Invalid, "a call of nobody");
        }

        TunnelStream stream;
        lock (_gate)
        {
            if (!_legs.TryGetValue(connection, out var leg))
            {
                return OneHopOnly();
            }

            if (!leg.TryBegin(frame.Id))
            {
                return new Failure(FailureKind.Invalid, "a tunnel under a name that is none of the sender's, or was used before");
            }

            if (Interlocked.Increment(ref _calls) > TunnelLimits.CallsMax)
            {
                EndCall();
                TunnelFrames.TrySend(connection, TunnelFrames.Close(frame.Id, new Failure(FailureKind.Unavailable, "too many calls at once")));
                return null;
            }

            stream = new TunnelStream(connection, frame.Id, new KeyId(frame.Node.Span), Forget);
            leg.Add(frame.Id, stream);
            TunnelFrames.TrySend(connection, TunnelFrames.Opened(frame.Id));
        }

        host.TakeCall(stream);
        return null;
    }

    private void Forget(TunnelStream stream)
    {
        lock (_gate)
        {
            Forget(stream.Leg, stream.Id);
        }
    }

    private void Forget(RelayedTunnel tunnel)
    {
        lock (_gate)
        {
            _relayed.Remove(tunnel);
            Forget(tunnel.Opener.Connection, tunnel.Opener.Id);
            Forget(tunnel.Target.Connection, tunnel.Target.Id);
        }
    }

    private void Forget(FabricConnection connection, ulong id)
    {
        if (_legs.TryGetValue(connection, out var leg))
        {
            leg.Remove(id);
        }
    }

    private static Failure NoWay(KeyId target) => new(FailureKind.Unavailable, $"the relay has no connection with node {target}");

    private static Failure OneHopOnly() => new(FailureKind.Invalid, "tunnels run over direct connections alone");
}
