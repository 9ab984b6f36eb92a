using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;

namespace Cete.App.Verbs.Moderation;

/// <summary><c>cete report</c> and <c>cete appeal</c>: what everybody can say about contents to those who keep order.</summary>
internal static class ReportVerbs
{
    public static Command MakeReport()
    {
        var what = ContentOf.What();
        var text = ContentOf.Text("--text", "What is wrong with it, in a sentence or two.");
        var fake = new Option<bool>("--fake") { Description = "It is not what its name promises." };
        var illegal = new Option<bool>("--illegal") { Description = "To spread it is against the law." };
        var malware = new Option<bool>("--malware") { Description = "It harms whoever opens it." };
        var other = new Option<bool>("--other") { Description = "Something else; say what by --text." };
        var verb = AccountVerbs.Make(
            "report", Common.WithExamples(
                "Tell the community's moderators that something is wrong with a content. They alone see who reported it.",
                "cete report /films/film.mkv --fake --text \"it is another film\"",
                "cete report /tools/setup.exe --malware"),
            [what, fake, illegal, malware, other, text],
            async (client, parsed, json, stop) =>
            {
                List<string> kinds = [.. new[] { fake, illegal, malware, other }.Where(kind => parsed.GetValue(kind)).Select(kind => kind.Name[2..])];
                if (kinds is not [var chosen])
                {
                    return ExitCodes.Say(new Failure(FailureKind.Invalid, "say one of --fake, --illegal, --malware and --other"));
                }

                var root = await ContentOf.FindAsync(client, parsed.GetRequiredValue(what), stop);
                var told = root.Succeeded
                    ? await client.CommandAsync(
                        HttpMethod.Post, Routes.ContentReports, new ReportRequest(root.Value, chosen, parsed.GetValue(text)),
                        ApiJson.Default.ReportRequest, ApiJson.Default.ModerationAnswer, stop)
                    : root.Failure;
                return ContentOf.Say(told, json, "Thank you; moderators see it.");
            });
        return verb;
    }

    public static Command MakeAppeal()
    {
        var what = ContentOf.What();
        var text = ContentOf.Text("--text", "Why it should come back, in a sentence or two.");
        text.Required = true;
        return AccountVerbs.Make(
            "appeal", Common.WithExamples(
                "Ask moderators to put a content back that they took down.",
                "cete appeal /films/film.mkv --text \"it is mine, and harmless\""),
            [what, text],
            (client, parsed, json, stop) => ContentOf.ActAsync(
                client, parsed.GetRequiredValue(what), Routes.Appeals, parsed.GetRequiredValue(text),
                "Moderators will decide; 'cete moderation log' tells how.", json, stop));
    }
}
