using System.Net;
using System.Net.Sockets;
using Cete.Core;
using Cete.Ports;
using Cete.Trust;

namespace Cete.Net.Fabric;

/// <summary>
/// A first handshake that nobody else sees. The first one of a process takes 70 ms more than any later one: libraries are loaded and initialized, code is
/// linked. A process that is about to join has that done on another thread while it reads its command line, its settings and the token.
/// </summary>
public static class Rehearsal
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Begins it, and does not wait. On a machine with one processor it does nothing, since there it would take its time from what it is to hasten; that it
    /// fails changes nothing but the speed of what comes after.
    /// </summary>
    public static void Begin()
    {
        if (Environment.ProcessorCount > 1)
        {
            _ = Task.Run(() => RunAsync(TimeProvider.System));
        }
    }

    /// <summary>One node meets another one of a community that lives as long as this call; whether they met.</summary>
    internal static async Task<bool> RunAsync(TimeProvider clock)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        try
        {
            using var identity = MakeIdentity(Instant.From(clock.GetUtcNow()));
            var options = new FabricOptions
            {
                Self = identity.Id,
                Identity = () => identity,
                Verifier = new CertificateVerifier(identity.Community, clock),
                AddressesOf = _ => [],
                Router = new FabricRouter(),
                Clock = clock,
            };
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(1);
            var accepted = AcceptAsync(listener, options, limit.Token);
            var caller = await FabricSockets.ConnectAsync(listener.LocalEndPoint!.ToString()!, Limit, Limit, clock, limit.Token);
            if (!caller.Succeeded)
            {
                return false;
            }

            var made = await FabricHandshake.ConnectAsync(
                new NetworkStream(caller.Value, ownsSocket: true), identity.Id, options, FabricLane.Control, limit.Token);
            return Close(made) & Close(await accepted);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<Outcome<(FabricConnection Connection, FrameReader Reader)>> AcceptAsync(
        Socket listener, FabricOptions options, CancellationToken cancellation)
    {
        var socket = await listener.AcceptAsync(cancellation);
        return await FabricHandshake.AcceptAsync(new NetworkStream(socket, ownsSocket: true), options, cancellation);
    }

    private static bool Close(Outcome<(FabricConnection Connection, FrameReader Reader)> made)
    {
        if (made.Succeeded)
        {
            made.Value.Connection.Close(null);
            made.Value.Reader.Dispose();
        }

        return made.Succeeded;
    }

    private static NodeIdentity MakeIdentity(Instant now)
    {
        using var key = NodeKey.Create();
        using var community = CommunityKey.Create("rehearsal", now).Value;
        using var authority = community.CreateAuthority(key.Id, now).Value;
        var issued = authority.Issue(key.CreateSigningRequest(), RoleSet.From(["share"]).Value, now).Value;
        return NodeIdentity.Accept(key, community.Id, issued, now).Value;
    }
}
