using Cete.Core;
using Cete.Swarm;

namespace Cete.Ports.Folders;

/// <summary>What happens to entries whose files are gone from the disk.</summary>
public enum WhenFileGone
{
    /// <summary>They are taken out of the index.</summary>
    Remove,

    /// <summary>They stay; the content is withdrawn.</summary>
    Keep,
}

/// <summary>A folder of the user's disk that is to be had by his community.</summary>
/// <param name="Folder">Its full path.</param>
/// <param name="To">The folder of the index in which it is filed, under its own name.</param>
/// <param name="Node">Address of a node of the community.</param>
/// <param name="Trust">Whom to believe over HTTPS beside the authorities of the system; null for those alone.</param>
public sealed record ShareRequest(string Folder, string To, string Node, string? Trust)
{
    /// <summary>What happens to entries whose files are gone.</summary>
    public WhenFileGone OnDelete { get; init; }

    /// <summary>Files and folders whose names begin with a dot are shared too.</summary>
    public bool SharesHidden { get; init; }

    /// <summary>Said of each entry.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Of each entry.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>As it is meant where members were left out.</summary>
    public ShareRequest Sound() => this with { Description = Description ?? string.Empty, Tags = Tags ?? [] };
}

/// <summary>A share as it stands.</summary>
/// <param name="Id">Counts up from 1.</param>
/// <param name="Request">What is shared.</param>
/// <param name="Added">Since when.</param>
public sealed record Share(long Id, ShareRequest Request, DateTimeOffset Added)
{
    /// <summary>Its user stopped it: nothing is looked at, filed or sent.</summary>
    public bool IsPaused { get; init; }

    /// <summary>It is being ended: its entries are taken back, then it is forgotten.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Which folder of which disk it was when it was looked at first: another one in its place is not mistaken for one that is empty.</summary>
    public string? Identity { get; init; }

    /// <summary>Counts the walks: what the newest did not meet is gone.</summary>
    public long Walk { get; init; }

    /// <summary>When the disk was walked to the end last.</summary>
    public DateTimeOffset? Walked { get; init; }

    /// <summary>Why it does not go on, or what its user should know.</summary>
    public string? Problem { get; init; }
}

/// <summary>How a file of a share stands.</summary>
public enum SharedState
{
    /// <summary>It is to be hashed.</summary>
    Found,

    /// <summary>Its content is known here; the index is to be told.</summary>
    Hashed,

    /// <summary>It has an entry, and is served.</summary>
    Filed,

    /// <summary>It cannot be shared; its problem says why.</summary>
    Failed,

    /// <summary>It is gone from the disk; the index is to be told.</summary>
    Gone,
}

/// <summary>What a file was when it was looked at: another of these says that it changed.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">When it was changed last.</param>
/// <param name="Identity">Which file of which disk.</param>
public readonly record struct FileMark(long Length, DateTimeOffset Modified, string Identity);

/// <summary>A file of a share.</summary>
/// <param name="Share">Which.</param>
/// <param name="Local">Where it is, as a full path.</param>
/// <param name="Entry">Where it is filed in the index; empty where it cannot be.</param>
/// <param name="Mark">What it was when it was looked at.</param>
/// <param name="State">How it stands.</param>
public sealed record SharedFile(long Share, string Local, string Entry, FileMark Mark, SharedState State)
{
    /// <summary>Its content; null before it was hashed.</summary>
    public Hash256? Root { get; init; }

    /// <summary>The content that the index was told of last under this name; null where it was not.</summary>
    public Hash256? FiledRoot { get; init; }

    /// <summary>The walk that met it last.</summary>
    public long Walk { get; init; }

    /// <summary>How often the index or the disk refused it in a row.</summary>
    public int Tries { get; init; }

    /// <summary>Not to be tried before.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>Why it cannot be shared.</summary>
    public string? Problem { get; init; }
}

/// <summary>Keeps a user's shares and what is known of their files. For several callers at once.</summary>
public interface IShareBook
{
    /// <summary>All shares, the oldest first.</summary>
    Outcome<IReadOnlyList<Share>> All();

    /// <summary>Adds one under a new number.</summary>
    Outcome<Share> Add(ShareRequest request, DateTimeOffset now);

    /// <summary>Keeps one as it stands now.</summary>
    Failure? Keep(Share share);

    /// <summary>Keeps files, each in the place of what was known of its local path.</summary>
    Failure? Keep(IReadOnlyList<SharedFile> files);

    /// <summary>Notes that a walk met files which are as they were.</summary>
    Failure? Meet(long share, long walk, IReadOnlyList<string> locals);

    /// <summary>Notes that a walk is done: what it did not meet is gone. How many there were.</summary>
    Outcome<long> EndWalk(long share, long walk);

    /// <summary>Forgets files.</summary>
    Failure? Forget(IReadOnlyList<SharedFile> files);

    /// <summary>Forgets a share with all its files.</summary>
    Failure? Forget(long share);

