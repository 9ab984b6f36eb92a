using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Store;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Groups.Wire;

/// <summary>A message between members, with what else its sender says along with it.</summary>
/// <param name="Group">Of which group.</param>
/// <param name="Message">What it says.</param>
/// <param name="Clock">The sender's clock.</param>
/// <param name="LevelMax">The newest apply level that it knows.</param>
internal sealed record ConsensusEnvelope(GroupId Group, RaftMessage Message, Instant Clock, int LevelMax)
{
    /// <summary>What the log came to: on the sender; from the root, on most voters. Null for nothing yet.</summary>
    public StateDigest? Digest { get; init; }

    /// <summary>Of which group of that name the sender's replica is.</summary>
    public Lineage Lineage { get; init; }
}

/// <summary>Messages of consensus as bytes.</summary>
internal static class ConsensusCodec
{
    /// <summary>Entries of one message: they are bounded by bytes too, but an entry may be empty.</summary>
    private const int EntriesMax = 100_000;

    /// <summary>What a clock can show: up to the year 9999.</summary>
    private static readonly long ClockMax = Instant.From(DateTimeOffset.MaxValue).Microseconds;

    public static byte[] Encode(ConsensusEnvelope envelope)
    {
        var wire = new Proto.Consensus
        {
            Group = envelope.Group.Name,
            Term = envelope.Message.Term,
            Clock = envelope.Clock.Microseconds,
            LevelMax = envelope.LevelMax,
            Lineage = UnsafeByteOperations.UnsafeWrap(envelope.Lineage.ToArray()),
        };
        if (envelope.Digest is { } digest)
        {
            (wire.DigestIndex, wire.DigestSince, wire.Digest) = (digest.Index, digest.Since, UnsafeByteOperations.UnsafeWrap(digest.Hash.ToArray()));
        }

        switch (envelope.Message)
        {
            case RaftMessage.VoteRequest m:
                wire.VoteRequest = new() { LastIndex = m.LastIndex, LastTerm = m.LastTerm, IsPreVote = m.IsPreVote, IsTransfer = m.IsTransfer };
                break;
            case RaftMessage.VoteReply m:
                wire.VoteReply = new() { IsGranted = m.IsGranted, IsPreVote = m.IsPreVote };
                break;
            case RaftMessage.Append m:
                wire.Append = new() { PreviousIndex = m.PreviousIndex, PreviousTerm = m.PreviousTerm, Commit = m.Commit, Round = m.Round };
                wire.Append.Entries.AddRange(m.Entries.Select(ToWire));
                break;
            case RaftMessage.Heartbeat m:
                wire.Heartbeat = new() { Commit = m.Commit, Round = m.Round, IsQuiescing = m.IsQuiescing };
                break;
            case RaftMessage.AppendReply m:
                wire.AppendReply = new() { Round = m.Round, Received = m.Received, Durable = m.Durable };
                break;
            case RaftMessage.AppendRefusal m:
                wire.AppendRefusal = new() { Round = m.Round, PreviousIndex = m.PreviousIndex, HintIndex = m.HintIndex, HintTerm = m.HintTerm };
                break;
            case RaftMessage.SnapshotOffer m:
                wire.SnapshotOffer = new() { Index = m.Index, Round = m.Round };
                break;
            case RaftMessage.Forgotten m:
                wire.Forgotten = new() { Index = m.Index, IndexTerm = m.IndexTerm };
                break;
            case RaftMessage.TimeoutNow:
                wire.TimeoutNow = new();
                break;
            case RaftMessage.Rouse:
                wire.Rouse = new();
                break;
        }

        return wire.ToByteArray();
    }

