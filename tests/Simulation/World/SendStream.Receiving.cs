using Cete.Core;

namespace Cete.Simulation.World;

/// <content>What happens where the segments arrive.</content>
internal sealed partial class SendStream
{
    private long _expected;
    private long _highest = -1;
    private long _read;
    private bool _isArriving;

    public void Receive(Segment segment, Instant sentAt)
    {
        if (Receiver.Transport == Transport.Gone)
        {
            Receiver.Out.SendReset(CloseReason.Reset);
            return;
        }

        if (!segment.HasArrived && Receiver.Transport != Transport.Ended)
        {
            segment.HasArrived = true;
            _highest = Math.Max(_highest, segment.Number);
            if (segment.Number == _expected)
            {
                DeliverFrom(segment);
            }
        }

        Acknowledge(sentAt);
    }

    /// <summary>The process has read bytes; when they had waited for it, the sender must hear that there is room again.</summary>
    public void NoteRead(int bytes)
    {
        _read += bytes;
        if (!_isArriving)
        {
            Acknowledge(World.Now);
        }
    }

    /// <summary>Sends what the receiver has, and the time that came with what it answers (RFC 7323).</summary>
    public void Acknowledge(Instant echo)
    {
        if (Receiver.Transport is Transport.Live or Transport.Ended)
        {
            network.SendPacket(new AckPacket(network, this, _expected, _read, _highest, echo), 0);
        }
    }

    private void DeliverFrom(Segment first)
    {
        _isArriving = true;
        for (var segment = first; segment is { HasArrived: true } && Receiver.Transport != Transport.Gone; segment = segment.Next)
        {
            _expected = segment.Number + 1;
            Deliver(segment);
        }

        _isArriving = false;
    }

    private void Deliver(Segment segment)
    {
        switch (segment.Kind)
        {
            case SegmentKind.Part:
                _read += segment.Bytes;
                break;
            case SegmentKind.Message:
                Receiver.Host.Take(new ConnectionEvent(Receiver, ConnectionEventKind.Received, segment));
                break;
            case SegmentKind.Finished:
                Receiver.Accept();
                break;
            default:
                Receiver.End(CloseReason.Ended, Transport.Ended);
                break;
        }
    }
}
