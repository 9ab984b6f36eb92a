namespace Cete.Simulation.World;

/// <summary>Something on its way to a host: a datagram, or a packet of a connection.</summary>
internal abstract class Packet(SimNetwork network, SimHost from, SimHost to, int bytes) : HostEvent(to, to.IsRunning ? to.Incarnation : 0)
{
    private bool _isThroughDownlink;

    public SimHost From { get; } = from;

    protected SimNetwork Network { get; } = network;

    internal sealed override void Run()
    {
        var world = Host.World;
        if (Network.Find(From.Id, Host.Id) is { } link && link.ClogUntil > world.Now)
        {
            world.Schedule(link.ClogUntil, this);
        }
        else if (Network.IsCut(From.Id, Host.Id))
        {
            Drop(DropReason.Cut);
        }
        else if (!Host.IsUp)
        {
            Drop(DropReason.HostDown);
        }
        else if (!_isThroughDownlink && From != Host && Host.Downlink.BytesPerSecond > 0)
        {
            _isThroughDownlink = true;
            world.Schedule(Host.Downlink.Take(world.Now, bytes), this);
        }
        else
        {
            Arrive();
        }
    }

    /// <summary>It is at the host, whose process may be gone or paused.</summary>
    internal virtual void Arrive() => Host.Take(this);

    internal override void Handle(ISimProcess process)
    {
    }
}

/// <summary>A datagram on its way.</summary>
internal sealed class Datagram(SimNetwork network, SimHost from, SimHost to, long number, SimMessage message)
    : Packet(network, from, to, message.Bytes)
{
    internal override bool IsDatagram => true;

    internal override string Name => $"h{From.Id}>h{Host.Id} datagram {message.Content.GetType().Name}";

    internal override void Handle(ISimProcess process)
    {
        Host.Counters.DatagramsReceived++;
        Host.Counters.BytesReceived += message.Bytes;
        Host.World.Record(TraceKind.DatagramDelivered, From.Id, Host.Id, number, message.Bytes, message.Content, message.Digest);
        process.OnDatagram(From.Id, message);
    }

    internal override void Drop(DropReason reason) => Network.DropDatagram(From.Id, Host.Id, number, reason);
}
