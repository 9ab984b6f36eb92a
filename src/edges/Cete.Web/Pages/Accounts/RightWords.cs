using Cete.Core;

namespace Cete.Web.Pages.Accounts;

/// <summary>Rights and acts in the words of pages.</summary>
internal static class RightWords
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["*"] = "everything",
        ["index.*"] = "everything with folders and entries",
        ["accounts.*"] = "everything with accounts",
        ["tracker.*"] = "everything with nodes",
        ["bank.*"] = "everything with credits",
        ["services.*"] = "everything with described services",
        [Actions.IndexRead] = "see folders and entries, and download",
        [Actions.IndexFile] = "put files in",
        [Actions.IndexMakeFolder] = "make folders",
        [Actions.IndexDescribe] = "describe entries",
        [Actions.IndexMove] = "move and rename entries and folders",
        [Actions.IndexRemove] = "remove and replace entries and folders",
        [Actions.IndexLend] = "make addresses by which others download without an account",
        [Actions.IndexModerate] = "take contents down, put them back, and read what was reported",
        [Actions.AccountsRead] = "see who has an account",
        [Actions.AccountsInvite] = "invite others",
        [Actions.AccountsSuspend] = "suspend accounts, and let them go on",
        [Actions.AccountsGovern] = "give and take roles, say what they mean, and who may register",
        [Actions.AccountsAudit] = "see what moderators and administrators did",
        [Actions.TrackerGovern] = "look after nodes, replicas and backups",
        [Actions.TrackerOwnNode] = "bring in a node of one's own",
        [Actions.BankRead] = "see how many credits there are and where they went",
        [Actions.BankGovern] = "set prices and newcomers' credits, and pay from the treasury",
        [Actions.ServicesPublish] = "publish, change and withdraw described services",
        [Actions.ServicesModerate] = "hide records of described services, and show them again",
    };

    /// <summary>"move and rename entries and folders (one's own alone), in /music and below".</summary>
    public static string Of(Grant grant)
    {
        var words = Words.GetValueOrDefault(grant.Action, grant.Action);
        var own = grant.IsOwnOnly ? " (one's own alone)" : string.Empty;
        return grant.Folder is null ? words + own : $"{words}{own}, in {EntryName.Show(grant.Folder)} and below";
    }

    /// <summary>What somebody did, by the name of the act.</summary>
    public static string Of(string act) => act switch
    {
        "set-roles" => "set the roles of",
        "suspend" => "suspended",
        "resume" => "let go on",
        "define-role" => "defined the role",
        "remove-role" => "removed the role",
        "set-registration" => "set who may register",
        "close-account" => "closed",
        "invite" => "invited, by",
        _ => EntryName.Show(act),
    };

    /// <summary>Who may make an account.</summary>
    public static string Of(Cete.Accounts.Registration registration) => registration switch
    {
        Cete.Accounts.Registration.Open => "anybody",
        Cete.Accounts.Registration.Invited => "whoever has an invitation",
        _ => "nobody",
    };
}
