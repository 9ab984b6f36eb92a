using Cete.Core;

namespace Cete.Index;

/// <summary>An entry as readers see it.</summary>
/// <param name="Id">Never used twice.</param>
/// <param name="Path">Where it stands, its name last.</param>
/// <param name="Root">Names its content.</param>
/// <param name="Length">Bytes.</param>
/// <param name="PieceLength">Bytes of a piece.</param>
/// <param name="Modified">When the file itself was changed last; null when unknown.</param>
/// <param name="Added">When it was filed.</param>
/// <param name="Owner">Account that filed it.</param>
/// <param name="Description">Free text, possibly empty.</param>
/// <param name="Tags">In order.</param>
/// <param name="Providers">Nodes that hold its content.</param>
public sealed record EntryRecord(
    long Id, string Path, Hash256 Root, long Length, int PieceLength, Instant? Modified, Instant Added,
    string Owner, string Description, IReadOnlyList<string> Tags, int Providers);

/// <summary>A folder as readers see it.</summary>
public sealed record FolderRecord(long Id, string Path, Instant Made, long Folders, long Entries);

/// <summary>A piece of a list, and where the next one begins; null at the end.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, long? Total);

/// <summary>What a list of entries is sorted by.</summary>
public enum EntrySort
{
    /// <summary>By name as people sort.</summary>
    Name,

    /// <summary>By bytes.</summary>
    Size,

    /// <summary>By when it was filed.</summary>
    Added,

    /// <summary>How well it fits the words searched for; only with words.</summary>
    Relevance,
}

/// <summary>Which entries are asked for.</summary>
public sealed record EntryQuery
{
    /// <summary>Folder to look in.</summary>
    public EntryPath Folder { get; init; } = EntryPath.Top;

    /// <summary>Also all folders below.</summary>
    public bool Below { get; init; }

    /// <summary>Words searched for, with "phrases", -without and tag:name; empty for all.</summary>
    public string Words { get; init; } = string.Empty;

    public EntrySort Sort { get; init; }

    public bool Descending { get; init; }

    /// <summary>Where the page before ended.</summary>
    public string? Cursor { get; init; }

    /// <summary>Items at most, 1 to <see cref="Limits.PageItemsMax"/>.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>What is to be filed.</summary>
public sealed record NewEntry(
    EntryPath Path, Hash256 Root, long Length, int PieceLength, Hash256 FirstPiece, Instant? Modified, string Description, IReadOnlyList<string> Tags);

/// <summary>What filing came to: ids in the order given, and how many were there already with the same content.</summary>
public sealed record Filed(IReadOnlyList<long> Ids, int Unchanged);
