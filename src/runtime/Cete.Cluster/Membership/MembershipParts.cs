using Cete.Membership;
using Cete.Ports;

namespace Cete.Cluster.Membership;

/// <summary>What the membership of a node is made of.</summary>
public sealed record MembershipParts
{
    /// <summary>How eager it is.</summary>
    public required MembershipSettings Settings { get; init; }

    /// <summary>The node's key.</summary>
    public required ISigner Signer { get; init; }

    /// <summary>The node's certificate in DER; asked at each signature, since it is renewed.</summary>
    public required Func<ReadOnlyMemory<byte>> Certificate { get; init; }

    public required RecordCodec Records { get; init; }

    public required IFabric Fabric { get; init; }

    /// <summary>What the node says of itself at first.</summary>
    public required NodeFacts Facts { get; init; }

    /// <summary>Which start of the node this is: microseconds since 1970.</summary>
    public required ulong Instance { get; init; }

    /// <summary>Of its random choices.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Another process speaks with this node's key; it is given that one's <see cref="Instance"/>.</summary>
    public Action<ulong> OnClash { get; init; } = _ => { };

    /// <summary>Others remember what this node said before its start; it may be told again and again.</summary>
    public Action<NodeFacts> OnRemembered { get; init; } = _ => { };

    /// <summary>Another member told what it knows, for the first time since the start.</summary>
    public Action OnExchanged { get; init; } = () => { };

    /// <summary>Enough members were told that the node goes.</summary>
    public Action OnLeft { get; init; } = () => { };
}
