using Cete.Core;

namespace Cete.Simulation.World;

/// <content>Connections.</content>
public sealed partial class SimNetwork
{
    private long _connections;

    /// <summary>How connections behave that are opened from now on.</summary>
    public ConnectionSettings Connections { get; set; } = new();

    internal SimConnection Connect(SimHost from, int to)
    {
        var target = _world.Hosts[to];
        var client = new SimConnection(Connections, ++_connections, from, target, isInitiator: true);
        var server = new SimConnection(Connections, client.Id, target, from, isInitiator: false) { Other = client };
        client.Other = server;
        (client.Out, server.Out) = (new SendStream(this, client), new SendStream(this, server));
        from.Connections.Add(client);
        from.Counters.ConnectionsAttempted++;
        _world.Record(TraceKind.Connecting, from.Id, to, client.Id, 0, null, 0);
        new Handshake(this, client).Send();
        return client;
    }

    /// <summary>Sends a packet of a connection, and returns when it will have left; in front of a link that is full, it waits.</summary>
    internal Instant SendPacket(ConnectionPacket packet, int bytes, ref Instant notBefore)
    {
        var settings = SettingsOf(packet.From.Id, packet.Host.Id);
        if (Refusal(packet.From, packet.Host, settings, bytes, isBounded: false, out var departs) is { } reason)
        {
            packet.Drop(reason);
            return departs;
        }

        notBefore = Instant.Max(notBefore, departs + DrawDelay(packet.From, packet.Host, settings));
        _world.Schedule(notBefore, packet);
        return departs;
    }

    internal void SendPacket(ConnectionPacket packet, int bytes)
    {
        var any = default(Instant);
        SendPacket(packet, bytes, ref any);
    }
}
