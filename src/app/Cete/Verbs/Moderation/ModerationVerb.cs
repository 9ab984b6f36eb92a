using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;

namespace Cete.App.Verbs.Moderation;

/// <summary><c>cete moderation</c>: what was taken down and why, and the work of those who decide that.</summary>
internal static class ModerationVerb
{
    public static Command Make() => new("moderation", Common.WithExamples(
        "Contents that nobody is to get: which were taken down and why, and for moderators to take down, put back and decide.",
        "cete moderation list",
        "cete moderation block /films/fake.mkv --reason \"malware, as five members reported\"",
        "cete moderation unblock /films/fake.mkv --why \"it was a false alarm\"",
        "cete moderation reports          what members reported and nobody has acted on",
        "cete moderation dismiss /films/good.mkv --why \"it is what it says\"",
        "cete moderation appeals",
        "cete moderation decide 4711 --reject --why \"the scanner still finds it\"",
        "cete moderation records reports  what members reported of records of services"))
    {
        MakeList(), MakeLog(), MakeBlock(), MakeUnblock(), MakeReports(), MakeDismiss(), MakeAppeals(), MakeDecide(), RecordVerbs.Make(),
    };

    private static Command MakeList() => AccountVerbs.Make(
        "list", "List contents that are taken down, the last first.", [], (client, _, json, stop) => ContentOf.ListAsync(
            client, Routes.TakeDowns, ApiJson.Default.TakenDownList, list => (list.Contents, list.Next), ApiJson.Default.TakenDownInfo, json,
            content => $"{AccountVerbs.Date(content.At)}  {ContentOf.Show(content.Root, content.Path)}  {EntryName.Show(content.Reason)}", stop));

    private static Command MakeLog() => AccountVerbs.Make(
        "log", "List what was done about contents, the newest first. Moderators see reports, and who appealed.", [],
        (client, _, json, stop) => ContentOf.ListAsync(
            client, Routes.ModerationLog, ApiJson.Default.ModerationLog, list => (list.Acts, list.Next), ApiJson.Default.ModerationActInfo, json,
            act => $"{AccountVerbs.Date(act.At)}  {act.Act + (act.Kind is null ? string.Empty : ":" + act.Kind),-14}  {act.By ?? "-"}  "
                + $"{ContentOf.Show(act.Root, act.Path)}  {EntryName.Show(act.Note)}",
            stop));

    private static Command MakeReports() => AccountVerbs.Make(
        "reports", "List what members reported and nobody has acted on, the newest first. It takes the right 'index.moderate'.", [],
        (client, _, json, stop) => ContentOf.ListAsync(
            client, Routes.ContentReports, ApiJson.Default.ReportList, list => (list.Reports, list.Next), ApiJson.Default.ReportInfo, json,
            report => $"{AccountVerbs.Date(report.At)}  {report.Kind,-8}  {report.By}  "
                + $"{ContentOf.Show(report.Root, report.Path)}  {EntryName.Show(report.Text)}",
            stop));

    private static Command MakeAppeals() => AccountVerbs.Make(
        "appeals", "List appeals that nobody has decided, the newest first. It takes the right 'index.moderate'.", [],
        (client, _, json, stop) => ContentOf.ListAsync(
            client, Routes.Appeals, ApiJson.Default.AppealList, list => (list.Appeals, list.Next), ApiJson.Default.AppealInfo, json,
            appeal => $"{appeal.Id}  {AccountVerbs.Date(appeal.At)}  {appeal.By}  {ContentOf.Show(appeal.Root, appeal.Path)}  "
                + $"taken down: {EntryName.Show(appeal.Reason)}  appeal: {EntryName.Show(appeal.Text)}",
            stop));

    private static Command MakeBlock() => MakeAct(
        "block", "Take a content down: nobody gets it any more, from no node and under no name. It takes the right 'index.moderate'.", "--reason",
        Routes.TakeDowns, "It is taken down; nodes refuse it within seconds.");

    private static Command MakeUnblock() => MakeAct(
        "unblock", "Put a content back that was taken down. It takes the right 'index.moderate'.", "--why", Routes.PutBacks, "It is back.");

    private static Command MakeDismiss() => MakeAct(
        "dismiss", "Close the reports of a content, of which none needs anything to be done. It takes the right 'index.moderate'.", "--why",
        Routes.Dismissals, "Its reports are closed.");

    private static Command MakeAct(string name, string description, string option, string route, string done)
    {
        var (what, why) = (ContentOf.What(), ContentOf.Text(option, "Why; everybody can read it in the log."));
        why.Required = true;
        return AccountVerbs.Make(name, description, [what, why], (client, parsed, json, stop) =>
            ContentOf.ActAsync(client, parsed.GetRequiredValue(what), route, parsed.GetRequiredValue(why), done, json, stop));
    }

    private static Command MakeDecide()
    {
        var appeal = new Argument<long>("APPEAL") { Description = "Its number, as 'cete moderation appeals' shows it." };
        var why = ContentOf.Text("--why", "Why; everybody can read it in the log.");
        why.Required = true;
        var uphold = new Option<bool>("--uphold") { Description = "The appeal is right: the content comes back." };
        var reject = new Option<bool>("--reject") { Description = "The appeal is wrong: the content stays down." };
        return AccountVerbs.Make(
            "decide", "Decide an appeal. It takes the right 'index.moderate'.", [appeal, uphold, reject, why], async (client, parsed, json, stop) =>
            {
                if (parsed.GetValue(uphold) == parsed.GetValue(reject))
                {
                    return ExitCodes.Say(new Failure(FailureKind.Invalid, "say either --uphold or --reject"));
                }

                var isUpheld = parsed.GetValue(uphold);
                var decided = await client.CommandAsync(
                    HttpMethod.Post, Routes.Decisions, new DecisionRequest(parsed.GetValue(appeal), isUpheld, parsed.GetRequiredValue(why)),
                    ApiJson.Default.DecisionRequest, ApiJson.Default.ModerationAnswer, stop);
                return ContentOf.Say(decided, json, isUpheld ? "The appeal is upheld: the content is back." : "The appeal is rejected.");
            });
    }
}
