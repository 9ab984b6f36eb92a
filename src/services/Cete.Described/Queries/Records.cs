using Cete.Core;
using Cete.Expressions;

namespace Cete.Described;

/// <summary>A record as somebody may see it.</summary>
/// <param name="Kind">Of which kind.</param>
/// <param name="Id">Its number among them.</param>
/// <param name="Owner">The account that made it; empty for the service itself or a guest.</param>
/// <param name="Created">When.</param>
/// <param name="Updated">When it was changed last.</param>
/// <param name="Revision">How often it was written: whoever changes it says which one he has seen.</param>
/// <param name="Values">The fields that he may see, formulas among them, in the order of the description.</param>
public sealed record RecordView(
    string Kind, long Id, string Owner, Instant Created, Instant Updated, long Revision, IReadOnlyList<KeyValuePair<string, Value>> Values)
{
    /// <summary>It is deleted, and can be brought back.</summary>
    public Instant? Deleted { get; init; }

    /// <summary>Moderators have hidden it.</summary>
    public bool IsHidden { get; init; }

    /// <summary>What records that it points to are called, as far as he may see them, by field.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Where what was searched for stands in it; empty where nothing was.</summary>
    public IReadOnlyList<TextPiece> Pieces { get; init; } = [];

    /// <summary>A field; null where there is none, or he may not see it.</summary>
    public Value Get(string field) => field switch
    {
        "id" => Value.Of(Id),
        "owner" => Value.Of(Owner),
        "created" => Value.OfTimestamp(Created.Microseconds),
        "updated" => Value.OfTimestamp(Updated.Microseconds),
        "revision" => Value.Of(Revision),
        _ => Values.FirstOrDefault(pair => pair.Key == field).Value,
    };
}

/// <summary>A page of records.</summary>
/// <param name="Items">In the order that was asked for.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
public sealed record RecordPage(IReadOnlyList<RecordView> Items, string? Next)
{
    /// <summary>How many there are in all, where that was asked for; <see cref="RecordQuery.CountMax"/> for that many or more.</summary>
    public long? Total { get; init; }

    /// <summary>There may be more: the service was changed, and not all records are filed anew by their words yet.</summary>
    public bool IsPartial { get; init; }
}

/// <summary>Which records somebody wants to see.</summary>
/// <param name="Service">Of which service.</param>
/// <param name="Kind">Of which kind.</param>
public sealed record RecordQuery(string Service, string Kind)
{
    /// <summary>Records are counted up to here.</summary>
    public const long CountMax = 10_000;

    /// <summary>Items of a page at most.</summary>
    public const int LimitMax = 200;

    /// <summary>A condition, in the language of rules, on <c>record</c>; null for all.</summary>
    public string? Filter { get; init; }

    /// <summary>
    /// Words that they are to have (<see cref="SearchTerms"/>); null for none. The best come first then, unless <see cref="Sort"/> says otherwise.
    /// </summary>
    public string? Search { get; init; }

    /// <summary>A view whose filter and order count too; null for none.</summary>
    public string? View { get; init; }

    /// <summary>A feed whose filter and order count too; null for none.</summary>
    public string? Feed { get; init; }

    /// <summary>Names of up to three fields, '-' before those that fall; the newest first where nothing is said.</summary>
    public IReadOnlyList<string> Sort { get; init; } = [];

    /// <summary>Where a page ended; null for the first.</summary>
    public string? Cursor { get; init; }

    /// <summary>Items of the page.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Count them all, too.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Those that were deleted, of those that one may bring back.</summary>
    public bool IsDeleted { get; init; }
}

/// <summary>One part of a chart: what records with the same value come to.</summary>
/// <param name="Key">The value that they have alike.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Sum">What a field of theirs comes to; null where none was named.</param>
public sealed record RecordGroup(Value Key, long Count, Value Sum);

/// <summary>One change in the history of a record.</summary>
/// <param name="Revision">Which it led to.</param>
/// <param name="At">When.</param>
/// <param name="Account">Who.</param>
/// <param name="What">created, updated, deleted, restored, hidden or shown.</param>
/// <param name="Before">What changed fields were before, as text.</param>
public sealed record RecordChange(long Revision, Instant At, string Account, string What, IReadOnlyList<KeyValuePair<string, string>> Before);

/// <summary>A service, for lists of them.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Edition">How often it was published.</param>
/// <param name="At">When last.</param>
/// <param name="By">By which account.</param>
/// <param name="Descriptor">What it is.</param>
public sealed record ServiceInfo(string Name, long Edition, Instant At, string By, ServiceDescriptor Descriptor);

/// <summary>One edition of a service.</summary>
/// <param name="Edition">Its number.</param>
/// <param name="Version">As its author counts.</param>
/// <param name="At">When it was published.</param>
/// <param name="By">By which account.</param>
/// <param name="Changes">What was done to records that were there.</param>
public sealed record ServiceEdition(long Edition, string Version, Instant At, string By, IReadOnlyList<string> Changes);

/// <summary>Something happened to a record that somebody may see.</summary>
/// <param name="Position">Where it stands in the stream.</param>
/// <param name="At">When.</param>
/// <param name="Kind">Of which kind of record.</param>
/// <param name="Id">Of which record.</param>
/// <param name="What">created, updated, deleted, restored, hidden or shown.</param>
/// <param name="Record">As it stands now; null where he may not see it any more.</param>
public sealed record RecordEvent(long Position, Instant At, string Kind, long Id, string What, RecordView? Record);

/// <summary>What came of a change.</summary>
/// <param name="Id">Of the record; 0 where an action is about none.</param>
/// <param name="Revision">The one that it has now.</param>
/// <param name="Others">Records that were written beside it, by steps and hooks.</param>
public sealed record Written(long Id, long Revision, long Others);

/// <summary>What somebody may do.</summary>
/// <param name="Create">Make records of the kind: some, at least.</param>
/// <param name="Update">Change the record.</param>
/// <param name="Delete">Delete it.</param>
/// <param name="Moderate">Hide it from others.</param>
/// <param name="Actions">Names of the actions that he may do, and that make sense now: those of the kind where no record was named are left out.</param>
public sealed record Permissions(bool Create, bool Update, bool Delete, bool Moderate, IReadOnlyList<string> Actions);
