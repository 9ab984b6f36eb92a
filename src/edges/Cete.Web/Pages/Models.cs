using Cete.Api;
using Cete.Core;
using Cete.Index;
using Cete.Web.Pages.Moderation;

namespace Cete.Web.Pages;

// Razor makes its components public, and with them what they are given.

/// <summary>What every page shows around its content.</summary>
/// <param name="Facts">Of the node.</param>
/// <param name="Now">Against which "3 days ago" is said.</param>
/// <param name="Path">Of the request.</param>
/// <param name="Words">What stands in the search box.</param>
/// <param name="Style">Address of the style sheet.</param>
/// <param name="Script">Address of the script.</param>
/// <param name="Icon">Address of the icon.</param>
/// <param name="Entrance">Who is logged in; null where there are no accounts.</param>
public sealed record Frame(
    NodeFacts Facts, Instant Now, string Path, string Words, string Style, string Script, string Icon, Entrance? Entrance = null)
{
    /// <summary>Address of the script by which browsers sign.</summary>
    public string Devices { get; init; } = string.Empty;

    /// <summary>Address of the script by which browsers ask for passkeys.</summary>
    public string Passkeys { get; init; } = string.Empty;

    /// <summary>The community has described services.</summary>
    public bool HasServices { get; init; }
}

/// <summary>Who is logged in, as every page says it.</summary>
/// <param name="Name">Of the account; null for nobody.</param>
/// <param name="Address">Its page, or the one for logging in.</param>
/// <param name="SeesAccounts">It may see who has an account.</param>
public sealed record Entrance(string? Name, string Address, bool SeesAccounts = false)
{
    /// <summary>There is a bank, and it may see how credits stand.</summary>
    public bool SeesBank { get; init; }
}

/// <summary>A page of a list.</summary>
/// <param name="Address">By which it was asked for.</param>
/// <param name="Entries">In order.</param>
/// <param name="Next">Cursor of the next page; null on the last.</param>
/// <param name="Total">Entries of all pages; null when nobody counted.</param>
/// <param name="ShowsFolders">Whether they come from several folders.</param>
/// <param name="IsMore">There are more than <paramref name="Total"/>.</param>
public sealed record ListModel(ListAddress Address, IReadOnlyList<EntryRecord> Entries, string? Next, long? Total, bool ShowsFolders, bool IsMore = false);

/// <summary>A folder, with what is right in it or all that is below.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Path">Its path.</param>
/// <param name="Below">The list holds all that is below.</param>
/// <param name="Folders">Right below; empty behind the first page.</param>
/// <param name="NextFolders">Address of more of them; null when these are all.</param>
/// <param name="List">The entries.</param>
public sealed record FolderModel(
    FolderRecord Folder, EntryPath Path, bool Below, IReadOnlyList<FolderRecord> Folders, string? NextFolders, ListModel List)
{
    /// <summary>Nothing has been put in yet.</summary>
    public bool IsEmpty => Folder.Folders == 0 && List.Entries.Count == 0 && List.Address.Cursor is null;
}

/// <summary>What a search found.</summary>
/// <param name="Words">As typed.</param>
/// <param name="Address">What was asked for.</param>
/// <param name="List">Null while nothing was searched for.</param>
/// <param name="Ways">From a search that found nothing.</param>
public sealed record SearchModel(string Words, ListAddress Address, ListModel? List, WaysOn Ways)
{
    /// <summary>Where else it can be looked; empty where there is nothing but files.</summary>
    public IReadOnlyList<Searching.FoundPlace> Places { get; init; } = [];

    /// <summary>Finds the words in what is shown.</summary>
    public Highlighter Searched { get; } = new(Words);
}

/// <summary>An entry.</summary>
/// <param name="Entry">As the index has it.</param>
/// <param name="Providers">Nodes that hold its content.</param>
/// <param name="Have">Pieces that this node holds.</param>
/// <param name="Preview"><c>image</c>, <c>audio</c> or <c>video</c>; null when the page does not show it.</param>
public sealed record EntryModel(EntryRecord Entry, IReadOnlyList<string> Providers, int Have, string? Preview)
{
    /// <summary>Micro-credits that a download costs in a browser; 0 for nothing, and where nobody could pay here.</summary>
    public long Cost { get; init; }

    /// <summary>What whoever looks at it can say of its content.</summary>
    public EntryModeration Moderation { get; init; } = new(null, false, null);
}

/// <summary>What went wrong.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Message">What and where.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Retries">The page asks again by itself.</param>
public sealed record ProblemModel(int Status, string Title, string Message, string Advice, bool Retries);

/// <summary>The community's nodes as one of them sees them.</summary>
/// <param name="Status">Of the node that is asked.</param>
/// <param name="Now">Against which uptimes are said.</param>
/// <param name="Module">Address of the script that keeps the page as it is.</param>
public sealed record NodesModel(NodeStatus Status, Instant Now, string Module);