    /// <summary>Null for what is no message of this protocol, or one of a newer program.</summary>
    public static ConsensusEnvelope? Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var wire = ProtobufBytes.Read(Proto.Consensus.Parser, bytes.Span);
            return GroupId.TryParse(wire.Group, out var group) && wire.Clock >= 0 && wire.Clock <= ClockMax
                && Lineage.Read(wire.Lineage.Span) is { } lineage && ToMessage(wire) is { } message
                ? new ConsensusEnvelope(group, message, new Instant(wire.Clock), wire.LevelMax) { Digest = ToDigest(wire), Lineage = lineage }
                : null;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return null;
        }
    }

    private static StateDigest? ToDigest(Proto.Consensus wire) => wire.DigestIndex > 0 && wire.Digest.Length == Hash256.Size
        ? new StateDigest(wire.DigestIndex, wire.DigestSince, new Hash256(wire.Digest.Span))
        : null;

    public static byte[] Encode(Members members) => ToWire(members).ToByteArray();

    /// <summary>Null for bytes that are not the members of a group.</summary>
    public static Members? DecodeMembers(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return ToMembers(ProtobufBytes.Read(Proto.GroupMembers.Parser, bytes.Span));
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return null;
        }
    }

    private static RaftMessage? ToMessage(Proto.Consensus wire) => wire.MessageCase switch
    {
        Proto.Consensus.MessageOneofCase.VoteRequest => new RaftMessage.VoteRequest(
            wire.Term, wire.VoteRequest.LastIndex, wire.VoteRequest.LastTerm, wire.VoteRequest.IsPreVote, wire.VoteRequest.IsTransfer),
        Proto.Consensus.MessageOneofCase.VoteReply => new RaftMessage.VoteReply(wire.Term, wire.VoteReply.IsGranted, wire.VoteReply.IsPreVote),
        Proto.Consensus.MessageOneofCase.Append => ToAppend(wire.Term, wire.Append),
        Proto.Consensus.MessageOneofCase.Heartbeat => new RaftMessage.Heartbeat(
            wire.Term, wire.Heartbeat.Commit, wire.Heartbeat.Round, wire.Heartbeat.IsQuiescing),
        Proto.Consensus.MessageOneofCase.AppendReply => new RaftMessage.AppendReply(
            wire.Term, wire.AppendReply.Round, wire.AppendReply.Received, wire.AppendReply.Durable),
        Proto.Consensus.MessageOneofCase.AppendRefusal => new RaftMessage.AppendRefusal(
            wire.Term, wire.AppendRefusal.Round, wire.AppendRefusal.PreviousIndex, wire.AppendRefusal.HintIndex, wire.AppendRefusal.HintTerm),
        Proto.Consensus.MessageOneofCase.SnapshotOffer => new RaftMessage.SnapshotOffer(wire.Term, wire.SnapshotOffer.Index, wire.SnapshotOffer.Round),
        Proto.Consensus.MessageOneofCase.Forgotten => new RaftMessage.Forgotten(wire.Term, wire.Forgotten.Index, wire.Forgotten.IndexTerm),
        Proto.Consensus.MessageOneofCase.TimeoutNow => new RaftMessage.TimeoutNow(wire.Term),
        Proto.Consensus.MessageOneofCase.Rouse => new RaftMessage.Rouse(wire.Term),
        _ => null,
    };

    private static RaftMessage.Append? ToAppend(long term, Proto.Append wire)
    {
        if (wire.Entries.Count > EntriesMax || wire.PreviousIndex is < 0 or > RaftMessage.TermMax)
        {
            return null;
        }

        var entries = new ConsensusEntry[wire.Entries.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = wire.Entries[i];
            var members = entry.Members is null ? null : ToMembers(entry.Members);
            if ((entry.Members is not null && members is null) || entry.Data.Length > Limits.CommandBytesMax)
            {
                return null;
            }

            entries[i] = new ConsensusEntry(wire.PreviousIndex + 1 + i, entry.Term, entry.Data.Memory, members);
        }

        return new RaftMessage.Append(term, wire.PreviousIndex, wire.PreviousTerm, wire.Commit, wire.Round, entries);
    }

    private static Proto.Entry ToWire(ConsensusEntry entry) => new()
    {
        Term = entry.Term,
        Data = UnsafeByteOperations.UnsafeWrap(entry.Data),
        Members = entry.Members is { } members ? ToWire(members) : null,
    };

    private static Proto.GroupMembers ToWire(Members members) => new()
    {
        Voters = { members.Voters.Select(ToWire) },
        Learners = { members.Learners.Select(ToWire) },
    };

    private static Members? ToMembers(Proto.GroupMembers wire)
    {
        if (wire.Voters.Concat(wire.Learners).Any(id => id.Length != KeyId.Size))
        {
            return null;
        }

        KeyId[] voters = [.. wire.Voters.Select(id => new KeyId(id.Span)).Distinct()];
        KeyId[] learners = [.. wire.Learners.Select(id => new KeyId(id.Span)).Distinct()];
        return Members.IsSound(voters, learners) ? new Members(voters, learners) : null;
    }

    private static ByteString ToWire(KeyId id) => UnsafeByteOperations.UnsafeWrap(id.ToArray());
}
