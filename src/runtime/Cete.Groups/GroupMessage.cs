using Cete.Actors;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Store;
using Cete.Groups.Wire;
using Cete.Ports;

namespace Cete.Groups;

/// <summary>What the actor of a group understands.</summary>
internal abstract record GroupMessage
{
    private GroupMessage()
    {
    }

    /// <summary>Answered when the command is durable and applied, or with who the root is.</summary>
    /// <param name="Command">What is to be done.</param>
    /// <param name="From">The node that handed it in; null for this one.</param>
    /// <param name="Answer">Where to.</param>
    public sealed record Submit(ClientCommand Command, FabricPeer? From, ReplyTo<RootAnswer<CommandReply>> Answer) : GroupMessage;

    /// <summary>Answered with the index that a read must see applied (Raft's read index), or with who the root is.</summary>
    /// <param name="MustBeApplied">The answer is to wait until that index is applied here.</param>
    /// <param name="Answer">Where to.</param>
    public sealed record ReadIndex(bool MustBeApplied, ReplyTo<RootAnswer<long>> Answer) : GroupMessage;

    /// <summary>Answered with the applied index once that has reached the given one.</summary>
    public sealed record ReadAt(long Index, ReplyTo<Outcome<long>> Answer) : GroupMessage;

    /// <summary>Answered once the applied index is beyond the given one.</summary>
    public sealed record WaitForApplied(long Index, ReplyTo<long> Answer) : GroupMessage;

    /// <summary>Handed on to the store.</summary>
    public sealed record Snapshot(Stream Target, ReplyTo<Outcome<long>> Answer) : GroupMessage;

    /// <summary>The root is asked for other members; answered when it has taken it up.</summary>
    public sealed record ChangeMembers(Members Members, ReplyTo<Outcome<bool>> Answer) : GroupMessage;

    /// <summary>A replica that waits is asked to begin the group; answered when that is durable.</summary>
    public sealed record Found(Lineage Lineage, ReplyTo<Outcome<bool>> Answer) : GroupMessage;

    /// <summary>The root is asked to hand over; answered when it has taken it up.</summary>
    public sealed record Transfer(KeyId To, ReplyTo<RootAnswer<bool>> Answer) : GroupMessage;

    /// <summary>Answered with how the replica stands, and on the root how the others do.</summary>
    public sealed record Describe(ReplyTo<GroupReport> Answer) : GroupMessage;

    /// <summary>Another member says something.</summary>
    public sealed record Received(KeyId From, ConsensusEnvelope Envelope) : GroupMessage;

    /// <summary>Others remember how far this replica was, durably, before the node's start.</summary>
    public sealed record Remembered(Lineage Lineage, long Term, long Index, bool HasForgotten) : GroupMessage;

    /// <summary>Others had the chance to say so.</summary>
    public sealed record Vouched : GroupMessage
    {
        public static readonly Vouched Instance = new();
    }

    /// <summary>A node is said to be gone.</summary>
    public sealed record NodeGone(KeyId Node) : GroupMessage;

    /// <summary>To itself: time went on for the machine.</summary>
    public sealed record Tick : GroupMessage
    {
        public static readonly Tick Instance = new();
    }

    /// <summary>To itself, behind the commands that wait: they go to the log together.</summary>
    public sealed record ProposeAll : GroupMessage
    {
        public static readonly ProposeAll Instance = new();
    }

    public sealed record StoreOpened(StoreFacts Facts) : GroupMessage;

    /// <summary>The store could not take the beginning of the group; it is tried again.</summary>
    public sealed record NotFounded(Failure Failure) : GroupMessage;

    /// <param name="Bounds">What the log holds.</param>
    /// <param name="Members">Its entries that change the members.</param>
    public sealed record LogOpened(LogBounds Bounds, IReadOnlyList<LogEntry> Members) : GroupMessage;

    public sealed record LogSynced(int Attempt, long Write) : GroupMessage;

