namespace Cete.Simulation.World;

/// <summary>What a line of the trace tells. The numbers are part of the hash: new kinds go to the end.</summary>
public enum TraceKind
{
    /// <summary>What a process wrote.</summary>
    Text,

    /// <summary>A process started.</summary>
    Started,

    /// <summary>A process was asked to end, and did.</summary>
    Stopped,

    /// <summary>A process was killed; its host goes on.</summary>
    Killed,

    /// <summary>A host lost its power.</summary>
    Crashed,

    /// <summary>A process was paused.</summary>
    Paused,

    /// <summary>A paused process goes on.</summary>
    Resumed,

    /// <summary>A host became slow, or as fast as before.</summary>
    Slowed,

    /// <summary>A wall clock jumped.</summary>
    ClockJumped,

    /// <summary>A clock's rate changed.</summary>
    ClockDrifts,

    /// <summary>A timer fired.</summary>
    Timer,

    /// <summary>A datagram was sent.</summary>
    DatagramSent,

    /// <summary>A datagram came to a process.</summary>
    DatagramDelivered,

    /// <summary>A datagram was lost.</summary>
    DatagramDropped,

    /// <summary>A datagram will come a second time.</summary>
    DatagramDuplicated,

    /// <summary>A connection was asked for.</summary>
    Connecting,

    /// <summary>A connection can be used, on this side.</summary>
    Opened,

    /// <summary>A connection ended, on this side.</summary>
    Closed,

    /// <summary>A message was taken into a connection's queue.</summary>
    MessageSent,

    /// <summary>A message came to a process over a connection.</summary>
    MessageDelivered,

    /// <summary>A packet of a connection was lost.</summary>
    PacketDropped,

    /// <summary>A packet of a connection is sent again.</summary>
    Retransmitted,

    /// <summary>Hosts were cut off from others.</summary>
    Cut,

    /// <summary>A cut was healed.</summary>
    Healed,

    /// <summary>A link takes but does not deliver.</summary>
    Clogged,

    /// <summary>Settings of a link changed.</summary>
    LinkChanged,

    /// <summary>A fault schedule did something.</summary>
    Fault,
}
