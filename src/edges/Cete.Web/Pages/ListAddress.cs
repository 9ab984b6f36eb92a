using System.Globalization;
using Cete.Index;

namespace Cete.Web.Pages;

/// <summary>Where a list stands, as an address: every link of a list is the address it was asked by with one thing changed.</summary>
/// <param name="Page">The path.</param>
/// <param name="Usual">The order in which the list is when nothing is said.</param>
public sealed record ListAddress(string Page, EntrySort Usual)
{
    /// <summary>Words searched for.</summary>
    public string Words { get; init; } = string.Empty;

    /// <summary>Where a search looks, when it could look elsewhere too; null where there is nothing else.</summary>
    public string? In { get; init; }

    /// <summary><c>all</c> or <c>folder</c>; null as is usual there.</summary>
    public string? View { get; init; }

    public EntrySort Sort { get; init; } = Usual;

    public bool Descending { get; init; }

    public string? Cursor { get; init; }

    /// <summary>Folder that is searched in; null for all.</summary>
    public string? Folder { get; init; }

    /// <summary>Kind of files that is searched for.</summary>
    public string? Kind { get; init; }

    /// <summary>Their size, "1MB-2MB".</summary>
    public string? Size { get; init; }

    /// <summary>How long ago they were filed at most.</summary>
    public string? Newer { get; init; }

    /// <summary>One of the words is enough.</summary>
    public bool AnyWord { get; init; }

    /// <summary>There is a filter.</summary>
    public bool IsNarrowed => Kind is not null || Size is not null || Newer is not null || Folder is not null;

    /// <summary>The list without any filter.</summary>
    public ListAddress Widened => First with { Folder = null, Kind = null, Size = null, Newer = null };

    /// <summary>How many entries the pages before had: only for people, the cursor alone says where to begin.</summary>
    public long After { get; init; }

    /// <summary>The list from its beginning.</summary>
    public ListAddress First => this with { Cursor = null, After = 0 };

    /// <summary>The page behind this one.</summary>
    public ListAddress Next(string cursor, int count) => this with { Cursor = cursor, After = After + count };

    /// <summary>Sorted by a column: by the one it is sorted by already, the other way round. Large and new come first.</summary>
    public ListAddress SortedBy(EntrySort sort) =>
        First with { Sort = sort, Descending = sort == Sort ? !Descending : sort is EntrySort.Size or EntrySort.Added };

    /// <summary>For <c>aria-sort</c>; null when the list is not sorted by it.</summary>
    public string? OrderOf(EntrySort sort) => sort != Sort ? null : Descending ? "descending" : "ascending";

    public override string ToString()
    {
        List<string> parts = [];
        Add(parts, "q", Words);
        Add(parts, "in", In);
        Add(parts, "any", AnyWord ? "1" : null);
        Add(parts, "folder", Folder);
        Add(parts, "kind", Kind);
        Add(parts, "size", Size);
        Add(parts, "newer", Newer);
        Add(parts, "view", View);
        Add(parts, "sort", Sort == Usual ? null : Sort.ToString().ToLowerInvariant());
        Add(parts, "order", Descending ? "desc" : null);
        Add(parts, "after", After > 0 ? After.ToString(CultureInfo.InvariantCulture) : null);
        Add(parts, "cursor", Cursor);
        return parts.Count == 0 ? Page : $"{Page}?{string.Join('&', parts)}";
    }

    private static void Add(List<string> parts, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }
}
