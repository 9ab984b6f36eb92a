namespace Cete.Api;

/// <summary>What was found among the files and the records of all services.</summary>
/// <param name="Hits">The best first.</param>
/// <param name="Next">Where the next page begins; absent at the end.</param>
/// <param name="Missing">Where nothing could be asked: there may be more.</param>
/// <param name="Partial">Services that were changed, and of which not all records are filed anew by their words yet: there may be more.</param>
public sealed record SearchAnswer(IReadOnlyList<SearchHit> Hits, string? Next, IReadOnlyList<SearchGap> Missing, IReadOnlyList<string> Partial);

/// <summary>A file or a record that was found.</summary>
/// <param name="Kind"><c>files</c>, or <c>SERVICE/RECORDS</c>.</param>
/// <param name="Address">Its page, below the address of the node.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Snippet">A piece of another text of it in which the words stand; absent for none.</param>
/// <param name="At">When it was filed, or changed last.</param>
/// <param name="By">By which account; absent where nobody is named.</param>
/// <param name="Rank">What it is worth among all that was found, 1 to 1,000,000.</param>
public sealed record SearchHit(string Kind, string Address, MarkedText Title, MarkedText? Snippet, DateTimeOffset At, string? By, int Rank)
{
    /// <summary>The number of the entry or of the record.</summary>
    public required long Id { get; init; }

    /// <summary>The service of a record.</summary>
    public string? Service { get; init; }

    /// <summary>Which of its kinds of records.</summary>
    public string? Records { get; init; }

    /// <summary>The path of a file.</summary>
    public string? Path { get; init; }

    /// <summary>The length of a file.</summary>
    public long? Length { get; init; }

    /// <summary>The content of a file.</summary>
    public string? Root { get; init; }

    /// <summary>How many hold the content of a file.</summary>
    public int? Providers { get; init; }
}

/// <summary>A text with what was searched for in it. Never markup.</summary>
/// <param name="Text">The text.</param>
/// <param name="Ranges">Where in it, as start and length in UTF-16 units.</param>
public sealed record MarkedText(string Text, IReadOnlyList<IReadOnlyList<int>> Ranges);

/// <summary>A source that was left out.</summary>
/// <param name="Source"><c>files</c>, <c>services</c>, or the name of one service.</param>
/// <param name="Why">Why.</param>
public sealed record SearchGap(string Source, string Why);
