using Cete.Core;
using Cete.Groups;

namespace Cete.Tracker;

/// <summary>What a community begins with.</summary>
/// <param name="Community">The name of its root key.</param>
/// <param name="Name">As people call it.</param>
/// <param name="RootCertificate">In DER.</param>
/// <param name="Node">The first node; the role <c>tracker</c> is among its own.</param>
/// <param name="NodeName">As people call the node.</param>
/// <param name="Roles">Of the node.</param>
/// <param name="Owner">The account that the node belongs to; may be empty.</param>
/// <param name="Issuer">The name of the first issuing key, which the node holds.</param>
/// <param name="IssuingCertificate">In DER.</param>
/// <param name="Administrator">Public key of the first administrator (SubjectPublicKeyInfo in DER).</param>
public sealed record Founding(
    KeyId Community, string Name, ReadOnlyMemory<byte> RootCertificate, KeyId Node, string NodeName, IReadOnlyList<string> Roles, string Owner,
    KeyId Issuer, ReadOnlyMemory<byte> IssuingCertificate, ReadOnlyMemory<byte> Administrator);

/// <summary>What a community goes on from whose trackers are all gone.</summary>
/// <param name="Roster">The newest that is known.</param>
/// <param name="RootCertificate">In DER.</param>
/// <param name="Node">A node of it, which keeps the roster from now on.</param>
/// <param name="Roles">Of that node; <c>tracker</c> is among them.</param>
/// <param name="Issuer">The name of its issuing key, made with the root key.</param>
/// <param name="IssuingCertificate">In DER.</param>
/// <param name="Administrator">Public key of the administrator from now on (SubjectPublicKeyInfo in DER).</param>
public sealed record Recovery(
    Roster Roster, ReadOnlyMemory<byte> RootCertificate, KeyId Node, IReadOnlyList<string> Roles, KeyId Issuer, ReadOnlyMemory<byte> IssuingCertificate,
    ReadOnlyMemory<byte> Administrator);

/// <summary>A community as it stands.</summary>
/// <param name="Id">The name of its root key.</param>
/// <param name="Name">As people call it.</param>
/// <param name="RootCertificate">In DER.</param>
/// <param name="Administrator">Public key of the first administrator (SubjectPublicKeyInfo in DER).</param>
/// <param name="FoundedAt">When it began.</param>
/// <param name="Version">Of its roster.</param>
public sealed record CommunityRecord(
    KeyId Id, string Name, ReadOnlyMemory<byte> RootCertificate, ReadOnlyMemory<byte> Administrator, Instant FoundedAt, long Version);

/// <summary>A join token to be made.</summary>
/// <param name="Id">Chosen by whoever makes it.</param>
/// <param name="SecretHash">SHA-256 of its secret: the tracker never sees the secret itself.</param>
/// <param name="Roles">What nodes get that come in by it.</param>
/// <param name="Owner">The account that they will belong to; may be empty.</param>
/// <param name="ExpiresAt">When it ends, within a year.</param>
/// <param name="Uses">How many nodes it lets in.</param>
/// <param name="Note">What it is for; may be empty.</param>
public sealed record NewToken(
    TokenId Id, Hash256 SecretHash, IReadOnlyList<string> Roles, string Owner, Instant ExpiresAt, int Uses = 1, string Note = "");

/// <summary>Whether a token lets nodes in, or why no longer.</summary>
public enum TokenState
{
    /// <summary>It lets nodes in.</summary>
    Usable,

    /// <summary>It has let in as many as it may.</summary>
    UsedUp,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It was taken back.</summary>
    Revoked,
}

/// <summary>A join token as it stands.</summary>
/// <param name="Id">Its name.</param>
/// <param name="State">Whether it lets nodes in.</param>
/// <param name="UsesLeft">How many more nodes it would let in.</param>
/// <param name="Uses">How many in all.</param>
/// <param name="Roles">What they get.</param>
/// <param name="Owner">The account that they belong to; may be empty.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="Note">What it is for; may be empty.</param>
public sealed record TokenRecord(
    TokenId Id, TokenState State, int UsesLeft, int Uses, IReadOnlyList<string> Roles, string Owner, Instant CreatedAt, Instant ExpiresAt, string Note);

/// <summary>What a node is, once it is let in.</summary>
public sealed record Admission(IReadOnlyList<string> Roles, string Owner);

/// <summary>A certificate that was issued to a node.</summary>
/// <param name="Serial">Its serial number, of 1 to 20 bytes.</param>
/// <param name="Issuer">The key that signed it.</param>
/// <param name="NotAfter">When it ends.</param>
public sealed record CertificateRecord(ReadOnlyMemory<byte> Serial, KeyId Issuer, Instant NotAfter);

/// <summary>A node with what only the tracker asks.</summary>
/// <param name="Node">As the roster has it.</param>
/// <param name="Token">The token by which it came in; null for the first node.</param>
/// <param name="Certificate">Of those recorded the one that ends last; null when there is none.</param>
public sealed record NodeRecord(RosterNode Node, TokenId? Token, CertificateRecord? Certificate);

/// <summary>Who begins a group of a name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Node">The node that begins it or, where that was not asked before, told that it has begun.</param>
/// <param name="Lineage">Which group it is; none for one that began before lineages were kept.</param>
/// <param name="HasBegun">Somebody told that there is a replica with something in it: from then on nobody begins it, whatever becomes of that.</param>
public sealed record GroupRecord(string Name, KeyId Node, Lineage Lineage, bool HasBegun);

/// <summary>Which node roles members take by themselves, with tokens of their own.</summary>
/// <param name="Roles">Sorted, each once.</param>
/// <param name="PerAccount">Nodes of one account at most, those included that its tokens would let in; 0 where members take none by themselves.</param>
public sealed record SelfService(IReadOnlyList<string> Roles, int PerAccount)
{
    /// <summary>Members take none by themselves.</summary>
    public static SelfService None { get; } = new([], 0);
}

/// <summary>What an account has of the community's nodes.</summary>
/// <param name="Rule">What it may have.</param>
/// <param name="Nodes">Nodes that are its own.</param>
/// <param name="Awaited">Nodes that its tokens would let in.</param>
public sealed record OwnNodes(SelfService Rule, int Nodes, int Awaited);

/// <summary>Which nodes are asked for.</summary>
public sealed record NodeQuery
{
    /// <summary>Only those with this role; null for all.</summary>
    public string? Role { get; init; }

    /// <summary>Only removed ones, or only others; null for both.</summary>
    public bool? IsRemoved { get; init; }

    /// <summary>Where the page before ended.</summary>
    public string? Cursor { get; init; }

    /// <summary>Items at most, 1 to <see cref="Limits.PageItemsMax"/>.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>A piece of a list.</summary>
/// <param name="Items">In order.</param>
/// <param name="Next">Where the next one begins; null at the end.</param>
public sealed record TrackerPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>What was forgotten at one go.</summary>
public sealed record Forgotten(int Tokens, int Nodes)
{
    /// <summary>There may be more to forget.</summary>
    public bool IsMore => Math.Max(Tokens, Nodes) >= TrackerLimits.PrunedMax;
}
