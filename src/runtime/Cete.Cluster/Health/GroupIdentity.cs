using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Groups;

namespace Cete.Cluster.Health;

/// <summary>Whether a replica is of the group that the others of its name are of.</summary>
public static class GroupIdentity
{
    /// <summary>What an operator does about two groups of one name.</summary>
    public const string TwoGroupsMend =
        "choose which one is to stay, mostly the one that was recovered; stop each node of the other one, move its data folder away and let it join anew ('cete token create')";

    /// <summary>What an operator does about an old copy of a data folder.</summary>
    public const string OldCopyMend =
        "nothing while the group has a root: it brings the copy up to date; has it none because most voters are old copies, 'cete group recover' on the newest";

    /// <summary>That a replica is an old copy; null when nothing shows that it is.</summary>
    /// <param name="group">Name of the group.</param>
    /// <param name="status">The replica of this node.</param>
    public static string? OldCopy(string group, GroupStatus status) => status.Forgotten is not { } forgotten
        ? null
        : $"this node's data folder is an old copy: its replica of '{group}' lacks what it had acknowledged, up to {forgotten} at least; it serves nothing and does not vote until it has caught up";

    /// <summary>What is wrong with a replica's identity; null when nothing is.</summary>
    /// <param name="view">Who is there.</param>
    /// <param name="group">Name of the group.</param>
    /// <param name="status">The replica of this node.</param>
    public static string? Trouble(ClusterView view, string group, GroupStatus status)
    {
        var strangers = Strangers(view, group, status);
        return strangers.Count == 0
            ? null
            : $"two groups are called '{group}': that of this node, and that of {string.Join(", ", strangers.Take(5).Select(Name))}; neither listens to the other";
    }

    /// <summary>Nodes that have a replica of another group of the name.</summary>
    public static IReadOnlyList<ClusterMember> Strangers(ClusterView view, string group, GroupStatus status) => IsBlank(status.Lineage, status.Level)
        ? []
        : [.. view.Present.Where(member => member.Id != view.Self && member.Certificate.Roles.Contains(group) && member.Facts.Groups
            .Any(claim => claim.Group == group && claim.Lineage != status.Lineage && !IsBlank(claim.Lineage, claim.Level)))];

    /// <summary>
    /// Whether another node says that it has a replica of a group with something in it, be it one that is gone: then the group is not to be begun.
    /// </summary>
    /// <param name="view">Who is there, and who was.</param>
    /// <param name="group">Name of the group.</param>
    public static bool IsClaimed(ClusterView view, string group) => view.Members.Any(member => member.Id != view.Self && member.Facts.Groups
        .Any(claim => claim.Group == group && (claim.Term > 0 || claim.Votes || !IsBlank(claim.Lineage, claim.Level))));

    /// <summary>Whether this node's replica has nothing and waits to be told which group it is of.</summary>
    public static bool IsWaiting(GroupStatus status) =>
        status is { IsOpen: true, Failure: null, Members: null, Applied: 0, Forgotten: null } && IsBlank(status.Lineage, status.Level);

    /// <summary>A replica that has nothing yet belongs nowhere yet.</summary>
    private static bool IsBlank(Lineage lineage, int level) => lineage.IsNone && level == 0;

    private static string Name(ClusterMember member) => member.Facts.Name.Length > 0 ? EntryName.Show(member.Facts.Name) : member.Id.ToString();
}
