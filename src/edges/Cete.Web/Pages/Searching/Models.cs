using Cete.Api;
using Cete.Core;
using Cete.Described;

namespace Cete.Web.Pages.Searching;

// Razor makes its components public, and with them what they are given.

/// <summary>What was found everywhere, or in one service.</summary>
/// <param name="Words">As typed.</param>
/// <param name="Places">Where it is looked.</param>
/// <param name="Kinds">Kinds of records of the service that is looked in; empty where it has but one.</param>
/// <param name="Hits">The best first.</param>
public sealed record FoundModel(string Words, IReadOnlyList<FoundPlace> Places, IReadOnlyList<FoundPlace> Kinds, IReadOnlyList<FoundLine> Hits)
{
    /// <summary>It is looked in all places: files among them can be narrowed down.</summary>
    public bool IsEverywhere { get; init; }

    /// <summary>The address of the next page; null at the end.</summary>
    public string? Next { get; init; }

    /// <summary>The address of the first page; null where this is it.</summary>
    public string? First { get; init; }

    /// <summary>What was left out.</summary>
    public IReadOnlyList<SearchGap> Missing { get; init; } = [];

    /// <summary>Titles of services that may hold more.</summary>
    public IReadOnlyList<string> Partial { get; init; } = [];
}

/// <summary>Where somebody can look.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Address">The same search there.</param>
/// <param name="IsHere">It is looked in now.</param>
public sealed record FoundPlace(string Title, string Address, bool IsHere);

/// <summary>A line of what was found.</summary>
/// <param name="Address">Its page.</param>
/// <param name="Icon">Its picture.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Snippet">Where else the words stand; null for nowhere.</param>
/// <param name="Facts">What kind it is of and the like.</param>
/// <param name="By">Who made it; empty where nobody is named.</param>
/// <param name="At">When it was filed or changed last.</param>
public sealed record FoundLine(string Address, string Icon, TextPiece Title, TextPiece? Snippet, IReadOnlyList<string> Facts, string By, Instant At);
