using Cete.Core;
using Cete.Index.Moderation;

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
    string Owner, string Description, IReadOnlyList<string> Tags, int Providers)
{
    /// <summary>Why its content was taken down; null where it was not.</summary>
    public string? TakenDown { get; init; }

    /// <summary>What whoever wants its content is told; null where nothing is against it.</summary>
    public Failure? CheckNotTakenDown() => TakenDown is { } reason ? TakenDownContents.Refuse(Root, reason) : null;
}

/// <summary>A folder as readers see it.</summary>
public sealed record FolderRecord(long Id, string Path, Instant Made, long Folders, long Entries);

/// <summary>A piece of a list.</summary>
/// <param name="Items">In order.</param>
/// <param name="Next">Where the next one begins; null at the end.</param>
/// <param name="Total">Items of all pieces; null when nobody counted.</param>
/// <param name="IsMore">There are more than <paramref name="Total"/>: nobody counts on from there.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, long? Total, bool IsMore = false);

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

    /// <summary>One of the words is enough.</summary>
    public bool AnyWord { get; init; }

    /// <summary>Narrows the list down.</summary>
    public EntryFilter Filter { get; init; } = EntryFilter.None;

    public EntrySort Sort { get; init; }

    public bool Descending { get; init; }

    /// <summary>Where the page before ended.</summary>
    public string? Cursor { get; init; }

    /// <summary>Items at most, 1 to <see cref="Limits.PageItemsMax"/>.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>What entries must be beside having the words searched for.</summary>
public sealed record EntryFilter
{
    /// <summary>Everything passes.</summary>
    public static readonly EntryFilter None = new();

    /// <summary>One of <see cref="EntryKind.All"/>; null for any.</summary>
    public string? Kind { get; init; }

    /// <summary>Bytes at least.</summary>
    public long? LengthMin { get; init; }

    /// <summary>Bytes at most.</summary>
    public long? LengthMax { get; init; }

    /// <summary>Filed then or later.</summary>
    public Instant? Since { get; init; }

    /// <summary>Filed earlier.</summary>
    public Instant? Before { get; init; }
}

/// <summary>What may be meant by what is being typed.</summary>
/// <param name="Words">Whole searches that find something, the likeliest first.</param>
/// <param name="Entries">Whose names begin so.</param>
public sealed record Suggestions(IReadOnlyList<string> Words, IReadOnlyList<EntryRecord> Entries);

/// <summary>Ways on from a search that found nothing; each finds something.</summary>
public sealed record WaysOn
{
    /// <summary>The same words without what narrows the list down.</summary>
    public bool WithoutFilter { get; init; }

    /// <summary>The same in all folders.</summary>
    public bool InAllFolders { get; init; }

    /// <summary>Any of the words.</summary>
    public bool AnyWord { get; init; }

    /// <summary>The words as they may have been meant; null when none are near.</summary>
    public string? Spelling { get; init; }

    /// <summary>When nothing else finds anything: words of which any is found anywhere; null when none is.</summary>
    public string? Widest { get; init; }

    /// <summary>Searches with a word less.</summary>
    public IReadOnlyList<string> FewerWords { get; init; } = [];
}

/// <summary>What is to be filed.</summary>
public sealed record NewEntry(
    EntryPath Path, Hash256 Root, long Length, int PieceLength, Hash256 FirstPiece, Instant? Modified, string Description, IReadOnlyList<string> Tags);

/// <summary>What filing came to: ids in the order given, and how many were there already with the same content.</summary>
public sealed record Filed(IReadOnlyList<long> Ids, int Unchanged);
