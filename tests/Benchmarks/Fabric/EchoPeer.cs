using System.Net;
using System.Net.Sockets;
using Cete.Core;
using Cete.Net.Fabric;
using Cete.Ports;
using Cete.Trust;

namespace Cete.Benchmarks.Fabric;

/// <summary>The other process: a node's fabric that counts what it hears and answers what it is asked, and the raw limit beside it.</summary>
internal static class EchoPeer
{
    public const string Argument = "fabric-peer";

    /// <summary>Serves until its input ends; says first where it listens.</summary>
    public static async Task RunAsync(string folder)
    {
        using var identity = Identities.Open(folder, 1);
        var heard = 0L;
        var router = new FabricRouter();
        router.OnMessage(FabricTopic.Echo, (_, _) => heard++);
        router.OnRequest(FabricTopic.Echo, (request, _) => new(Outcome.Of(request.Body)));

        // Comes behind all that was sent before on the same connection.
        router.OnRequest(FabricTopic.Reachability, (_, _) => new(Outcome.Of<ReadOnlyMemory<byte>>(BitConverter.GetBytes(heard))));
        await using var fabric = TlsFabric.Start(Options(identity, router, _ => [])).Value;
        using var raw = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        raw.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        raw.Listen();
        _ = RawTls.ServeAsync(raw, identity);
        Console.WriteLine($"{fabric.Address} {raw.LocalEndPoint}");
        await Console.In.ReadLineAsync();
    }

    public static FabricOptions Options(NodeIdentity identity, FabricRouter router, Func<KeyId, IReadOnlyList<string>> addresses) => new()
    {
        Self = identity.Id,
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        Identity = () => identity,
        Verifier = new CertificateVerifier(identity.Community, TimeProvider.System),
        AddressesOf = addresses,
        Router = router,
        Clock = TimeProvider.System,
    };
}
