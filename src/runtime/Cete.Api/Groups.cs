namespace Cete.Api;

/// <summary>The groups that a node has replicas of.</summary>
/// <param name="Groups">By name.</param>
public sealed record GroupsAnswer(IReadOnlyList<GroupInfo> Groups);

/// <summary>A group as the asked node knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Root">Who takes the writes; null while nobody is known to.</param>
/// <param name="Term">The newest term that is known.</param>
/// <param name="Committed">How far its log is committed.</param>
/// <param name="Applied">How far this node has applied it.</param>
/// <param name="Level">Apply level.</param>
/// <param name="FailuresTolerated">How many more of its voters may fail at once, beside those that are gone.</param>
/// <param name="Problem">Why this node's replica stands still, or what else is wrong with it; null when nothing is.</param>
/// <param name="Replicas">Where its replicas are.</param>
public sealed record GroupInfo(
    string Name, string? Root, long Term, long Committed, long Applied, int Level, int FailuresTolerated, string? Problem,
    IReadOnlyList<ReplicaInfo> Replicas);

/// <summary>A replica of a group.</summary>
/// <param name="Node">On which node.</param>
/// <param name="Name">What people call that.</param>
/// <param name="Votes">It is a voter, else a mirror alone.</param>
/// <param name="IsRoot">It takes the writes.</param>
/// <param name="IsPresent">Its node takes part in the community now.</param>
/// <param name="Behind">Entries that it lacks; only where the asked node is the root.</param>
public sealed record ReplicaInfo(string Node, string Name, bool Votes, bool IsRoot, bool IsPresent, long? Behind = null);

/// <summary>Whom a group's root is to hand over to.</summary>
/// <param name="Node">A voter of the group.</param>
public sealed record MoveRootRequest(string Node);
