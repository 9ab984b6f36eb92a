using Cete.Actors;
using Cete.App.Agent;
using Cete.Core;
using Cete.Net;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Storage.Local;
using Cete.Transfer;
using Cete.Transfer.Jobs;

namespace Cete.App.Verbs.Get;

/// <summary>One download, carried out in this process.</summary>
/// <param name="job">What is wanted.</param>
/// <param name="trust">Whom to believe.</param>
/// <param name="agent">Takes part in swarms; null where nobody does.</param>
internal sealed class GetRun(JobRequest job, TlsTrust trust, AgentPeers? agent = null) : IJobRun
{
    private volatile Func<JobProgress> _progress = () => JobProgress.None with { Current = "looking" };
    private volatile FetchWatch? _watch;

    /// <inheritdoc/>
    public JobProgress Progress => _progress();

    /// <inheritdoc/>
    public JobDetails Details => _watch is { } watch && Progress is var now ? watch.Look(now.Done, now.Total) : JobDetails.None;

    /// <summary>One of its files, by its number; null where it is not known, or forgotten.</summary>
    public FetchedFile? FileOf(int number) => _watch?.Find(number);

    /// <summary>Fetches; what could not be fetched, and where it was stopped, that.</summary>
    public async Task<IReadOnlyList<JobProblem>> RunAsync(CancellationToken stop)
    {
        var request = new GetRequest(job.What, job.To, job.Overwrite, job.AtOnce, TimeSpan.FromSeconds(job.PatienceSeconds), trust)
        {
            IsPrivate = job.IsKeptPrivate,
        };
        await using var node = Common.Connect(new Uri(job.Node), trust);
        var swarms = agent is null ? null : await agent.FindAsync(job.Node, trust, stop);
        using var own = swarms is null ? new PeerTransport(new NodeTickets(node, TimeProvider.System), TimeProvider.System, from: agent?.From) : null;
        await using var payer = await GetPayer.FindAsync(job, node, stop);
        using var client = new HttpContentClient(request.Patience, TimeProvider.System, trust, Common.Logins(), swarms?.Transport ?? own, payer, agent?.From)
        {
            Pace = agent?.Down,
        };
        using var bundles = new HttpBundleClient(request.Patience, TimeProvider.System, trust, Common.Logins(), agent?.From) { Pace = agent?.Down };
        await using var actors = new ActorSystem("get", new ActorSystemOptions());
        var fetcher = new Fetcher(new Downloader(actors, client), bundles, new LocalTargets(), request, payer, swarms);
        var finder = new Finder(node, job.To, request);
        _progress = () => new JobProgress(
            fetcher.Current, fetcher.Done, finder.IsComplete ? fetcher.Total : null, fetcher.Fetched, fetcher.Files, fetcher.AlreadyThere,
            payer?.Promised ?? 0)
        {
            Sources = fetcher.Watch.Sources,
            From = fetcher.Watch.From,
        };
        _watch = fetcher.Watch;
        await fetcher.FetchAllAsync(finder.FindAsync(job.What, fetcher.Problems, stop), stop);
        List<JobProblem> problems = [.. fetcher.Problems.Select(problem => new JobProblem(problem.Path, problem.Failure.Kind, problem.Failure.Message))];
        var isWhole = finder.IsComplete && fetcher.Done >= fetcher.Total;
        return stop.IsCancellationRequested && !isWhole && problems.Count == 0
            ? [new JobProblem(job.What[0], FailureKind.Cancelled, "stopped on request")]
            : problems;
    }
}

/// <summary>Downloads of the agent.</summary>
/// <param name="agent">Takes part in swarms; null where nobody does.</param>
internal sealed class GetRunner(AgentPeers? agent) : IJobRunner
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<JobProblem>> RunAsync(JobRequest request, Action<IJobRun> tell, CancellationToken stop)
    {
        var trust = request.Trust is { } text ? TlsTrust.Read(text) : TlsTrust.OfSystem;
        if (!trust.Succeeded)
        {
            return [new JobProblem(request.What[0], trust.Failure.Kind, trust.Failure.Message)];
        }

        var run = new GetRun(request, trust.Value, agent);
        tell(run);
        return await run.RunAsync(stop);
    }
}

/// <summary>How files are fetched.</summary>
internal sealed record GetRequest(IReadOnlyList<string> What, string To, bool Overwrite, int AtOnce, TimeSpan Patience, TlsTrust Trust)
{
    /// <summary>What comes is not given back.</summary>
    public bool IsPrivate { get; init; }
}
