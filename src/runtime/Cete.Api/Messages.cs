namespace Cete.Api;

/// <summary>For every service its servers in the order in which they are to be asked.</summary>
/// <param name="Community">Name of the community.</param>
/// <param name="CommunityId">Its id.</param>
/// <param name="Version">Equal lists have equal versions; every answer of the API names the newest.</param>
/// <param name="Services">By name.</param>
/// <param name="Nodes">All nodes that are there, so that a client finds one again after years.</param>
public sealed record ServersAnswer(
    string Community, string CommunityId, string Version, IReadOnlyList<ServiceServersInfo> Services, IReadOnlyList<NodeInfo> Nodes);

/// <summary>
/// Shows that whoever answers can sign as a node of a community. It does not show that nobody stands between: that takes https.
/// </summary>
/// <param name="CommunityId">The community.</param>
/// <param name="Node">The node's certificate in DER.</param>
/// <param name="Issuing">That of its issuer.</param>
/// <param name="Signature">Of the challenge, for <see cref="Purpose"/>.</param>
public sealed record IdentityAnswer(string CommunityId, byte[] Node, byte[] Issuing, byte[] Signature)
{
    /// <summary>Bytes of a challenge.</summary>
    public const int ChallengeSize = 32;

    /// <summary>What is signed for.</summary>
    public const string Purpose = "web-identity";
}

/// <summary>The servers of one service.</summary>
public sealed record ServiceServersInfo(string Service, IReadOnlyList<ServerInfo> Servers);

/// <summary>A server of a service.</summary>
/// <param name="Node">Id of its node.</param>
/// <param name="Name">What people call that.</param>
/// <param name="Addresses">Where it is reached, the best first.</param>
/// <param name="Root">It takes the writes.</param>
/// <param name="Overloaded">It asks to be spared.</param>
public sealed record ServerInfo(string Node, string Name, IReadOnlyList<string> Addresses, bool Root, bool Overloaded);

/// <summary>A node of the community.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="State">alive, suspect, dead or left, as it is seen from here.</param>
/// <param name="Roles">What it may host.</param>
/// <param name="Addresses">Where its http port is.</param>
/// <param name="Version">Of its program.</param>
/// <param name="Load">0 to 1,000.</param>
/// <param name="RoundTripMicroseconds">Smoothed, from here; absent for the node that answers, and before it is known.</param>
/// <param name="Reach">Whether other nodes reach it: direct, relayed by those that <paramref name="Via"/> names, none, or unknown.</param>
/// <param name="Via">Ids of the nodes that carry tunnels to one that is not reached itself.</param>
/// <param name="Started">When it started, by its clock.</param>
/// <param name="CertificateEnds">When it must have a new certificate.</param>
public sealed record NodeInfo(
    string Id, string Name, string State, IReadOnlyList<string> Roles, IReadOnlyList<string> Addresses, string Version, int Load,
    long? RoundTripMicroseconds, string Reach, IReadOnlyList<string> Via, DateTimeOffset Started, DateTimeOffset CertificateEnds);

/// <summary>The keys that issue certificates.</summary>
public sealed record IssuerList(IReadOnlyList<IssuerInfo> Issuers);

/// <summary>A key that issues certificates to nodes, or did.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Node">The node that holds it.</param>
/// <param name="Removed">Since when certificates by it count no longer; absent for one that counts.</param>
public sealed record IssuerInfo(string Id, string Node, DateTimeOffset? Removed);

/// <summary>Asks for a token by which nodes join.</summary>
/// <param name="Roles">What they may host.</param>
/// <param name="Hours">How long it counts.</param>
/// <param name="Uses">How many nodes it lets in.</param>
/// <param name="Owner">The account that they will belong to.</param>
/// <param name="Note">What it is for.</param>
/// <param name="Seconds">How long it counts, in place of the hours; for one that is used at once.</param>
public sealed record TokenRequest(IReadOnlyList<string> Roles, int Hours, int Uses, string? Owner, string? Note, int? Seconds = null);

/// <summary>A token; this is the only time that its secret is told.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Token">The line to be handed to whoever joins.</param>
/// <param name="Link">The same as a link.</param>
/// <param name="Addresses">Where nodes of the community are, as it says.</param>
/// <param name="Expires">When it ends.</param>
public sealed record TokenAnswer(string Id, string Token, string Link, IReadOnlyList<string> Addresses, DateTimeOffset Expires);

/// <summary>Tokens, without their secrets.</summary>
public sealed record TokenList(IReadOnlyList<TokenInfo> Tokens, string? Next);

/// <summary>A token as it stands.</summary>
/// <param name="Id">Its name.</param>
/// <param name="State">usable, usedUp, expired or revoked.</param>
/// <param name="UsesLeft">How many more nodes it would let in.</param>
/// <param name="Roles">What they may host.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Note">What it is for.</param>
public sealed record TokenInfo(
    string Id, string State, int UsesLeft, IReadOnlyList<string> Roles, DateTimeOffset Created, DateTimeOffset Expires, string Note);

