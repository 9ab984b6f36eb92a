using Cete.Core;

namespace Cete.Membership;

/// <summary>What the machine holds of another member.</summary>
internal sealed class Peer(MemberRecord record, Instant now)
{
    /// <summary>Its place among all, for picking at random.</summary>
    public int Place { get; set; }

    public MemberRecord Record { get; set; } = record;

    /// <summary>The newest record of an earlier start that said how far the node was; the node is told it when it asks for a view.</summary>
    public MemberRecord? Earlier { get; set; }

    public MemberState State { get; set; } = MemberState.Alive;

    public Instant Since { get; set; } = now;

    public TimeSpan? RoundTrip { get; set; }

    public Suspicion? Suspicion { get; set; }

    /// <summary>
    /// It was dead or had left when it was first heard of; that is one member's word, not this node's finding. It is not passed on, or
    /// members that forget at different times would tell each other of it for ever.
    /// </summary>
    public bool IsGoneByHearsay { get; set; }

    public bool IsConnected { get; set; }

    public KeyId Id => Record.Id;

    public bool IsPresent => State is MemberState.Alive or MemberState.Suspect;

    public Member View => new(Record, State, Since, RoundTrip);
}
