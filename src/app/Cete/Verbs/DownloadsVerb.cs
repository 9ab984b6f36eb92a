using System.CommandLine;
using Cete.App.Agent;
using Cete.App.Output;
using Cete.App.Verbs.Downloads;
using Cete.Core;
using Cete.Net.Agent;
using Cete.Ports;

namespace Cete.App.Verbs;

/// <summary><c>cete downloads</c>: what the agent has to do, does and did.</summary>
internal static class DownloadsVerb
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    public static Command Make()
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on showing them, until q or Ctrl-C." };
        var history = new Option<bool>("--history") { Description = "What ended: when, how long it took, how fast, and who gave it." };
        var web = new Option<bool>("--web") { Description = "Print the address of a page that shows them, for a browser on this machine." };
        var json = Common.Json();
        var verb = new Command("downloads", Common.WithExamples(
            "List the downloads that your agent runs, and has run. On a terminal it shows them as they go on, until all are done.",
            "cete downloads --watch",
            "cete downloads show 3             its files, pieces and peers",
            "cete downloads pause 3            'resume 3' goes on with it",
            "cete downloads cancel 3           what is whole stays",
            "cete downloads first 3            before all that wait; 'up 3' and 'down 3' by one",
            "cete downloads priority 3 high    starts next; a low one gives way to it",
            "cete downloads --history          what ended",
            "cete downloads --web              a page with all of it, for this machine's browser alone",
            "cete downloads preview 3 film.mp4 where a file can be looked at while it comes",
            "cete downloads clear              forget those that have ended"))
        {
            MakeChange("pause", "Stop one; what came stays.", "paused"),
            MakeChange("resume", "Go on with one that was paused, cancelled or failed.", "goes on"),
            MakeChange("cancel", "Give one up; files that are whole stay.", "cancelled"),
            MakeChange("first", "Have one start before all others that wait.", "the first that waits"),
            MakeChange("up", "Have one start before the one that is before it.", "further up"),
            MakeChange("down", "Have one start after the one that is behind it.", "further down"),
            MakePriority(), ShowVerb.Make(), MakePreview(), MakeClear(), watch, history, web, json,
        };
        verb.SetAction((parsed, stop) => WithAgentAsync(
            agent => parsed.GetValue(web) ? SayAsync(agent.OpenPageAsync(stop), parsed.GetValue(json))
                : parsed.GetValue(history) ? HistoryAsync(agent, parsed.GetValue(json), stop)
                : parsed.GetValue(json) || Console.IsOutputRedirected ? ListAsync(agent, parsed.GetValue(watch), parsed.GetValue(json), stop)
                : new DownloadsLive(agent, parsed.GetValue(watch)).RunAsync(stop),
            stop));
        return verb;
    }

    private static Command MakePreview()
    {
        var id = new Argument<long>("ID") { Description = "As 'cete downloads' shows it." };
        var file = new Argument<string>("FILE") { Description = "Its name or number, as 'cete downloads show' has it." };
        var json = Common.Json();
        var verb = new Command("preview", Common.WithExamples(
            "Print the address of a file that is being downloaded, for a browser or a player on this machine: where it is wanted, it comes first.",
            "mpv $(cete downloads preview 3 film.mp4)"))
        {
            id, file, json,
        };
        verb.SetAction((parsed, stop) => WithAgentAsync(
            agent => SayAsync(agent.PreviewAsync(parsed.GetRequiredValue(id), parsed.GetRequiredValue(file), stop), parsed.GetValue(json)), stop));
        return verb;
    }

    private static async Task<int> SayAsync(Task<Outcome<PageAnswer>> asked, bool json)
    {
        var page = await asked;
        if (!page.Succeeded)
        {
            return ExitCodes.Say(page.Failure);
        }

        if (json)
        {
            JsonOut.Line(page.Value, AgentJson.Default.PageAnswer);
        }
        else
        {
            Console.WriteLine(page.Value.Address);
        }

        return ExitCodes.Ok;
    }

    private static Command MakePriority()
    {
        var id = new Argument<long>("ID") { Description = "As 'cete downloads' shows it." };
        var priority = new Argument<JobPriority>("PRIORITY") { Description = "low, normal or high." };
        var json = Common.Json();
        var verb = new Command("priority", "Say how soon one has its turn: a high one starts next, and a low one after all others.") { id, priority, json };
        verb.SetAction((parsed, stop) => WithAgentAsync(
            agent => ChangeAsync(
                agent, parsed.GetRequiredValue(id), Word(parsed.GetRequiredValue(priority)), parsed.GetValue(json),
                job => $"Download {job.Id} has {Word(job.Priority)} priority.", stop),
            stop));
        return verb;
    }

    private static string Word(JobPriority priority) => priority.ToString().ToLowerInvariant();

    private static Command MakeChange(string name, string description, string done)
    {
        var id = new Argument<long>("ID") { Description = "As 'cete downloads' shows it." };
        var json = Common.Json();
        var verb = new Command(name, description) { id, json };
        verb.SetAction((parsed, stop) => WithAgentAsync(
            agent => ChangeAsync(
                agent, parsed.GetRequiredValue(id), name, parsed.GetValue(json),
                job => $"Download {job.Id} is {(job.State == JobState.Running ? "running" : done)}.", stop),
            stop));
        return verb;
    }

    private static async Task<int> ChangeAsync(AgentClient agent, long id, string what, bool json, Func<DownloadJob, string> say, CancellationToken stop)
    {
        var changed = await agent.ChangeAsync(id, what, stop);
        if (!changed.Succeeded)
        {
            return ExitCodes.Say(changed.Failure);
        }

        if (json)
        {
            JsonOut.Line(changed.Value, AgentJson.Default.DownloadJob);
        }
        else
        {
            Console.WriteLine(say(changed.Value));
        }

        return ExitCodes.Ok;
    }

    private static Command MakeClear()
    {
        var json = Common.Json();
        var verb = new Command("clear", "Forget those that have ended.") { json };
        verb.SetAction((parsed, stop) => WithAgentAsync(
            async agent =>
            {
                var cleared = await agent.ClearAsync(stop);
                if (!cleared.Succeeded)
                {
                    return ExitCodes.Say(cleared.Failure);
                }

                if (parsed.GetValue(json))
                {
                    JsonOut.Line(cleared.Value, AgentJson.Default.ClearAnswer);
                }
                else
                {
                    Console.WriteLine($"{cleared.Value.Forgotten} forgotten.");
                }

                return ExitCodes.Ok;
            },
            stop));
        return verb;
    }

    /// <summary>Speaks with the user's agent.</summary>
    internal static async Task<int> WithAgentAsync(Func<AgentClient, Task<int>> run, CancellationToken stop)
    {
        if (AgentPlace.Find() is not { } place)
        {
            return ExitCodes.Say(new Failure(FailureKind.NotFound, $"this user has no folder for settings; name one by {Common.SettingsVariable} in the environment"));
        }

        // Started, since what was not done yet goes on only where one runs.
        var opened = await place.OpenAsync(stop);
        if (!opened.Succeeded)
        {
            return ExitCodes.Say(opened.Failure);
        }

        using var agent = opened.Value;
        return await run(agent);
    }

    private static async Task<int> ListAsync(AgentClient agent, bool watch, bool json, CancellationToken stop)
    {
        while (true)
        {
            var jobs = await agent.AllAsync(stop);
            if (!jobs.Succeeded)
            {
                return ExitCodes.Say(jobs.Failure);
            }

            foreach (var job in json ? jobs.Value.Jobs : DownloadsText.InOrder(jobs.Value.Jobs))
            {
                if (json)
                {
                    JsonOut.Line(job, AgentJson.Default.DownloadJob);
                    continue;
                }

                var details = job.State == JobState.Running ? await agent.LookAsync(job.Id, stop) : (Outcome<JobDetails>?)null;
                foreach (var line in DownloadsText.Lines(job, details is { Succeeded: true } now ? now.Value : null))
                {
                    Console.WriteLine(line);
                }
            }

            if (!watch)
            {
                return ExitCodes.Ok;
            }

            await Task.Delay(WatchInterval, TimeProvider.System, stop);
        }
    }

    private static async Task<int> HistoryAsync(AgentClient agent, bool json, CancellationToken stop)
    {
        var jobs = await agent.AllAsync(stop);
        if (!jobs.Succeeded)
        {
            return ExitCodes.Say(jobs.Failure);
        }

        foreach (var job in jobs.Value.Jobs.Where(job => job.HasEnded).OrderByDescending(job => job.Ended).ThenByDescending(job => job.Id))
        {
            if (json)
            {
                JsonOut.Line(JobPast.Of(job), AgentJson.Default.JobPast);
            }
            else
            {
                Console.WriteLine(DownloadsText.History(job));
            }
        }

        return ExitCodes.Ok;
    }
}
