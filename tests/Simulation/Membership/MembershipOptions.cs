using Cete.Membership;
using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>How the processes of a simulated membership work, and which of its rules are broken on purpose.</summary>
internal sealed record MembershipOptions
{
    public MembershipSettings Settings { get; init; } = MembershipSettings.Lan;

    /// <summary>Each message is a datagram that the network may lose, repeat and reorder, in place of a control connection a pair.</summary>
    public bool IsByDatagram { get; init; }

    /// <summary>Hosts at which a node that knows nobody asks to join.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [0];

    /// <summary>Bytes of a record; the product's are near a thousand, most of them the certificate.</summary>
    public int RecordBytes { get; init; } = 200;

    /// <summary>Which identity the process of a host has: its own, but for twins.</summary>
    public Func<int, int> IdentityOf { get; init; } = host => host;

    /// <summary>The liar is one of the hosts; the others' words about it are no findings of the honest.</summary>
    public Func<MembershipProcess, ILiar?> Liar { get; init; } = _ => null;

    public Mutation Mutation { get; init; }

    public LinkSettings Link { get; init; } = LinkSettings.Lan;
}

/// <summary>A rule of the protocol that the process breaks, to see that it is missed.</summary>
internal enum Mutation
{
    None,

    /// <summary>An accused member does not say anything newer.</summary>
    NoRefutation,

    /// <summary>What is said of an older incarnation counts as if it were said of the newest.</summary>
    NoIncarnationCheck,

    /// <summary>Exchanges of whole views are not heard, but for the one by which a process joins.</summary>
    NoPushPull,
}

/// <summary>What a member that does not keep to the protocol says on top of it.</summary>
internal interface ILiar
{
    /// <summary>Time from one lie to the next.</summary>
    TimeSpan Interval { get; }

    /// <summary>Says something.</summary>
    void Lie(MembershipProcess process);
}
