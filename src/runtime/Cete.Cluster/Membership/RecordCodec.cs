using System.Collections.Concurrent;
using Cete.Cluster.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Membership;
using Cete.Ports;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Cluster.Membership;

/// <summary>A record of a member, read.</summary>
/// <param name="Certificate">Whose it is.</param>
/// <param name="Facts">What it says.</param>
public sealed record VerifiedRecord(PeerCertificate Certificate, NodeFacts Facts);

/// <summary>
/// Signs this node's record and verifies those of others. What it has verified it remembers by its bytes, for the same record comes from many.
/// For several callers at once.
/// </summary>
/// <param name="community">The community.</param>
/// <param name="check">Verifies signatures.</param>
/// <param name="certificateOf">Verifies a node's certificate, its issuers being known.</param>
public sealed class RecordCodec(KeyId community, ISignatureCheck check, Func<ReadOnlyMemory<byte>, Outcome<PeerCertificate>> certificateOf)
{
    private const string Purpose = "member-record";
    private readonly ConcurrentDictionary<Hash256, VerifiedRecord> _verified = new();

    /// <summary>This node's record.</summary>
    public MemberRecord Sign(ISigner signer, ReadOnlyMemory<byte> certificate, ulong instance, long incarnation, bool isLeaving, NodeFacts facts)
    {
        var record = new NodeRecord
        {
            Node = ByteString.CopyFrom(signer.Id.ToArray()),
            Instance = instance,
            Incarnation = incarnation,
            Leaving = isLeaving,
            Name = facts.Name,
            Fabric = { facts.Fabric },
            Http = { facts.Http },
            Reachability = (uint)facts.Reachability,
            Via = { facts.Via.Select(relay => ByteString.CopyFrom(relay.ToArray())) },
            Version = facts.Version,
            Load = (uint)facts.Load,
            RosterVersion = facts.RosterVersion,
            Draining = facts.IsDraining,
            Groups =
            {
                facts.Groups.Select(claim => new Proto.GroupClaim
                {
                    Group = claim.Group,
                    Term = claim.Term,
                    Root = claim.IsRoot,
                    Applied = claim.Applied,
                    Level = (uint)claim.Level,
                    Votes = claim.Votes,
                    Follows = claim.Follows is { } root ? ByteString.CopyFrom(root.ToArray()) : ByteString.Empty,
                    Lineage = UnsafeByteOperations.UnsafeWrap(claim.Lineage.ToArray()),
                    DurableTerm = claim.DurableTerm,
                    DurableIndex = claim.DurableIndex,
                    HasForgotten = claim.HasForgotten,
                }),
            },
        };
        var bytes = record.ToByteArray();
        var signed = new SignedRecord
        {
            Record = UnsafeByteOperations.UnsafeWrap(bytes),
            Signature = UnsafeByteOperations.UnsafeWrap(signer.Sign(Purpose, community, bytes)),
            Certificate = UnsafeByteOperations.UnsafeWrap(certificate),
        };
        return new MemberRecord(signer.Id, instance, incarnation, isLeaving, signed.ToByteArray()) { HasPositions = HasPositions(record) };
    }

