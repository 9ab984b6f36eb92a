using System.CommandLine;
using Cete.App.Output;
using Cete.App.Verbs;
using Cete.App.Verbs.Accounts;
using Cete.App.Verbs.Bank;
using Cete.App.Verbs.Do;
using Cete.App.Verbs.Moderation;
using Cete.App.Verbs.Open;
using Cete.App.Verbs.Services;
using Cete.App.Verbs.Share;
using Cete.App.Verbs.Subscribe;
using Cete.Net.Fabric;

if (NodeVerb.IsJoin(args))
{
    Rehearsal.Begin();
}

var root = new RootCommand("Cete: a community's own peer-to-peer network. Files are put in, found, fetched from everybody who has them, and verified.")
{
    NodeVerb.Make(),
    NodeVerb.MakeJoin(),
    LoginVerb.MakeRegister(),
    LoginVerb.Make(),
    LoginVerb.MakeLogout(),
    LoginVerb.MakeWhoAmI(),
    AccountVerb.Make(),
    BankVerb.Make(),
    PutVerb.Make(),
    LsVerb.Make(),
    SearchVerb.Make(),
    GetVerb.Make(),
    LinkVerb.Make(),
    ReportVerbs.MakeReport(),
    ReportVerbs.MakeAppeal(),
    ModerationVerb.Make(),
    ServiceVerb.Make(),
    OpenVerb.Make(),
    DoVerb.Make(),
    DownloadsVerb.Make(),
    ShareVerb.Make(),
    SharesVerb.Make(),
    SubscribeVerb.Make(),
    SubscriptionsVerb.Make(),
    AgentVerb.Make(),
    DemoVerb.Make(),
    ServersVerb.Make(),
    StatusVerb.Make(),
    DoctorVerb.Make(),
    TokenVerb.Make(),
    CommunityVerb.Make(),
    GroupVerb.Make(),
    BackupVerb.Make(),
    BackupVerb.MakeRestore(),
    ConfigVerb.Make(),
};

return await Entrance.RunAsync(root, args);
