using Cete.Actors;
using Cete.Consensus;
using Cete.Core;
using Cete.Ports;

namespace Cete.Groups.Store;

/// <summary>What the actor that owns a group's store understands.</summary>
internal abstract record StoreMessage
{
    private StoreMessage()
    {
    }

    public sealed record Apply(IReadOnlyList<LogEntry> Entries) : StoreMessage;

    public sealed record Checkpoint : StoreMessage;

    /// <summary>To itself: tries again to begin the group.</summary>
    public sealed record Found : StoreMessage;

    /// <summary>The replica, which waits to be told, begins the group; answered as if its store had been opened just now.</summary>
    public sealed record Begin(Lineage Lineage) : StoreMessage;

    /// <summary>The replica is of this group from now on; answered by <see cref="GroupMessage.Adopted"/>.</summary>
    public sealed record Adopt(Lineage Lineage) : StoreMessage;

    /// <summary>Puts a snapshot in the place of the store; the stream is closed then.</summary>
    public sealed record Install(long Index, Lineage Lineage, Stream Content) : StoreMessage;

    /// <summary>The pages of the store were read, and something is wrong with them.</summary>
    public sealed record FoundDamaged(IStateStore Store, Failure Failure) : StoreMessage;

    public sealed record Snapshot(Stream Target, ReplyTo<Outcome<long>> Answer) : StoreMessage;
}

/// <summary>What came of a batch: the answers by entry, and where the store stands now.</summary>
internal sealed record AppliedBatch(long Applied, int Level, Members? Members, IReadOnlyList<AppliedReply> Replies)
{
    /// <summary>Digests of the state that were reached in it.</summary>
    public IReadOnlyList<StateDigest> Digests { get; init; } = [];
}

/// <summary>The answer to the command in an entry; a repeated command has the answer of its first entry.</summary>
internal readonly record struct AppliedReply(long EntryIndex, CommandReply Reply);
