using Cete.Cluster.Membership;
using Cete.Core;

namespace Cete.Cluster.Reach;

/// <summary>Another member that takes part, as it matters for being reached.</summary>
/// <param name="Id">The member.</param>
/// <param name="Addresses">Where it says that it is.</param>
/// <param name="Reachability">What it says of being reached itself.</param>
/// <param name="IsConnected">A connection with it stands that runs through no other member.</param>
/// <param name="RoundTrip">Smoothed time of a probe and its answer; null before the first.</param>
/// <param name="Load">How busy it is, 0 to 1,000.</param>
public sealed record ReachMember(
    KeyId Id, IReadOnlyList<string> Addresses, Reachability Reachability, bool IsConnected, TimeSpan? RoundTrip, int Load);

/// <summary>What the test of reachability is told.</summary>
public abstract record ReachInput
{
    private ReachInput()
    {
    }

    /// <summary>Time passes; due each second.</summary>
    /// <param name="Own">This node's own addresses.</param>
    /// <param name="Members">The others that take part.</param>
    public sealed record Tick(IReadOnlyList<string> Own, IReadOnlyList<ReachMember> Members) : ReachInput;

    /// <summary>A member answered.</summary>
    /// <param name="Round">Which question it was.</param>
    /// <param name="Member">Who answered.</param>
    /// <param name="IsReached">It reached this node at one of its addresses; null if it did not say.</param>
    public sealed record Answered(int Round, KeyId Member, bool? IsReached) : ReachInput;
}

/// <summary>What the test of reachability wants done.</summary>
public abstract record ReachEffect
{
    private ReachEffect()
    {
    }

    /// <summary>Ask a member whether it reaches this node at these addresses.</summary>
    public sealed record Ask(int Round, KeyId Member, IReadOnlyList<string> Addresses) : ReachEffect;

    /// <summary>Keep connections with these members from now on, and with no others for their own sake.</summary>
    public sealed record Keep(IReadOnlyList<KeyId> Relays) : ReachEffect;

    /// <summary>Tell the others.</summary>
    public sealed record Tell(Reachability Reachability, IReadOnlyList<KeyId> Via) : ReachEffect;
}
