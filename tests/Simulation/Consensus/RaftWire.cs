using Cete.Consensus;
using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <summary>What clients and members say to each other beside Raft's own messages.</summary>
internal abstract record StoreMessage
{
    private StoreMessage()
    {
    }

    /// <summary>A client asks; a command is null for a read of the key.</summary>
    public sealed record Request(long Sequence, int Key, StoreCommand? Command) : StoreMessage;

    /// <summary>The node does not lead; negative when it does not know who does.</summary>
    public sealed record Redirect(long Sequence, int Leader) : StoreMessage;

    public sealed record Written(StoreReply Reply) : StoreMessage;

    public sealed record Told(long Sequence, StoreReading Reading) : StoreMessage;

    /// <summary>Asks for a part of a snapshot: of the one that it began with, or of any of an index or later.</summary>
    public sealed record SnapshotRequest(long AtLeast, long Index, int Part) : StoreMessage;

    /// <summary>A part of a snapshot, which can be used when all parts are there.</summary>
    public sealed record SnapshotPart(RaftSnapshot Snapshot, int Part, int Parts) : StoreMessage;
}

/// <summary>Messages as the simulated network carries them: objects with about the size that they would have.</summary>
internal static class RaftWire
{
    private const int FrameBytes = 48;
    private const int SnapshotPartBytes = 4_000;

    public static long DigestOf(in ConsensusEntry entry)
    {
        var hash = new Fingerprint(0);
        hash.Add(entry.Index);
        hash.Add(entry.Term);
        hash.Add(entry.Data.Span);
        hash.Add(entry.Members?.ToString() ?? string.Empty);
        return (long)hash.Value;
    }

    public static SimMessage Pack(RaftMessage message)
    {
        var bytes = FrameBytes + (message is RaftMessage.Append { Entries: var entries } ? entries.Sum(entry => entry.Bytes) : 0);
        return SimMessage.Of(message, bytes, Digest(message));
    }

    public static SimMessage Pack(StoreMessage message)
    {
        // None of them holds anything that is not written out.
        var bytes = message is StoreMessage.SnapshotPart ? SnapshotPartBytes : FrameBytes;
        return SimMessage.Of(message, bytes, Fingerprint.Of(message switch
        {
            StoreMessage.SnapshotPart part => FormattableString.Invariant($"part {part.Part} {part.Parts} {part.Snapshot.Index} {part.Snapshot.Store.Digest}"),
            StoreMessage.Request request => FormattableString.Invariant($"ask {request.Sequence} {request.Key} {request.Command?.Operation}"),
            StoreMessage.Redirect redirect => FormattableString.Invariant($"redirect {redirect.Sequence} {redirect.Leader}"),
            StoreMessage.Written written => FormattableString.Invariant($"written {written.Reply.Sequence} {written.Reply.Index} {written.Reply.Value}"),
            StoreMessage.Told told => FormattableString.Invariant($"told {told.Sequence} {told.Reading.Index} {told.Reading.Length} {told.Reading.Register}"),
            StoreMessage.SnapshotRequest asked => FormattableString.Invariant($"fetch {asked.AtLeast} {asked.Index} {asked.Part}"),
            _ => string.Empty,
        }));
    }

    private static ulong Digest(RaftMessage message) => message switch
    {
        RaftMessage.VoteRequest ask => Fingerprint.Of(1, ask.Term, ask.LastIndex, ask.LastTerm, ask.IsPreVote ? 1 : 0, ask.IsTransfer ? 1 : 0),
        RaftMessage.VoteReply reply => Fingerprint.Of(2, reply.Term, reply.IsGranted ? 1 : 0, reply.IsPreVote ? 1 : 0),
        RaftMessage.Append append => Fingerprint.Of(
            [3, append.Term, append.PreviousIndex, append.PreviousTerm, append.Commit, append.Round, .. append.Entries.Select(entry => DigestOf(entry))]),
        RaftMessage.Heartbeat beat => Fingerprint.Of(4, beat.Term, beat.Commit, beat.Round, beat.IsQuiescing ? 1 : 0),
        RaftMessage.AppendReply reply => Fingerprint.Of(5, reply.Term, reply.Round, reply.Received, reply.Durable),
        RaftMessage.AppendRefusal no => Fingerprint.Of(6, no.Term, no.Round, no.PreviousIndex, no.HintIndex, no.HintTerm),
        RaftMessage.SnapshotOffer offer => Fingerprint.Of(7, offer.Term, offer.Index, offer.Round),
        RaftMessage.Rouse => Fingerprint.Of(10, message.Term),
        RaftMessage.Forgotten forgotten => Fingerprint.Of(9, forgotten.Term, forgotten.Index, forgotten.IndexTerm),
        _ => Fingerprint.Of(8, message.Term),
    };
}
