using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Cete.Api;

/// <summary>Services that are described and in use, by name.</summary>
public sealed record ServiceList(IReadOnlyList<ServiceSummary> Services);

/// <summary>A described service, for lists: texts in the language that was asked for.</summary>
/// <param name="Name">By which addresses name it.</param>
/// <param name="Title">What people call it.</param>
/// <param name="About">What it is for.</param>
/// <param name="Icon">Name of a picture of the clients' own set; empty for none.</param>
/// <param name="Version">As its author counts.</param>
/// <param name="Edition">How often it was published.</param>
/// <param name="Published">When last.</param>
/// <param name="By">By which account.</param>
/// <param name="Kinds">Its kinds of records.</param>
/// <param name="Views">How they are shown.</param>
/// <param name="Actions">What can be done beyond editing records.</param>
public sealed record ServiceSummary(
    string Name, string Title, string About, string Icon, string Version, long Edition, DateTimeOffset Published, string By,
    IReadOnlyList<KindSummary> Kinds, IReadOnlyList<ViewSummary> Views, IReadOnlyList<ActionSummary> Actions);

/// <summary>A kind of records.</summary>
/// <param name="Name">By which addresses name it.</param>
/// <param name="Title">What people call them, in the plural.</param>
public sealed record KindSummary(string Name, string Title);

/// <summary>A way to show records.</summary>
/// <param name="Name">By which addresses name it.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Kind">table, list, cards, board and so on.</param>
/// <param name="Records">Of which kind; absent for a page.</param>
public sealed record ViewSummary(string Name, string Title, string Kind, string? Records);

/// <summary>Something that can be done.</summary>
/// <param name="Name">By which addresses name it.</param>
/// <param name="Title">What its button says.</param>
/// <param name="On">The kind of record that it is done to; absent for none.</param>
public sealed record ActionSummary(string Name, string Title, string? On);

/// <summary>A service as its author described it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Edition">Which edition this is: whoever replaces it says so.</param>
/// <param name="Description">The description.</param>
public sealed record ServiceDescription(string Name, long Edition, JsonObject Description);

/// <summary>A description was published, or withdrawn.</summary>
/// <param name="Name">Of which service.</param>
/// <param name="Edition">Its edition now.</param>
/// <param name="Changes">What was done to records that were there.</param>
public sealed record PublishAnswer(string Name, long Edition, IReadOnlyList<string> Changes);

/// <summary>Editions of a service that are kept, the newest first.</summary>
public sealed record EditionList(IReadOnlyList<EditionInfo> Editions);

/// <summary>An edition of a service.</summary>
/// <param name="Edition">Its number.</param>
/// <param name="Version">As its author counts.</param>
/// <param name="Published">When it was published.</param>
/// <param name="By">By which account.</param>
/// <param name="Changes">What was done to records that were there.</param>
public sealed record EditionInfo(long Edition, string Version, DateTimeOffset Published, string By, IReadOnlyList<string> Changes);

/// <summary>A record as whoever asks may see it.</summary>
/// <param name="Kind">Of which kind.</param>
/// <param name="Id">Its number among them.</param>
/// <param name="Owner">The account that made it; absent for the service itself or a guest.</param>
/// <param name="Created">When.</param>
/// <param name="Updated">When it was changed last.</param>
/// <param name="Revision">How often it was written: whoever changes it says which one he has seen.</param>
/// <param name="Fields">Its fields, as far as they may be seen; null where there is nothing.</param>
public sealed record RecordInfo(
    [property: JsonRequired] string Kind, long Id, string? Owner, DateTimeOffset Created, DateTimeOffset Updated, long Revision,
    [property: JsonRequired] JsonObject Fields)
{
    /// <summary>What records are called that it points to, by field.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Where what was searched for stands in it, by field; absent where nothing was searched for.</summary>
    public IReadOnlyDictionary<string, MarkedText>? Pieces { get; init; }

    /// <summary>When it was deleted; absent where it was not.</summary>
    public DateTimeOffset? Deleted { get; init; }

    /// <summary>True when moderators have hidden it.</summary>
    public bool? Hidden { get; init; }
}

/// <summary>A page of records.</summary>
/// <param name="Records">In the order that was asked for.</param>
/// <param name="Next">Where the next page begins; absent at the end.</param>
/// <param name="Total">How many there are in all, up to 10,000, where that was asked for.</param>
public sealed record RecordList([property: JsonRequired] IReadOnlyList<RecordInfo> Records, string? Next, long? Total)
{
    /// <summary>True when a search may lack some, since not all records are filed anew by their words after the service was changed.</summary>
    public bool? Partial { get; init; }
}