/// <summary>Which node roles members take by themselves from now on.</summary>
/// <param name="Roles">Roles; 'tracker' and 'accounts' are none of them.</param>
/// <param name="PerAccount">Nodes of one account at most, 0 to 100; 3 when absent. 0 for none by themselves.</param>
public sealed record SelfServiceRequest(IReadOnlyList<string>? Roles, int? PerAccount = null);

/// <summary>Which node roles members take by themselves, and what whoever asks has.</summary>
/// <param name="Roles">Roles.</param>
/// <param name="PerAccount">Nodes of one account at most, those included that its tokens would let in; 0 for none by themselves.</param>
/// <param name="Nodes">Nodes of the account that asks.</param>
/// <param name="Awaited">Nodes that its tokens would let in.</param>
public sealed record SelfServiceAnswer(IReadOnlyList<string> Roles, int PerAccount, int Nodes, int Awaited);

/// <summary>Asks to remove a node from the community.</summary>
public sealed record RemoveNodeRequest(string? Reason);

/// <summary>What a node may host from now on.</summary>
/// <param name="Roles">All its roles; those that it had and are not among them it has no longer.</param>
public sealed record RolesRequest(IReadOnlyList<string>? Roles);

/// <summary>Whether anything changed: false when it was so already.</summary>
public sealed record ChangeAnswer(bool Changed);

/// <summary>A folder.</summary>
/// <param name="Path">From the top.</param>
/// <param name="Made">When.</param>
/// <param name="FolderCount">Folders right below.</param>
/// <param name="EntryCount">Entries right in it.</param>
public sealed record FolderInfo(string Path, DateTimeOffset Made, long FolderCount, long EntryCount);

/// <summary>A folder with a page of the folders below it.</summary>
public sealed record FolderPage(FolderInfo Folder, IReadOnlyList<FolderInfo> Folders, string? Next);

/// <summary>An entry of the index.</summary>
/// <param name="Id">Its number, never used twice.</param>
/// <param name="Path">From the top, its name last.</param>
/// <param name="Name">The last part of the path.</param>
/// <param name="Root">Merkle root of its content, 64 hexadecimal digits.</param>
/// <param name="Length">Bytes.</param>
/// <param name="PieceLength">Bytes of a piece.</param>
/// <param name="Modified">When the file was changed last; absent when unknown.</param>
/// <param name="Added">When it was filed.</param>
/// <param name="Owner">Account that filed it.</param>
/// <param name="Description">Free text.</param>
/// <param name="Tags">In order.</param>
/// <param name="Providers">Number of nodes that hold its content.</param>
/// <param name="IdFile">Address of its ID file on this node.</param>
/// <param name="Content">Address of its content on this node.</param>
public sealed record EntryInfo(
    long Id, string Path, string Name, string Root, long Length, int PieceLength, DateTimeOffset? Modified, DateTimeOffset Added,
    string Owner, string Description, IReadOnlyList<string> Tags, int Providers, string IdFile, string Content)
{
    /// <summary>What sort of file its name promises.</summary>
    public string? Kind { get; init; }

    /// <summary>Why moderators took its content down, which nobody can get then; absent where they did not.</summary>
    public string? TakenDown { get; init; }
}

/// <summary>A page of entries.</summary>
/// <param name="Entries">In order.</param>
/// <param name="Next">Cursor of the next page; absent on the last.</param>
/// <param name="Total">Entries of all pages, where they are counted.</param>
/// <param name="More">There are more than <paramref name="Total"/>: nobody counts on from there.</param>
public sealed record EntryPage(IReadOnlyList<EntryInfo> Entries, string? Next, long? Total, bool? More = null);

/// <summary>One change of the index.</summary>
/// <param name="Kind">filed, replaced, removed, moved or restored.</param>
/// <param name="Id">Of the entry or folder.</param>
/// <param name="Path">Where it stands, or stood.</param>
/// <param name="From">Where it was before it was moved.</param>
/// <param name="Folder">It is a folder, and the change is of all below it too; absent for an entry.</param>
/// <param name="Entry">The entry as it is now; absent where it is out of sight.</param>
public sealed record ChangeInfo(string Kind, long Id, string Path, string? From, bool? Folder, EntryInfo? Entry);

/// <summary>What changed in a folder.</summary>
/// <param name="Changes">In the order in which it happened.</param>
/// <param name="Cursor">Where to ask on.</param>
/// <param name="Missed">What was asked for is not known any more: list the folder anew, and ask on from here.</param>
public sealed record ChangesAnswer(IReadOnlyList<ChangeInfo> Changes, string Cursor, bool? Missed);

