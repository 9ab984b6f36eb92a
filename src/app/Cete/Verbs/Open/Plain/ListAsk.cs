namespace Cete.App.Verbs.Open.Plain;

/// <summary>Which records are printed, and how.</summary>
/// <param name="Filter">A condition; null for all.</param>
/// <param name="Sort">Fields to sort by; null for the order of the view.</param>
/// <param name="Limit">Records at most; null for all.</param>
/// <param name="After">Where the list before ended; null for the beginning.</param>
/// <param name="IsJson">As JSON, one a line.</param>
internal sealed record ListAsk(string? Filter, string? Sort, int? Limit, string? After, bool IsJson)
{
    /// <summary>Somebody wants a list and no screen.</summary>
    public bool IsAsked => IsJson || Filter is not null || Sort is not null || Limit is not null || After is not null;
}