/// <summary>
/// What whoever asks may do, for clients that show buttons: whether he may in the end the command tells, since a rule may read what he makes.
/// </summary>
/// <param name="Create">Make records of the kind: some, at least.</param>
/// <param name="Update">Change the record.</param>
/// <param name="Delete">Delete it.</param>
/// <param name="Moderate">Hide it from others.</param>
/// <param name="Actions">Actions that he may do to the record and that make sense now; without a record those that are done to none.</param>
public sealed record RecordPermissions(bool Create, bool Update, bool Delete, bool Moderate, [property: JsonRequired] IReadOnlyList<string> Actions);

/// <summary>A record was written, or something was done.</summary>
/// <param name="Id">Of the record; 0 where an action is about none.</param>
/// <param name="Revision">The one that it has now.</param>
/// <param name="Others">Records that were written beside it, by steps and hooks.</param>
public sealed record WrittenAnswer(long Id, long Revision, long Others);

/// <summary>What something would cost whoever asks, in micro-credits.</summary>
/// <param name="Amount">What is to be paid now; 0 for nothing.</param>
/// <param name="FreeLeft">How often it costs nothing today, this time counted; absent where that is not offered.</param>
/// <param name="Payee">Who is paid: <c>treasury</c> or <c>user:ACCOUNT</c>; absent where nothing is.</param>
/// <param name="Provider">By which a lane is named that pays it; absent where nothing is.</param>
/// <param name="Lanes">Lanes of whoever asks that pay him.</param>
public sealed record OfferInfo(long Amount, long? FreeLeft, string? Payee, string? Provider, IReadOnlyList<OfferLane> Lanes);

/// <summary>A lane by which somebody may pay, in micro-credits.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="Due">What was charged of it: the next voucher promises that and the price.</param>
/// <param name="Paid">What its highest voucher promises.</param>
/// <param name="Cap">What it can bring, as far as is known.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record OfferLane(string Channel, long Due, long Paid, long Cap, DateTimeOffset ExpiresAt);

/// <summary>What an account paid services, the newest first.</summary>
/// <param name="Payments">They.</param>
/// <param name="Before">By which the next ones are asked for; absent at the end.</param>
public sealed record PaymentList(IReadOnlyList<PaymentInfo> Payments, long? Before);

/// <summary>Something that was paid for.</summary>
/// <param name="Number">Counts up.</param>
/// <param name="At">When.</param>
/// <param name="Service">Which service did it.</param>
/// <param name="What">The action; or <c>create KIND</c> for a record that was made.</param>
/// <param name="Record">To which record; absent for none.</param>
/// <param name="Amount">Micro-credits.</param>
/// <param name="Payee">Who was paid: <c>treasury</c> or <c>user:ACCOUNT</c>.</param>
public sealed record PaymentInfo(long Number, DateTimeOffset At, string Service, string What, long? Record, long Amount, string Payee);

/// <summary>What happened to a record, the newest first.</summary>
public sealed record RecordHistory([property: JsonRequired] IReadOnlyList<HistoryLine> Changes);

/// <summary>A change of a record.</summary>
/// <param name="Revision">Which it led to.</param>
/// <param name="At">When.</param>
/// <param name="By">By which account; absent for the service itself or a guest.</param>
/// <param name="What">created, updated, deleted, restored, hidden or shown.</param>
/// <param name="Before">What changed fields were before.</param>
public sealed record HistoryLine(
    long Revision, DateTimeOffset At, string? By, [property: JsonRequired] string What, [property: JsonRequired] JsonObject Before);

/// <summary>Hides a record from all but moderators.</summary>
/// <param name="Reason">Why; others will read it.</param>
public sealed record HideRequest(string? Reason);

/// <summary>How many records have each value of a field alike, the most frequent first.</summary>
public sealed record RecordGroupList([property: JsonRequired] IReadOnlyList<RecordGroupInfo> Groups);

/// <summary>Records with the same value.</summary>
/// <param name="Key">The value; absent for none.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Sum">What another field of theirs comes to; absent where none was named.</param>
public sealed record RecordGroupInfo(JsonNode? Key, long Count, JsonNode? Sum);

/// <summary>What happened to records since a position of the stream.</summary>
/// <param name="Events">In order, as far as whoever asks may see them.</param>
/// <param name="Next">Where it goes on.</param>
public sealed record RecordEventList(IReadOnlyList<RecordEventInfo> Events, string Next);

/// <summary>Something happened to a record.</summary>
/// <param name="Position">Where it stands in the stream.</param>
/// <param name="At">When.</param>
/// <param name="Kind">Of which kind of record.</param>
/// <param name="Id">To which record.</param>
/// <param name="What">created, updated, deleted, restored, hidden or shown.</param>
/// <param name="Record">As it stands now; absent where it may not be seen any more.</param>
public sealed record RecordEventInfo(
    string Position, DateTimeOffset At, [property: JsonRequired] string Kind, long Id, [property: JsonRequired] string What, RecordInfo? Record);
