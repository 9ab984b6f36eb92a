using Cete.App.Agent;
using Cete.App.Output;
using Cete.Core;
using Cete.Net.Agent;
using Cete.Ports;

namespace Cete.App.Verbs.Get;

/// <summary>A download that the user's agent carries out, watched from a terminal.</summary>
/// <param name="place">Where the agent is found.</param>
/// <param name="request">What is wanted.</param>
/// <param name="json">For a script.</param>
internal sealed class AgentGet(AgentPlace place, JobRequest request, bool json)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AgentPatience = TimeSpan.FromSeconds(10);

    private volatile JobProgress _progress = JobProgress.None with { Current = "waiting" };

    /// <summary>Hands it over, and waits for its end unless told not to; returns the exit code.</summary>
    public async Task<int> RunAsync(bool isDetached, CancellationToken stop)
    {
        var opened = await place.OpenAsync(stop);
        if (!opened.Succeeded)
        {
            return ExitCodes.Say(opened.Failure);
        }

        using var agent = opened.Value;
        var added = await agent.AddAsync(request, stop);
        if (!added.Succeeded)
        {
            return ExitCodes.Say(added.Failure);
        }

        if (isDetached)
        {
            Say(added.Value);
            return ExitCodes.Ok;
        }

        var ended = await ProgressView.RunAsync(json, () => GetReport.StateOf(_progress), () => WatchAsync(agent, added.Value.Id, stop));
        return ended.Succeeded
            ? GetReport.Say(ended.Value.Progress, ended.Value.Problems, TimeSpan.FromSeconds(ended.Value.Seconds), json, isStopped: !ended.Value.HasEnded)
            : ExitCodes.Say(ended.Failure);
    }

    private void Say(DownloadJob job)
    {
        if (json)
        {
            JsonOut.Line(job, AgentJson.Default.DownloadJob);
            return;
        }

        Console.WriteLine($"Download {job.Id} is left to the agent; 'cete downloads' shows how far it is.");
    }

    /// <summary>Looks until it has ended, or somebody paused it; who stops waiting pauses it.</summary>
    private async Task<Outcome<DownloadJob>> WatchAsync(AgentClient agent, long id, CancellationToken stop)
    {
        var heard = TimeProvider.System.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            var job = await agent.FindAsync(id, CancellationToken.None);
            if (job.Succeeded)
            {
                heard = TimeProvider.System.GetTimestamp();
                _progress = job.Value.Progress;
                if (job.Value.HasEnded || job.Value.State == JobState.Paused)
                {
                    return job;
                }
            }
            else if (job.Failure.Kind != FailureKind.Unavailable || TimeProvider.System.GetElapsedTime(heard) > AgentPatience)
            {
                return job.Failure with { Message = $"{job.Failure.Message}; the download goes on when an agent runs again: 'cete downloads' starts one" };
            }

            await Task.WhenAny(Task.Delay(LookInterval, TimeProvider.System, stop));
        }

        return await agent.ChangeAsync(id, "pause", CancellationToken.None);
    }
}
