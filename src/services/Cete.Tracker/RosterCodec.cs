using Cete.Core;
using Cete.Ports;
using Cete.Tracker.Proto;
using Google.Protobuf;

namespace Cete.Tracker;

/// <summary>
/// Rosters as bytes to be signed and spread. The same roster gives the same bytes; but a newer program may say more than this one reads,
/// so a signature is checked against the bytes that came, and those bytes are passed on.
/// </summary>
public static class RosterCodec
{
    /// <summary>Bytes of one node or issuer: twice what the longest has, for what newer programs add.</summary>
    private const int ItemBytesMax = 10_000;

    private static readonly MessageParser<NodeMessage> NodeParser = NodeMessage.Parser.WithDiscardUnknownFields(true);

    private static readonly MessageParser<IssuerMessage> IssuerParser = IssuerMessage.Parser.WithDiscardUnknownFields(true);

    /// <summary>The bytes of a roster, in whatever order its parts are listed.</summary>
    public static byte[] Encode(Roster roster)
    {
        var message = new RosterMessage
        {
            Community = Bytes(roster.Community),
            Name = roster.Name,
            Version = roster.Version,
            ChangedAt = roster.ChangedAt.Microseconds,
            MinimumProtocol = roster.MinimumProtocol,
        };
        message.Issuers.AddRange(roster.Issuers.OrderBy(issuer => issuer.Id).Select(issuer => new IssuerMessage
        {
            Id = Bytes(issuer.Id),
            Certificate = ByteString.CopyFrom(issuer.Certificate.Span),
            Node = Bytes(issuer.Node),
            RemovedAt = issuer.RemovedAt?.Microseconds ?? 0,
        }));
        message.Nodes.AddRange(roster.Nodes.OrderBy(node => node.Id).Select(node => new NodeMessage
        {
            Id = Bytes(node.Id),
            Name = node.Name,
            Owner = node.Owner,
            Roles = { node.Roles.Order(StringComparer.Ordinal) },
            AdmittedAt = node.AdmittedAt.Microseconds,
            IsRemoved = node.IsRemoved,
            RemovedAt = node.RemovedAt?.Microseconds ?? 0,
            Reason = node.Reason,
            CertificateNotAfter = node.CertificateNotAfter?.Microseconds ?? 0,
        }));
        return message.ToByteArray();
    }

