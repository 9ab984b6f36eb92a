using System.CommandLine;
using Cete.App.Output;
using Cete.Core;
using Cete.Net.Agent;
using Cete.Ports.Folders;

namespace Cete.App.Verbs.Share;

/// <summary><c>cete share</c>: has the agent share folders.</summary>
internal static class ShareVerb
{
    public static Command Make()
    {
        var folders = new Argument<string[]>("folders")
        {
            Description = "Folders of yours, each with all below.",
            HelpName = "DIR",
            Arity = ArgumentArity.OneOrMore,
        };
        var to = new Option<string>("--to", "-t")
        {
            Description = "Folder of the index to file them in, each under its own name; made when missing.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => "/",
        };
        var onDelete = new Option<string>("--on-delete")
        {
            Description = "What happens to entries whose files are gone from your disk: remove, or keep.",
            DefaultValueFactory = _ => "remove",
        };
        onDelete.AcceptOnlyFromAmong("remove", "keep");
        var hidden = new Option<bool>("--hidden") { Description = "Share files and folders too whose names begin with a dot." };
        var description = new Option<string>("--description") { Description = "Said of each entry.", DefaultValueFactory = _ => string.Empty };
        var tags = new Option<string[]>("--tag") { Description = "A tag for each entry; may be given several times.", DefaultValueFactory = _ => [] };
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        Common.MustNotBeEmpty(to);
        var verb = new Command("share", Common.WithExamples(
            "Share folders from your own disk: nothing is uploaded, your agent files what is in them and keeps the index in step with the disk.",
            "cete share ~/videos                           as /videos",
            "cete share ~/videos ~/music --to /anna        as /anna/videos and /anna/music",
            "cete shares                                   tells how they stand")) { folders, to, onDelete, hidden, description, tags, node, trust, json };
        verb.SetAction((parsed, stop) => DownloadsVerb.WithAgentAsync(
            async agent =>
            {
                var code = ExitCodes.Ok;
                foreach (var folder in parsed.GetRequiredValue(folders))
                {
                    var request = new ShareRequest(
                        Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), parsed.GetRequiredValue(to), parsed.GetRequiredValue(node).AbsoluteUri,
                        Common.TrustText(parsed, trust))
                    {
                        OnDelete = parsed.GetValue(onDelete) == "keep" ? WhenFileGone.Keep : WhenFileGone.Remove,
                        SharesHidden = parsed.GetValue(hidden),
                        Description = parsed.GetRequiredValue(description),
                        Tags = parsed.GetRequiredValue(tags),
                    };
                    code = Say(await agent.ShareAsync(request, stop), parsed.GetValue(json)) is var said && said == ExitCodes.Ok ? code : said;
                }

                return code;
            },
            stop));
        return verb;
    }

    private static int Say(Outcome<ShareInfo> added, bool json)
    {
        if (!added.Succeeded)
        {
            return ExitCodes.Say(added.Failure);
        }

        if (json)
        {
            JsonOut.Line(added.Value, AgentJson.Default.ShareInfo);
        }
        else
        {
            var one = added.Value;
            var filed = $"{one.To.TrimEnd('/')}/{Path.GetFileName(one.Folder)}";
            Console.WriteLine($"Share {one.Id}: {EntryName.Show(one.Folder)} is filed as {EntryName.Show(filed)}. 'cete shares' tells how it stands.");
        }

        return ExitCodes.Ok;
    }
}
