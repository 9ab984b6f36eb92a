using Cete.Core;

namespace Cete.Index;

/// <summary>What happened to an entry or a folder.</summary>
public enum ChangeKind
{
    /// <summary>An entry was filed.</summary>
    Filed,

    /// <summary>An entry went out of sight for another one of the same name.</summary>
    Replaced,

    /// <summary>An entry, or a folder with all below, was taken out of sight.</summary>
    Removed,

    /// <summary>An entry, or a folder with all below, has another path.</summary>
    Moved,

    /// <summary>What was removed is in sight again.</summary>
    Restored,
}

/// <summary>One change of the index.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Id">Of the entry or folder.</param>
/// <param name="Path">Where it stands, or stood.</param>
/// <param name="From">Where it was before it was moved; empty otherwise.</param>
/// <param name="IsFolder">It is a folder; of what was told below apply level 4 that is not known, and false.</param>
public sealed record IndexChange(ChangeKind Kind, long Id, string Path, string From, bool IsFolder)
{
    /// <summary>The entry as it is now; null for a folder, and for what is out of sight.</summary>
    public EntryRecord? Entry { get; init; }
}

/// <summary>What changed in a folder.</summary>
/// <param name="Changes">In the order in which it happened.</param>
/// <param name="Cursor">Where to ask on.</param>
/// <param name="IsMissed">What was asked for is not known any more: whoever asks has to look at the folder anew.</param>
public sealed record ChangePage(IReadOnlyList<IndexChange> Changes, string Cursor, bool IsMissed);

/// <summary>What changes are asked for.</summary>
/// <param name="Folder">In this folder.</param>
/// <param name="Below">Also in those below.</param>
/// <param name="After">The cursor of the page before; null to begin with what happens from now on.</param>
/// <param name="Limit">Changes at most.</param>
public sealed record ChangeQuery(EntryPath Folder, bool Below, string? After, int Limit);
