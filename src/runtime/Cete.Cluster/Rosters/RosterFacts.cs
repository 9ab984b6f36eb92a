using Cete.Core;

namespace Cete.Cluster.Rosters;

/// <summary>What the nodes must know of the roster, which the tracker keeps: whom to refuse, and whose certificates count.</summary>
/// <param name="Community">Whose roster it is.</param>
/// <param name="Version">Of two the greater one counts.</param>
/// <param name="Removed">Nodes that were removed, each with the reason.</param>
/// <param name="Issuers">Issuing certificates in DER by the name of their key.</param>
/// <param name="RemovedIssuers">Keys whose certificates count no longer.</param>
public sealed record RosterFacts(
    KeyId Community, long Version, IReadOnlyDictionary<KeyId, string> Removed, IReadOnlyDictionary<KeyId, ReadOnlyMemory<byte>> Issuers,
    IReadOnlySet<KeyId> RemovedIssuers)
{
    /// <summary>Accounts that nodes belong to, for nodes that do.</summary>
    public IReadOnlyDictionary<KeyId, string> Owners { get; init; } = new Dictionary<KeyId, string>();

    /// <summary>What nodes that belong may host, in ordinal order: a certificate with other roles is to be renewed.</summary>
    public IReadOnlyDictionary<KeyId, IReadOnlyList<string>> Roles { get; init; } = new Dictionary<KeyId, IReadOnlyList<string>>();
}
