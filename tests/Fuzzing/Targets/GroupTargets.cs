using Cete.Consensus;
using Cete.Core;
using Cete.Groups;
using Cete.Groups.Import;
using Cete.Groups.Proto;
using Cete.Groups.Store;
using Cete.Groups.Wire;
using Cete.Ports;
using Google.Protobuf;
using ImportCursor = Cete.Groups.Import.ImportCursor;
using Members = Cete.Consensus.Members;

namespace Cete.Fuzzing.Targets;

/// <summary>What members of a group, and those who import from it, say to each other.</summary>
internal static class GroupTargets
{
    private static readonly GroupId Group = GroupId.Of("index");
    private static readonly Members Three = new([KeyId.Of("1"u8), KeyId.Of("2"u8), KeyId.Of("3"u8)], [KeyId.Of("4"u8)]);

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
    [
        ("raft", RaftMessages), ("raft-members", MembersOfGroups), ("group-request", Requests), ("group-response", Responses), ("feed-piece", FeedPieces),
        ("scan-piece", ScanPieces), ("raft-machine", Machines),
    ];

    private static IEnumerable<RaftMessage> Messages =>
    [
        new RaftMessage.VoteRequest(3, 7, 2, true, false), new RaftMessage.VoteReply(3, true, false), new RaftMessage.Heartbeat(3, 7, 1, true),
        new RaftMessage.Append(
            3, 7, 2, 6, 4, [new ConsensusEntry(8, 3, new byte[] { 1, 2 }, null), new ConsensusEntry(9, 3, ConsensusCodec.Encode(Three), Three)]),
        new RaftMessage.AppendReply(3, 1, 9, 8), new RaftMessage.AppendRefusal(3, 1, 7, 5, 2), new RaftMessage.SnapshotOffer(3, 7, 1),
        new RaftMessage.Forgotten(3, 7, 2), new RaftMessage.TimeoutNow(3), new RaftMessage.Rouse(3),
    ];

    private static IEnumerable<byte[]> Envelopes => Messages.Select(message => ConsensusCodec.Encode(new ConsensusEnvelope(Group, message, new Instant(5), 2)
    {
        Digest = new StateDigest(4, 0, Hash256.Of("d"u8)),
        Lineage = new Lineage(1, 2),
    }));

    private static FuzzTarget RaftMessages() => new(
        "raft", input => Oracle.Again(bytes => ConsensusCodec.Decode(bytes) is { } read ? read : Refused<ConsensusEnvelope>(), ConsensusCodec.Encode, input),
            () => Envelopes);

    /// <summary>What is read goes to a member: whoever lies may be found out (an effect says so), but no check may trip.</summary>
    private static FuzzTarget Machines() => new(
        "raft-machine",
        input =>
        {
            var self = KeyId.Of("1"u8);
            var machine = new RaftMachine(self, new RaftSettings(), 7);
            var effects = new EffectSink<ConsensusEffect>();
            var now = new Instant(1_000_000);
            machine.Step(new ConsensusInput.Start(2, null, LogExtent.Empty, 0, Three, []), now, effects);
            var way = string.Empty;
            for (var at = 0; at < input.Length;)
            {
                var length = Math.Min(input[at], input.Length - at - 1);
                var read = ConsensusCodec.Decode(input.AsMemory(at + 1, length));
                at += 1 + length;
                if (read is not null)
                {
                    machine.Step(new ConsensusInput.Received(KeyId.Of("2"u8), read.Message), now += TimeSpan.FromMilliseconds(10), effects);
                    way = FuzzTarget.Taken;
                }
            }

            return $"{way} {string.Join(' ', effects.Effects.Select(effect => effect.GetType().Name).Distinct().Order(StringComparer.Ordinal))}";
        },
        () => [.. Envelopes.Select(bytes => (byte[])[(byte)bytes.Length, .. bytes]),
            [.. Envelopes.SelectMany(bytes => (byte[])[(byte)bytes.Length, .. bytes])]]);

    private static FuzzTarget MembersOfGroups() => new(
        "raft-members",
        input => Oracle.Again(bytes => ConsensusCodec.DecodeMembers(bytes) is { } read ? read : Refused<Members>(), ConsensusCodec.Encode, input),
        () => [ConsensusCodec.Encode(Three), ConsensusCodec.Encode(Members.Sole(KeyId.Of("1"u8)))]);

