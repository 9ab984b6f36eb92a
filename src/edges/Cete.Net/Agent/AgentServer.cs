using Cete.Api;
using Cete.Core;
using Cete.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Net.Agent;

/// <summary>What an agent does for its clients.</summary>
public interface IAgent
{
    /// <summary>What it tells of itself.</summary>
    AgentInfo Info { get; }

    /// <summary>All downloads.</summary>
    IReadOnlyList<DownloadJob> All();

    /// <summary>One of them.</summary>
    Outcome<DownloadJob> Find(long id);

    /// <summary>Adds one.</summary>
    Outcome<DownloadJob> Add(JobRequest request);

    /// <summary>Stops one until it is told to go on.</summary>
    Outcome<DownloadJob> Pause(long id);

    /// <summary>Goes on with one.</summary>
    Outcome<DownloadJob> Resume(long id);

    /// <summary>Gives one up.</summary>
    Outcome<DownloadJob> Cancel(long id);

    /// <summary>Has one have its turn sooner or later.</summary>
    Outcome<DownloadJob> Prioritize(long id, JobPriority priority);

    /// <summary>Moves one that waits within the queue.</summary>
    /// <param name="id">Which.</param>
    /// <param name="how">first, up or down.</param>
    Outcome<DownloadJob> Move(long id, string how);

    /// <summary>What one does, and with whom; of one that does not run nothing.</summary>
    Outcome<JobDetails> Look(long id);

    /// <summary>Forgets those that have ended; how many.</summary>
    int Clear();

    /// <summary>Where its page is, with what lets one browser in.</summary>
    Task<Outcome<PageAnswer>> OpenPageAsync(CancellationToken stop);

    /// <summary>Where a file of a running download can be looked at.</summary>
    /// <param name="id">The download.</param>
    /// <param name="name">What the file is called, or its number.</param>
    /// <param name="stop">Ends it.</param>
    Task<Outcome<PageAnswer>> PreviewAsync(long id, string name, CancellationToken stop);

    /// <summary>Has it stop.</summary>
    void Stop();
}

/// <summary>An agent's answers on its socket, which its user alone can open.</summary>
public static class AgentServer
{
    private const int ArgumentsMax = 10_000;

    /// <summary>Adds them to an application.</summary>
    public static void Map(IEndpointRouteBuilder routes, IAgent agent)
    {
        routes.MapGet(AgentRoutes.Agent, () => Results.Json(agent.Info, AgentJson.Default.AgentInfo));
        routes.MapPost(AgentRoutes.Stop, () =>
        {
            agent.Stop();
            return Results.Json(agent.Info, AgentJson.Default.AgentInfo);
        });
        routes.MapGet(AgentRoutes.Jobs, () => Results.Json(new JobList(agent.All()), AgentJson.Default.JobList));
        routes.MapPost(AgentRoutes.Jobs, async (HttpContext context, CancellationToken _) =>
        {
            var body = await Answers.ReadAsync(context.Request, AgentJson.Default.JobRequest);
            return Of(!body.Succeeded ? body.Failure : CheckRequest(body.Value) is { } failure ? failure : agent.Add(body.Value));
        });
        routes.MapGet(AgentRoutes.Jobs + "/{id:long}", (long id) => Of(agent.Find(id)));
        routes.MapPost(AgentRoutes.Jobs + "/{id:long}/pause", (long id) => Of(agent.Pause(id)));
        routes.MapPost(AgentRoutes.Jobs + "/{id:long}/resume", (long id) => Of(agent.Resume(id)));
        routes.MapPost(AgentRoutes.Jobs + "/{id:long}/cancel", (long id) => Of(agent.Cancel(id)));
        foreach (var how in (string[])["first", "up", "down"])
        {
            routes.MapPost(AgentRoutes.Jobs + "/{id:long}/" + how, (long id) => Of(agent.Move(id, how)));
        }

        foreach (var priority in Enum.GetValues<JobPriority>())
        {
            routes.MapPost(AgentRoutes.Jobs + "/{id:long}/" + priority.ToString().ToLowerInvariant(), (long id) => Of(agent.Prioritize(id, priority)));
        }

        routes.MapGet(AgentRoutes.Jobs + "/{id:long}/details", (long id) => agent.Look(id) is var look && look.Succeeded
            ? Results.Json(look.Value, AgentJson.Default.JobDetails)
            : Answers.Of(look.Failure!));
        routes.MapPost(AgentRoutes.Page, async (CancellationToken stop) => Of(await agent.OpenPageAsync(stop)));
        routes.MapPost(AgentRoutes.Jobs + "/{id:long}/preview", async (long id, string? file, CancellationToken stop) => Of(await agent.PreviewAsync(
            id, file ?? string.Empty, stop)));
        routes.MapPost(AgentRoutes.Clear, () => Results.Json(new ClearAnswer(agent.Clear()), AgentJson.Default.ClearAnswer));
    }

    private static IResult Of(Outcome<DownloadJob> job) =>
        job.Succeeded ? Results.Json(job.Value, AgentJson.Default.DownloadJob) : Answers.Of(job.Failure);

    private static IResult Of(Outcome<PageAnswer> page) =>
        page.Succeeded ? Results.Json(page.Value, AgentJson.Default.PageAnswer) : Answers.Of(page.Failure);

    private static Failure? CheckRequest(JobRequest request) =>
        request.What is not { Count: > 0 and <= ArgumentsMax } ? new Failure(FailureKind.Invalid, $"'what' names 1 to {ArgumentsMax} things")
        : !Path.IsPathFullyQualified(request.To ?? string.Empty) ? new Failure(FailureKind.Invalid, "'to' is a full path")
        : request.AtOnce is < 1 or > 32 || request.PatienceSeconds is < 1 or > 86_400
            ? new Failure(FailureKind.Invalid, "'atOnce' is 1 to 32, and 'patienceSeconds' 1 to 86400")
        : request.Priority is { } priority && !Enum.IsDefined(priority) ? new Failure(FailureKind.Invalid, "'priority' is low, normal or high")
        : !Uri.TryCreate(request.Node, UriKind.Absolute, out var node) || node.Scheme is not ("http" or "https")
            ? new Failure(FailureKind.Invalid, "'node' is the address of a node")
        : null;
}
