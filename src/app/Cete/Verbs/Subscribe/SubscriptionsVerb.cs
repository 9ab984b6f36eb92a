using System.CommandLine;
using Cete.App.Output;
using Cete.Core;
using Cete.Net.Agent;
using Cete.Ports.Folders;

namespace Cete.App.Verbs.Subscribe;

/// <summary><c>cete subscriptions</c>: the folders that the agent follows.</summary>
internal static class SubscriptionsVerb
{
    public static Command Make()
    {
        var json = Common.Json();
        var verb = new Command("subscriptions", Common.WithExamples(
            "List the folders that your agent follows, and what came of them.",
            "cete subscriptions pause 2        'resume 2' goes on from where it was",
            "cete subscriptions remove 2       the files stay",
            "cete subscriptions files 2        what it found last, and what became of it"))
        {
            MakeChange("pause", "Stop following one.", "is paused"),
            MakeChange("resume", "Go on with one: what was filed meanwhile comes.", "goes on"),
            MakeChange("remove", "End one; its files stay.", "is removed"), MakeFiles(), json,
        };
        verb.SetAction((parsed, stop) => DownloadsVerb.WithAgentAsync(
            async agent =>
            {
                var all = await agent.SubscriptionsAsync(stop);
                if (!all.Succeeded)
                {
                    return ExitCodes.Say(all.Failure);
                }

                foreach (var one in all.Value.Subscriptions)
                {
                    Print(one, parsed.GetValue(json));
                }

                return ExitCodes.Ok;
            },
            stop));
        return verb;
    }

    private static Command MakeChange(string name, string description, string done)
    {
        var (id, json) = (new Argument<long>("ID") { Description = "As 'cete subscriptions' shows it." }, Common.Json());
        var verb = new Command(name, description) { id, json };
        verb.SetAction((parsed, stop) => DownloadsVerb.WithAgentAsync(
            async agent =>
            {
                var changed = await agent.ChangeSubscriptionAsync(parsed.GetRequiredValue(id), name, stop);
                if (!changed.Succeeded)
                {
                    return ExitCodes.Say(changed.Failure);
                }

                if (parsed.GetValue(json))
                {
                    JsonOut.Line(changed.Value, AgentJson.Default.SubscriptionInfo);
                }
                else
                {
                    Console.WriteLine($"Subscription {changed.Value.Id} {done}.");
                }

                return ExitCodes.Ok;
            },
            stop));
        return verb;
    }

    private static Command MakeFiles()
    {
        var (id, json) = (new Argument<long>("ID") { Description = "As 'cete subscriptions' shows it." }, Common.Json());
        var limit = new Option<int>("--limit") { Description = "Files at most, 1 to 10000.", DefaultValueFactory = _ => 50 };
        Common.MustBeWithin(limit, 1, 10_000);
        var verb = new Command("files", "List what one found last, the newest first.") { id, limit, json };
        verb.SetAction((parsed, stop) => DownloadsVerb.WithAgentAsync(
            async agent =>
            {
                var files = await agent.SubscribedAsync(parsed.GetRequiredValue(id), parsed.GetValue(limit), stop);
                if (!files.Succeeded)
                {
                    return ExitCodes.Say(files.Failure);
                }

                foreach (var file in files.Value.Files)
                {
                    Print(file, parsed.GetValue(json));
                }

                return ExitCodes.Ok;
            },
            stop));
        return verb;
    }

    private static void Print(SubscriptionInfo one, bool json)
    {
        if (json)
        {
            JsonOut.Line(one, AgentJson.Default.SubscriptionInfo);
            return;
        }

        var words = one.Words is { } said ? $" '{EntryName.Show(said)}'" : string.Empty;
        List<string> counts = [];
        foreach (var (count, what) in (ReadOnlySpan<(long, string)>)
            [(one.There, "there"), (one.Waiting, "to come"), (one.Failed, "failed"), (one.Noted, "noted"), (one.Gone, "gone")])
        {
            if (count > 0)
            {
                counts.Add($"{count} {what}");
            }
        }

        var came = counts.Count > 0 ? string.Join(", ", counts) : "nothing yet";
        Console.WriteLine($"{one.Id,4}  {one.State,-8}  {EntryName.Show(one.Folder)}{words} -> {EntryName.Show(one.To)}  ({came})");
        if (one.Problem is { } problem)
        {
            Console.WriteLine($"      {EntryName.Show(problem)}");
        }
    }

    private static void Print(SubscribedFile file, bool json)
    {
        if (json)
        {
            JsonOut.Line(file, AgentJson.Default.SubscribedFile);
            return;
        }

        var problem = file.Problem is { } why ? $"  {EntryName.Show(why)}" : string.Empty;
        Console.WriteLine(
            $"{file.Found.ToLocalTime():yyyy-MM-dd HH:mm}  {file.State.ToString().ToLowerInvariant(),-7}  {Units.Bytes(file.Length),10}  {EntryName.Show(file.Path)}{problem}");
    }
}
