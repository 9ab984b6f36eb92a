using Cete.Core;

namespace Cete.Membership;

/// <summary>
/// What a node says of itself. Its bytes are signed by the node and were verified before they come here; nobody else can make one, so
/// gossip can be passed on by members that are not trusted.
/// </summary>
/// <param name="Id">The node.</param>
/// <param name="Instance">Which start of the node: a later one is greater. Two at once are two nodes with one key.</param>
/// <param name="Incarnation">Grows with everything that the node says (SWIM §4.2); the greatest counts.</param>
/// <param name="IsLeaving">The node goes on its own account.</param>
/// <param name="Payload">The signed bytes, for the members to read.</param>
public sealed record MemberRecord(KeyId Id, ulong Instance, long Incarnation, bool IsLeaving, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Beyond it nothing could be said any more; a node that is there was made to lie.</summary>
    public const long IncarnationMax = 1L << 60;

    /// <summary>It says how far the node is with what it keeps on its disk: remembered for its next start, when that may be an old copy.</summary>
    public bool HasPositions { get; init; }

    /// <summary>Bytes that it costs a message.</summary>
    public int Cost => Payload.Length + 64;

    public bool Equals(MemberRecord? other) =>
        other is not null && (Id, Instance, Incarnation, IsLeaving) == (other.Id, other.Instance, other.Incarnation, other.IsLeaving);

    public override int GetHashCode() => HashCode.Combine(Id, Incarnation);
}

/// <summary>How a member is seen from here.</summary>
public enum MemberState
{
    /// <summary>It answers, or nobody said otherwise.</summary>
    Alive,

    /// <summary>It did not answer somebody; it has until the end of its suspicion to refute that.</summary>
    Suspect,

    /// <summary>It did not refute in time.</summary>
    Dead,

    /// <summary>It said that it goes.</summary>
    Left,
}

/// <summary>A member as it is seen from here.</summary>
/// <param name="Record">The newest that it said of itself.</param>
/// <param name="State">What is thought of it.</param>
/// <param name="Since">When that began, by this node's monotonic clock.</param>
/// <param name="RoundTrip">Smoothed time of a probe and its answer (RFC 6298 §2: 1/8 of each new one); null before the first.</param>
public sealed record Member(MemberRecord Record, MemberState State, Instant Since, TimeSpan? RoundTrip)
{
    public KeyId Id => Record.Id;

    /// <summary>It takes part: it is probed and told things.</summary>
    public bool IsPresent => State is MemberState.Alive or MemberState.Suspect;
}