    private static FuzzTarget Requests() => new(
        "group-request",
        input =>
        {
            if (Parse(GroupRequest.Parser, input) is not { } request)
            {
                return "refused";
            }

            if (request.Submit is not { } submit)
            {
                return $"{FuzzTarget.Taken} {request.RequestCase}";
            }

            if (GroupCodec.ToClient(submit) is not { } command)
            {
                return "refused submit";
            }

            var again = GroupCodec.ToClient(GroupCodec.ToWire(command));
            Oracle.That(again is not null && GroupCodec.ToWire(again).Equals(GroupCodec.ToWire(command)), "a command is written otherwise the second time");
            var stamped = GroupCodec.Decode(GroupCodec.Encode(command, new Instant(5)))!;
            Oracle.That(GroupCodec.ToApplied(stamped, 1, new Instant(5)).Asker.Grants.SequenceEqual(command.Asker.Grants), "rights change on their way");
            return $"{FuzzTarget.Taken} submit {command.Asker.Grants.Count > 0} {command.Id is null}";
        },
        () => new GroupRequest[]
        {
            new()
            {
                Group = "index",
                Submit = GroupCodec.ToWire(new ClientCommand(
                    "MakeFolder", new byte[] { 10, 2, 47, 97 }, new Asker("ann", ["member"]) { Grants = [Grant.Of("index.*@/a")] }, new RequestId("s", 4))),
            },
            new() { Group = "index", ReadIndex = new ReadIndex(), Lineage = ByteString.CopyFrom(new byte[16]) },
            new() { Group = "index", Snapshot = new SnapshotPiece { Id = 1, Offset = 5, Index = 7 } },
            new() { Group = "index", Transfer = new Cete.Groups.Proto.Transfer { To = ByteString.CopyFrom(new byte[20]) } },
            new() { Group = "index", Feed = new FeedRead { Epoch = 1, After = 7, Wait = 1_000 } },
        }.Select(request => request.ToByteArray()));

    private static FuzzTarget Responses() => new(
        "group-response",
        input => Parse(GroupResponse.Parser, input) is { } response
            ? $"{(response.Reply is null ? string.Empty : FuzzTarget.Taken)} {Oracle.Of(GroupCodec.ToOutcome(response.Reply))}"
            : "refused",
        () => new GroupResponse[]
        {
            new() { Index = 5, Reply = GroupCodec.ToReply((ReadOnlyMemory<byte>)new byte[] { 1, 2 }) },
            new() { Index = 5, Reply = GroupCodec.ToReply(new Failure(FailureKind.Conflict, "no")) },
        }.Select(response => response.ToByteArray()));

    private static FuzzTarget FeedPieces() => new(
        "feed-piece",
        input => Parse(FeedPiece.Parser, input) is { } piece
            ? Oracle.Of(ImportPage.OfFeed(piece, new ImportCursor(1, 10)), page => Oracle.That(page.To.Position >= 10, "an import goes back"))
            : "refused",
        () =>
        {
            var piece = new FeedPiece { Epoch = 1, Oldest = 1 };
            piece.Events.Add(ImportPage.ToWire(new FeedEvent(11, new Instant(5), "entry-filed", new byte[] { 1 })));
            piece.Events.Add(ImportPage.ToWire(new FeedEvent(12, new Instant(6), "entry-filed", new byte[] { 2 })));
            return [piece.ToByteArray()];
        });

    /// <summary>The first byte says whether it is the first piece of a scan.</summary>
    private static FuzzTarget ScanPieces() => new(
        "scan-piece",
        input =>
        {
            if (input.Length == 0 || Parse(GroupResponse.Parser, input.AsSpan(1)) is not { } piece)
            {
                return "refused";
            }

            var isFirst = (input[0] & 1) == 0;
            var place = new ScanPlace(KeyId.Of("n"u8), isFirst ? 0 : 7, isFirst ? 0 : 20);
            return Oracle.Of(ImportPage.OfScan(piece, isFirst ? null : new ImportCursor(1, 11, place), place), read =>
                Oracle.That(read.Page.To.Scan is not { } next || next.Offset > place.Offset, "a scan that does not go on"));
        },
        () =>
        {
            using var scan = new MemoryStream();
            new ScanHeader { Epoch = 1, Position = 11, Oldest = 1 }.WriteDelimitedTo(scan);
            var head = scan.Length;
            ImportPage.ToWire(new FeedEvent(11, new Instant(5), "entry-filed", new byte[] { 1, 2, 3 })).WriteDelimitedTo(scan);
            var bytes = scan.ToArray();
            var first = new GroupResponse { SnapshotId = 7, SnapshotLength = bytes.Length, Piece = ByteString.CopyFrom(bytes) };
            var later = new GroupResponse { SnapshotId = 7, SnapshotLength = 20 + bytes.Length - head, Piece = ByteString.CopyFrom(bytes[(int)head..]) };
            return [[0, .. first.ToByteArray()], [1, .. later.ToByteArray()]];
        });

    private static T? Parse<T>(MessageParser<T> parser, ReadOnlySpan<byte> input)
        where T : class, IMessage<T>, new()
    {
        try
        {
            return ProtobufBytes.Read(parser, input);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return null;
        }
    }

    private static Outcome<T> Refused<T>() => new Failure(FailureKind.Invalid, "it is none");
}
