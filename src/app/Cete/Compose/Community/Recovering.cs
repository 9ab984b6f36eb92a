using Cete.Core;
using Cete.Storage;
using Cete.Trust;

namespace Cete.App.Compose.Community;

/// <summary>What came of a recovery.</summary>
/// <param name="Community">Name of the community.</param>
/// <param name="Node">The node that issues from now on.</param>
/// <param name="Issuer">Its new issuing key.</param>
/// <param name="Administrator">The administrator's key file.</param>
internal sealed record Recovered(string Community, KeyId Node, KeyId Issuer, string Administrator);

/// <summary>
/// Gives a node a new issuing key by the community's exported root key: where the one it had is lost or ends, and where all nodes are gone that had
/// one. At its next start the node keeps the roster; if it did not before, it goes on from the copy that every node has.
/// </summary>
internal static class Recovering
{
    /// <summary>What the node that issues must be able to host until groups have replicas.</summary>
    private static readonly string[] NeededRoles = ["accounts", "index", "tracker"];

    /// <summary>Makes the key and certificates, and lays them down in the folder of a node that does not run.</summary>
    /// <param name="path">The node's folder.</param>
    /// <param name="keyText">The exported root key.</param>
    /// <param name="passphrase">What opens it.</param>
    public static Outcome<Recovered> Run(string path, string keyText, string passphrase)
    {
        var data = DataFolder.Open(path);
        if (!data.Succeeded)
        {
            return data.Failure;
        }

        using var held = data.Value;
        var root = CommunityKey.Open(keyText, passphrase);
        if (!root.Succeeded)
        {
            return root.Failure;
        }

        using var key = root.Value;
        if (held.Facts.CommunityId != key.Id.ToString())
        {
            return new Failure(
                FailureKind.Conflict,
                $"the root key is that of community '{key.Name}' ({key.Id}); the node in {path} belongs to '{held.Facts.Community}' ({held.Facts.CommunityId})");
        }

        var folder = new TrustFolder(path);
        var pem = folder.ReadText(TrustFolder.Node);
        if (!pem.Succeeded || pem.Value is null)
        {
            return pem.Failure ?? new Failure(FailureKind.Damaged, $"{folder.PathOf(TrustFolder.Node)}, the node's key, is missing; bring it back from a copy");
        }

        var identity = NodeIdentity.FromPem(pem.Value, key.Id);
        if (!identity.Succeeded)
        {
            return identity.Failure;
        }

        using var node = identity.Value;
        return Write(folder, key, node);
    }

    private static Outcome<Recovered> Write(TrustFolder folder, CommunityKey root, NodeIdentity node)
    {
        var now = Instant.From(TimeProvider.System.GetUtcNow());
        var authority = root.CreateAuthority(node.Id, now);
        if (!authority.Succeeded)
        {
            return authority.Failure;
        }

        using var issuing = authority.Value;
        var roles = RoleSet.From([.. node.Facts.Roles.Union(NeededRoles)]);
        var issued = roles.Succeeded ? issuing.Issue(node.Key.CreateSigningRequest(), roles.Value, now) : roles.Failure;
        if (!issued.Succeeded)
        {
            return issued.Failure;
        }

        // The issuing key last: with it the node is one that issues.
        var failure = WriteAdministrator(folder)
            ?? folder.Write(TrustFolder.Root, root.Certificate.Span)
            ?? IssuingKeys.MakeSpares(folder, root, node.Id, now)
            ?? folder.Write(TrustFolder.Node, node.Key.ToPem() + issued.Value.ToPem())
            ?? folder.Write(TrustFolder.Issuing, issuing.ToPem());
        return failure is null ? new Recovered(root.Name, node.Id, issuing.Id, folder.PathOf(TrustFolder.Administrator)) : failure;
    }

    private static Failure? WriteAdministrator(TrustFolder folder)
    {
        var known = folder.Read(TrustFolder.Administrator);
        if (!known.Succeeded || known.Value is not null)
        {
            return known.Failure;
        }

        using var administrator = NodeKey.Create();
        return folder.Write(TrustFolder.Administrator, administrator.ToPem());
    }
}
