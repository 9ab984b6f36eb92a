using System.CommandLine;
using System.Globalization;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;

namespace Cete.App.Verbs.Moderation;

/// <summary><c>cete moderation records</c> and <c>cete service report</c>: order among records of described services.</summary>
internal static class RecordVerbs
{
    /// <summary>What moderators do.</summary>
    public static Command Make() => new("records", Common.WithExamples(
        "Records of services: which are hidden and why, and for moderators to hide them and show them again. All of it takes the right 'services.moderate'.",
        "cete moderation records reports",
        "cete moderation records hide forum/posts/12 --reason \"spam\"",
        "cete moderation records hidden",
        "cete moderation records show forum/posts/12",
        "cete moderation records dismiss forum/posts/12 --why \"it is what it says\""))
    {
        MakeReports(), MakeHidden(), MakeLog(), MakeHide(), MakeShow(), MakeDismiss(),
    };

    /// <summary>What everybody can say about a record.</summary>
    public static Command MakeReport()
    {
        var (what, text) = (What(), ContentOf.Text("--text", "What is wrong with it, in a sentence or two."));
        text.Required = true;
        return AccountVerbs.Make(
            "report", Common.WithExamples(
                "Tell the community's moderators that something is wrong with a record. They alone see who reported it.",
                "cete service report forum/posts/12 --text \"spam\""),
            [what, text], (client, parsed, json, stop) => RunAsync(
                parsed.GetRequiredValue(what), (service, kind, id) => client.CommandAsync(
                    HttpMethod.Post, Routes.ReportsOf(service, kind, id), new HideRequest(parsed.GetRequiredValue(text)), ServicesJson.Default.HideRequest,
                    ServicesJson.Default.ModerationAnswer, stop),
                done => ContentOf.Say(done, json, "Thank you; moderators see it.")));
    }

    private static Command MakeReports() => AccountVerbs.Make(
        "reports", "List what members reported and nobody has acted on, the newest first.", [], (client, _, json, stop) => ContentOf.ListAsync(
            client, Routes.RecordReports, ServicesJson.Default.RecordReportList, list => (list.Reports, list.Next), ServicesJson.Default.RecordReportInfo, json,
            report => $"{AccountVerbs.Date(report.At)}  {report.By}  {Show(report.Service, report.Kind, report.Record)}  "
                + $"{EntryName.Show(report.Label)}: {EntryName.Show(report.Reason)}",
            stop));

    private static Command MakeHidden() => AccountVerbs.Make(
        "hidden", "List records that are hidden, the last first.", [], (client, _, json, stop) => ContentOf.ListAsync(
            client, Routes.HiddenRecords, ServicesJson.Default.HiddenRecordList, list => (list.Records, list.Next), ServicesJson.Default.HiddenRecordInfo, json,
            hidden => $"{AccountVerbs.Date(hidden.At)}  {hidden.By}  {Show(hidden.Service, hidden.Kind, hidden.Record)}  "
                + $"{EntryName.Show(hidden.Label)}: {EntryName.Show(hidden.Reason)}",
            stop));

    private static Command MakeLog() => AccountVerbs.Make(
        "log", "List what was reported, hidden, shown and closed, the newest first.", [], (client, _, json, stop) => ContentOf.ListAsync(
            client, Routes.RecordActs, ServicesJson.Default.RecordActList, list => (list.Acts, list.Next), ServicesJson.Default.RecordActInfo, json,
            act => $"{AccountVerbs.Date(act.At)}  {act.Act,-7}  {act.By}  {Show(act.Service, act.Kind, act.Record)}  {EntryName.Show(act.Note)}", stop));

    private static Command MakeHide()
    {
        var (what, why) = (What(), ContentOf.Text("--reason", "Why; it stands in the record's history."));
        why.Required = true;
        return AccountVerbs.Make("hide", "Hide a record from all but moderators.", [what, why], (client, parsed, json, stop) => RunAsync(
            parsed.GetRequiredValue(what), (service, kind, id) => client.CommandAsync(
                HttpMethod.Post, Routes.HiddenRecord(service, kind, id), new HideRequest(parsed.GetRequiredValue(why)), ServicesJson.Default.HideRequest,
                ServicesJson.Default.WrittenAnswer, stop),
            done => Say(done, json, "It is hidden from all.")));
    }

    private static Command MakeShow()
    {
        var what = What();
        return AccountVerbs.Make("show", "Show a record again that was hidden.", [what], (client, parsed, json, stop) => RunAsync(
            parsed.GetRequiredValue(what), (service, kind, id) => client.CommandAsync(
                () => new HttpRequestMessage(HttpMethod.Delete, Routes.HiddenRecord(service, kind, id)), ServicesJson.Default.WrittenAnswer, stop),
            done => Say(done, json, "It is shown again.")));
    }

    private static Command MakeDismiss()
    {
        var (what, why) = (What(), ContentOf.Text("--why", "Why; it stands in the log."));
        why.Required = true;
        return AccountVerbs.Make(
            "dismiss", "Close the reports of a record, of which none needs anything to be done.", [what, why], (client, parsed, json, stop) => RunAsync(
                parsed.GetRequiredValue(what), (service, kind, id) => client.CommandAsync(
                    () => new HttpRequestMessage(
                        HttpMethod.Delete, $"{Routes.ReportsOf(service, kind, id)}?reason={Uri.EscapeDataString(parsed.GetRequiredValue(why))}"),
                    ServicesJson.Default.ModerationAnswer, stop),
                done => ContentOf.Say(done, json, "Its reports are closed.")));
    }

    private static Argument<string> What() => new("RECORD") { Description = "As its page has it: SERVICE/KIND/NUMBER." };

    private static string Show(string service, string kind, long id) => string.Create(CultureInfo.InvariantCulture, $"{service}/{kind}/{id}");

    private static async Task<int> RunAsync<T>(string what, Func<string, string, long, Task<Outcome<T>>> run, Func<Outcome<T>, int> say) =>
        what.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var service, var kind, var number]
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? say(await run(service, kind, id))
            : ExitCodes.Say(new Failure(FailureKind.Invalid, $"'{EntryName.Show(what)}' is no record: write SERVICE/KIND/NUMBER, as forum/posts/12"));

    private static int Say(Outcome<WrittenAnswer> written, bool json, string done)
    {
        if (!written.Succeeded)
        {
            return ExitCodes.Say(written.Failure);
        }

        if (json)
        {
            JsonOut.Line(written.Value, ServicesJson.Default.WrittenAnswer);
        }
        else
        {
            Console.WriteLine(done);
        }

        return ExitCodes.Ok;
    }
}
