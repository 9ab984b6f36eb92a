using Cete.Core;

namespace Cete.Membership;

/// <summary>
/// News of a member as it travels: always with the member's own record, so that whoever gets it can judge it without having heard the rest.
/// </summary>
/// <param name="Record">What the member said of itself.</param>
/// <param name="State">What the teller thinks of it at this incarnation.</param>
/// <param name="Accuser">Who found a suspect or dead member not answering.</param>
public sealed record MemberUpdate(MemberRecord Record, MemberState State, KeyId Accuser);

/// <summary>What members tell each other.</summary>
/// <param name="Updates">News that ride along (SWIM §4.1).</param>
public abstract record MembershipMessage(IReadOnlyList<MemberUpdate> Updates)
{
    /// <summary>"Are you there?" Answered by <see cref="Ack"/> with the same number.</summary>
    public sealed record Ping(long Sequence, IReadOnlyList<MemberUpdate> Updates) : MembershipMessage(Updates);

    /// <summary>"Ask it for me." Answered by <see cref="Ack"/>, or by <see cref="Nack"/> when the target did not answer in time.</summary>
    public sealed record PingRequest(long Sequence, KeyId Target, IReadOnlyList<MemberUpdate> Updates) : MembershipMessage(Updates);

    /// <summary>"I am", or "it is".</summary>
    public sealed record Ack(long Sequence, IReadOnlyList<MemberUpdate> Updates) : MembershipMessage(Updates);

    /// <summary>"I am here and asked, but it did not answer" (Lifeguard §4): tells a dead target from a slow asker.</summary>
    public sealed record Nack(long Sequence, IReadOnlyList<MemberUpdate> Updates) : MembershipMessage(Updates);

    /// <summary>News alone.</summary>
    public sealed record Gossip(IReadOnlyList<MemberUpdate> Updates) : MembershipMessage(Updates);

    /// <summary>
    /// Anti-entropy: a part of everything the sender knows. A digest alone asks whether there is any difference; whoever sees one answers with its
    /// whole view and asks for the other's.
    /// </summary>
    public sealed record Sync(ulong Digest, bool IsAnswerWanted, IReadOnlyList<MemberUpdate> Updates) : MembershipMessage(Updates);
}
