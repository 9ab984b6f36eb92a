namespace Cete.Core;

/// <summary>What can be done to services that have code, as rights name it. Described services bring their own.</summary>
public static class Actions
{
    /// <summary>To see folders and entries, and to download.</summary>
    public const string IndexRead = "index.read";

    /// <summary>To put contents in and to file entries: in one new folder an upload, or in folders that are there.</summary>
    public const string IndexFile = "index.file";

    /// <summary>To make folders beyond that one.</summary>
    public const string IndexMakeFolder = "index.make-folder";

    /// <summary>To say something about an entry.</summary>
    public const string IndexDescribe = "index.describe";

    /// <summary>To move or rename an entry or folder.</summary>
    public const string IndexMove = "index.move";

    /// <summary>To remove an entry or folder, to put another content in its place, and to bring it back.</summary>
    public const string IndexRemove = "index.remove";

    /// <summary>To make addresses by which others can download a content without an account.</summary>
    public const string IndexLend = "index.lend";

    /// <summary>To take contents down and put them back, to read what was reported, and to decide appeals.</summary>
    public const string IndexModerate = "index.moderate";

    /// <summary>To see who has an account.</summary>
    public const string AccountsRead = "accounts.read";

    /// <summary>To invite others.</summary>
    public const string AccountsInvite = "accounts.invite";

    /// <summary>To suspend an account, or to let it go on.</summary>
    public const string AccountsSuspend = "accounts.suspend";

    /// <summary>To give and take roles, to say what they mean, and to say who may register.</summary>
    public const string AccountsGovern = "accounts.govern";

    /// <summary>To see what moderators and administrators did.</summary>
    public const string AccountsAudit = "accounts.audit";

    /// <summary>To change the roster, place replicas and take backups.</summary>
    public const string TrackerGovern = "tracker.govern";

    /// <summary>To make a token for a node of one's own.</summary>
    public const string TrackerOwnNode = "tracker.own-node";

    /// <summary>To see how many credits there are, how they are spread, and the whole journal.</summary>
    public const string BankRead = "bank.read";

    /// <summary>To set prices and what newcomers are given, and to pay from the treasury.</summary>
    public const string BankGovern = "bank.govern";

    /// <summary>To publish described services, change and withdraw them.</summary>
    public const string ServicesPublish = "services.publish";

    /// <summary>To hide records of described services from others, and show them again.</summary>
    public const string ServicesModerate = "services.moderate";

    /// <summary>All of them, for tables of who may do what.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        IndexRead, IndexFile, IndexMakeFolder, IndexDescribe, IndexMove, IndexRemove, IndexLend, IndexModerate, AccountsRead, AccountsInvite, AccountsSuspend,
        AccountsGovern, AccountsAudit, TrackerGovern, TrackerOwnNode, BankRead, BankGovern, ServicesPublish,
        ServicesModerate,
    ];
}
