using Cete.Core;

namespace Cete.Membership;

/// <summary>What the machine of a member is told.</summary>
public abstract record MembershipInput
{
    private MembershipInput()
    {
    }

    /// <summary>This node's own record, signed: the first one starts the machine, the others answer <see cref="MembershipEffect.Announce"/>.</summary>
    public sealed record Announced(MemberRecord Record) : MembershipInput;

    /// <summary>Time went on; due at <see cref="MembershipMachine.NextDeadline"/>.</summary>
    public sealed record Tick : MembershipInput
    {
        public static Tick Instance { get; } = new();
    }

    /// <summary>A message came from a node that the transport identified.</summary>
    public sealed record Received(KeyId From, MembershipMessage Message) : MembershipInput;

    /// <summary>A node that is in the community was found at an address: what it knows is asked for.</summary>
    public sealed record Join(KeyId Peer) : MembershipInput;

    /// <summary>A connection to a node stands: telling it things is cheap.</summary>
    public sealed record Connected(KeyId Peer) : MembershipInput;

    /// <summary>The connection ended, or none could be made. A hint to look after it, no proof.</summary>
    public sealed record Unreachable(KeyId Peer) : MembershipInput;

    /// <summary>The connection was closed because nobody needed it.</summary>
    public sealed record Disconnected(KeyId Peer) : MembershipInput;

    /// <summary>What this node has to say of itself changed.</summary>
    public sealed record FactsChanged : MembershipInput
    {
        public static FactsChanged Instance { get; } = new();
    }

    /// <summary>This node goes.</summary>
    public sealed record Leave : MembershipInput
    {
        public static Leave Instance { get; } = new();
    }

    /// <summary>The nodes that the community removed, all of them; what is said by or about them is ignored from now on.</summary>
    public sealed record Removed(IReadOnlySet<KeyId> Nodes) : MembershipInput;
}

/// <summary>What happened to a member, as seen from here.</summary>
public enum MemberChange
{
    /// <summary>It was not known, or was gone.</summary>
    Joined,

    /// <summary>It said something new of itself.</summary>
    Updated,

    /// <summary>Somebody could not reach it.</summary>
    Suspected,

    /// <summary>It refuted that.</summary>
    Recovered,

    /// <summary>It did not refute in time.</summary>
    Failed,

    /// <summary>It said that it goes.</summary>
    Left,

    /// <summary>It was removed by the community, or was gone for so long that it is forgotten.</summary>
    Forgotten,
}

/// <summary>What is to be done for a member, in the order given.</summary>
public abstract record MembershipEffect
{
    private MembershipEffect()
    {
    }

    /// <summary>Send a message; that it may be lost is expected.</summary>
    public sealed record Send(KeyId To, MembershipMessage Message) : MembershipEffect;

    /// <summary>Sign this node's own record anew with this incarnation and hand it back by <see cref="MembershipInput.Announced"/>.</summary>
    public sealed record Announce(long Incarnation, bool IsLeaving) : MembershipEffect;

    /// <summary>The view changed.</summary>
    public sealed record Changed(Member Member, MemberChange Change) : MembershipEffect;

    /// <summary>Another process speaks with this node's key, and goes on doing so. The one that started later must stop.</summary>
    public sealed record IdentityClash(MemberRecord Other) : MembershipEffect;

    /// <summary>Others remember what an earlier start of this node said.</summary>
    public sealed record Remembered(MemberRecord Record) : MembershipEffect;

    /// <summary>Another member told what it knows for the first time; what it remembers of this node came before.</summary>
    public sealed record Exchanged(KeyId With) : MembershipEffect;

    /// <summary>Enough members were told that this node goes.</summary>
    public sealed record LeaveTold : MembershipEffect;
}
