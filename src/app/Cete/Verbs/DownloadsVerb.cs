using System.CommandLine;
using System.Globalization;
using Cete.App.Agent;
using Cete.App.Output;
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
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on showing them, until Ctrl-C." };
        var json = Common.Json();
        var verb = new Command("downloads", Common.WithExamples(
            "List the downloads that your agent runs, and has run.",
            "cete downloads --watch",
            "cete downloads pause 3            'resume 3' goes on with it",
            "cete downloads cancel 3           what is whole stays",
            "cete downloads clear              forget those that have ended"))
        {
            MakeChange("pause", "Stop one; what came stays.", "paused"),
            MakeChange("resume", "Go on with one that was paused, cancelled or failed.", "goes on"),
            MakeChange("cancel", "Give one up; files that are whole stay.", "cancelled"), MakeClear(), watch, json,
        };
        verb.SetAction((parsed, stop) => WithAgentAsync(
            agent => ListAsync(agent, parsed.GetValue(watch), parsed.GetValue(json), stop), stop));
        return verb;
    }

    private static Command MakeChange(string name, string description, string done)
    {
        var id = new Argument<long>("ID") { Description = "As 'cete downloads' shows it." };
        var json = Common.Json();
        var verb = new Command(name, description) { id, json };
        verb.SetAction((parsed, stop) => WithAgentAsync(
            async agent =>
            {
                var changed = await agent.ChangeAsync(parsed.GetRequiredValue(id), name, stop);
                if (!changed.Succeeded)
                {
                    return ExitCodes.Say(changed.Failure);
                }

                if (parsed.GetValue(json))
                {
                    JsonOut.Line(changed.Value, AgentJson.Default.DownloadJob);
                }
                else
                {
                    Console.WriteLine($"Download {changed.Value.Id} is {(changed.Value.State == JobState.Running ? "running" : done)}.");
                }

                return ExitCodes.Ok;
            },
            stop));
        return verb;
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

            if (watch && !json && !Console.IsOutputRedirected)
            {
                Console.Clear();
            }

            foreach (var job in jobs.Value.Jobs)
            {
                if (json)
                {
                    JsonOut.Line(job, AgentJson.Default.DownloadJob);
                }
                else
                {
                    Print(job);
                }
            }

            if (!watch)
            {
                return ExitCodes.Ok;
            }

            await Task.Delay(WatchInterval, TimeProvider.System, stop);
        }
    }

    private static void Print(DownloadJob job)
    {
        var progress = job.Progress;
        var share = progress.Total is > 0 and var total ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * progress.Done / total:0} %") : "-";
        var rate = job.State == JobState.Running && job.Seconds > 0 ? "  " + Units.Rate(progress.Fetched, TimeSpan.FromSeconds(job.Seconds)) : string.Empty;
        var more = job.Request.What.Count > 1 ? $" and {job.Request.What.Count - 1} more" : string.Empty;
        Console.WriteLine(
            $"{job.Id,4}  {job.State.ToString().ToLowerInvariant(),-9}  {share,5}  {Units.Bytes(progress.Done),10}{rate}  {EntryName.Show(job.Request.What[0])}{more} -> {EntryName.Show(job.Request.To)}");
        foreach (var problem in job.Problems.Take(3))
        {
            Console.WriteLine($"      {EntryName.Show(problem.Path)}: {EntryName.Show(problem.Message)}");
        }
    }
}
