using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>A packet of a connection, from one side's host to the other's.</summary>
internal abstract class ConnectionPacket(SimNetwork network, SimConnection from, int bytes) : Packet(network, from.Host, from.Remote, bytes)
{
    internal override string Name => $"{from} {GetType().Name}";

    internal sealed override void Drop(DropReason reason) =>
        Host.World.Record(TraceKind.PacketDropped, From.Id, Host.Id, from.Id, (long)reason, null, 0);
}

/// <summary>A segment on its way.</summary>
internal sealed class SegmentPacket(SimNetwork network, SendStream stream, Segment segment, Instant sentAt)
    : ConnectionPacket(network, stream.Sender, segment.Bytes)
{
    internal override void Arrive() => stream.Receive(segment, sentAt);
}

/// <summary>Asks for an acknowledgement when there is nothing to repeat.</summary>
internal sealed class ProbePacket(SimNetwork network, SendStream stream, Instant sentAt) : ConnectionPacket(network, stream.Sender, 0)
{
    internal override void Arrive()
    {
        if (stream.Receiver.Transport == Transport.Gone)
        {
            stream.Receiver.Out.SendReset(CloseReason.Reset);
        }
        else
        {
            stream.Acknowledge(sentAt);
        }
    }
}

/// <summary>Tells the sender which segments came in order, how many bytes were read, and the highest segment that came.</summary>
internal sealed class AckPacket(SimNetwork network, SendStream stream, long below, long readBytes, long highest, Instant echo)
    : ConnectionPacket(network, stream.Receiver, 0)
{
    internal override void Arrive() => stream.OnAcknowledged(below, readBytes, highest, echo);
}

/// <summary>Tells one side that the other knows nothing of the connection. Nobody repeats it.</summary>
internal sealed class ResetPacket(SimNetwork network, SimConnection target, CloseReason reason) : ConnectionPacket(network, target.Other, 0)
{
    internal override void Arrive()
    {
        if (target.Transport is Transport.Live || (target.IsInitiator && target.Transport == Transport.Opening))
        {
            target.End(reason, Transport.Gone);
        }
    }
}

/// <summary>A flight of a handshake, or the answer to one.</summary>
internal sealed class HandshakePacket(SimNetwork network, Handshake handshake, SimConnection from, int step)
    : ConnectionPacket(network, from, from.Settings.HandshakeBytes)
{
    internal override void Arrive() => handshake.OnFlight(isAnswer: Host == handshake.Client.Host, step);
}
