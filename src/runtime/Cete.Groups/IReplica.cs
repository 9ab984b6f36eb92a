using Cete.Consensus;
using Cete.Core;

namespace Cete.Groups;

/// <summary>How another member stands, as its root sees it.</summary>
/// <param name="Node">Which.</param>
/// <param name="Match">Up to here it has the log, durably.</param>
/// <param name="SinceHeard">How long ago it was heard from.</param>
public sealed record FollowerStatus(KeyId Node, long Match, TimeSpan SinceHeard);

/// <summary>How a replica stands in full.</summary>
/// <param name="Status">Itself.</param>
/// <param name="LastIndex">Where its log ends.</param>
/// <param name="MayChangeMembers">It is the root, and no change of the members is under way.</param>
/// <param name="Followers">The other members, where it is the root.</param>
public sealed record GroupReport(GroupStatus Status, long LastIndex, bool MayChangeMembers, IReadOnlyList<FollowerStatus> Followers);

/// <summary>A group of which this node has a replica, as whoever places replicas sees it.</summary>
public interface IReplica : IGroup
{
    /// <summary>How the local replica stands in full.</summary>
    Task<GroupReport> DescribeAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Has the local replica, which must be the root, begin a change of the members by one voter at most (or any learners). A conflict while
    /// the last change is under way. That it was begun is no promise that it ends: look at <see cref="IGroup.Status"/>.
    /// </summary>
    Task<Outcome<bool>> ChangeMembersAsync(Members members, CancellationToken cancellation = default);

    /// <summary>Has the root, whichever node that is, hand over to another voter. It may fail; then the root stays.</summary>
    Task<Outcome<bool>> TransferAsync(KeyId to, CancellationToken cancellation = default);
}
