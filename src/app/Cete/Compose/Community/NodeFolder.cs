using Cete.Core;
using Cete.Storage;
using Cete.Trust;

namespace Cete.App.Compose.Community;

/// <summary>How a node comes to its folder.</summary>
internal abstract record NodeOpening
{
    private NodeOpening()
    {
    }

    /// <summary>It is there already.</summary>
    public sealed record Existing : NodeOpening;

    /// <summary>It is the first one of a new community.</summary>
    /// <param name="Community">What people call that.</param>
    /// <param name="Name">What people are to call the node; null for the name of its machine.</param>
    /// <param name="MustExport">Whether its root key is to be kept.</param>
    public sealed record New(string Community, string? Name, bool MustExport) : NodeOpening;

    /// <summary>It joins one.</summary>
    /// <param name="Token">By which it is let in.</param>
    /// <param name="Addresses">Where nodes of the community are.</param>
    /// <param name="Name">What people are to call it.</param>
    public sealed record Joining(JoinToken Token, IReadOnlyList<string> Addresses, string Name) : NodeOpening;
}

/// <summary>A node's folder with its keys, held by this process.</summary>
internal sealed class NodeFolder : IDisposable
{
    private NodeFolder(DataFolder data, TrustFolder trust, NodeIdentity identity, IssuingAuthority? authority, Founded? founded) =>
        (Data, Trust, Identity, Authority, Founded) = (data, trust, new IdentityHolder(identity), authority, founded);

    public DataFolder Data { get; }

    public TrustFolder Trust { get; }

    public IdentityHolder Identity { get; }

    /// <summary>The issuing key; null on a node that has none.</summary>
    public IssuingAuthority? Authority { get; }

    /// <summary>The community was made on this node, or made again by its root key: it sees to the roster's beginning.</summary>
    public bool Founds => Authority is not null && Trust.Has(TrustFolder.Root);

    /// <summary>The community is so new that nobody but this node can have anything of it: groups begin here at once.</summary>
    public bool IsFirst => Founds && !Trust.Has(TrustFolder.Roster);

    /// <summary>Set when the community was just made.</summary>
    public Founded? Founded { get; }

    /// <summary>What people call the node.</summary>
    public string Name => Data.Facts.Name ?? DefaultName;

    /// <summary>The name of the machine, as far as it can be one of a node.</summary>
    public static string DefaultName { get; } = Environment.MachineName is { Length: > 0 and <= 60 } name ? name : "node";

    /// <summary>Opens or makes it.</summary>
    public static async Task<Outcome<NodeFolder>> OpenAsync(string path, NodeOpening opening, CancellationToken cancellation)
    {
        Founded? founded = null;
        NodeIdentity? joined = null;
        var data = opening switch
        {
            NodeOpening.New made => DataFolder.Create(path, () => Founding.Make(path, made.Community, made.MustExport).Then(known =>
            {
                founded = known;
                return known.Facts with { Name = made.Name };
            })),
            NodeOpening.Joining joining => await JoinAsync(path, joining, identity => joined = identity, cancellation),
            _ => DataFolder.Open(path),
        };
        if (!data.Succeeded)
        {
            joined?.Dispose();
            return data.Failure;
        }

        var opened = Open(data.Value, founded, joined);
        if (!opened.Succeeded)
        {
            data.Value.Dispose();
        }

        return opened;
    }

    public void Dispose()
    {
        Authority?.Dispose();
        Identity.Dispose();
        Data.Dispose();
    }

    private static async Task<Outcome<DataFolder>> JoinAsync(
        string path, NodeOpening.Joining joining, Action<NodeIdentity> joined, CancellationToken cancellation)
    {
        // The folder is held before anybody is asked, so that two processes do not join with one.
        var held = DataFolder.Reserve(path);
        if (!held.Succeeded)
        {
            return held.Failure;
        }

        using var reservation = held.Value;
        var admitted = await Admission.JoinAsync(path, joining.Token, joining.Addresses, joining.Name, cancellation);
        if (!admitted.Succeeded)
        {
            return admitted.Failure;
        }

        joined(admitted.Value.Identity);
        return reservation.Complete(admitted.Value.Facts);
    }

    /// <summary>Opens what is there; who just joined has its identity, and to read it from its file would take as long as to make it.</summary>
    private static Outcome<NodeFolder> Open(DataFolder data, Founded? founded, NodeIdentity? joined)
    {
        var trust = new TrustFolder(data.Path);
        if (joined is not null && !trust.Has(TrustFolder.Issuing))
        {
            return new NodeFolder(data, trust, joined, null, null);
        }

        joined?.Dispose();
        if (data.Facts.CommunityId is null)
        {
            // Made before communities had keys: it is the only node of its own, so its keys can be made now.
            var made = Founding.Make(data.Path, data.Facts.Community, mustExport: true);
            if (!made.Succeeded)
            {
                return made.Failure;
            }

            founded = made.Value;
            data = data.With(made.Value.Facts);
        }

        if (!KeyId.TryParse(data.Facts.CommunityId, out var community))
        {
            return new Failure(FailureKind.Damaged, $"the data folder {data.Path} names no community");
        }

        var (node, issuing) = (trust.ReadText(TrustFolder.Node), trust.ReadText(TrustFolder.Issuing));
        if ((node.Failure ?? issuing.Failure) is { } unread)
        {
            return unread;
        }

        if (node.Value is not { } pem)
        {
            return new Failure(FailureKind.Damaged, $"{trust.PathOf(TrustFolder.Node)}, the node's key, is missing; bring it back from a copy, or join anew with another folder");
        }

        var identity = NodeIdentity.FromPem(pem, community);
        if (!identity.Succeeded)
        {
            return identity.Failure;
        }

        if (issuing.Value is not { } issuingPem)
        {
            return new NodeFolder(data, trust, identity.Value, null, founded);
        }

        var authority = IssuingAuthority.FromPem(issuingPem, community);
        return authority.Then(key => new NodeFolder(data, trust, identity.Value, key, founded));
    }
}
