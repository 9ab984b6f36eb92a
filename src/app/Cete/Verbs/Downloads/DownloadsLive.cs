using Cete.App.Output;
using Cete.Core;
using Cete.Net.Agent;
using Cete.Ports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cete.App.Verbs.Downloads;

/// <summary>Downloads on a terminal, drawn again in their place as they go on.</summary>
/// <param name="agent">Tells of them.</param>
/// <param name="watches">To go on when nothing is left to do.</param>
internal sealed class DownloadsLive(AgentClient agent, bool watches)
{
    private const int BarWidth = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Keys are looked for more often, so that one who wants to leave is not kept waiting.</summary>
    private static readonly TimeSpan KeyInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Draws them until all are done, or somebody presses q; returns the exit code.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        Failure? failure = null;
        await AnsiConsole.Live(new Text(string.Empty)).Overflow(VerticalOverflow.Ellipsis).StartAsync(async context =>
        {
            while (!stop.IsCancellationRequested)
            {
                var jobs = await agent.AllAsync(CancellationToken.None);
                if (!jobs.Succeeded)
                {
                    failure = jobs.Failure;
                    return;
                }

                context.UpdateTarget(await DrawAsync(jobs.Value.Jobs));
                context.Refresh();
                var isOver = !watches && jobs.Value.Jobs.All(job => job.State is not (JobState.Running or JobState.Waiting));
                if (isOver || await IsLeftAsync(stop))
                {
                    return;
                }
            }
        });
        return failure is null ? ExitCodes.Ok : ExitCodes.Say(failure);
    }

    private async Task<IRenderable> DrawAsync(IReadOnlyList<DownloadJob> jobs)
    {
        List<IRenderable> lines = [];
        foreach (var job in DownloadsText.InOrder(jobs))
        {
            var details = job.State == JobState.Running ? await agent.LookAsync(job.Id, CancellationToken.None) : (Outcome<JobDetails>?)null;
            var drawn = DownloadsText.Lines(job, details is { Succeeded: true } now ? now.Value : null, job.HasEnded ? 0 : BarWidth);
            lines.AddRange(drawn.Select(line => new Text(line).Overflow(Overflow.Ellipsis)));
        }

        if (watches)
        {
            lines.Add(new Text(lines.Count == 0 ? "No downloads; q leaves." : "q leaves.", new Style(decoration: Decoration.Dim)));
        }

        return new Rows(lines);
    }

    /// <summary>Waits a little; true when somebody pressed q in the meantime.</summary>
    private static async Task<bool> IsLeftAsync(CancellationToken stop)
    {
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < Interval && !stop.IsCancellationRequested;)
        {
            while (!Console.IsInputRedirected && Console.KeyAvailable)
            {
                if (Console.ReadKey(intercept: true).Key == ConsoleKey.Q)
                {
                    return true;
                }
            }

            await Task.WhenAny(Task.Delay(KeyInterval, TimeProvider.System, stop));
        }

        return false;
    }
}
