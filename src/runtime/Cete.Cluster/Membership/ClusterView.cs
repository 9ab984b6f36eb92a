using Cete.Core;
using Cete.Membership;
using Cete.Trust;

namespace Cete.Cluster.Membership;

/// <summary>A member with what it says of itself.</summary>
/// <param name="Id">The node.</param>
/// <param name="State">What is thought of it here.</param>
/// <param name="Facts">What it says.</param>
/// <param name="Certificate">What the community says of it.</param>
/// <param name="RoundTrip">Smoothed time of a probe and its answer; null for this node itself and before the first.</param>
/// <param name="Instance">Which start of the node: microseconds since 1970 by its clock.</param>
/// <param name="Incarnation">How often it said something new.</param>
public sealed record ClusterMember(
    KeyId Id, MemberState State, NodeFacts Facts, PeerCertificate Certificate, TimeSpan? RoundTrip, ulong Instance, long Incarnation)
{
    /// <summary>It takes part.</summary>
    public bool IsPresent => State is MemberState.Alive or MemberState.Suspect;
}

/// <summary>The community's nodes as they are seen from here at one moment.</summary>
/// <param name="Self">This node.</param>
/// <param name="Members">All that are known, this node among them, ordered by id; the dead and those who left for a day.</param>
public sealed record ClusterView(KeyId Self, IReadOnlyList<ClusterMember> Members)
{
    /// <summary>Those that take part.</summary>
    public IEnumerable<ClusterMember> Present => Members.Where(member => member.IsPresent);

    /// <summary>A member by name.</summary>
    public ClusterMember? Find(KeyId id)
    {
        var (low, high) = (0, Members.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Members[middle].Id.CompareTo(id);
            if (order == 0)
            {
                return Members[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
