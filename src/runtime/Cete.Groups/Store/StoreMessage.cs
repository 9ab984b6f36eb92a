using Cete.Actors;
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

    public sealed record Snapshot(Stream Target, ReplyTo<Outcome<long>> Answer) : StoreMessage;
}

/// <summary>What came of a batch: the answers by index, and where the store stands now.</summary>
internal sealed record AppliedBatch(long Applied, int Level, IReadOnlyList<CommandReply> Replies);
