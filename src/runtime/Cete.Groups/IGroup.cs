using Cete.Consensus;
using Cete.Core;

namespace Cete.Groups;

/// <summary>How fresh what is read must be.</summary>
public enum ReadLevel
{
    /// <summary>As if there were one copy: sees every command that was answered before the read began.</summary>
    Linearizable,

    /// <summary>What this replica has applied by now.</summary>
    Local,
}

/// <summary>How a replica stands.</summary>
/// <param name="IsRoot">It takes the writes.</param>
/// <param name="Term">The newest term it knows.</param>
/// <param name="Committed">Index up to which the log is committed.</param>
/// <param name="Applied">Index up to which it is applied.</param>
/// <param name="Level">Apply level.</param>
/// <param name="Failure">Why it stands still; null when it does not.</param>
public sealed record GroupStatus(bool IsRoot, long Term, long Committed, long Applied, int Level, Failure? Failure)
{
    /// <summary>Store and log are open: what was applied before can be read.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Who takes the writes, as far as it is known here.</summary>
    public KeyId? Root { get; init; }

    /// <summary>Who has replicas, as far as it is known here; null for a replica that nobody has told yet.</summary>
    public Members? Members { get; init; }

    /// <summary>The newest term that its disk holds for certain.</summary>
    public long DurableTerm { get; init; }

    /// <summary>It is certain enough that its disk holds all that it ever acknowledged: it may vote.</summary>
    public bool IsVouched { get; init; }

    /// <summary>
    /// Its disk is an old copy: until it has caught up to here, at least, and a root has seen to it, it serves nothing. Null when nothing is missing.
    /// </summary>
    public long? Forgotten { get; init; }

    /// <summary>Up to where it lacked what it had acknowledged when it was found to be an old copy, since the node's start; null when it was not.</summary>
    public long? FoundOld { get; init; }

    /// <summary>Which group of that name it is; none for a replica that nobody has told yet, too.</summary>
    public Lineage Lineage { get; init; }
}

/// <summary>A replicated service as its users see it, on whichever node they are.</summary>
public interface IGroup
{
    /// <summary>Its name.</summary>
    GroupId Id { get; }

    /// <summary>
    /// Has a command carried out. The answer comes when the command is durable and applied. A failure in its place (not in its
    /// <see cref="CommandReply.Result"/>) says that it was not taken, but for <see cref="FailureKind.Unavailable"/> and
    /// <see cref="FailureKind.Damaged"/>, after which nobody knows: ask again with the same id. Cancelling stops the wait, not the command.
    /// </summary>
    Task<Outcome<CommandReply>> SubmitAsync(ClientCommand command, CancellationToken cancellation = default);

    /// <summary>Runs a query on a read-only connection that sees one moment.</summary>
    Task<Outcome<T>> ReadAsync<T>(Func<SqlSession, T> query, ReadLevel level = ReadLevel.Linearizable, CancellationToken cancellation = default);

    /// <summary>Events behind a position, at most <paramref name="countMax"/>.</summary>
    Task<Outcome<FeedPage>> ReadFeedAsync(long after, int countMax, CancellationToken cancellation = default);

    /// <summary>Completes when the applied index goes beyond <paramref name="index"/>.</summary>
    Task<long> WaitForAppliedAsync(long index, CancellationToken cancellation = default);

    /// <summary>Writes the state of one moment as an opaque stream; tells the applied index it stands at.</summary>
    Task<Outcome<long>> SnapshotAsync(Stream target, CancellationToken cancellation = default);

    /// <summary>How the local replica stands.</summary>
    GroupStatus Status { get; }
}
