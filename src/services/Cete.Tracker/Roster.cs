using Cete.Core;

namespace Cete.Tracker;

/// <summary>
/// Who belongs to a community, at one version: the authority that every node holds certificates against. Of two rosters of a community
/// the one with the greater version counts.
/// </summary>
/// <param name="Community">The name of its root key.</param>
/// <param name="Name">As people call it.</param>
/// <param name="Version">Grows by one with each change, from 1.</param>
/// <param name="ChangedAt">When it came to this version.</param>
/// <param name="Issuers">Whose certificates count, and whose no longer.</param>
/// <param name="Nodes">Who belongs, and who is to be refused.</param>
/// <param name="MinimumProtocol">The oldest protocol that is spoken.</param>
public sealed record Roster(
    KeyId Community, string Name, long Version, Instant ChangedAt, IReadOnlyList<RosterIssuer> Issuers, IReadOnlyList<RosterNode> Nodes,
    int MinimumProtocol);

/// <summary>A key that may issue certificates to nodes.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Certificate">Its certificate by the root key, in DER.</param>
/// <param name="Node">The node that holds the key.</param>
public sealed record RosterIssuer(KeyId Id, ReadOnlyMemory<byte> Certificate, KeyId Node)
{
    /// <summary>When it was removed; null for one that may issue.</summary>
    public Instant? RemovedAt { get; init; }

    /// <summary>
    /// Certificates by it count no longer. It stays listed, since a key that is not listed counts: it is one that the root key made since.
    /// </summary>
    public bool IsRemoved => RemovedAt is not null;
}

/// <summary>A node that belongs to the community, or did and is to be refused.</summary>
/// <param name="Id">The name of its key.</param>
/// <param name="Name">As people call it; others may have the same.</param>
/// <param name="Owner">The account that it belongs to; may be empty.</param>
/// <param name="Roles">What it may host: sorted, each once.</param>
/// <param name="AdmittedAt">When it came in.</param>
public sealed record RosterNode(KeyId Id, string Name, string Owner, IReadOnlyList<string> Roles, Instant AdmittedAt)
{
    /// <summary>When it was removed; null for one that belongs.</summary>
    public Instant? RemovedAt { get; init; }

    /// <summary>It is to be refused, whatever certificate it shows.</summary>
    public bool IsRemoved => RemovedAt is not null;

    /// <summary>Why it was removed; may be empty.</summary>
    public string Reason { get; init; } = string.Empty;

    /// <summary>When the last of its certificates ends; null when none was recorded.</summary>
    public Instant? CertificateNotAfter { get; init; }
}
