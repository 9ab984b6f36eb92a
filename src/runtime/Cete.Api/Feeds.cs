namespace Cete.Api;

/// <summary>A service's records in formats of other programs.</summary>
public sealed record FeedList(IReadOnlyList<FeedSummary> Feeds);

/// <summary>One of them.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Format">atom, icalendar, vcard, bookmarks, opml or jsonl.</param>
/// <param name="Kind">The kind of its records.</param>
/// <param name="Path">Where it is read.</param>
/// <param name="Imports">Files of the format can be taken in, too.</param>
public sealed record FeedSummary(string Name, string Title, string Format, string Kind, string Path, bool Imports);

/// <summary>An address by which whoever has it reads a feed as the one who made it.</summary>
/// <param name="Address">With what proves it.</param>
/// <param name="Until">Until when it counts.</param>
public sealed record FeedAddress(string Address, DateTimeOffset Until);

/// <summary>What came of taking in a file, or what would.</summary>
/// <param name="DryRun">Nothing was written: this is what would be.</param>
/// <param name="Made">Records that were made.</param>
/// <param name="Changed">Records that were there and were changed.</param>
/// <param name="Same">Records that were there as the file has them.</param>
/// <param name="Refused">Entries that were not taken.</param>
/// <param name="Notes">What of the file as a whole was left out.</param>
/// <param name="Entries">Each entry, in the order of the file.</param>
public sealed record ImportReport(
    bool DryRun, int Made, int Changed, int Same, int Refused, IReadOnlyList<string> Notes, IReadOnlyList<ImportLine> Entries);

/// <summary>What came of one entry of a file.</summary>
/// <param name="Line">Where it begins in the file.</param>
/// <param name="What">made, changed, same or refused.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Id">Of the record; absent where there is none (yet).</param>
/// <param name="Why">Why it was refused.</param>
/// <param name="Notes">What of it was left out or taken otherwise.</param>
public sealed record ImportLine(int Line, string What, string Name, long? Id, string? Why, IReadOnlyList<string>? Notes);
