using Cete.Core;
using Cete.Ports;

namespace Cete.Net.Fabric.Tunnels;

/// <summary>
/// Makes connections through tunnels, and takes those of others: within one runs the handshake of any connection, so that the relay sees
/// ciphertext.
/// </summary>
internal sealed class TunnelDialer(FabricOptions options, TunnelHub hub, Func<KeyId, FabricLane, FabricLink> link)
{
    /// <summary>Calls a node through one of its relays.</summary>
    /// <param name="node">Who is called.</param>
    /// <param name="relays">Who may carry it, in any order.</param>
    /// <param name="lane">What the connection is for; so is the one that it runs over, so that bulk does not delay probes here either.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Outcome<(FabricConnection Connection, FrameReader Reader)>> DialAsync(
        KeyId node, IReadOnlyList<KeyId> relays, FabricLane lane, CancellationToken cancellation)
    {
        var failure = new Failure(FailureKind.Unavailable, "that node cannot be reached, and names nobody who carries messages to it");

        // One whose connection stands is asked first: it saves a handshake and is known to live.
        foreach (var relay in relays.Where(relay => relay != options.Self && relay != node).OrderBy(relay => link(relay, lane).Current is null))
        {
            var made = await DialAsync(node, relay, lane, cancellation);
            if (made.Succeeded)
            {
                return made;
            }

            failure = new Failure(made.Failure.Kind, $"through node {relay}: {made.Failure.Message}");
        }

        return failure;
    }

    /// <summary>Shakes hands with one who called through a tunnel.</summary>
    public async Task<Outcome<(FabricConnection Connection, FrameReader Reader)>> AcceptAsync(TunnelStream tunnel, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.HandshakeMax, options.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var greeted = await FabricHandshake.AcceptAsync(tunnel, options, both.Token);
            if (!greeted.Succeeded || (greeted.Value.Connection.Peer is { } peer && peer.Id == tunnel.Far && greeted.Value.Connection.Lane == tunnel.Leg.Lane))
            {
                return greeted;
            }

            // A stranger has no tunnel to come by, and whoever comes by one is the one that the relay named.
            greeted.Value.Connection.Close(null);
            greeted.Value.Reader.Dispose();
            return new Failure(FailureKind.Forbidden, "somebody else came through the tunnel than the relay said");
        }
        finally
        {
            hub.EndCall();
        }
    }

    private async Task<Outcome<(FabricConnection Connection, FrameReader Reader)>> DialAsync(
        KeyId node, KeyId relay, FabricLane lane, CancellationToken cancellation)
    {
        var way = link(relay, lane);
        if (way.Current is null && options.RelaysOf(relay).Count > 0)
        {
            return new Failure(FailureKind.Unavailable, "it cannot be reached itself");
        }

        var leg = await way.ConnectionAsync(cancellation);
        if (!leg.Succeeded)
        {
            return leg.Failure;
        }

        var tunnel = await hub.OpenAsync(leg.Value, node, cancellation);
        if (!tunnel.Succeeded)
        {
            return tunnel.Failure;
        }

        using var limit = new CancellationTokenSource(options.HandshakeMax, options.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        return await FabricHandshake.ConnectAsync(tunnel.Value, node, options, lane, both.Token);
    }
}
