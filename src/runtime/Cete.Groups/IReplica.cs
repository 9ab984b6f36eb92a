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
public sealed record GroupReport(GroupStatus Status, long LastIndex, bool MayChangeMembers, IReadOnlyList<FollowerStatus> Followers)
{
    /// <summary>How the imports from other groups stand, where it is the root.</summary>
    public IReadOnlyList<ImportStatus> Imports { get; init; } = [];
}

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

    /// <summary>
    /// Begins the group here, with this replica as its only voter: for one that has nothing yet and waits to be told. It is durable when that is
    /// answered. A conflict where the replica is of another group of that name already, or others remember that it once had more.
    /// </summary>
    /// <param name="lineage">Which group it is to be. Whoever asks sees to it that no other node ever begins one with the same, nor this one again.</param>
    /// <param name="cancellation">Ends the wait, not what was begun.</param>
    /// <returns>False when the replica was of that group already.</returns>
    Task<Outcome<bool>> FoundAsync(Lineage lineage, CancellationToken cancellation = default);

    /// <summary>Has the root, whichever node that is, hand over to another voter. It may fail; then the root stays.</summary>
    Task<Outcome<bool>> TransferAsync(KeyId to, CancellationToken cancellation = default);

    /// <summary>
    /// Has the group import nothing for a while, whoever is its root: what it then holds of other groups was in those before. Its own commands are
    /// carried out as ever. Asked again it goes on from then; zero ends it.
    /// </summary>
    /// <param name="duration">Up to an hour of stamped time.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>
    /// The index of its log since which nothing was imported: the same one again says that there was no gap in between. 0 for a group that
    /// imports nothing.
    /// </returns>
    Task<Outcome<long>> PauseImportsAsync(TimeSpan duration, CancellationToken cancellation = default);
}
