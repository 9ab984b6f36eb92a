namespace Cete.Simulation.World;

/// <summary>What a host has done since it was made, over all of its incarnations, so that a test can bound its load.</summary>
public sealed class HostCounters
{
    /// <summary>Datagrams that its processes sent, lost ones included.</summary>
    public long DatagramsSent { get; internal set; }

    /// <summary>Datagrams that came to its processes.</summary>
    public long DatagramsReceived { get; internal set; }

    /// <summary>Messages that were taken into the queues of its connections.</summary>
    public long MessagesSent { get; internal set; }

    /// <summary>Messages that came over connections.</summary>
    public long MessagesReceived { get; internal set; }

    /// <summary>Bytes of datagrams and messages that it sent; repeated packets are not counted again.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Bytes of datagrams and messages that came to its processes.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>Connections that its processes asked for.</summary>
    public long ConnectionsAttempted { get; internal set; }

    /// <summary>Handshakes that it finished as the one who asked.</summary>
    public long ConnectionsOpened { get; internal set; }

    /// <summary>Handshakes that it finished as the one who was asked.</summary>
    public long ConnectionsAccepted { get; internal set; }

    /// <summary>Timers of its processes that fired.</summary>
    public long TimersFired { get; internal set; }

    /// <summary>Everything that its processes were called for.</summary>
    public long EventsHandled { get; internal set; }
}
