using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Groups;
using Cete.Membership;
using Cete.Ports;
using Cete.Tracker;
using Cete.Tracker.Joining;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Fuzzing.Targets;

/// <summary>What nodes tell of themselves and of the roster.</summary>
internal static class ClusterTargets
{
    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
        [("membership", MembershipMessages), ("roster", Rosters), ("join-answer", JoinAnswers), ("group-founded", GroupAnswers)];

    /// <summary>Every signature holds here, and a certificate is the name of its node: what stands behind them is to be reached.</summary>
    private static FuzzTarget MembershipMessages() => new(
        "membership",
        input =>
        {
            var records = new RecordCodec(KeyId.Of("c"u8), new AnySignature(), CertificateOf);
            return Oracle.Of(MembershipCodec.Read(input, records), message =>
            {
                var written = MembershipCodec.Write(message);
                var again = MembershipCodec.Read(written, records);
                Oracle.That(again.Succeeded && MembershipCodec.Write(again.Value).AsSpan().SequenceEqual(written),
                    "news are written otherwise the second time");
                foreach (var update in message.Updates)
                {
                    _ = records.Facts(update.Record).Value;
                }
            }) + (MembershipCodec.Read(input, records) is { Succeeded: true, Value: var read } ? $" {read.GetType().Name} {read.Updates.Count}" : string.Empty);
        },
        () =>
        {
            using var key = NodeKey.Create();
            var records = new RecordCodec(KeyId.Of("c"u8), new AnySignature(), CertificateOf);
            var facts = new NodeFacts
            {
                Name = "attic",
                Fabric = ["192.0.2.1:7400"],
                Http = ["https://a.example/"],
                Version = "1.2",
                Load = 70,
                RosterVersion = 4,
                Via = [KeyId.Of("v"u8)],
                Groups = [new GroupClaim("index", 3, true, 90, 2) { Follows = key.Id, Lineage = new Lineage(1, 2), DurableTerm = 3, DurableIndex = 88 }],
            };
            var record = records.Sign(key, key.Id.ToArray(), 5, 1, isLeaving: false, facts);
            MemberUpdate[] news = [new MemberUpdate(record, MemberState.Suspect, KeyId.Of("o"u8))];
            return new MembershipMessage[]
            {
                new MembershipMessage.Ping(7, news), new MembershipMessage.PingRequest(7, key.Id, []), new MembershipMessage.Ack(7, news),
                new MembershipMessage.Nack(7, []), new MembershipMessage.Sync(99, true, news), new MembershipMessage.Gossip(news),
            }.Select(MembershipCodec.Write);
        });

    private static FuzzTarget Rosters() => new(
        "roster", input => Oracle.Again(bytes => RosterCodec.Parse(bytes), RosterCodec.Encode, input), () =>
        {
            var roster = new Roster(
                KeyId.Of("c"u8), "cooks", 4, new Instant(5),
                [new RosterIssuer(KeyId.Of("i"u8), new byte[40], KeyId.Of("n"u8)),
                    new RosterIssuer(KeyId.Of("j"u8), new byte[3], KeyId.Of("n"u8)) { RemovedAt = new Instant(4) }],
                [
                    new RosterNode(KeyId.Of("n"u8), "attic", "ann", ["index", "tracker"], new Instant(3)) { CertificateNotAfter = new Instant(9) },
                    new RosterNode(KeyId.Of("m"u8), "cellar", "", [], new Instant(3)) { RemovedAt = new Instant(4), Reason = "gone" },
                ],
                1);
            return [RosterCodec.Encode(roster), RosterCodec.Encode(roster with { Issuers = [], Nodes = [] })];
        });

    private static FuzzTarget JoinAnswers() => new(
        "join-answer", input => Oracle.Of(JoinMessages.Read(input), joined => Oracle.That(!joined.Community.Any(char.IsControl), "a control is shown")),
        () => [JoinMessages.TellWhere(["a.example:7400", "192.0.2.1:1"]),
            new Cete.Tracker.Proto.JoinAnswer { Community = "cooks", Owner = "ann" }.ToByteArray()]);

    private static FuzzTarget GroupAnswers() => new(
        "group-founded", input => Oracle.Again(bytes => GroupDesk.Read(bytes), group => GroupDesk.Answer(group).ToByteArray(), input),
        () => [GroupDesk.Answer(new GroupRecord("index", KeyId.Of("n"u8), new Lineage(1, 2), true)).ToByteArray()]);

    private static Outcome<PeerCertificate> CertificateOf(ReadOnlyMemory<byte> bytes) => bytes.Length == KeyId.Size
        ? new PeerCertificate(new KeyId(bytes.Span), bytes, RoleSet.Empty, new Instant(0), new Instant(9), KeyId.Of("i"u8), "00")
        : new Failure(FailureKind.Invalid, "no certificate");

    private sealed class AnySignature : ISignatureCheck
    {
        public bool Verify(ReadOnlySpan<byte> publicKey, string purpose, KeyId community, ReadOnlySpan<byte> record, ReadOnlySpan<byte> signature) => true;
    }
}
