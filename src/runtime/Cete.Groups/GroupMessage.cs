using Cete.Actors;
using Cete.Core;
using Cete.Groups.Store;
using Cete.Ports;

namespace Cete.Groups;

/// <summary>What the actor of a group understands.</summary>
internal abstract record GroupMessage
{
    private GroupMessage()
    {
    }

    public sealed record Submit(ClientCommand Command, ReplyTo<Outcome<CommandReply>> Answer) : GroupMessage;

    /// <summary>Answered with the applied index once everything is applied that was committed when the question came (Raft's read index).</summary>
    public sealed record ReadIndex(ReplyTo<Outcome<long>> Answer) : GroupMessage;

    /// <summary>Answered once the applied index is beyond the given one.</summary>
    public sealed record WaitForApplied(long Index, ReplyTo<long> Answer) : GroupMessage;

    /// <summary>Handed on to the store.</summary>
    public sealed record Snapshot(Stream Target, ReplyTo<Outcome<long>> Answer) : GroupMessage;

    public sealed record StoreOpened(long AppliedIndex, int Level, Instant LastStamp) : GroupMessage;

    public sealed record LogOpened(LogBounds Bounds) : GroupMessage;

    public sealed record LogSynced(long Index) : GroupMessage;

    public sealed record LogFailed(long FromIndex, Failure Failure) : GroupMessage;

    public sealed record EntriesRead(IReadOnlyList<LogEntry> Entries) : GroupMessage;

    public sealed record Applied(AppliedBatch Batch) : GroupMessage;

    /// <summary>The store could not take a batch; unless it is damaged, the batch is tried again.</summary>
    public sealed record ApplyFailed(Failure Failure) : GroupMessage;

    public sealed record RetryApply : GroupMessage;

    /// <summary>To itself: asks again for what a full disk did not let a start persist.</summary>
    public sealed record RetryStart(long FromIndex) : GroupMessage;

    /// <summary>To itself: asks again for the apply level that a full disk did not let it raise.</summary>
    public sealed record RetryLevel : GroupMessage;

    public sealed record CheckpointWanted : GroupMessage;

    /// <summary>The replica cannot go on.</summary>
    public sealed record Broken(Failure Failure) : GroupMessage;
}

/// <summary>Where answers for a group go: an actor of its own, never one that waits for the disk.</summary>
internal sealed class GroupMailbox(ActorRef<GroupMessage> actor)
{
    /// <summary>The mailbox is sized for all that can be under way; a refusal means that the group has stopped and nobody waits for the answer.</summary>
    public void Tell(GroupMessage message) => _ = actor.Tell(message);
}
