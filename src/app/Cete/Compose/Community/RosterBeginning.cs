using Cete.Cluster.Rosters;
using Cete.Core;
using Cete.Groups;
using Cete.Storage;
using Cete.Tracker;
using Cete.Trust;

namespace Cete.App.Compose.Community;

/// <summary>Sees to it that the roster knows what stands in the folder of the node that keeps it: all of it at first, later what a recovery changed.</summary>
internal static class RosterBeginning
{
    /// <summary>Enters it; the same each time.</summary>
    public static async Task<Failure?> EnterAsync(NodeFolder folder, TrackerService tracker, CancellationToken cancellation)
    {
        var administrator = folder.Trust.ReadText(TrustFolder.Administrator);
        var key = administrator is { Succeeded: true, Value: { } pem } ? NodeKey.FromPem(pem) : Missing(folder, TrustFolder.Administrator);
        if (!key.Succeeded)
        {
            return key.Failure;
        }

        using var admin = key.Value;

        // What this replica has is enough to see that there is nothing to enter: then the node starts though no root can be found yet.
        var known = await tracker.CommunityAsync(cancellation, ReadLevel.Local);
        if (tracker.Status.Forgotten is not null)
        {
            // An old copy catches up first; what a recovery changed is entered at the next start.
            return null;
        }

        return known.Succeeded
            ? await CatchUpAsync(folder, tracker, known.Value, admin.PublicKey, cancellation)
            : await BeginAsync(folder, tracker, admin.PublicKey, cancellation);
    }

    private static async Task<Failure?> BeginAsync(
        NodeFolder folder, TrackerService tracker, ReadOnlyMemory<byte> administrator, CancellationToken cancellation)
    {
        if (folder.Trust.Read(TrustFolder.Root) is not { Succeeded: true, Value: { } root })
        {
            return Missing(folder, TrustFolder.Root);
        }

        var (identity, authority) = (folder.Identity.Current, folder.Authority!);
        var made = folder.Trust.Read(TrustFolder.Roster) is { Succeeded: true, Value: { } signed }
            ? await RecoverAsync(folder, tracker, signed, root, administrator, cancellation)
            : await tracker.FoundAsync(
                new Cete.Tracker.Founding(
                    identity.Community, folder.Data.Facts.Community, root, identity.Id, folder.Name, [.. identity.Facts.Roles], string.Empty,
                    authority.Id, authority.Certificate, administrator),
                Asker.Local, null, cancellation);
        return made.Succeeded ? await RecordAsync(folder, tracker, cancellation) : made.Failure;
    }

    /// <summary>The roster that this node has, as every node does, is what its community goes on from.</summary>
    private static async Task<Outcome<bool>> RecoverAsync(
        NodeFolder folder, TrackerService tracker, byte[] signed, byte[] root, ReadOnlyMemory<byte> administrator, CancellationToken cancellation)
    {
        var bytes = RosterKeeper.Unwrap(signed);
        var roster = bytes.Succeeded ? RosterCodec.Parse(bytes.Value.Span) : bytes.Failure;
        if (!roster.Succeeded)
        {
            return roster.Failure;
        }

        var (identity, authority) = (folder.Identity.Current, folder.Authority!);
        return await tracker.RecoverAsync(
            new Recovery(roster.Value, root, identity.Id, [.. identity.Facts.Roles], authority.Id, authority.Certificate, administrator),
            Asker.Local, null, cancellation);
    }

    private static async Task<Failure?> CatchUpAsync(
        NodeFolder folder, TrackerService tracker, CommunityRecord known, ReadOnlyMemory<byte> administrator, CancellationToken cancellation)
    {
        if (!known.Administrator.Span.SequenceEqual(administrator.Span)
            && await tracker.SetAdministratorAsync(administrator, Asker.Local, null, cancellation) is { Succeeded: false, Failure: var unset })
        {
            return unset;
        }

        var authority = folder.Authority!;
        if ((await tracker.IssuerAsync(authority.Id, cancellation, ReadLevel.Local)).Succeeded)
        {
            return null;
        }

        var added = await tracker.AddIssuerAsync(
            new RosterIssuer(authority.Id, authority.Certificate, folder.Identity.Current.Id), Asker.Local, null, cancellation);
        return added.Succeeded ? await RecordAsync(folder, tracker, cancellation) : added.Failure;
    }

    private static async Task<Failure?> RecordAsync(NodeFolder folder, TrackerService tracker, CancellationToken cancellation)
    {
        var facts = folder.Identity.Current.Facts;
        var record = new CertificateRecord(Convert.FromHexString(facts.Serial), facts.Issuer, facts.NotAfter);
        return (await tracker.RecordCertificateAsync(facts.Node, record, Asker.Local, null, cancellation)).Failure;
    }

    private static Failure Missing(NodeFolder folder, string file) =>
        new(FailureKind.Damaged, $"{folder.Trust.PathOf(file)} is missing; bring it back from a copy, or make another by 'cete community recover-ca'");
}
