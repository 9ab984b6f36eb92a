using System.Globalization;
using System.Text;

namespace Cete.Net;

/// <summary>Which records of a kind are asked for, and how.</summary>
public sealed record RecordAsk
{
    /// <summary>A condition on <c>record</c>, in the language of rules; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>A view whose filter and order count too; null for none.</summary>
    public string? View { get; init; }

    /// <summary>Up to three fields, separated by commas, '-' before those that fall; null for the view's own order.</summary>
    public string? Sort { get; init; }

    /// <summary>Where the page begins; null for the first.</summary>
    public string? Cursor { get; init; }

    /// <summary>Records of a page; null for as many as the node gives.</summary>
    public int? Limit { get; init; }

    /// <summary>All are to be counted, too.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Those that were deleted, and can be brought back.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>The query of an address, with its question mark; empty for nothing.</summary>
    public override string ToString()
    {
        var query = new StringBuilder();
        Add(query, "filter", Filter);
        Add(query, "view", View);
        Add(query, "sort", Sort);
        Add(query, "cursor", Cursor);
        Add(query, "limit", Limit?.ToString(CultureInfo.InvariantCulture));
        Add(query, "count", IsCounted ? "true" : null);
        Add(query, "deleted", IsDeleted ? "true" : null);
        return query.ToString();
    }

    private static void Add(StringBuilder query, string name, string? value)
    {
        if (value is not null)
        {
            query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }
}