/// <summary>What may be meant by what is being typed.</summary>
/// <param name="Words">Whole searches, the likeliest first.</param>
/// <param name="Entries">Whose names begin so.</param>
public sealed record SuggestionsAnswer(IReadOnlyList<string> Words, IReadOnlyList<EntryInfo> Entries);

/// <summary>Asks for a folder.</summary>
public sealed record MakeFolderRequest(string Path);

/// <summary>Asks to file entries whose contents the node holds.</summary>
/// <param name="Entries">They.</param>
public sealed record FileRequest(IReadOnlyList<FileItem> Entries)
{
    /// <summary>
    /// The key of an agent that holds the contents in the place of the node, which must know their manifests
    /// (see <c>/api/contents/ROOT/manifest</c>), but for contents of one piece.
    /// </summary>
    public string? Provider { get; init; }
}

/// <summary>One of them.</summary>
public sealed record FileItem(string Path, string Root, DateTimeOffset? Modified, string? Description, IReadOnlyList<string>? Tags)
{
    /// <summary>Bytes of a content of one piece that an agent holds; not needed otherwise.</summary>
    public long? Length { get; init; }
}

/// <summary>What filing came to.</summary>
public sealed record FileAnswer(IReadOnlyList<long> Ids, int Unchanged);

/// <summary>Changes what is said about an entry; what is absent stays.</summary>
public sealed record DescribeRequest(string? Description, IReadOnlyList<string>? Tags);

/// <summary>Moves or renames an entry or folder.</summary>
public sealed record MoveRequest(string From, string To);

/// <summary>Removes an entry, or a folder with all below.</summary>
public sealed record RemoveRequest(string Path);

/// <summary>The number by which a removal is undone, and how many entries it took.</summary>
public sealed record RemoveAnswer(long Removal, long Entries);

/// <summary>How many entries came back.</summary>
public sealed record RestoreAnswer(long Entries);

/// <summary>Whether the node had the manifest before.</summary>
public sealed record ManifestAnswer(string Root, bool IsNew);

/// <summary>A provider holds contents no more.</summary>
/// <param name="Provider">Its key.</param>
/// <param name="Roots">The contents.</param>
public sealed record WithdrawRequest(string Provider, IReadOnlyList<string> Roots);

/// <summary>Of how many contents it was said before that it holds them.</summary>
public sealed record WithdrawAnswer(long Withdrawn);

/// <summary>Asks which contents the node has whole.</summary>
public sealed record KnownRequest(IReadOnlyList<string> Roots);

/// <summary>For each root asked for, in order, whether the node has it whole.</summary>
public sealed record KnownAnswer(IReadOnlyList<bool> Known);

/// <summary>Asks for many small contents in one answer; see <see cref="Bundle"/>.</summary>
public sealed record BundleRequest(IReadOnlyList<string> Roots);

/// <summary>Begins an upload, or goes on with one.</summary>
/// <param name="Length">Bytes of the content.</param>
/// <param name="FirstPiece">Hash of its first piece.</param>
/// <param name="Key">The sender's own name for the file: with the others it finds an upload again that was broken off.</param>
public sealed record UploadRequest(long Length, string FirstPiece, string Key);

/// <summary>Where an upload stands.</summary>
/// <param name="Id">Its address is <c>/api/uploads/ID</c>.</param>
/// <param name="PieceLength">Bytes of a piece: sending begins at a multiple of it.</param>
/// <param name="Missing">Runs of pieces that are still to be sent: first piece and count.</param>
/// <param name="MayBeKnown">The community knows content of this length with this beginning: hash before sending.</param>
public sealed record UploadState(string Id, int PieceLength, IReadOnlyList<PieceRange> Missing, bool MayBeKnown);

/// <summary>A run of pieces.</summary>
public sealed record PieceRange(int First, int Count);

/// <summary>The end of an upload.</summary>
public sealed record UploadAnswer(string Root);

/// <summary>Who has a content.</summary>
public sealed record SourcesAnswer(string Root, long Length, int PieceLength, IReadOnlyList<SourceInfo> Sources);

/// <summary>One who has it, whole or in part.</summary>
/// <param name="Address">Base address: content is at <c>ADDRESS/content/ROOT</c>.</param>
/// <param name="Kind"><c>provider</c> or <c>downloader</c>.</param>
/// <param name="Pieces">Pieces that are there.</param>
/// <param name="PieceCount">Pieces of the whole.</param>
public sealed record SourceInfo(string Address, string Kind, int Pieces, int PieceCount);

/// <summary>Tells that a source gave a piece that does not verify; the node checks its own copy.</summary>
public sealed record DamageReport(int Piece);

/// <summary>What the check found.</summary>
public sealed record DamageAnswer(bool Good);

/// <summary>An error as RFC 9457 has it, with <paramref name="Code"/> for programs.</summary>
public sealed record Problem(string Type, string Title, int Status, string Detail, string Code);
