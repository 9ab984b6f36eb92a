using System.Globalization;
using Cete.Core;
using Cete.Tracker.Proto;
using Google.Protobuf;

namespace Cete.Tracker;

/// <summary>What happens to nodes that are in, and who issues their certificates.</summary>
public sealed partial class TrackerMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Record(RecordCertificate command, Change change)
    {
        var found = Present(command.Node, change, ifRemoved: FailureKind.Forbidden);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var certificate = new CertificateRecord(command.Serial.Memory, new KeyId(command.Issuer.Span), new Instant(command.NotAfter));
        if (change.Issuers.Find(certificate.Issuer) is not { IsRemoved: false })
        {
            return new Failure(FailureKind.NotFound, $"{certificate.Issuer} issues no certificates here; add it as an issuer first");
        }

        // The one that ends last is kept, ties broken by its other facts: in whatever order they are recorded, the same one stays.
        if (found.Value.Certificate is { } known && Compare(certificate, known) <= 0)
        {
            return Done(changed: false);
        }

        if (certificate.NotAfter <= change.At)
        {
            return new Failure(
                FailureKind.Invalid, $"the certificate of {found.Value.Node.Id} ended at {Show(certificate.NotAfter)}; issue another");
        }

        if (certificate.NotAfter > change.At + TrackerLimits.CertificateLifeMax)
        {
            return new Failure(
                FailureKind.Invalid,
                $"the certificate of {found.Value.Node.Id} would end at {Show(certificate.NotAfter)}; "
                + $"{TrackerLimits.CertificateLifeMax.Days} days from now is the latest");
        }

        change.Nodes.SetCertificate(found.Value.Node.Id, certificate);
        change.Emit("certificate-recorded", new CertificateEvent
        {
            Node = command.Node,
            Serial = command.Serial,
            Issuer = command.Issuer,
            NotAfter = command.NotAfter,
            Version = change.Touch(),
        });
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Entrust(SetRoles command, Change change)
    {
        var found = Present(command.Node, change);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var node = found.Value.Node;
        if (node.Roles.SequenceEqual(command.Roles))
        {
            return Done(changed: false);
        }

        if (!command.Roles.Contains(TrackerRole) && IsLastTracker(node, change))
        {
            return LastTracker(node);
        }

        change.Nodes.SetRoles(node.Id, node.Roles, command.Roles);
        EmitNode("node-roles", node with { Roles = [.. command.Roles] }, change);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Call(Rename command, Change change)
    {
        var found = Present(command.Node, change);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var node = found.Value.Node;
        if (node.Name == command.Name)
        {
            return Done(changed: false);
        }

        change.Nodes.Rename(node.Id, command.Name);
        EmitNode("node-renamed", node with { Name = command.Name }, change);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Remove(RemoveNode command, Change change)
    {
        if (change.Nodes.Find(new KeyId(command.Node.Span)) is not { Node: var node })
        {
            return Unknown(command.Node);
        }

        if (node.IsRemoved)
        {
            return Done(changed: false);
        }

        if (IsLastTracker(node, change))
        {
            return LastTracker(node);
        }

        change.Nodes.Remove(node.Id, change.At, command.Reason);
        EmitNode("node-removed", node with { RemovedAt = change.At, Reason = command.Reason }, change);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Readmit(ReadmitNode command, Change change)
    {
        if (change.Nodes.Find(new KeyId(command.Node.Span)) is not { Node: var node })
        {
            return Unknown(command.Node);
        }

        if (!node.IsRemoved)
        {
            return Done(changed: false);
        }

        change.Nodes.Readmit(node.Id);
        EmitNode("node-readmitted", node with { RemovedAt = null, Reason = string.Empty }, change);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Appoint(AddIssuer command, Change change)
    {
        var issuer = new RosterIssuer(new KeyId(command.Issuer.Span), command.Certificate.Memory, new KeyId(command.Node.Span));
        var known = change.Issuers.Find(issuer.Id);
        if (known is not null && known.Node != issuer.Node)
        {
            return new Failure(
                FailureKind.Conflict, $"the issuing key {issuer.Id} is the node {known.Node}'s; a key is held by one node, make another for {issuer.Node}");
        }

        if (known is { IsRemoved: true })
        {
            return new Failure(
                FailureKind.Conflict, $"the issuing key {issuer.Id} was removed at {Show(known.RemovedAt!.Value)}; make another with the root key");
        }

        if (known is not null && known.Certificate.Span.SequenceEqual(issuer.Certificate.Span))
        {
            return Done(changed: false);
        }

        var holder = Present(command.Node, change);
        if (!holder.Succeeded)
        {
            return holder.Failure;
        }

        if (known is null && change.Issuers.Count() >= TrackerLimits.IssuersMax)
        {
            return new Failure(FailureKind.TooLarge, $"{TrackerLimits.IssuersMax} issuing keys are listed, removed ones included, which is the most");
        }

        change.Issuers.Put(issuer);
        EmitIssuer(known is null ? "issuer-added" : "issuer-renewed", issuer, change);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Dismiss(RemoveIssuer command, Change change)
    {
        var id = new KeyId(command.Issuer.Span);
        if (change.Issuers.Find(id) is not { IsRemoved: false } issuer)
        {
            return Done(changed: false);
        }

        if (change.Issuers.CountUsable() == 1)
        {
            return new Failure(FailureKind.Conflict, $"{id} is the last key that issues certificates; add another first");
        }

        change.Issuers.Remove(id, change.At);
        EmitIssuer("issuer-removed", issuer, change);
        return Done();
    }

    /// <summary>A node that belongs to the community.</summary>
    private static Outcome<NodeRecord> Present(ByteString id, Change change, FailureKind ifRemoved = FailureKind.Conflict)
    {
        var found = change.Nodes.Find(new KeyId(id.Span));
        return found is null ? Unknown(id) : found.Node.IsRemoved ? Removed(found, ifRemoved) : found;
    }

    private static Failure Unknown(ByteString id) => TrackerQueries.NoNode(new KeyId(id.Span));

    private static Failure Removed(NodeRecord record, FailureKind kind) => new(
        kind,
        $"the node {record.Node.Id} ('{record.Node.Name}') was removed from the community at {Show(record.Node.RemovedAt!.Value)}; "
        + "an administrator can readmit it");

    private static bool IsLastTracker(RosterNode node, Change change) => node.Roles.Contains(TrackerRole) && !change.Nodes.HasOther(node.Id, TrackerRole);

    private static Failure LastTracker(RosterNode node) => new(
        FailureKind.Conflict,
        $"the node {node.Id} ('{node.Name}') is the last one with the role '{TrackerRole}'; give that role to another node first");

    private static int Compare(CertificateRecord a, CertificateRecord b)
    {
        var byEnd = a.NotAfter.CompareTo(b.NotAfter);
        var bySerial = byEnd != 0 ? byEnd : a.Serial.Span.SequenceCompareTo(b.Serial.Span);
        return bySerial != 0 ? bySerial : a.Issuer.CompareTo(b.Issuer);
    }

    private static string Show(Instant at) => at.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
