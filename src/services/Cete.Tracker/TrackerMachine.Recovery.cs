using Cete.Core;
using Cete.Tracker.Proto;
using Google.Protobuf;

namespace Cete.Tracker;

/// <content>A community whose trackers are all gone goes on from the roster that every node has.</content>
public sealed partial class TrackerMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Begin(Recover command, Change change)
    {
        var founding = Hash256.Of(command.ToByteArray()).ToArray();
        if (Known(founding, change) is { } known)
        {
            return known;
        }

        var read = RosterCodec.Parse(command.Roster.Span);
        if (!read.Succeeded)
        {
            return read.Failure;
        }

        var (roster, self) = (read.Value, new KeyId(command.Node.Span));
        if (roster.Nodes.FirstOrDefault(node => node.Id == self) is not { IsRemoved: false } keeper)
        {
            return new Failure(FailureKind.Forbidden, $"the roster lists no node {self}, or as removed; recover on a node that belongs to the community");
        }

        if (roster.Version > TrackerLimits.RecoverableVersionMax)
        {
            return new Failure(
                FailureKind.Damaged,
                $"the roster is of version {roster.Version}, which no community comes to by itself: it is damaged or was forged; recover on another node");
        }

        change.Sql.Execute(
            InsertCommunity,
            roster.Community.ToArray(), roster.Name, command.RootCertificate.ToByteArray(),
            command.Administrator.ToByteArray(), founding, change.At.Microseconds,
            roster.Version + TrackerLimits.RecoveryVersions, roster.MinimumProtocol);
        foreach (var node in roster.Nodes)
        {
            change.Nodes.Add(node, token: null);
            change.Nodes.SetCertificateEnd(node);
            if (node.RemovedAt is { } removed)
            {
                change.Nodes.Remove(node.Id, removed, node.Reason);
            }
        }

        foreach (var issuer in roster.Issuers)
        {
            change.Issuers.Put(issuer);
        }

        change.Nodes.SetRoles(self, keeper.Roles, command.Roles);
        change.Issuers.Put(new RosterIssuer(new KeyId(command.Issuer.Span), command.IssuingCertificate.Memory, self));
        change.Emit(
            "community-recovered",
            new CommunityEvent { Community = Bytes(roster.Community), Name = roster.Name, Version = change.Touch() });
        return Done();
    }

    /// <summary>The answer where there is a community already: only the command that made it tells whether it is the same again.</summary>
    private static Outcome<ReadOnlyMemory<byte>>? Known(byte[] founding, Change change)
    {
        if (change.Sql.Scalar<byte[]>("SELECT founding FROM community WHERE one = 1") is not { } known)
        {
            return null;
        }

        return known.AsSpan().SequenceEqual(founding)
            ? Done(changed: false)
            : new Failure(FailureKind.Conflict, "there is a community here already, founded otherwise; found another one in a folder of its own");
    }
}