    /// <summary>Reads a signed record; a failure says what is wrong with it.</summary>
    internal Outcome<MemberRecord> Read(SignedRecord signed)
    {
        if (signed.Record.Length + signed.Certificate.Length > MembershipLimits.RecordBytesMax)
        {
            return new Failure(FailureKind.TooLarge, $"a record of a node has at most {MembershipLimits.RecordBytesMax} bytes");
        }

        var payload = signed.ToByteArray();
        try
        {
            var record = ProtobufBytes.Read(NodeRecord.Parser, signed.Record);
            if (record.Node.Length != KeyId.Size)
            {
                return new Failure(FailureKind.Invalid, "the record names no node");
            }

            var node = new KeyId(record.Node.Span);
            var facts = FactsOf(record);
            if (!facts.Succeeded)
            {
                return facts.Failure;
            }

            return Verify(Hash256.Of(payload), node, signed, facts.Value)
                .Then(_ => new MemberRecord(node, record.Instance, record.Incarnation, record.Leaving, payload)
                {
                    HasPositions = HasPositions(record),
                });
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, "it is no record of a node");
        }
    }

    /// <summary>What a record says that was read here before.</summary>
    public Outcome<VerifiedRecord> Facts(MemberRecord record)
    {
        if (_verified.TryGetValue(Hash256.Of(record.Payload.Span), out var known))
        {
            return known;
        }

        var signed = ProtobufBytes.Read(SignedRecord.Parser, record.Payload.Span);
        return Read(signed).Then(_ => _verified[Hash256.Of(record.Payload.Span)]);
    }

    private Outcome<bool> Verify(Hash256 name, KeyId node, SignedRecord signed, NodeFacts facts)
    {
        if (_verified.TryGetValue(name, out _))
        {
            return true;
        }

        var certificate = certificateOf(signed.Certificate.Memory);
        if (!certificate.Succeeded)
        {
            return certificate.Failure;
        }

        if (certificate.Value.Node != node
            || !check.Verify(certificate.Value.PublicKey.Span, Purpose, community, signed.Record.Span, signed.Signature.Span))
        {
            return new Failure(FailureKind.Forbidden, $"the record of node {node} was not signed by it");
        }

        if (_verified.Count >= MembershipLimits.VerifiedKept)
        {
            _verified.Clear();
        }

        _verified[name] = new VerifiedRecord(certificate.Value, facts);
        return true;
    }

    /// <summary>All that it has anything of says how far it is, so the record can take the place of an earlier one that did.</summary>
    private static bool HasPositions(NodeRecord record) => record.Groups.Count > 0 && record.Groups.All(claim => claim.DurableTerm > 0 || claim.Level == 0);

    private static Outcome<NodeFacts> FactsOf(NodeRecord record)
    {
        var isBounded = record.Name.Length <= MembershipLimits.NameMax
            && record.Version.Length <= MembershipLimits.VersionMax
            && record.Fabric.Count <= MembershipLimits.AddressesMax
            && record.Http.Count <= MembershipLimits.AddressesMax
            && record.Fabric.Concat(record.Http).All(address => address.Length <= MembershipLimits.AddressMax)
            && record.Via.Count <= MembershipLimits.ViaMax
            && record.Via.All(relay => relay.Length == KeyId.Size)
            && record.Groups.Count <= MembershipLimits.GroupsMax
            && record.Groups.All(IsSound);
        if (!isBounded)
        {
            return new Failure(FailureKind.TooLarge, "the record of a node says more than it may");
        }

        return new NodeFacts
        {
            Name = EntryName.Show(record.Name),
            Fabric = [.. record.Fabric],
            Http = [.. record.Http.Where(IsWebAddress)],
            Reachability = record.Reachability is 1 or 2 ? (Reachability)record.Reachability : Reachability.Unknown,
            Via = [.. record.Via.Select(relay => new KeyId(relay.Span))],
            Version = EntryName.Show(record.Version),
            Load = (int)Math.Min(record.Load, 1_000),
            RosterVersion = record.RosterVersion,
            IsDraining = record.Draining,
            Groups = [.. record.Groups.Select(ToClaim)],
        };
    }

    private static bool IsSound(Proto.GroupClaim claim) => GroupId.TryParse(claim.Group, out _)
        && claim is { Term: >= 0, Applied: >= 0, Level: <= int.MaxValue, DurableTerm: >= 0, DurableIndex: >= 0 }
        && (claim.Follows.IsEmpty || claim.Follows.Length == KeyId.Size)
        && Lineage.Read(claim.Lineage.Span) is not null;

    private static GroupClaim ToClaim(Proto.GroupClaim claim) => new(claim.Group, claim.Term, claim.Root, claim.Applied, (int)claim.Level)
    {
        Votes = claim.Votes,
        Follows = claim.Follows.IsEmpty ? null : new KeyId(claim.Follows.Span),
        Lineage = Lineage.Read(claim.Lineage.Span) ?? Lineage.None,
        DurableTerm = claim.DurableTerm,
        DurableIndex = claim.DurableIndex,
        HasForgotten = claim.HasForgotten,
    };

    /// <summary>People will open it: nothing but an address of the web may stand there.</summary>
    private static bool IsWebAddress(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo: "" };
}