    /// <summary>What is known of local paths.</summary>
    Outcome<IReadOnlyDictionary<string, SharedFile>> Of(long share, IReadOnlyList<string> locals);

    /// <summary>Files of a state that may be tried by now.</summary>
    Outcome<IReadOnlyList<SharedFile>> In(long share, SharedState state, DateTimeOffset now, int countMax);

    /// <summary>A file that was hashed as just this one, under whatever name: it was renamed.</summary>
    Outcome<SharedFile?> As(long share, FileMark mark);

    /// <summary>Files that have a content now.</summary>
    Outcome<IReadOnlyList<SharedFile>> With(in Hash256 root);

    /// <summary>Files that were changed last, the newest first.</summary>
    Outcome<IReadOnlyList<SharedFile>> Newest(long share, int countMax);

    /// <summary>Contents of files that are filed, those that were changed last first.</summary>
    Outcome<IReadOnlyList<Hash256>> Roots(long share, int countMax);

    /// <summary>Counts the changes since it was opened.</summary>
    long Version { get; }

    /// <summary>How many files there are of each state, and how many bytes are filed.</summary>
    Outcome<ShareCounts> Count(long share);

    /// <summary>Keeps a manifest that is more than its root.</summary>
    Failure? Keep(Manifest manifest);

    /// <summary>A manifest that was kept.</summary>
    Outcome<Manifest?> Manifest(in Hash256 root);
}

/// <summary>What there is of a share.</summary>
/// <param name="Files">Files by state.</param>
/// <param name="Bytes">Bytes of those that are filed.</param>
public sealed record ShareCounts(IReadOnlyDictionary<SharedState, long> Files, long Bytes);

/// <summary>What a user shares, for those who serve it.</summary>
public interface ISharedFiles
{
    /// <summary>
    /// Opens the file that has a content, to be read alone; null where nobody shares it, or the file has changed since. Each piece is verified before it is
    /// read for the first time.
    /// </summary>
    IContentFile? Find(Hash256 root);

    /// <summary>Contents that are shared now, the newest first.</summary>
    /// <param name="countMax">How many at most, of each share.</param>
    IReadOnlyList<HeldContent> Held(int countMax);

    /// <summary>Changes when other contents may be shared than before.</summary>
    long Version { get; }

    /// <summary>Nodes of the communities in which a content is shared.</summary>
    IReadOnlyList<string> NodesOf(Hash256 root);
}

/// <summary>A content that a user has whole and gives to others.</summary>
/// <param name="Root">The content.</param>
/// <param name="Node">A node of the community.</param>
/// <param name="Trust">Whom to believe there; null for the authorities of the system.</param>
public sealed record HeldContent(Hash256 Root, string Node, string? Trust);

/// <summary>A community as a sharer sees it. Each call may be repeated without harm. Disposing ends it.</summary>
public interface IShareTarget : IAsyncDisposable
{
    /// <summary>Hands in what a content is.</summary>
    Task<Failure?> DescribeAsync(Manifest manifest, CancellationToken cancellation);

    /// <summary>Files entries whose contents a provider holds.</summary>
    Task<Failure?> FileAsync(string provider, IReadOnlyList<SharedEntry> entries, CancellationToken cancellation);

    /// <summary>Takes an entry out of the index if it still has this content.</summary>
    Task<Failure?> RemoveAsync(string path, Hash256 root, CancellationToken cancellation);

    /// <summary>A provider holds contents no more.</summary>
    Task<Failure?> WithdrawAsync(string provider, IReadOnlyList<Hash256> roots, CancellationToken cancellation);
}

/// <summary>What is to be filed.</summary>
/// <param name="Path">Where.</param>
/// <param name="Root">Which content.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">When the file was changed last.</param>
/// <param name="Description">Said of it.</param>
/// <param name="Tags">Of it.</param>
public sealed record SharedEntry(string Path, Hash256 Root, long Length, DateTimeOffset Modified, string Description, IReadOnlyList<string> Tags);

/// <summary>The disk as a sharer sees it.</summary>
public interface ISharerDisk
{
    /// <summary>Which folder of which disk a path leads to; null where there is none.</summary>
    string? IdentityOf(string folder);

    /// <summary>All files below a folder, in a fixed order; those that cannot be shared with why.</summary>
    IEnumerable<LocalItem> Walk(string folder);

    /// <summary>What a file is now; null where there is none, or it cannot be read.</summary>
    FileMark? Look(string file);

    /// <summary>Opens a file for hashing.</summary>
    Outcome<ILocalFile> Open(LocalItem item);

    /// <summary>Opens a file that had a content when it was looked at; null where it is another one by now.</summary>
    IContentFile? Serve(string file, FileMark mark, Manifest manifest);

    /// <summary>Tells when something below a folder may have changed; disposing ends it. Null where the system has no way to tell.</summary>
    IDisposable? Watch(string folder, Action changed);
}
