using Cete.Core;
using Cete.Groups;

namespace Cete.Cluster.Membership;

/// <summary>What a node tells the others of itself.</summary>
public sealed record NodeFacts
{
    /// <summary>What people call it; two may be called the same.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Where its fabric port is reached, <c>HOST:PORT</c>, the best first; empty if nobody can.</summary>
    public IReadOnlyList<string> Fabric { get; init; } = [];

    /// <summary>Whether it found that others reach it there.</summary>
    public Reachability Reachability { get; init; }

    /// <summary>Members that keep a connection with it and carry tunnels to it, the best first, 3 at most; for one that cannot be reached.</summary>
    public IReadOnlyList<KeyId> Via { get; init; } = [];

    /// <summary>Base addresses of its http port, the best first.</summary>
    public IReadOnlyList<string> Http { get; init; } = [];

    /// <summary>Version of its program.</summary>
    public string Version { get; init; } = string.Empty;

    /// <summary>How busy it is, 0 to 1,000.</summary>
    public int Load { get; init; }

    /// <summary>It is to have no replicas soon: its operator is about to take it away.</summary>
    public bool IsDraining { get; init; }

    /// <summary>How it stands in the groups that it has a replica of.</summary>
    public IReadOnlyList<GroupClaim> Groups { get; init; } = [];

    /// <summary>The newest roster that it knows.</summary>
    public long RosterVersion { get; init; }
}

/// <summary>What a node found out about being reached at its own addresses. Numbers stand in records.</summary>
public enum Reachability
{
    /// <summary>It does not know, or is of an older version.</summary>
    Unknown = 0,

    /// <summary>Others reach it.</summary>
    Direct = 1,

    /// <summary>They do not: tunnels lead to it, by those that it names.</summary>
    None = 2,
}

/// <summary>How a node says that it stands in a group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Term">The newest term that it knows.</param>
/// <param name="IsRoot">It is the root in that term.</param>
/// <param name="Applied">How far it has applied the log.</param>
/// <param name="Level">Its apply level.</param>
public sealed record GroupClaim(string Group, long Term, bool IsRoot, long Applied, int Level)
{
    /// <summary>It is one of the group's voters.</summary>
    public bool Votes { get; init; }

    /// <summary>Whom it takes for the root in that term, itself too; null when it knows of none.</summary>
    public KeyId? Follows { get; init; }

    /// <summary>Which group of that name it is.</summary>
    public Lineage Lineage { get; init; }

    /// <summary>
    /// The newest term that it was in, for certain on its disk; 0 while it does not know whether that is all it ever said, as after a start.
    /// </summary>
    public long DurableTerm { get; init; }

    /// <summary>How far its log is committed, for certain on its disk.</summary>
    public long DurableIndex { get; init; }

    /// <summary>It had said more than that before, and does not have it back.</summary>
    public bool HasForgotten { get; init; }
}
