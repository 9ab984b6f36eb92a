using System.Net;
using Cete.Core;
using Cete.Ports;
using Cete.Trust;

namespace Cete.Net.Fabric;

/// <summary>What the fabric is given by the node it works for.</summary>
public sealed record FabricOptions
{
    /// <summary>This node.</summary>
    public required KeyId Self { get; init; }

    /// <summary>Where it listens; null for a node that only makes connections.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>The node's key and certificate; asked at each handshake, so that a renewed one counts at once.</summary>
    public required Func<NodeIdentity> Identity { get; init; }

    /// <summary>Tells whether who presents a certificate is of the community.</summary>
    public required CertificateVerifier Verifier { get; init; }

    /// <summary>Tells why a node with a good certificate is refused all the same: the roster is the authority. Null lets it in.</summary>
    public Func<PeerCertificate, Failure?> Refuses { get; init; } = _ => null;

    /// <summary>Where a node listens, <c>HOST:PORT</c>, the best first; empty for one that cannot be reached or is not known.</summary>
    public required Func<KeyId, IReadOnlyList<string>> AddressesOf { get; init; }

    /// <summary>
    /// The members that keep a connection with a node that cannot be reached itself, and carry tunnels to it; empty for one that can.
    /// </summary>
    public Func<KeyId, IReadOnlyList<KeyId>> RelaysOf { get; init; } = _ => [];

    public required FabricRouter Router { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Of the program, told to others.</summary>
    public string Version { get; init; } = "0";

    /// <summary>Connections at once; beyond it incoming ones are refused and idle ones closed.</summary>
    public int ConnectionsMax { get; init; } = 4_096;

    /// <summary>Connections of this node's own making that are kept though nobody needs them: as many close neighbours as gossip has.</summary>
    public int ConnectionsKept { get; init; } = 128;

    /// <summary>After so long without a message a connection beyond those is closed.</summary>
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Handshakes at once: each costs about a millisecond of a core and may take its time.</summary>
    public int HandshakesMax { get; init; } = 256;

    /// <summary>From the connection to the end of the greeting.</summary>
    public TimeSpan HandshakeMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one address is tried.</summary>
    public TimeSpan DialMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time until a node that could not be reached is tried again: doubled each time, up to a second.</summary>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the other side may leave bytes unacknowledged before the connection counts as broken (RFC 5482).</summary>
    public TimeSpan UserTimeout { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>Bounds of what other nodes may send.</summary>
internal static class FabricLimits
{
    /// <summary>Protocol versions this code understands.</summary>
    public const int ProtocolMin = 1;

    public const int ProtocolMax = 1;

    /// <summary>Bytes of a frame on the control lane: a part of a view, a roster of 1,000 nodes.</summary>
    public const int ControlFrameMax = 1024 * 1024;

    /// <summary>Bytes of a frame on the bulk lane: a batch of a log.</summary>
    public const int BulkFrameMax = 8 * 1024 * 1024;

    /// <summary>Bytes of a frame of one who showed no certificate.</summary>
    public const int AnonymousFrameMax = 64 * 1024;

    /// <summary>Bytes that wait to be sent on a connection.</summary>
    public const int PendingBytesMax = 8 * 1024 * 1024;

    /// <summary>Messages that wait for a connection that is being made.</summary>
    public const int WaitingMax = 1_024;

    /// <summary>Requests of one connection that are being answered.</summary>
    public const int RequestsMax = 1_024;

    /// <summary>Connections without a certificate at once, and how long one may last.</summary>
    public const int AnonymousMax = 64;

    public static readonly TimeSpan AnonymousLife = TimeSpan.FromSeconds(30);

    public static int FrameMax(FabricLane lane) => lane == FabricLane.Bulk ? BulkFrameMax : ControlFrameMax;
}
