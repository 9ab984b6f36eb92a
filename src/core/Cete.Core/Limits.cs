namespace Cete.Core;

/// <summary>
/// The bounds of what is taken from the network and from disk, each with its reason. Rates and pool sizes are settings instead.
/// </summary>
public static class Limits
{
    /// <summary>
    /// Bytes of one stamped command. Large enough for a batch of 1,000 entries, small enough that one command cannot stall a log.
    /// </summary>
    public const int CommandBytesMax = 4 * 1024 * 1024;

    /// <summary>Bytes of one event of a feed: half of a page of them, so that a page always holds one.</summary>
    public const int EventBytesMax = 512 * 1024;

    /// <summary>Commands that one group queues before it refuses new ones: about a second of work at 10,000 a second.</summary>
    public const int ProposalsMax = 10_000;

    /// <summary>
    /// Bytes of one batch of the log, hence of one fsync: bounds the memory that a reader of a damaged log may be asked for.
    /// </summary>
    public const int LogBatchBytesMax = 16 * 1024 * 1024;

    /// <summary>Replies that are remembered a session (DESIGN.md §5).</summary>
    public const int RepliesKept = 1_024;

    /// <summary>Stamped time after which an idle session is dropped (DESIGN.md §5).</summary>
    public static readonly TimeSpan SessionIdleMax = TimeSpan.FromDays(7);

    /// <summary>Bytes of one name: what ext4, NTFS and APFS all hold.</summary>
    public const int NameBytesMax = 255;

    /// <summary>Bytes of one path: PATH_MAX of Linux.</summary>
    public const int PathBytesMax = 4_096;

    /// <summary>Folders above an entry: deeper trees are loops or attacks.</summary>
    public const int FolderDepthMax = 64;

    /// <summary>Entries that one command files.</summary>
    public const int EntriesPerCommandMax = 1_000;

    /// <summary>Bytes of the manifests that a node keeps of contents which agents share: those of 8 TiB in pieces of 256 KiB.</summary>
    public const long ManifestBytesMax = 1L << 30;

    /// <summary>Those who wait for changes of the index at one node: each costs a request and half a kilobyte.</summary>
    public const int ChangeWatchersMax = 20_000;

    /// <summary>How long one waits for changes of the index before it asks again.</summary>
    public static readonly TimeSpan ChangeWaitMax = TimeSpan.FromSeconds(60);

    /// <summary>Items of one page of a list.</summary>
    public const int PageItemsMax = 500;

    /// <summary>Bytes of an ID file, whose greater part is the piece layer (32 bytes a piece, in hexadecimal).</summary>
    public const int IdFileBytesMax = 16 * 1024 * 1024;

    /// <summary>Bytes of a description.</summary>
    public const int DescriptionBytesMax = 16 * 1024;

    /// <summary>Characters of what is said in a report, a take-down, an appeal or a decision: a few sentences.</summary>
    public const int ModerationTextMax = 500;

    /// <summary>Reports of one account within a day, and as many appeals: what one person can mean seriously.</summary>
    public const int ModerationADayMax = 20;

    /// <summary>Contents that are taken down at a time: every node has all of them in memory, about 200 bytes each and what the reason takes.</summary>
    public const int TakenDownMax = 50_000;

    /// <summary>Tags of an entry.</summary>
    public const int TagsMax = 32;
}
