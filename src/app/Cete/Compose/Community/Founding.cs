using Cete.Core;
using Cete.Storage;
using Cete.Trust;

namespace Cete.App.Compose.Community;

/// <summary>A community that was just made.</summary>
/// <param name="Facts">What the data folder says of its first node.</param>
/// <param name="RootKeyFile">Where its root key is, encrypted.</param>
/// <param name="Passphrase">Opens it; told once.</param>
internal sealed record Founded(DataFolderFacts Facts, string RootKeyFile, string Passphrase);

/// <summary>Makes the keys of a new community and of its first node.</summary>
internal static class Founding
{
    /// <summary>All roles that a node can have by now; the first node has them all.</summary>
    public static readonly string[] Roles = ["accounts", "bank", "cache", "index", "services", "share", "tracker"];

    private const string RootKey = "community-root-key.pem";

    /// <summary>Makes them and lays them down in the data folder.</summary>
    public static Outcome<Founded> Make(string data, string name, bool mustExport)
    {
        var now = Instant.From(TimeProvider.System.GetUtcNow());
        var made = CommunityKey.Create(name, now);
        if (!made.Succeeded)
        {
            return made.Failure;
        }

        using var root = made.Value;
        using var key = NodeKey.Create();
        var authority = root.CreateAuthority(key.Id, now);
        if (!authority.Succeeded)
        {
            return authority.Failure;
        }

        using var issuing = authority.Value;
        var issued = issuing.Issue(key.CreateSigningRequest(), RoleSet.From(Roles).Value, now);
        if (!issued.Succeeded)
        {
            return issued.Failure;
        }

        using var administrator = NodeKey.Create();
        var folder = new TrustFolder(data);
        var passphrase = mustExport ? Passphrase.Create() : string.Empty;
        var exported = mustExport ? root.Export(passphrase) : string.Empty;
        if (!exported.Succeeded)
        {
            return exported.Failure;
        }

        // The node's own file last: with it the keys are complete.
        var failure = (mustExport ? folder.Write(RootKey, exported.Value) : null)
            ?? folder.Write(TrustFolder.Root, root.Certificate.Span)
            ?? folder.Write(TrustFolder.Issuing, issuing.ToPem())
            ?? IssuingKeys.MakeSpares(folder, root, key.Id, now)
            ?? folder.Write(TrustFolder.Administrator, administrator.ToPem())
            ?? folder.Write(TrustFolder.Node, key.ToPem() + issued.Value.ToPem());
        return failure is not null
            ? failure
            : new Founded(new DataFolderFacts(DataFolder.Format, name, key.Id.ToString(), root.Id.ToString()), folder.PathOf(RootKey), passphrase);
    }
}
