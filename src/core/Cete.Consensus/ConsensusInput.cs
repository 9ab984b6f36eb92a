using Cete.Core;

namespace Cete.Consensus;

/// <summary>What a member of a group is told.</summary>
public abstract record ConsensusInput
{
    private ConsensusInput()
    {
    }

    /// <summary>It starts with what it had persisted. After a write that failed another machine mostly starts with what the disk holds.</summary>
    /// <param name="Term">The newest term it knew.</param>
    /// <param name="VotedFor">Whom it voted for in that term.</param>
    /// <param name="Log">What its log holds.</param>
    /// <param name="Applied">Up to here the store has applied the log, durably or not: it is committed.</param>
    /// <param name="Members">Who the members were as of <paramref name="Applied"/>; null when it belongs to no group yet: it waits to be told.</param>
    /// <param name="LaterMembers">Entries behind <paramref name="Applied"/> that change them, in order.</param>
    public sealed record Start(
        long Term, KeyId? VotedFor, LogExtent Log, long Applied, Members? Members, IReadOnlyList<ConsensusEntry> LaterMembers) : ConsensusInput
    {
        /// <summary>
        /// Nobody else will say what this member said before its start, or somebody has: else <see cref="ConsensusInput.Vouched"/> is to come.
        /// </summary>
        public bool IsVouched { get; init; } = true;
    }

    /// <summary>Those who may know what this member said before its start were asked; <see cref="Remembered"/> came before, where they do.</summary>
    public sealed record Vouched : ConsensusInput
    {
        public static Vouched Instance { get; } = new();
    }

    /// <summary>Others remember what this member said before its start.</summary>
    /// <param name="Term">The newest term that it was in, durably.</param>
    /// <param name="Index">How far it held the log, durably and committed.</param>
    /// <param name="HasForgotten">It knew that it had forgotten something, and had not got it back.</param>
    public sealed record Remembered(long Term, long Index, bool HasForgotten) : ConsensusInput;

    /// <summary>Time went on; due at <see cref="RaftMachine.NextDeadline"/>.</summary>
    public sealed record Tick : ConsensusInput
    {
        public static Tick Instance { get; } = new();
    }

    /// <summary>Clients ask the leader for these commands, in this order (only while <see cref="RaftMachine.TakesProposals"/>).</summary>
    public sealed record Propose(IReadOnlyList<ReadOnlyMemory<byte>> Commands) : ConsensusInput;

    /// <summary>The leader is asked for other members (only while <see cref="RaftMachine.MayChangeTo"/> says so).</summary>
    public sealed record ChangeMembers(Members Members) : ConsensusInput;

    /// <summary>Somebody wants to read: answered by <see cref="ConsensusEffect.ReadReady"/> or <see cref="ConsensusEffect.ReadFailed"/>.</summary>
    public sealed record Read(long Token) : ConsensusInput;

    /// <summary>The leader is to hand over to a voter (dissertation, section 3.10).</summary>
    public sealed record Transfer(KeyId To) : ConsensusInput;

    /// <summary>A message came from a node that the transport identified.</summary>
    public sealed record Received(KeyId From, RaftMessage Message) : ConsensusInput;

    /// <summary>
    /// The connection with a member broke, or it is said to be gone. It may be untrue: it only has voters that followed it begin an election as soon as
    /// their promise to it has run out.
    /// </summary>
    public sealed record PeerGone(KeyId Peer) : ConsensusInput;

    /// <summary>All writes up to this one are durable.</summary>
    public sealed record Persisted(long Write) : ConsensusInput;

    /// <summary>
    /// No write behind the last one that was persisted is on the disk or will be (only while <see cref="RaftMachine.BearsFailedWrites"/>).
    /// </summary>
    public sealed record PersistFailed : ConsensusInput
    {
        public static PersistFailed Instance { get; } = new();
    }

    /// <summary>What <see cref="ConsensusEffect.Load"/> asked for; empty when it was gone meanwhile.</summary>
    public sealed record Loaded(KeyId For, IReadOnlyList<ConsensusEntry> Entries) : ConsensusInput;

    /// <summary>The store was replaced by a snapshot that stands here.</summary>
    public sealed record SnapshotInstalled(long Index, long Term, Members Members) : ConsensusInput;

    /// <summary>The log holds nothing up to this index any more.</summary>
    public sealed record Compacted(long Index) : ConsensusInput;
}

/// <summary>What a log on disk holds.</summary>
/// <param name="First">Index of its first entry; <paramref name="Last"/> + 1 when it is empty.</param>
/// <param name="Last">Index of its last entry.</param>
/// <param name="LastTerm">Term of the last entry, also when that is gone.</param>
/// <param name="Terms">The terms of its entries.</param>
public sealed record LogExtent(long First, long Last, long LastTerm, IReadOnlyList<TermSpan> Terms)
{
    /// <summary>A new one.</summary>
    public static readonly LogExtent Empty = new(1, 0, 0, []);

    /// <summary>
    /// The term of the entry in front of the first, where log or store know it; null where not. It has to be known for a log that begins right
    /// behind what the store has applied: a leader could not send its first entry, so not commit it, so not make a snapshot that holds it.
    /// </summary>
    public long? PreviousTerm { get; init; }

    /// <summary>Whether a machine can begin with this log and a store that has applied so much of it.</summary>
    public bool Fits(long applied) => applied <= Last
        && (First <= applied || First == 1 || (First == applied + 1 && (PreviousTerm is not null || First > Last)));
}
