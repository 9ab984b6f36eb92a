namespace Cete.Ports.Folders;

/// <summary>What happens here to files whose entries are gone from the folder.</summary>
public enum WhenGone
{
    /// <summary>They stay.</summary>
    Keep,

    /// <summary>Those that nobody has changed here go into a folder <c>.cete-trash</c> beside the others.</summary>
    Trash,
}

/// <summary>What happens here when entries, or the folder itself, are moved.</summary>
public enum WhenMoved
{
    /// <summary>Files move along, and the folder is followed to where it is now.</summary>
    Follow,

    /// <summary>Everything stays where it is.</summary>
    Keep,
}

/// <summary>A folder of the index that a user wants to have here as it grows.</summary>
/// <param name="Folder">Its path.</param>
/// <param name="To">Where its files go, as a full path.</param>
/// <param name="Node">Address of a node of the community.</param>
/// <param name="Trust">Whom to believe over HTTPS beside the authorities of the system; null for those alone.</param>
public sealed record SubscriptionRequest(string Folder, string To, string Node, string? Trust)
{
    /// <summary>Also what is below.</summary>
    public bool Below { get; init; }

    /// <summary>Patterns with <c>*</c> and <c>?</c> of names, or of paths in the folder where they hold a slash; one must fit. None: everything does.</summary>
    public IReadOnlyList<string> Match { get; init; } = [];

    /// <summary>Words that entries must be found by; null where all that is in the folder is wanted.</summary>
    public string? Words { get; init; }

    /// <summary>Kinds of files that are wanted; none: all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>What was filed since then is wanted too; null for nothing but what is new.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Bytes of a file at least.</summary>
    public long MinSize { get; init; }

    /// <summary>And at most.</summary>
    public long MaxSize { get; init; } = long.MaxValue;

    /// <summary>Nothing is fetched: what is new is only noted.</summary>
    public bool IsNoticeOnly { get; init; }

    /// <summary>Files of each kind go into a folder of its name.</summary>
    public bool IsByKind { get; init; }

    /// <summary>Names that begin with a dot are taken too.</summary>
    public bool TakesHidden { get; init; }

    /// <summary>What happens to files whose entries are gone.</summary>
    public WhenGone OnDelete { get; init; }

    /// <summary>What happens when entries are moved.</summary>
    public WhenMoved OnMove { get; init; }

    /// <summary>A program and its arguments, run for each file that came; <c>{}</c> stands for the file. None: nothing is run.</summary>
    public IReadOnlyList<string> Then { get; init; } = [];

    /// <summary>Micro-credits that may be spent on one file.</summary>
    public long MaxPrice { get; init; }

    /// <summary>As it is meant where members were left out: what reads JSON leaves those empty.</summary>
    public SubscriptionRequest Sound() => this with
    {
        Match = Match ?? [],
        Kinds = Kinds ?? [],
        Then = Then ?? [],
        MaxSize = MaxSize <= 0 ? long.MaxValue : MaxSize,
    };

    /// <summary>Whether another one asks for the same at the same place.</summary>
    public bool IsFor(SubscriptionRequest other) => Folder == other.Folder && To == other.To && Node == other.Node && Words == other.Words;
}

/// <summary>A subscription as it stands.</summary>
/// <param name="Id">Counts up from 1.</param>
/// <param name="Request">What is wanted.</param>
/// <param name="Added">Since when.</param>
public sealed record Subscription(long Id, SubscriptionRequest Request, DateTimeOffset Added)
{
    /// <summary>The folder's path by now: it may have been moved.</summary>
    public string Folder { get; init; } = Request.Folder;

    /// <summary>Its user stopped it.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Up to where changes are known; null before it began.</summary>
    public string? Cursor { get; init; }

    /// <summary>What was there before is listed up to the end.</summary>
    public bool HasListed { get; init; }

    /// <summary>Where the list goes on; null at its beginning.</summary>
    public string? ListCursor { get; init; }

    /// <summary>Of a search: the newest entry that was found.</summary>
    public long NewestEntry { get; init; }

    /// <summary>When the node was heard from last.</summary>
    public DateTimeOffset? Heard { get; init; }

    /// <summary>Why it does not go on, or what its user should know.</summary>
    public string? Problem { get; init; }
}

/// <summary>How one file of a subscription stands.</summary>
public enum WantedState
{
    /// <summary>It is to be fetched.</summary>
    Wanted,

    /// <summary>A download of the agent fetches it.</summary>
    Queued,

    /// <summary>It is there.</summary>
    There,

    /// <summary>It does not come; its problem says why.</summary>
    Failed,

    /// <summary>It is not to be fetched, only noted.</summary>
    Noted,

    /// <summary>Its entry is gone from the folder.</summary>
    Gone,
}

/// <summary>One file of a subscription.</summary>
/// <param name="Subscription">Which.</param>
/// <param name="Local">Where it goes, as a full path.</param>
/// <param name="Entry">Its entry.</param>
/// <param name="Path">Where that stands in the index.</param>
/// <param name="Root">Its content.</param>
/// <param name="Length">Bytes.</param>
/// <param name="State">How it stands.</param>
public sealed record SubscribedFile(long Subscription, string Local, long Entry, string Path, string Root, long Length, WantedState State)
{
    /// <summary>The account that filed it.</summary>
    public string Owner { get; init; } = string.Empty;

    /// <summary>When it was found.</summary>
    public DateTimeOffset Found { get; init; }

    /// <summary>The download that fetches it.</summary>
    public long Job { get; init; }

    /// <summary>How often it was tried in vain.</summary>
    public int Tries { get; init; }

    /// <summary>Not to be tried before.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>When the file was changed last as it came from us: who changed it since has it for his own. Null where none came yet.</summary>
    public DateTimeOffset? Kept { get; init; }

    /// <summary>Bytes of the file as it came from us.</summary>
    public long KeptLength { get; init; }

    /// <summary>Why it does not come.</summary>
    public string? Problem { get; init; }
}
