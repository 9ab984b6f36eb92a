using System.Text.Json;
using Cete.App.Output;
using Cete.Core;
using Cete.Net.Agent;
using Cete.Ports;

namespace Cete.App.Verbs.Demo;

/// <summary>Five people who want one file at the same time: each by an agent of his own, and each gives on what he gets.</summary>
/// <param name="nodes">The community.</param>
/// <param name="folder">Where everything is.</param>
internal sealed class DemoSwarm(DemoNodes nodes, string folder)
{
    private const int Count = 5;
    private const string File = "dotnet.tar";
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    private string SettingsOf(int number) => Path.Combine(folder, $"friend{number}");

    private string PlaceOf(int number) => Path.Combine(folder, "friends", $"{number}");

    /// <summary>Null when every one of them has the file, and the node did not have to send it to each.</summary>
    public async Task<Failure?> RunAsync(CancellationToken stop)
    {
        DemoScript.Say($"swarm    {Count} people fetch the large file at the same time, and give on what they get");
        try
        {
            // Their agents run already, so that all begin at the same moment.
            for (var i = 1; i <= Count; i++)
            {
                var started = await OwnProgram.CallAsync(["downloads", "--json"], stop, SettingsOf(i));
                if (!started.Succeeded)
                {
                    return started.Failure;
                }
            }

            var begun = await Task.WhenAll(Enumerable.Range(1, Count).Select(i => BeginAsync(i, stop)));
            if (begun.FirstOrDefault(job => !job.Succeeded).Failure is { } unbegun)
            {
                return unbegun;
            }

            var ended = await WaitAsync(stop);
            return ended.Succeeded ? await CheckAsync(ended.Value, stop) : ended.Failure;
        }
        finally
        {
            for (var i = 1; i <= Count; i++)
            {
                await OwnProgram.CallAsync(["agent", "stop"], CancellationToken.None, SettingsOf(i));
            }
        }
    }

    private AgentClient AgentOf(int number) => new(new Agent.AgentPlace(Path.Combine(SettingsOf(number), "agent")).Socket);

    private async Task<Outcome<DownloadJob>> BeginAsync(int number, CancellationToken stop)
    {
        using var agent = AgentOf(number);
        var request = new JobRequest(
            [$"/archive/{File}"], PlaceOf(number), Overwrite: false, AtOnce: 4, PatienceSeconds: 60, nodes.Address.AbsoluteUri, Trust: null);
        return await agent.AddAsync(request, stop);
    }

    /// <summary>Shows who gets from whom until all have ended.</summary>
    private async Task<Outcome<List<DownloadJob>>> WaitAsync(CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            List<DownloadJob> jobs = [];
            for (var i = 1; i <= Count; i++)
            {
                using var agent = AgentOf(i);
                var job = await agent.FindAsync(1, stop);
                if (!job.Succeeded)
                {
                    return job.Failure;
                }

                jobs.Add(job.Value);
            }

            var shares = jobs.Select((job, i) => $"{i + 1}: {Share(job.Progress),3} % from {job.Progress.Sources.Count}");
            Console.WriteLine($"           {string.Join("   ", shares)}");
            if (jobs.All(job => job.HasEnded))
            {
                return jobs;
            }

            if (TimeProvider.System.GetElapsedTime(began) > Bound)
            {
                return new Failure(FailureKind.Unavailable, $"the five downloads did not end in {Bound.TotalMinutes:0} minutes");
            }

            await Task.Delay(LookInterval, TimeProvider.System, stop);
        }
    }

    private async Task<Failure?> CheckAsync(List<DownloadJob> jobs, CancellationToken stop)
    {
        if (jobs.FirstOrDefault(job => job.State != JobState.Done) is { } failed)
        {
            var why = failed.Problems.Count > 0 ? failed.Problems[0].Message : "nobody said why";
            return new Failure(FailureKind.Damaged, $"a download of five ended as {failed.State}: {why}");
        }

        var total = jobs[0].Progress.Done;
        long given = 0;
        for (var i = 1; i <= Count; i++)
        {
            var status = await OwnProgram.CallAsync(["agent", "status", "--json"], stop, SettingsOf(i));
            var sent = status.Succeeded ? JsonSerializer.Deserialize(status.Value, AgentJson.Default.AgentInfo)!.Sent : 0;
            given += sent;
            Console.WriteLine($"           {i} got it from {jobs[i - 1].Progress.Sources.Count}, and gave {Units.Bytes(sent)}");
        }

        var copies = (double)((Count * total) - given) / total;
        return DemoScript.Check(
            given > total && Enumerable.Range(1, Count).All(i => DemoScript.Same(Path.Combine(folder, "own", File), Path.Combine(PlaceOf(i), File))),
            "five people who fetched the same file did not give each other most of it, or one has another file",
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"all {Count} have it, verified and compared; the node sent it {copies:0.0} times in place of {Count}"));
    }

    private static int Share(JobProgress progress) => progress.Total is > 0 and var total ? (int)(100 * progress.Done / total) : 0;
}
