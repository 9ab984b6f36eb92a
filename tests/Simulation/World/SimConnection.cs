namespace Cete.Simulation.World;

/// <summary>
/// One side of a connection: messages come whole, once and in order, or the connection ends. That it ended may be long unknown to
/// a side that sends nothing, as with TCP.
/// </summary>
public sealed class SimConnection
{
    internal SimConnection(ConnectionSettings settings, long id, SimHost host, SimHost peer, bool isInitiator)
    {
        (Settings, Id, Host, Remote, IsInitiator) = (settings, id, host, peer, isInitiator);
        Incarnation = host.IsRunning ? host.Incarnation : 0;
    }

    /// <summary>Its number, the same on both sides.</summary>
    public long Id { get; }

    /// <summary>The number of the host on the other side.</summary>
    public int Peer => Remote.Id;

    /// <summary>Whether this side asked for it.</summary>
    public bool IsInitiator { get; }

    /// <summary>Whether messages can be sent: the handshake is done, and this process does not know of an end.</summary>
    public bool IsOpen { get; internal set; }

    /// <summary>Whether this side has closed it, or was told of its end.</summary>
    public bool IsClosed { get; internal set; }

    /// <summary>Bytes that were taken and are not acknowledged.</summary>
    public long QueuedBytes => Out.QueuedBytes;

    /// <summary>Whatever the process wants to find again with it.</summary>
    public object? Tag { get; set; }

    internal SimHost Host { get; }

    internal SimHost Remote { get; }

    internal ConnectionSettings Settings { get; }

    /// <summary>The process that it belongs to.</summary>
    internal int Incarnation { get; set; }

    /// <summary>How it looks to the host's kernel, which may know more than the process.</summary>
    internal Transport Transport { get; set; } = Transport.Opening;

    internal SimConnection Other { get; set; } = null!;

    internal SendStream Out { get; set; } = null!;

    /// <summary>
    /// Takes a message to be sent. False when its queue is full: the message was not taken, and
    /// <see cref="ISimProcess.OnWritable"/> will be called; or when the connection is not open.
    /// </summary>
    public bool Send(in SimMessage message)
    {
        if (!IsOpen)
        {
            return false;
        }

        if (Transport == Transport.Live && !Out.TryEnqueue(message))
        {
            return false;
        }

        Host.Counters.MessagesSent++;
        Host.Counters.BytesSent += message.Bytes;
        Host.World.Record(TraceKind.MessageSent, Host.Id, Peer, Id, message.Bytes, message.Content, message.Digest);
        return true;
    }

    /// <summary>Ends it once all that was taken is sent. What still comes from the other side is not wanted any more.</summary>
    public void Close()
    {
        if (!MarkClosed())
        {
            return;
        }

        if (Transport == Transport.Live)
        {
            Out.EnqueueEnd();
        }
        else if (Transport == Transport.Opening)
        {
            Finish(Transport.Gone);
        }
    }

    /// <summary>Ends it at once; what was taken but not sent is lost, and the other side is told.</summary>
    public void Abort()
    {
        MarkClosed();
        if (Transport is Transport.Live or Transport.Opening)
        {
            Out.SendReset(CloseReason.Reset);
            Finish(Transport.Gone);
        }
    }

    /// <summary>The peer and the number, as the trace writes them.</summary>
    public override string ToString() => FormattableString.Invariant($"c{Id} h{Host.Id}>h{Peer}");

    /// <summary>The handshake is done on the side that was asked.</summary>
    internal void Accept()
    {
        if (!Host.IsRunning || Host.Incarnation != Incarnation)
        {
            Transport = Transport.Gone;
            Out.SendReset(CloseReason.Reset);
            return;
        }

        Transport = Transport.Live;
        Host.Connections.Add(this);
        Host.Counters.ConnectionsAccepted++;
        Host.Take(new ConnectionEvent(this, ConnectionEventKind.Opened, null));
    }

    /// <summary>The kernel came to know of an end; the process is told when it comes to it.</summary>
    internal void End(CloseReason reason, Transport transport)
    {
        Finish(transport);
        Host.Take(new ConnectionEvent(this, ConnectionEventKind.Closed, null, reason));
    }

    /// <summary>The host has no more to do with it than its new state says.</summary>
    internal void Finish(Transport transport)
    {
        Transport = transport;
        Host.Connections.Remove(this);
    }

    /// <summary>The host lost its power: nobody is told.</summary>
    internal void FallSilent()
    {
        (IsOpen, IsClosed) = (false, true);
        Finish(Transport.Gone);
    }

    private bool MarkClosed()
    {
        if (IsClosed)
        {
            return false;
        }

        (IsOpen, IsClosed) = (false, true);
        Host.World.Record(TraceKind.Closed, Host.Id, Peer, Id, (long)CloseReason.Local, null, 0);
        return true;
    }
}

/// <summary>What a kernel does with packets of a connection.</summary>
internal enum Transport
{
    /// <summary>The handshake is not done.</summary>
    Opening,

    /// <summary>Packets are taken and acknowledged.</summary>
    Live,

    /// <summary>Both sides are done; late repetitions are still acknowledged.</summary>
    Ended,

    /// <summary>Nothing is known of it: packets are answered by a reset.</summary>
    Gone,
}
