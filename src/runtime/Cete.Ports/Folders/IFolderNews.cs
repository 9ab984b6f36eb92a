using Cete.Core;

namespace Cete.Ports.Folders;

/// <summary>An entry as a subscriber sees it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Path">From the top, its name last.</param>
/// <param name="Root">Its content.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Kind">What its name promises.</param>
/// <param name="Owner">Who filed it.</param>
public sealed record NewsEntry(long Id, string Path, string Root, long Length, string Kind, string Owner);

/// <summary>What happened in a folder.</summary>
public enum NewsKind
{
    /// <summary>Something that this program does not know.</summary>
    Other,

    /// <summary>An entry was filed.</summary>
    Filed,

    /// <summary>An entry gave way to another of its name.</summary>
    Replaced,

    /// <summary>An entry or folder was removed.</summary>
    Removed,

    /// <summary>An entry or folder was moved.</summary>
    Moved,

    /// <summary>What was removed is there again.</summary>
    Restored,
}

/// <summary>One change in a folder.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Id">Of the entry or folder.</param>
/// <param name="Path">Where it stands, or stood.</param>
/// <param name="From">Where it was before it was moved; empty otherwise.</param>
/// <param name="IsFolder">It is a folder.</param>
/// <param name="Entry">The entry as it is now; null where it is out of sight.</param>
public sealed record FolderChange(NewsKind Kind, long Id, string Path, string From, bool IsFolder, NewsEntry? Entry);

/// <summary>What changed behind a cursor.</summary>
/// <param name="Changes">In order.</param>
/// <param name="Cursor">Where to ask on.</param>
/// <param name="IsMissed">What was asked for is not known any more.</param>
public sealed record FolderNewsPage(IReadOnlyList<FolderChange> Changes, string Cursor, bool IsMissed);

/// <summary>What a list is asked for.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Below">Also what is below.</param>
/// <param name="Words">What entries are found by; null for all.</param>
/// <param name="Since">Filed since then; null for all.</param>
/// <param name="IsNewestFirst">Or the oldest.</param>
/// <param name="Cursor">Where the page before ended.</param>
public sealed record FolderListQuery(string Folder, bool Below, string? Words, DateTimeOffset? Since, bool IsNewestFirst, string? Cursor);

/// <summary>A page of a list.</summary>
/// <param name="Entries">In order.</param>
/// <param name="Next">Where it goes on; null at the end.</param>
public sealed record FolderListPage(IReadOnlyList<NewsEntry> Entries, string? Next);

/// <summary>A community as a subscriber sees it. Disposing ends it.</summary>
public interface IFolderNews : IAsyncDisposable
{
    /// <summary>What changed in a folder behind a cursor, or where to begin; where nothing did, it waits for it.</summary>
    Task<Outcome<FolderNewsPage>> ChangesAsync(string folder, bool below, string? after, TimeSpan wait, CancellationToken cancellation);

    /// <summary>A page of entries.</summary>
    Task<Outcome<FolderListPage>> ListAsync(FolderListQuery query, CancellationToken cancellation);
}

/// <summary>What a subscriber does to files of the user's. Failures are of the file alone.</summary>
public interface ISubscriberDisk
{
    /// <summary>Length and time of the last change of a file; null where there is none.</summary>
    (long Length, DateTimeOffset Modified)? Look(string path);

    /// <summary>Moves a file to where nothing is yet; folders are made, and left that are empty then.</summary>
    Failure? Move(string from, string to);

    /// <summary>Puts a file away into the trash of a folder.</summary>
    Failure? Trash(string path, string folder);
}

/// <summary>Runs what a user wants done with a file that came.</summary>
public interface IThenRunner
{
    /// <summary>Runs a program; null, or why it failed.</summary>
    Task<Failure?> RunAsync(Subscription subscription, SubscribedFile file, CancellationToken stop);
}
