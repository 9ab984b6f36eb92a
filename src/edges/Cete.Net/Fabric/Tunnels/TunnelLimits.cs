using Cete.Ports;

namespace Cete.Net.Fabric.Tunnels;

/// <summary>
/// Bounds of tunnels. What tunnels have under way on one connection, windows times tunnels, is 4 MiB at most: half of what may wait to be sent
/// on it, so that an end that does not read takes no room from the relay's other messages.
/// </summary>
internal static class TunnelLimits
{
    /// <summary>Bytes of a data frame: two records of TLS.</summary>
    public const int DataMax = 32 * 1024;

    /// <summary>Credit that the smallest data frame costs, so that many small ones cost no more memory on their way than few large ones.</summary>
    public const int FrameCostMin = 256;

    /// <summary>Bytes of whatever else a frame says.</summary>
    public const int TextMax = 200;

    /// <summary>Bytes of a whole frame.</summary>
    public const int FrameMax = DataMax + 1024;

    /// <summary>Calls through tunnels whose handshake is not done.</summary>
    public const int CallsMax = 64;

    /// <summary>How long the opening of a tunnel may take.</summary>
    public static readonly TimeSpan OpenMax = TimeSpan.FromSeconds(3);

    /// <summary>Without a byte for so long a relay ends a tunnel; whoever needs it makes another.</summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(5);

    /// <summary>Without a byte for so long a tunnel gives way to a new one.</summary>
    public static readonly TimeSpan YieldAfter = TimeSpan.FromSeconds(5);

    /// <summary>Credit of one direction of a tunnel: bytes sent and not yet consumed by the other end.</summary>
    public static int Window(FabricLane lane) => lane == FabricLane.Bulk ? 256 * 1024 : 64 * 1024;

    /// <summary>Credit that a data frame costs.</summary>
    public static int Cost(int bytes) => Math.Max(bytes, FrameCostMin);

    /// <summary>Tunnels that a relay carries on one connection, whoever opened them.</summary>
    public static int PerConnection(FabricLane lane) => lane == FabricLane.Bulk ? 16 : 64;

    /// <summary>Tunnels that a relay carries for one opener.</summary>
    public static int PerOpener(FabricLane lane) => lane == FabricLane.Bulk ? 8 : 32;

    /// <summary>Tunnels that a relay carries: 32 MiB under way in each direction on each lane.</summary>
    public static int Relayed(FabricLane lane) => lane == FabricLane.Bulk ? 128 : 512;
}