    /// <summary>Reads what anybody may have sent: it allocates within the bounds of a roster, whatever stands there.</summary>
    public static Outcome<Roster> Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > TrackerLimits.RosterBytesMax)
        {
            return new Failure(FailureKind.TooLarge, $"a roster of {bytes.Length} bytes; {TrackerLimits.RosterBytesMax} is the most");
        }

        try
        {
            return Read(bytes.ToArray());
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, $"this is no roster: {error.Message}");
        }
    }

    /// <summary>Field by field, since the generated parser would make an object of every two bytes before anybody counts them.</summary>
    private static Outcome<Roster> Read(byte[] bytes)
    {
        using var input = new CodedInputStream(bytes);
        var head = new RosterMessage();
        List<RosterIssuer> issuers = [];
        List<RosterNode> nodes = [];
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            Failure? failure = null;
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (RosterMessage.CommunityFieldNumber, WireFormat.WireType.LengthDelimited):
                    head.Community = input.ReadBytes();
                    break;
                case (RosterMessage.NameFieldNumber, WireFormat.WireType.LengthDelimited):
                    head.Name = input.ReadString();
                    break;
                case (RosterMessage.VersionFieldNumber, WireFormat.WireType.Varint):
                    head.Version = input.ReadInt64();
                    break;
                case (RosterMessage.ChangedAtFieldNumber, WireFormat.WireType.Varint):
                    head.ChangedAt = input.ReadInt64();
                    break;
                case (RosterMessage.MinimumProtocolFieldNumber, WireFormat.WireType.Varint):
                    head.MinimumProtocol = input.ReadInt32();
                    break;
                case (RosterMessage.IssuersFieldNumber, WireFormat.WireType.LengthDelimited):
                    failure = AddIssuer(issuers, input.ReadBytes());
                    break;
                case (RosterMessage.NodesFieldNumber, WireFormat.WireType.LengthDelimited):
                    failure = AddNode(nodes, input.ReadBytes());
                    break;
                default:
                    input.SkipLastField();
                    break;
            }

            if (failure is not null)
            {
                return failure;
            }
        }

        return CheckHead(head) is { } wrong
            ? wrong
            : new Roster(
                new KeyId(head.Community.Span), head.Name, head.Version, new Instant(head.ChangedAt), issuers, nodes, head.MinimumProtocol);
    }

    private static Failure? CheckHead(RosterMessage head) =>
        Checks.Key("community", head.Community)
        ?? Checks.Text("name of the community", head.Name, TrackerLimits.CommunityNameBytesMax)
        ?? Checks.Moment("the roster's change", head.ChangedAt)
        ?? (head.Version is > 0 and <= TrackerLimits.VersionMax
            ? null
            : new Failure(FailureKind.Invalid, $"a roster of version {head.Version}; versions are from 1 to {TrackerLimits.VersionMax}"))
        ?? (head.MinimumProtocol > 0 ? null : new Failure(FailureKind.Invalid, $"a roster for protocol {head.MinimumProtocol}; protocols begin at 1"));

    private static Failure? AddIssuer(List<RosterIssuer> issuers, ByteString bytes)
    {
        if (Bound("issuers", issuers.Count, TrackerLimits.IssuersMax, bytes) is { } tooLarge)
        {
            return tooLarge;
        }

        var message = ProtobufBytes.Read(IssuerParser, bytes);
        var failure = Checks.Key("issuer", message.Id)
            ?? Checks.Bytes("issuing certificate", message.Certificate, TrackerLimits.CertificateBytesMax)
            ?? Checks.Key("node", message.Node)
            ?? Checks.Moment("a removal", message.RemovedAt);
        if (failure is not null)
        {
            return failure;
        }

        var issuer = new RosterIssuer(new KeyId(message.Id.Span), message.Certificate.Memory, new KeyId(message.Node.Span))
        {
            RemovedAt = message.RemovedAt > 0 ? new Instant(message.RemovedAt) : null,
        };
        if (issuers.Count > 0 && issuers[^1].Id >= issuer.Id)
        {
            return OutOfOrder(issuer.Id);
        }

        issuers.Add(issuer);
        return null;
    }

    private static Failure? AddNode(List<RosterNode> nodes, ByteString bytes)
    {
        if (Bound("nodes", nodes.Count, TrackerLimits.NodesMax, bytes) is { } tooLarge)
        {
            return tooLarge;
        }

        var message = ProtobufBytes.Read(NodeParser, bytes);
        if (CheckNode(message) is { } failure)
        {
            return failure;
        }

        var node = new RosterNode(new KeyId(message.Id.Span), message.Name, message.Owner, [.. message.Roles], new Instant(message.AdmittedAt))
        {
            RemovedAt = message.IsRemoved ? new Instant(message.RemovedAt) : null,
            Reason = message.Reason,
            CertificateNotAfter = message.CertificateNotAfter > 0 ? new Instant(message.CertificateNotAfter) : null,
        };
        if (nodes.Count > 0 && nodes[^1].Id >= node.Id)
        {
            return OutOfOrder(node.Id);
        }

        nodes.Add(node);
        return null;
    }

    private static Failure? CheckNode(NodeMessage node) =>
        Checks.Key("node", node.Id)
        ?? Checks.Text("name of the node", node.Name, TrackerLimits.NameBytesMax)
        ?? Checks.Text("owner's account", node.Owner, TrackerLimits.NameBytesMax, mayBeEmpty: true)
        ?? Checks.Roles(node.Roles)
        ?? Checks.Moment("an admission", node.AdmittedAt)
        ?? Checks.Moment("a removal", node.RemovedAt)
        ?? Checks.Moment("a certificate's end", node.CertificateNotAfter)
        ?? Checks.Text("reason", node.Reason, TrackerLimits.NoteBytesMax, mayBeEmpty: true)
        ?? (node.IsRemoved == node.RemovedAt > 0
            ? null
            : new Failure(FailureKind.Invalid, "a node is removed without a time, or has one without being removed"));

    private static Failure? Bound(string what, int count, int countMax, ByteString bytes) =>
        count >= countMax ? new Failure(FailureKind.TooLarge, $"a roster of more than {countMax} {what}")
        : bytes.Length > ItemBytesMax ? new Failure(FailureKind.TooLarge, $"one of the {what} of a roster has {bytes.Length} bytes; {ItemBytesMax} is the most")
        : null;

    private static Failure OutOfOrder(KeyId id) => new(FailureKind.Invalid, $"{id} is out of order in a roster, or stands there twice");

    private static ByteString Bytes(KeyId id) => ByteString.CopyFrom(id.ToArray());
}
