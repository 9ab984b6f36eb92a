using System.CommandLine;
using Cete.App.Agent;
using Cete.App.Output;
using Cete.App.Verbs.Get;
using Cete.Ledger;
using Cete.Net.Tls;
using Cete.Ports;

namespace Cete.App.Verbs;

/// <summary><c>cete get</c>: fetches entries, folders, contents and what ID files name.</summary>
internal static class GetVerb
{
    public static Command Make()
    {
        var what = new Argument<string[]>("what")
        {
            Description = "Path of an entry or folder, root of a content, or an ID file (a file or its address).",
            HelpName = "WHAT",
            Arity = ArgumentArity.OneOrMore
        };
        var to = new Option<string>("--to", "-t") { Description = "Folder to save in; made when missing.", HelpName = "DIR", DefaultValueFactory = _ => "." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files that are there with other content." };
        var atOnce = new Option<int>("--at-once") { Description = "Files fetched at the same time, 1 to 32.", DefaultValueFactory = _ => 4 };
        var patience = new Option<int>("--patience")
        {
            Description = "Seconds without a byte from anybody after which it gives up.",
            DefaultValueFactory = _ => 60
        };
        var foreground = new Option<bool>("--foreground") { Description = "Fetch in this very process; otherwise your agent does, and goes on where it was after a restart." };
        var detach = new Option<bool>("--detach") { Description = "Leave it to the agent, and do not wait; 'cete downloads' shows how far it is." };
        var noShare = new Option<bool>("--no-share") { Description = "Do not give back what comes; 'cete agent limits --share off' says so for all downloads." };
        var priority = new Option<JobPriority?>("--priority") { Description = "low, normal or high: how soon the agent begins with it." };
        var maxPrice = new Option<string>("--max-price")
        {
            Description = "Credits that may be spent on it, such as 2.5; without it the price is shown and you are asked.",
            HelpName = "CREDITS",
        };
        var sure = new Option<bool>("--yes") { Description = "Do not ask before paying what it costs." };
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        Common.MustNotBeEmpty(to);
        Common.MustBeAmount(maxPrice);
        Common.MustBeWithin(atOnce, 1, 32);
        Common.MustBeWithin(patience, 1, 86_400);
        var verb = new Command("get", Common.WithExamples(
            "Fetch files, verified piece by piece. A file gets its name only when it is whole; run again after an interruption, it goes on where it was.",
            "cete get /videos/holiday.mp4",
            "cete get /recipes --to ~/cooking              a folder with all below",
            "cete get holiday.mp4.cete                     by ID file, also by its address",
            "cete get 3c55...e2 --to /tmp                  by root",
            "cete get /videos --detach                     the agent goes on when this terminal is closed"))
        {
            what, to, overwrite, atOnce, patience, foreground, detach, priority, noShare, maxPrice, sure, node, trust, json,
        };
        MustNotBeBoth(verb, foreground, detach);
        verb.SetAction(async (parsed, stop) =>
        {
            var request = new JobRequest(
                [.. parsed.GetRequiredValue(what).Select(FullName)], Path.GetFullPath(parsed.GetRequiredValue(to)), parsed.GetValue(overwrite),
                parsed.GetValue(atOnce), parsed.GetValue(patience), parsed.GetRequiredValue(node).AbsoluteUri, Common.TrustText(parsed, trust))
            {
                IsKeptPrivate = parsed.GetValue(noShare),
                Priority = parsed.GetValue(priority),
            };
            var allowed = parsed.GetValue(maxPrice) is { } text ? Credits.Parse(text).Value : (long?)null;
            var priced = await GetPrice.AgreeAsync(
                request, parsed.GetRequiredValue(trust), new PriceAnswer(allowed, parsed.GetValue(sure), parsed.GetValue(json)), stop);
            if (!priced.Succeeded)
            {
                return ExitCodes.Say(priced.Failure);
            }

            request = priced.Value;
            return await (parsed.GetValue(foreground) || (!AgentPlace.IsWanted && !parsed.GetValue(detach)) || AgentPlace.Find() is not { } place
                ? RunHereAsync(request, parsed.GetRequiredValue(trust), parsed.GetValue(json), stop)
                : new AgentGet(place, request, parsed.GetValue(json)).RunAsync(parsed.GetValue(detach), stop));
        });
        return verb;
    }

    private static void MustNotBeBoth(Command verb, Option<bool> one, Option<bool> other) => verb.Validators.Add(result =>
    {
        if (result.GetValue(one) && result.GetValue(other))
        {
            result.AddError($"{one.Name} and {other.Name} exclude each other");
        }
    });

    /// <summary>An ID file of the user's is found by its full name wherever whoever fetches it runs.</summary>
    private static string FullName(string what) =>
        what.EndsWith(".cete", StringComparison.OrdinalIgnoreCase) && File.Exists(what) ? Path.GetFullPath(what) : what;

    private static async Task<int> RunHereAsync(JobRequest request, TlsTrust trust, bool json, CancellationToken stop)
    {
        var run = new GetRun(request, trust);
        var start = TimeProvider.System.GetTimestamp();
        var problems = await ProgressView.RunAsync(json, () => GetReport.StateOf(run.Progress), () => run.RunAsync(stop));
        return GetReport.Say(run.Progress, problems, TimeProvider.System.GetElapsedTime(start), json, stop.IsCancellationRequested);
    }
}