    /// <param name="Attempt">Of the group.</param>
    /// <param name="FirstIndex">The first entry that was not written; 0 when there was none among it.</param>
    /// <param name="Failure">Why.</param>
    public sealed record LogFailed(int Attempt, long FirstIndex, Failure Failure) : GroupMessage;

    /// <param name="For">The member that lacks them; null for the own store.</param>
    /// <param name="From">The first that was asked for.</param>
    /// <param name="Entries">What was read.</param>
    public sealed record EntriesRead(KeyId? For, long From, IReadOnlyList<LogEntry> Entries) : GroupMessage;

    /// <summary>A snapshot has come whole; whoever takes the message closes the stream.</summary>
    public sealed record SnapshotFetched(long Index, Stream Content) : GroupMessage;

    public sealed record SnapshotNotFetched(Failure Failure) : GroupMessage;

    /// <summary>The store stands at a snapshot now.</summary>
    public sealed record SnapshotInstalled(StoreFacts Facts) : GroupMessage;

    /// <summary>It does not: the store is as it was.</summary>
    public sealed record SnapshotRefused(Failure Failure) : GroupMessage;

    /// <summary>The store holds, durably, which group it is of; null when it could not be written.</summary>
    public sealed record Adopted(Lineage? Lineage) : GroupMessage;

    /// <summary>The log holds nothing up to this index any more.</summary>
    public sealed record Released(long Through) : GroupMessage;

    public sealed record Applied(AppliedBatch Batch) : GroupMessage;

    /// <summary>The store could not take a batch; unless it is damaged, the batch is tried again.</summary>
    public sealed record ApplyFailed(Failure Failure) : GroupMessage;

    public sealed record RetryApply : GroupMessage;

    /// <summary>To itself: goes on with what the disk holds, after a write that failed.</summary>
    public sealed record Reopen : GroupMessage;

    public sealed record CheckpointWanted : GroupMessage;

    /// <summary>A durable checkpoint holds everything up to here.</summary>
    public sealed record CheckpointMade(long Through) : GroupMessage;

    /// <summary>The replica cannot go on.</summary>
    public sealed record Broken(Failure Failure) : GroupMessage;
}

/// <summary>Where answers for a group go: an actor of its own, never one that waits for the disk.</summary>
internal sealed class GroupMailbox(ActorRef<GroupMessage> actor)
{
    /// <summary>The mailbox is sized for all that can be under way; a refusal means that the group has stopped and nobody waits for the answer.</summary>
    public bool Tell(GroupMessage message) => actor.Tell(message);
}

/// <summary>What a store says of itself when it is opened.</summary>
/// <param name="Applied">The index it stands at.</param>
/// <param name="AppliedTerm">The term of that entry; 0 where a program before replication wrote it.</param>
/// <param name="Level">Apply level.</param>
/// <param name="LastStamp">Newest stamp.</param>
/// <param name="Members">Who the members were as of it; null for a new replica that was not told.</param>
/// <param name="InstalledAt">Where the snapshot stood that it began from; 0 for none.</param>
internal sealed record StoreFacts(long Applied, long AppliedTerm, int Level, Instant LastStamp, Members? Members, long InstalledAt)
{
    /// <summary>Digests of the state that are kept, oldest first.</summary>
    public IReadOnlyList<StateDigest> Digests { get; init; } = [];

    /// <summary>Which group of its name it is of.</summary>
    public Lineage Lineage { get; init; }
}

/// <summary>An answer that only the root has; or, of what was certainly not carried out, who the root is.</summary>
/// <param name="Outcome">The answer.</param>
/// <param name="IsRefused">It was not taken here, and is to be asked for again.</param>
/// <param name="Root">Who the root is, if that is known and not this node.</param>
internal readonly record struct RootAnswer<T>(Outcome<T> Outcome, bool IsRefused, KeyId? Root)
{
    public static RootAnswer<T> Of(Outcome<T> outcome) => new(outcome, false, null);

    public static RootAnswer<T> Elsewhere(KeyId? root) =>
        new(new Failure(FailureKind.Unavailable, "another node is the root of this group by now"), true, root);
}
