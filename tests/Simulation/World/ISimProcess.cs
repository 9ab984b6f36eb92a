namespace Cete.Simulation.World;

/// <summary>
/// A program on a simulated host. One call at a time; it may use its <see cref="SimHost"/> and what came through it, and nothing
/// else: no clock, no thread, no chance of its own. What it remembers is gone with it; what it put on the host's disk may not be.
/// </summary>
public interface ISimProcess
{
    /// <summary>The host has started it.</summary>
    void Start();

    /// <summary>A datagram has come. The same one may come twice, or long after others.</summary>
    void OnDatagram(int from, in SimMessage message)
    {
    }

    /// <summary>A connection can be used: one that it opened, or one that was opened to it (see <see cref="SimConnection.IsInitiator"/>).</summary>
    void OnOpened(SimConnection connection)
    {
    }

    /// <summary>A message has come over a connection, once and in order.</summary>
    void OnReceived(SimConnection connection, in SimMessage message)
    {
    }

    /// <summary>A connection whose <see cref="SimConnection.Send"/> refused has room again.</summary>
    void OnWritable(SimConnection connection)
    {
    }

    /// <summary>A connection came to its end, or never to its beginning. Not called on the side that ended it itself.</summary>
    void OnClosed(SimConnection connection, CloseReason reason)
    {
    }

    /// <summary>The host asks it to end; it is dropped when it returns. What its connections hold by then is still sent.</summary>
    void OnStopping()
    {
    }
}
