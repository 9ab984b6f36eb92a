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
/// <param name="Imports">How far it follows other groups; only where the asked node is the root, and null for one that follows none.</param>
public sealed record GroupInfo(
    string Name, string? Root, long Term, long Committed, long Applied, int Level, int FailuresTolerated, string? Problem,
    IReadOnlyList<ReplicaInfo> Replicas, IReadOnlyList<ImportInfo>? Imports = null);

/// <summary>How far a group follows the feed of another one.</summary>
/// <param name="Source">The other group.</param>
/// <param name="Position">Up to where.</param>
/// <param name="IsScanning">Its records as of that position are being taken over.</param>
/// <param name="Behind">Entries of its log that are still to come; null where that is not known now.</param>
/// <param name="Problem">Why the import stands still; null when it does not.</param>
public sealed record ImportInfo(string Source, long Position, bool IsScanning, long? Behind = null, string? Problem = null);

/// <summary>For how long a node's groups are to import nothing from others, so that a backup has none of them before its source.</summary>
/// <param name="Seconds">From now on, up to 3,600; 0 ends the pause.</param>
public sealed record PauseImportsRequest(int Seconds);

/// <summary>That they do not.</summary>
/// <param name="Since">
/// By the name of a group, the entry of its log since which it imported nothing: the same again says that there was no gap in between.
/// </param>
public sealed record PauseImportsAnswer(IReadOnlyDictionary<string, long> Since);

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
