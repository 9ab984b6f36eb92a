namespace Cete.Simulation.World;

/// <summary>What a process is told about a connection.</summary>
internal enum ConnectionEventKind
{
    Opened,
    Received,
    Writable,
    Closed,
}

/// <summary>A process is told about a connection.</summary>
internal sealed class ConnectionEvent(SimConnection connection, ConnectionEventKind kind, Segment? segment, CloseReason reason = default)
    : HostEvent(connection.Host, connection.Incarnation)
{
    internal override string Name => $"{connection} {kind}";

    internal override void Handle(ISimProcess process)
    {
        if (segment is not null)
        {
            connection.Other.Out.NoteRead(segment.Bytes);
        }

        // Closed by its own process while this waited.
        if (connection.IsClosed)
        {
            return;
        }

        var (world, host) = (Host.World, Host.Id);
        switch (kind)
        {
            case ConnectionEventKind.Opened:
                connection.IsOpen = true;
                world.Record(TraceKind.Opened, host, connection.Peer, connection.Id, 0, null, 0);
                process.OnOpened(connection);
                break;
            case ConnectionEventKind.Received:
                var message = segment!.Message;
                Host.Counters.MessagesReceived++;
                Host.Counters.BytesReceived += message.Bytes;
                world.Record(TraceKind.MessageDelivered, connection.Peer, host, connection.Id, message.Bytes, message.Content, message.Digest);
                process.OnReceived(connection, message);
                break;
            case ConnectionEventKind.Writable:
                process.OnWritable(connection);
                break;
            default:
                (connection.IsOpen, connection.IsClosed) = (false, true);
                world.Record(TraceKind.Closed, host, connection.Peer, connection.Id, (long)reason, null, 0);
                process.OnClosed(connection, reason);
                break;
        }
    }
}
