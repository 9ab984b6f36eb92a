using Cete.Core;
using Cete.Index;

namespace Cete.Web.Api;

/// <summary>A query as it stands in an address, for API and pages alike.</summary>
internal static class EntryQueryText
{
    public static Outcome<EntryQuery> Parse(
        string? folder, bool? below, string? words, string? sort, string? order, string? cursor, int? limit, EntryFilterText? filter = null,
        Instant now = default)
    {
        var path = EntryPath.Parse(folder ?? "/");
        if (!path.Succeeded)
        {
            return path.Failure;
        }

        var narrowed = filter?.Parse(now) ?? EntryFilter.None;
        if (!narrowed.Succeeded)
        {
            return narrowed.Failure;
        }

        var typed = words?.Trim() ?? string.Empty;
        EntrySort? by = (sort ?? (typed.Length > 0 ? "relevance" : "name")) switch
        {
            "name" => EntrySort.Name,
            "size" => EntrySort.Size,
            "added" => EntrySort.Added,
            "relevance" => EntrySort.Relevance,
            _ => null,
        };
        if (by is null || order is not (null or "" or "asc" or "desc"))
        {
            return new Failure(FailureKind.Invalid, "'sort' is one of name, size, added and relevance, 'order' is asc or desc");
        }

        return new EntryQuery
        {
            Folder = path.Value,
            Below = below ?? (typed.Length > 0 || narrowed.Value != EntryFilter.None),
            Filter = narrowed.Value,
            Words = typed.Length > 500 ? typed[..500] : typed,
            Sort = by.Value,
            Descending = order == "desc",
            Cursor = string.IsNullOrEmpty(cursor) ? null : cursor,
            Limit = limit ?? 50,
        };
    }
}
