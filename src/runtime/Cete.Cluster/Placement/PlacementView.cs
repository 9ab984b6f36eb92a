using Cete.Consensus;
using Cete.Core;
using Cete.Groups;

namespace Cete.Cluster.Placement;

/// <summary>A node that may have replicas of a group: its certificate carries the group's role.</summary>
/// <param name="Id">Which.</param>
/// <param name="IsPresent">It takes part in the community now.</param>
/// <param name="IsReachable">Others reach it themselves; one that is reached through others does not vote (DESIGN.md §4).</param>
/// <param name="IsDraining">It is to have nothing soon.</param>
/// <param name="Owner">Whose it is; empty where that is not known.</param>
/// <param name="Load">How busy it is, 0 to 1,000.</param>
/// <param name="StartedAt">Which start of it, in microseconds since 1970 by its clock: the longer it runs, the better it is proven.</param>
/// <param name="Roots">Of how many groups it is the root.</param>
public sealed record PlacementNode(
    KeyId Id, bool IsPresent, bool IsReachable, bool IsDraining, string Owner, int Load, ulong StartedAt, int Roots)
{
    /// <summary>It says that it has a replica, be it an empty one: a node that was given the role while it runs has none before its next start.</summary>
    public bool IsHosting { get; init; } = true;

    /// <summary>It can be made a voter.</summary>
    public bool MayVote => IsPresent && IsReachable && !IsDraining;
}

/// <summary>What a group's root knows when it decides who is to have replicas.</summary>
public sealed record PlacementView
{
    /// <summary>The root.</summary>
    public required KeyId Self { get; init; }

    /// <summary>Who has replicas.</summary>
    public required Members Members { get; init; }

    /// <summary>Where the root's log ends.</summary>
    public required long LastIndex { get; init; }

    /// <summary>How the other members stand.</summary>
    public required IReadOnlyDictionary<KeyId, FollowerStatus> Followers { get; init; }

    /// <summary>The nodes with the group's role, those that are gone but known among them.</summary>
    public required IReadOnlyDictionary<KeyId, PlacementNode> Nodes { get; init; }

    /// <summary>Nodes whose certificate does not carry the group's role, or not any more.</summary>
    public required IReadOnlySet<KeyId> WithoutRole { get; init; }

    /// <summary>Nodes that the community removed.</summary>
    public required IReadOnlySet<KeyId> Removed { get; init; }

    /// <summary>How the community wants it.</summary>
    public PlacementSettings Settings { get; init; } = new();
}

/// <summary>How a community wants its groups to be placed.</summary>
public sealed record PlacementSettings
{
    /// <summary>Voters of a group where there are enough nodes: 1, 3 or 5. Three bear the loss of one, five that of two.</summary>
    public int Voters { get; init; } = 3;

    /// <summary>How long a member may be silent until another one takes its place.</summary>
    public TimeSpan ReplaceAfter { get; init; } = TimeSpan.FromMinutes(15);
}

/// <summary>What a root does next for its group.</summary>
public abstract record PlacementStep
{
    private PlacementStep()
    {
    }

    /// <summary>These are to be the members.</summary>
    public sealed record Change(Members Members) : PlacementStep;

    /// <summary>This voter is to be the root.</summary>
    public sealed record HandOver(KeyId To) : PlacementStep;
}
